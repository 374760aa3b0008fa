"""`portail payments`: the régie sees what does not match, and says that it has dealt with it."""

from __future__ import annotations

import pytest

from portail.adapters.payment import Verified
from portail.domain.identity import Role
from portail.domain.payments import News, PaymentState
from portail.models import Heard
from portail.services.payments.settling import settle
from tests import factories
from tests.payments import Home, home
from tests.test_cli import portail

pytestmark = pytest.mark.usefixtures("bank")
REGIE = ("--agent", "agent.regie")
NBSP = "\u00a0"


@pytest.fixture
def zoe(bank: None) -> Home:
    factories.agent("agent.regie", roles=(Role.REGIE,))
    factories.agent("agent.enfance")
    return home()


def flagged(zoe: Home) -> int:
    row = zoe.row(zoe.start().payment_id)
    settle(row.id or 0, Heard.ASKED, Verified(row.operation or "", News.PAID, 3_594, row.reference))
    return row.id or 0


def test_what_does_not_match_is_listed_and_cleared(zoe: Home) -> None:
    assert portail("payments", "list", *REGIE) == (0, "Aucun paiement à vérifier.\n")
    number = flagged(zoe)
    code, output = portail("payments", "list", *REGIE)
    assert code == 0
    for part in (f"{number}  ", f"36,94{NBSP}€", f"payé 35,94{NBSP}€", "[autre montant]"):
        assert part in output
    clear = ("payments", "clear", str(number), *REGIE, "--note")
    assert portail(*clear, " ")[0] == 1
    assert portail(*clear, "Remboursé.") == (0, "Paiement vérifié.\n")
    assert portail(*clear, "Remboursé.")[0] == 1
    assert zoe.state(number) is PaymentState.CLEARED


def test_another_role_neither_sees_nor_clears(zoe: Home) -> None:
    number = flagged(zoe)
    other = ("--agent", "agent.enfance")
    for words in (("list", *other), ("clear", str(number), *other, "--note", "x")):
        code, output = portail("payments", *words)
        assert code == 1
        assert "régie" in output
    assert zoe.state(number) is PaymentState.MISMATCH
