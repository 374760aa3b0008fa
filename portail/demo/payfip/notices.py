"""The peer calls the portal: «something has become of this operation», and no more."""

from __future__ import annotations

import requests
import structlog

from portail.demo.payfip.bank import Bank

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 20  # the portal asks us back before it answers


def deliver(bank: Bank, *, late: float = 0) -> int:
    """Send the notifications that are due; one that fails is lost, as the real service's are.

    Blocking (network): call it in a thread. Returns how many were heard.
    """
    heard = 0
    for url in bank.due(late=late):
        with requests.Session() as web:
            web.trust_env = False  # the portal is here: no proxy stands between
            try:
                answer = web.post(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            except requests.RequestException as error:
                log.warning("payfip_notice_lost", reason=type(error).__name__)
                continue
            heard += answer.ok
    return heard
