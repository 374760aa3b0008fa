"""Every kind of mail, filled with the samples of `texts/mails/samples.toml`, to be looked at."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

from portail.adapters import mail_templates
from portail.adapters.mail_templates import RenderedMail
from portail.services import mails
from portail.services.notifications.tokens import PAGE
from portail.settings import settings

FILE = mail_templates.FOLDER / "samples.toml"
COMMON = "common"


def kinds() -> list[str]:
    """The kinds that can be shown."""
    return [kind for kind in mail_templates.kinds() if kind in _samples()]


def sample(kind: str) -> RenderedMail | None:
    """A kind of mail with sample values; nothing when there is no such kind."""
    if kind not in kinds():
        return None
    own = {**_samples()[COMMON], **_samples()[kind]}
    url = settings().base_url
    values: dict[str, object] = {**own, **mails.town_values(), "url": url + own["path"]}
    if stops := own.get("stops"):
        values["unsubscribe"] = mails.Unsubscribe(f"{url}{PAGE}/exemple", stops)
    return mail_templates.render(kind, values)


@lru_cache(maxsize=1)
def _samples() -> dict[str, dict[str, Any]]:
    with FILE.open("rb") as file:
        return tomllib.load(file)
