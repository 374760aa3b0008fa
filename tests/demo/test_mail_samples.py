"""Every kind of mail can be looked at, filled with samples, in the demo."""

from __future__ import annotations

import tomllib

import pytest

from portail.adapters import mail_templates
from portail.demo import mail_samples
from portail.domain.notifications import CHOSEN, KINDS
from portail.services.notifications.unsubscribing import DIGEST_LABEL

SAMPLES = tomllib.loads(mail_samples.FILE.read_text())


@pytest.mark.parametrize("kind", mail_templates.kinds())
def test_every_template_has_a_sample(kind: str) -> None:
    mail = mail_samples.sample(kind)
    assert mail is not None, f"{mail_samples.FILE.name} : [{kind}] manque"
    assert mail.subject
    assert "Zoé" in mail.text
    assert ("Se désabonner" in mail.html) is ("stops" in SAMPLES[kind])


def test_what_a_sample_stops_is_something_one_chooses() -> None:
    labels = {KINDS[kind].label for kind in CHOSEN} | {DIGEST_LABEL}
    assert {own["stops"] for own in SAMPLES.values() if "stops" in own} <= labels


@pytest.mark.parametrize("kind", ["nothing", "common", "base", "../samples", ""])
def test_no_such_kind(kind: str) -> None:
    assert mail_samples.sample(kind) is None
