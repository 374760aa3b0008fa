"""What a run of a month, or its preview, comes to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from portail.domain.billing.books import InvoiceKind
from portail.domain.billing.charges import Why
from portail.services.billing.drafting import Anomaly, Drafted

EXAMPLES = 20  # of each kind of anomaly; all are counted


@dataclass(slots=True)
class Sum:
    """How many, and for how much."""

    count: int = 0
    cents: int = 0

    def add(self, cents: int) -> None:
        """One more."""
        self.count += 1
        self.cents += cents


@dataclass(slots=True)
class Totals:
    """The documents of a run; `activities` are the lines by activity, credits deducted."""

    families: int = 0
    invoices: defaultdict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))  # by régie
    credit_notes: defaultdict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    activities: defaultdict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    anomalies: Counter[Why] = field(default_factory=Counter)
    examples: list[Anomaly] = field(default_factory=list)

    @property
    def invoiced_cents(self) -> int:
        """What the invoices ask."""
        return sum(one.cents for one in self.invoices.values())

    @property
    def credited_cents(self) -> int:
        """What the credit notes give back."""
        return sum(one.cents for one in self.credit_notes.values())

    def add(self, drafted: Iterable[Drafted]) -> None:
        """Count the documents of these families."""
        for family in drafted:
            self.families += bool(family.drafts)
            for one in family.drafts:
                invoice = one.kind is InvoiceKind.INVOICE
                (self.invoices if invoice else self.credit_notes)[one.regie].add(one.total_cents)
                for line in one.lines:
                    of = self.activities[line.activity]
                    sign = 1 if invoice else -1
                    of.count += sign * line.quantity
                    of.cents += sign * line.total_cents
            for anomaly in family.anomalies:
                self._note(anomaly)

    def untold(self, drafted: Iterable[Drafted], told: Collection[int]) -> None:
        """Note the families to bill of which nobody has an account."""
        for family in drafted:
            home = family.household
            if family.drafts and home.debtor.family_id not in told:
                self._note(Anomaly(Why.NO_ACCOUNT, home.number, home.name))

    def _note(self, anomaly: Anomaly) -> None:
        self.anomalies[anomaly.why] += 1
        if self.anomalies[anomaly.why] <= EXAMPLES:
            self.examples.append(anomaly)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Days whose attendance nobody noted (billed as booked), or whose request is still open."""

    activity: str
    slot: str
    count: int
    approval: bool


@dataclass(frozen=True, slots=True)
class MonthPreview:
    """What issuing the month would do; `issued`: it is done already."""

    period_on: date
    totals: Totals
    unanswered: tuple[Unanswered, ...]
    issued: bool


@dataclass(frozen=True, slots=True)
class MonthIssued:
    """The month is issued; `totals` are of this time, when it went on with what was begun."""

    period_on: date
    totals: Totals
    resumed: bool


@dataclass(frozen=True, slots=True)
class AlreadyIssued:
    """The month was issued before: what changed since goes with the next one."""

    period_on: date
    issued_on: date


@dataclass(frozen=True, slots=True)
class Busy:
    """Another process is issuing a month."""


@dataclass(frozen=True, slots=True)
class NotOver:
    """The month is not over."""

    period_on: date
