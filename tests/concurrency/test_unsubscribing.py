"""One link, pressed by several at once: stopped once, and what was before is known to one."""

from __future__ import annotations

import pytest

from portail.domain.notifications import Choice, Notification
from portail.services.notifications.choices import my_choices
from portail.services.notifications.unsubscribing import unsubscribe
from tests.concurrency.together import at_once
from tests.services.notifications.people import parent, token
from tests.services.test_account import actions, as_parent

pytestmark = pytest.mark.usefixtures("db")


def test_several_who_press_at_once_stop_it_once() -> None:
    zoe = parent(news=Choice.DAILY)
    link = token(zoe, Notification.NEWS)
    outcomes = at_once(4, lambda _: unsubscribe(link))
    before = [one.before for one in outcomes if one]
    assert (before.count({"news": "daily"}), before.count({})) == (1, 3)
    assert my_choices(as_parent(zoe))[Notification.NEWS] is Choice.NEVER
    assert len(actions(zoe)) == 2  # chosen, then stopped
