"""Background work of a process: mails, places, payments and PDFs often, purges every hour.

The day whose reminders of documents are done is remembered here only to spare the database: after
a restart it is begun again, and the database says what was told already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import structlog

from portail import clock
from portail.adapters import passwords
from portail.adapters.mail import make_mailer
from portail.database import writing
from portail.demo.payfip.bank import demo_bank
from portail.demo.payfip.notices import deliver
from portail.services import activation, mails, my_data, registration, sessions, throttles
from portail.services.billing import documents as papers
from portail.services.documents import reminders, storing
from portail.services.messages import keeping
from portail.services.news import telling
from portail.services.notifications import deadlines, digests
from portail.services.payments import follow_open
from portail.services.planning import places, queues
from portail.settings import settings
from portail.worker.outbox import deliver_due

log = structlog.get_logger("portail.worker")
MAIL_SECONDS = 2.0
QUEUE_SECONDS = 5.0
PURGE_SECONDS = 3600.0
REMINDER_SECONDS = 600.0
EVENING_SECONDS = 60.0
PAYMENT_SECONDS = 20.0
PAPER_SECONDS = 5.0
EXPORT_SECONDS = 2.0
NEWS_SECONDS = 20.0
BATCH_REST = 0.2  # seconds after each batch: an article, or an evening, tells thousands
REMINDER_HOUR = 9  # nobody is reminded of anything at night
PAPERS = 100  # in a round
PAPER_REST = 1.0  # as long as each took: half a core at most, whatever a month issues
REST = 0.02  # seconds between two accounts: thousands in a row would slow every page
KEEP_SESSIONS = timedelta(days=30)
KEEP_COUNTS = timedelta(days=2)
KEEP_MAILS = timedelta(days=30)
KEEP_TOLD = timedelta(days=400)  # longer than a school year
KEEP_PLACE_CHANGES = timedelta(minutes=10)


async def run() -> None:
    """Run until the process ends."""
    await asyncio.to_thread(passwords.prepare)
    mailer = make_mailer(settings())
    await asyncio.gather(
        _every(MAIL_SECONDS, "mails", lambda: deliver_due(mailer)),
        _every(QUEUE_SECONDS, "waiting_lists", queues.tend),
        _every(PURGE_SECONDS, "purge", purge),
        _every(REMINDER_SECONDS, "reminders", once_a_day(remind_of_documents)),
        _every(EVENING_SECONDS, "evening", evening),
        _every(PAYMENT_SECONDS, "payments", follow_open),
        _every(NEWS_SECONDS, "news", lambda: telling.tell(BATCH_REST)),
        _every(PAPER_SECONDS, "papers", lambda: papers.make_missing(PAPER_REST, PAPERS)),
        _every(EXPORT_SECONDS, "exports", my_data.make_asked),
        *(
            [_every(MAIL_SECONDS, "payfip", lambda: deliver(demo_bank()))]
            if settings().demo
            else []
        ),
    )


async def _every(seconds: float, name: str, work: Callable[[], object]) -> None:
    while True:
        try:
            await asyncio.to_thread(work)
        except Exception:
            # the next round tries again: one failure must not stop all background work
            log.exception("background_work_failed", work=name)
        await asyncio.sleep(seconds)


def purge() -> None:
    """Forget what is no longer needed."""
    now = clock.now()
    with writing() as session:
        sessions.purge(session, now - KEEP_SESSIONS)
        throttles.purge(session, now - KEEP_COUNTS)
        registration.purge(session, now - registration.DRAFT_LIVES)
        places.purge(session, now - KEEP_PLACE_CHANGES)
        keeping.purge(session, now)
        digests.purge(session, now - KEEP_MAILS, now - KEEP_TOLD)
    activation.remove_unactivated(now)
    mails.purge_sent(now - KEEP_MAILS)
    my_data.purge(now)
    storing.tidy(now)


def remind_of_documents() -> None:
    """Tell each parent of the documents that their families owe."""
    reminders.remind(REST)


def evening() -> None:
    """What closes tomorrow, then the daily digest: in this order, for one may be in the other."""
    elsewhere = False
    try:
        elsewhere = deadlines.remind(BATCH_REST) is None
    finally:
        if not elsewhere:  # whatever became of the reminders
            digests.send_due(REST)


def once_a_day(work: Callable[[], object], hour: int = REMINDER_HOUR) -> Callable[[], None]:
    """The same work, done at the first call of each day from this hour on, in Paris."""
    done_on: date | None = None

    def maybe() -> None:
        nonlocal done_on
        now = clock.paris(clock.now())
        if now.hour >= hour and now.date() != done_on:
            work()
            done_on = now.date()

    return maybe
