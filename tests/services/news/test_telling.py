"""Families are told of an article once: whatever stops, whoever else does it, and by day."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from portail import clock
from portail.adapters import mail_templates
from portail.database import reading
from portail.domain.news import Targets
from portail.domain.notifications import Choice, Notification
from portail.models import Article, ArticleTold
from portail.services.news import telling
from portail.services.news.publishing import publish_sound, withdraw
from portail.services.notifications.choices import choose
from portail.settings import PARIS
from tests import factories
from tests.conftest import SetClock
from tests.news import agent, draft, made
from tests.services.test_account import as_parent, mails

KIND = "news_published"


def told() -> list[str]:
    return sorted(mail.recipient for mail in mails(KIND))


def test_those_concerned_are_told_once(zoe: int, karim: int) -> None:
    factories.account("inactif", activated=False)
    family = factories.family(members=[zoe])
    factories.child("Nora", family, school="Vilar")
    factories.child("Sami", family, school="Vilar élémentaire")
    made(draft("Grille", targets=Targets(schools=("Vilar",)), important=True))
    assert telling.tell() == 1
    (mail,) = mails(KIND)
    assert mail.recipient == "zoe@example.org"
    assert mail.subject.endswith("important\u00a0: Grille")
    assert "Elle concerne\u00a0: vilar." in mail.text
    assert "/actualites/article?n=" in mail.text
    made(draft("Fête"))
    assert telling.tell() == 2
    assert telling.tell() == 0
    assert told() == ["karim@example.org", "zoe@example.org", "zoe@example.org"]


def test_nothing_is_told_before_its_moment_nor_once_it_is_over(
    zoe: int, set_clock: SetClock
) -> None:
    from_ = datetime(2026, 11, 24, 10, tzinfo=PARIS)
    made(draft("Demain", from_=from_))
    made(draft("Court", from_=from_, lasts=1))
    by = agent()
    made(draft("Retirée", slug="retiree", from_=from_), by)
    withdraw(by, "retiree")
    assert telling.tell() == 0
    set_clock("2026-11-24T09:59")
    assert telling.tell() == 0
    set_clock("2026-11-25T10:00")
    assert telling.tell() == 1
    assert [mail.subject.rsplit(" ", 1)[1] for mail in mails(KIND)] == ["Demain"]


def test_nobody_is_told_at_night_but_of_what_is_important(zoe: int, set_clock: SetClock) -> None:
    for hour, count in ((7, 0), (8, 1), (19, 1), (20, 0)):
        set_clock(f"2026-11-24T{hour:02}:30")
        made(draft(f"À {hour}"))
        made(draft(f"Important à {hour}", important=True))
        before = len(mails(KIND))
        telling.tell()
        assert (len(mails(KIND)) > before) is True
        with reading() as session:
            rows = session.exec(select(Article).where(Article.title == f"À {hour}")).all()
            assert [row.told_at is not None for row in rows] == [bool(count)], hour


def test_who_wants_none_has_none_and_is_not_asked_again(zoe: int, karim: int) -> None:
    choose(as_parent(zoe), {Notification.NEWS: Choice.NEVER})
    made(draft("Fête"))
    telling.tell()
    assert told() == ["karim@example.org"]
    choose(as_parent(zoe), {Notification.NEWS: Choice.NOW})
    assert telling.tell() == 0


def test_a_correction_is_not_told_again_but_new_targets_are(zoe: int, karim: int) -> None:
    factories.child("Nora", factories.family(members=[zoe]), school="Vilar")
    factories.child("Lina", factories.family(members=[karim]), school="Langevin")
    by = agent()
    begins = clock.now() - timedelta(hours=1)

    def publish(title: str, *schools: str) -> None:
        publish_sound(by, draft(title, slug="un", from_=begins, targets=Targets(schools=schools)))
        telling.tell()

    publish("Grile", "Vilar")
    publish("Grille", "Vilar")
    assert told() == ["zoe@example.org"]
    publish("Grille", "Vilar", "Langevin")
    assert told() == ["karim@example.org", "zoe@example.org"]


def test_one_that_stops_in_the_middle_is_gone_on_with(
    zoe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rank in range(2 * telling.BATCH):
        factories.account(f"parent-{rank}", email=f"p{rank}@example.org")
    made(draft("Fête"))
    really, calls = mail_templates.render, 0

    def breaking(*mail: Any) -> mail_templates.RenderedMail:
        nonlocal calls
        calls += 1
        if calls == telling.BATCH + 5:
            raise RuntimeError
        return really(*mail)

    monkeypatch.setattr(mail_templates, "render", breaking)
    with pytest.raises(RuntimeError):
        telling.tell()
    assert len(told()) == telling.BATCH  # the batch that broke left nothing
    monkeypatch.setattr(mail_templates, "render", really)
    assert telling.tell() == telling.BATCH + 1
    assert len(told()) == len(set(told())) == 2 * telling.BATCH + 1
    assert telling.tell() == 0


def test_a_killed_process_is_gone_on_with(zoe: int) -> None:
    """A process of its own is killed (SIGKILL) while it tells; another finishes."""
    for rank in range(3 * telling.BATCH):
        factories.account(f"parent-{rank}", email=f"p{rank}@example.org")
    made(draft("Fête"))
    script = (
        "import os, signal\n"
        "from portail.adapters import mail_templates\n"
        "from portail.services.news import telling\n"
        "really, calls = mail_templates.render, 0\n"
        "def dying(*args):\n"
        "    global calls\n"
        "    calls += 1\n"
        f"    if calls == {telling.BATCH + 7}:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return really(*args)\n"
        "mail_templates.render = dying\n"
        "telling.tell()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert len(told()) == telling.BATCH
    assert telling.tell() == 2 * telling.BATCH + 1
    assert len(told()) == len(set(told())) == 3 * telling.BATCH + 1
    with reading() as session:
        assert len(session.exec(select(ArticleTold)).all()) == 3 * telling.BATCH + 1
