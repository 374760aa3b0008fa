"""The statement of account as a parent reads it: the balance of each line, years, kinds, pages."""

from __future__ import annotations

from datetime import date

import pytest

from portail.domain.billing.books import EntryKind
from portail.domain.identity import Actor, Forbidden
from portail.services.billing.statement import PAGE_LINES, Shown, statement
from portail.services.reach import NotFound
from tests import factories
from tests.services.test_account import as_parent
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe() -> Actor:
    """October billed 42,50 €, 20,00 € of it paid; then 10,00 € billed."""
    account = factories.account()
    family = factories.family(members=[account])
    first = factories.invoice(family, "2026-1", 4_250)
    factories.pay(first, 2_000, date(2026, 11, 9))
    factories.invoice(family, "2026-2", 1_000, due_on=date(2025, 12, 1))
    return as_parent(account)


def amounts(actor: Actor, **wanted: object) -> list[tuple[int, int, int]]:
    """Debit, credit and balance of each line, newest first."""
    found = statement(actor, **wanted)  # type: ignore[arg-type]
    return [(one.debit_cents, one.credit_cents, one.balance_cents) for one in found.lines]


def test_each_line_has_the_balance_of_the_whole_account_so_far(zoe: Actor) -> None:
    assert amounts(zoe) == [(0, 2_000, 3_250), (4_250, 0, 5_250), (1_000, 0, 1_000)]
    found = statement(zoe)
    assert [one.balance_cents for one in found.accounts] == [3_250]
    assert (found.debit_cents, found.credit_cents, found.total) == (5_250, 2_000, 3)
    assert [one.kind for one in found.lines] == [
        EntryKind.PAYMENT,
        EntryKind.INVOICE,
        EntryKind.INVOICE,
    ]
    assert [one.number for one in found.lines] == ["2026-1", "2026-1", "2026-2"]


def test_a_filter_changes_which_lines_are_shown_and_not_what_they_say(zoe: Actor) -> None:
    assert statement(zoe).years == (2026, 2025)
    assert amounts(zoe, year=2026) == [(0, 2_000, 3_250), (4_250, 0, 5_250)]
    assert amounts(zoe, year=2025) == [(1_000, 0, 1_000)]
    assert amounts(zoe, shown=Shown.PAID) == [(0, 2_000, 3_250)]
    assert amounts(zoe, year=2026, shown=Shown.BILLED) == [(4_250, 0, 5_250)]
    assert amounts(zoe, year=1999) == []


def test_pages_follow_each_other_and_a_page_too_far_is_the_last(zoe: Actor) -> None:
    account = zoe.account()
    family = statement(zoe).accounts[0].family_id
    for number in range(PAGE_LINES):
        factories.invoice(family, f"p-{number}", 100)
    first, second = statement(zoe, page=1), statement(zoe, page=2)
    assert (first.pages, len(first.lines), len(second.lines)) == (2, PAGE_LINES, 3)
    seen = [one.id for one in (*first.lines, *second.lines)]
    assert len(set(seen)) == PAGE_LINES + 3
    assert statement(as_parent(account), page=99).page == 2


def test_one_sees_one_s_own_accounts_only(zoe: Actor) -> None:
    karim = factories.account()
    factories.invoice(factories.family("BENALI", members=[karim]), "k-1", 700)
    assert amounts(as_parent(karim)) == [(700, 0, 700)]
    assert len(statement(zoe).accounts) == 1
    for place in (-1, 1, 5):
        with pytest.raises(NotFound):
            statement(zoe, account=place)
    with pytest.raises(Forbidden):
        statement(Actor(1, agent_id=1))


def test_a_parent_without_anything_in_the_books() -> None:
    account = factories.account()
    factories.family(members=[account])
    found = statement(as_parent(account))
    assert (found.accounts, found.lines, found.pages) == ((), (), 1)


def test_as_many_statements_whatever_the_lines(zoe: Actor) -> None:
    def asked() -> int:
        with statements() as found:
            statement(zoe)
        return sum(one.startswith("SELECT") for one in found)

    few = asked()
    family = statement(zoe).accounts[0].family_id
    for number in range(40):
        factories.invoice(family, f"m-{number}", 100)
    assert asked() == few <= 4
