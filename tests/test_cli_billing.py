"""`portail billing preview|issue`: what is printed, and the codes that come back."""

from __future__ import annotations

from datetime import date

import pytest

from portail.commands import billing
from portail.database import Work, working_alone
from portail.domain.bookings import Held
from portail.domain.identity import Role
from tests import factories
from tests.billing import home, town
from tests.test_cli import portail

pytestmark = pytest.mark.usefixtures("db")
NBSP = "\u00a0"
DAY = date(2026, 10, 6)


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    town()
    factories.agent("agent.regie", roles=[Role.REGIE])
    factories.agent("agent.enfance", roles=[Role.ENFANCE])


def told(
    command: str, month: str = "2026-10", agent: str = "agent.regie", *more: str
) -> tuple[int, str]:
    return portail("billing", command, "--month", month, "--agent", agent, *more)


def test_a_preview_then_the_issue_then_it_is_done() -> None:
    zoe, poor = home(), home(quotient=None, address=False)
    zoe.book("MATIN", DAY)
    zoe.book("REPAS", DAY, Held.BOOKED)
    poor.book("REPAS", DAY)
    poor.book("MATIN", DAY)
    code, text = told("preview")
    assert code == 0
    assert "Factures d’octobre 2026, rien n’est écrit" in text
    assert f"2{NBSP}familles{NBSP}: 3{NBSP}factures, 10,33{NBSP}€" in text
    assert "Régie CANTINE" in text
    assert f"! Restauration scolaire, Repas{NBSP}: 1 × présence non renseignée" in text
    assert "1 × sans prix, donc pas facturé" in text
    assert f"PINCEAU{NBSP}: Repas, 06/10/2026" in text
    assert "1 × famille sans adresse" in text
    assert zoe.papers() == []
    code, text = told("issue")
    assert (code, len(zoe.papers())) == (0, 2)
    assert f"3{NBSP}factures, 10,33{NBSP}€" in text
    code, text = told("issue")
    assert code == 0
    assert "Ce mois a été facturé le 23/11/2026" in text
    assert "Ce mois est déjà facturé." in told("preview")[1]


def test_who_is_refused_and_when() -> None:
    for command in ("preview", "issue"):
        code, text = told(command, agent="agent.enfance")
        assert code == 1
        assert "n’a pas le rôle « régie »" in text
        assert told(command, month="octobre")[0] == 2
    code, text = told("issue", month="2026-11")
    assert code == 1
    assert "Ce mois n’est pas fini" in text
    assert told("issue", "2026-11", "agent.regie", "--before-end")[0] == 0


def test_while_another_works_it_says_so() -> None:
    with working_alone(Work.BILLING) as alone:
        assert alone
        code, text = told("issue")
    assert code == billing.BUSY
    assert "déjà en cours" in text
