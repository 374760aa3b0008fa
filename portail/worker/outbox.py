"""Sends the mails of the outbox that are due. Scheduling is the worker's business."""

from __future__ import annotations

import structlog

from portail import clock
from portail.adapters.mail import Mailer, PermanentMailError, TemporaryMailError
from portail.services import mails

log = structlog.get_logger(__name__)


def deliver_due(mailer: Mailer, limit: int = 20) -> int:
    """Send the mails that are due, `limit` at most, and record what became of each.

    Each mail is claimed on its own just before it is sent, so that a slow server cannot outlast
    the lease of those behind it, and no transaction is open while the server is spoken to. A
    crash between sending and recording sends the mail again when its lease runs out: twice at
    worst, with the same Message-ID, and never lost.

    Blocking (network): call it in a thread. Returns how many were sent. Only errors of the
    database are raised.
    """
    sent = 0
    for _ in range(limit):
        claimed = mails.claim_due(clock.now(), limit=1)
        if not claimed:
            break
        sent += _deliver(mailer, claimed[0])
    return sent


def _deliver(mailer: Mailer, due: mails.DueMail) -> bool:
    try:
        mailer.send(due.mail)
    except PermanentMailError as error:
        mails.mark_failed(due, clock.now(), str(error))
        log.warning("mail_refused", mail=due.id, kind=due.kind, reason=str(error))
        return False
    except TemporaryMailError as error:
        _later(due, str(error))
        return False
    except Exception as error:  # noqa: BLE001  (a bug with one mail must not hold up the others)
        _later(due, f"erreur inattendue ({type(error).__name__})")
        return False
    mails.mark_sent(due, clock.now())
    return True


def _later(due: mails.DueMail, reason: str) -> None:
    again = mails.mark_retry(due, clock.now(), reason)
    event = "mail_delayed" if again else "mail_given_up"
    log.warning(event, mail=due.id, kind=due.kind, attempts=due.attempts, reason=reason)
