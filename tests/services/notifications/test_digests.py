"""The daily digest: at its hour, one a day, with all that waited; through crashes too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.notifications import Choice, Notification
from portail.models import Digest, DigestLine
from portail.services.notifications import digests
from tests.concurrency.together import at_once
from tests.services.notifications.people import mails, notice, parent, tell_one, waiting, wants

pytestmark = pytest.mark.usefixtures("db")
KIND = "daily_digest"
EVENING = timedelta(hours=9)  # the clock of the tests stands at nine


@pytest.fixture
def zoe(db: None) -> int:
    return parent("zoe@example.org", documents=Choice.DAILY, news=Choice.DAILY)


def test_it_waits_for_its_hour_and_says_all_in_one_mail(zoe: int) -> None:
    tell_one(zoe, notice(Notification.NEWS, "a", "La cantine change de menu."))
    tell_one(zoe, notice(Notification.DOCUMENTS, "b", "Assurance\u00a0: à fournir"))
    tell_one(zoe, notice(Notification.DOCUMENTS, "c", "Quotient\u00a0: à fournir"))
    assert mails() == []
    clock.advance(EVENING - timedelta(minutes=1))
    assert digests.send_due() == 0
    clock.advance(timedelta(minutes=1))
    assert digests.send_due() == 1
    (mail,) = mails()
    assert (mail.kind, mail.recipient) == (KIND, "zoe@example.org")
    assert "lundi 23 novembre 2026" in mail.subject
    assert "3\u00a0nouvelles" in mail.text
    order = ["Documents à fournir", "Assurance", "Quotient", "Actualités", "La cantine"]
    places = [mail.text.index(word) for word in order]
    assert places == sorted(places)
    assert mail.text.count("https://familles.example/ici") == 3
    assert "/desabonnement/" in mail.unsubscribe_url
    assert "Se désabonner" in mail.html
    assert digests.send_due() == 0
    assert waiting() == []


def test_no_line_no_mail(zoe: int) -> None:
    clock.advance(EVENING)
    assert digests.send_due() == 0
    with reading() as session:
        assert session.exec(select(Digest)).all() == []


def test_what_comes_after_the_hour_waits_for_the_next_day(zoe: int) -> None:
    tell_one(zoe, notice(about="a"))
    clock.advance(EVENING)
    assert digests.send_due() == 1
    clock.advance(timedelta(minutes=5))
    tell_one(zoe, notice(about="b"))
    for _ in range(60):
        digests.send_due()
        clock.advance(timedelta(minutes=30))
    assert len(mails(KIND)) == 2


def test_a_day_missed_leaves_in_the_morning_and_the_next_one_at_its_hour(zoe: int) -> None:
    tell_one(zoe, notice(about="a"))
    clock.advance(timedelta(hours=18))  # three in the morning: nobody is written to
    assert digests.send_due() == 0
    clock.advance(timedelta(hours=5))
    tell_one(zoe, notice(about="b"))
    assert digests.send_due() == 1
    assert "lundi 23 novembre" in mails(KIND)[0].subject
    assert len(waiting()) == 1
    clock.advance(timedelta(hours=10))
    assert digests.send_due() == 1
    assert "mardi 24 novembre" in mails(KIND)[1].subject


def test_days_missed_are_one_mail(zoe: int) -> None:
    for day in range(5):
        tell_one(zoe, notice(about=f"jour {day}"))
        clock.advance(timedelta(days=1))
    assert digests.send_due() == 1
    assert "5\u00a0nouvelles" in mails(KIND)[0].text
    assert digests.send_due() == 0


def test_what_is_no_longer_wanted_is_not_told_even_later(zoe: int) -> None:
    tell_one(zoe, notice(Notification.NEWS, "a"))
    wants(zoe, {Notification.NEWS: Choice.NEVER})
    clock.advance(EVENING)
    assert digests.send_due() == 0
    assert mails() == []
    wants(zoe, {Notification.NEWS: Choice.DAILY})
    clock.advance(timedelta(days=1))
    assert digests.send_due() == 0


def test_what_one_now_wants_at_once_is_not_lost(zoe: int) -> None:
    tell_one(zoe, notice(Notification.NEWS, "a"))
    wants(zoe, {Notification.NEWS: Choice.NOW})
    clock.advance(EVENING)
    assert digests.send_due() == 1


def test_workers_at_once_send_each_digest_once() -> None:
    people = [parent(f"p{n}@example.org", documents=Choice.DAILY) for n in range(8)]
    for account_id in people:
        tell_one(account_id, notice(about="a"))
        tell_one(account_id, notice(about="b"))
    clock.advance(EVENING)
    counts = at_once(4, lambda _: digests.send_due())
    assert sum(counts) == len(people)
    assert sorted(one.recipient for one in mails(KIND)) == [f"p{n}@example.org" for n in range(8)]


def test_a_failure_in_the_middle_leaves_the_lines_for_the_next_round(
    zoe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_one(zoe, notice(about="a"))
    clock.advance(EVENING)
    with monkeypatch.context() as patch:
        patch.setattr("portail.services.mails.queue", _fail)
        with pytest.raises(OSError, match="cut"):
            digests.send_due()
    assert len(waiting()) == 1
    assert digests.send_due() == 1


def _fail(*_: object) -> None:
    raise OSError("cut")


def test_old_digests_are_forgotten_with_their_lines_and_not_what_waits(zoe: int) -> None:
    tell_one(zoe, notice(about="a"))
    clock.advance(EVENING)
    digests.send_due()
    tell_one(zoe, notice(about="b"))
    with writing() as session:
        digests.purge(session, clock.now() + timedelta(1), clock.now() - timedelta(days=400))
    with reading() as session:
        (line,) = session.exec(select(DigestLine)).all()
    assert line.digest_id is None
    tell_one(zoe, notice(about="a"))  # still known as told
    assert len(waiting()) == 1
