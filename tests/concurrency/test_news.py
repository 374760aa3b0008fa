"""Two processes tell of the same articles; two agents publish the same one."""

from __future__ import annotations

from sqlmodel import select

from portail.database import reading
from portail.models import Article
from portail.services.news import telling
from portail.services.news.publishing import Change, Published, publish_sound
from tests import factories
from tests.concurrency.together import at_once
from tests.news import agent, draft, made
from tests.services.test_account import mails


def test_four_workers_at_once_tell_each_account_once(db: None) -> None:
    for rank in range(3 * telling.BATCH):
        factories.account(f"parent-{rank}", email=f"p{rank}@example.org")
    made(draft("Fête"))
    made(draft("Grève", important=True))
    counts = at_once(4, lambda _: telling.tell())
    sent = [(mail.recipient, mail.subject) for mail in mails("news_published")]
    assert sum(counts) == len(sent) == len(set(sent)) == 6 * telling.BATCH


def test_an_article_published_by_four_at_once_is_one(db: None) -> None:
    agents = [agent() for _ in range(4)]
    one = draft("Fête", slug="fete")
    outcomes = at_once(4, lambda rank: publish_sound(agents[rank], one))
    changes = [each.change for each in outcomes if isinstance(each, Published)]
    assert sorted(changes) == [Change.CREATED, *[Change.UNCHANGED] * 3]
    with reading() as session:
        assert len(session.exec(select(Article)).all()) == 1
