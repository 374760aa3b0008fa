"""The smallest thing to issue."""

from __future__ import annotations

from portail.domain.billing.drafts import Debtor, Draft, Line
from tests.billing import OCTOBER


def one_line(family: int, cents: int = 100) -> Draft:
    return Draft(Debtor(family), OCTOBER, (Line("Sortie", 1, cents),))
