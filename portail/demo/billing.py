"""Invoices of the demo's fixed families, issued by the code that issues all of them.

Zoé Pinceau has one due, of 36,94 € whatever the day: what her family booked last month is on two
invoices, one paid and one that the amount is chosen for. Those before are paid, online; one is of
last year, for there to be a tax certificate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from portail import clock
from portail.demo.enrolments import BENALI, PINCEAU
from portail.domain.billing.drafts import Draft, Line, UnitItem
from portail.domain.documents import add_months
from portail.domain.payments import PaymentState, reference
from portail.domain.pricing import Price
from portail.models import (
    Family,
    Heard,
    Payment,
    PaymentEvent,
    PaymentInvoice,
    Reservation,
    Subscription,
)
from portail.services.billing import facts, ledger
from portail.services.billing.bookings import Scope
from portail.services.billing.drafting import draft
from portail.services.billing.issuing import Issued, Terms, issue
from portail.services.catalogue import Loaded, current
from portail.services.enrolments.facts import Known, family_children
from portail.settings import settings

DUE = 3_694  # cents (product.md §5)
OUTING = "Participation à la sortie au parc"  # when bookings alone do not make the amount
# what was used in months of which the demo has no bookings: child, activity, days
USED = (
    (("Sami", "RESTAURATION_ELEM", 9), ("Audrey", "2_SOIR_ELEM", 5)),
    (("Audrey", "RESTAURATION_ELEM", 6), ("Sami", "2_SOIR_ELEM", 2)),
)
# for the tax certificate of last year, for May
CARED = (("Christopher", "2_SOIR_MAT", 14), ("Christopher", "RESTAURATION_MAT", 12))
SUMMER = (7, 8)
PAID_AFTER = timedelta(days=12)
AT = time(20, 15)


def fill(session: Session) -> None:
    """Add them; the families and their bookings exist."""
    loaded = current(session)
    pinceau = session.exec(select(Family).where(Family.number == PINCEAU)).one()
    benali = session.exec(select(Family).where(Family.number == BENALI)).one()
    older = [one for one in map(_month, range(3, 10)) if one.month not in SUMMER][: len(USED)]
    last_may = date(clock.today().year - 1, 5, 1)
    for period, used in ((last_may, CARED), *zip(reversed(older), USED, strict=True)):
        lines = _lines(session, loaded, pinceau, period, used)
        made = Draft(facts.debtor(session, pinceau), period, lines)
        _paid(session, pinceau, _issue(session, [made]))
    _paid(session, pinceau, _issue(session, _drafts(session, loaded, pinceau, _month(2))))
    last = _drafts(session, loaded, pinceau, _month(1))
    if not last:
        lines = _lines(session, loaded, pinceau, _month(1), USED[-1])
        last = [Draft(facts.debtor(session, pinceau), _month(1), lines)]
    rest, due = _shared_out(session, last[0])
    if rest.lines:
        _paid(session, pinceau, _issue(session, [rest]))
    _issue(session, [due])
    _paid(session, benali, _issue(session, _drafts(session, loaded, benali, _month(1))))


def _month(months: int) -> date:
    return add_months(clock.today().replace(day=1), -months)


def _drafts(session: Session, loaded: Loaded, family: Family, period: date) -> list[Draft]:
    (drafted,) = draft(session, Scope(loaded, period, period), [family.id or 0])
    return drafted.drafts


def _issue(session: Session, drafts: Sequence[Draft]) -> list[Issued]:
    if not drafts:
        return []
    issued_on = add_months(drafts[0].period_on, 1)
    return issue(session, drafts, Terms(issued_on, issued_on + timedelta(days=29)))


# --- what an invoice of exactly so much is made of ---------------------------------------------


def _shared_out(session: Session, whole: Draft) -> tuple[Draft, Draft]:
    """The invoice of the rest, and one of `DUE` with the last days that make it."""
    rows = session.exec(select(Reservation).where(Reservation.family_id == whole.debtor.family_id))
    days = {row.id or 0: row.day for row in rows}
    singles = [one for line in whole.lines for one in _singles(line, days)]
    singles.sort(key=lambda line: (line.last_on or date.min, line.label), reverse=True)
    chosen = _adding_up([line.total_cents for line in singles])
    due = [line for n, line in enumerate(singles) if n in chosen]
    missing = DUE - sum(line.total_cents for line in due)
    lines = _together(due)
    if missing:
        lines = (*lines, Line(OUTING, 1, missing))
    rest = _together([line for n, line in enumerate(singles) if n not in chosen])
    return replace(whole, lines=rest), replace(whole, lines=lines)


def _singles(line: Line, days: Mapping[int, date]) -> Iterator[Line]:
    """A line for each of its days; a month or a package stays whole."""
    units = [item for item in line.items if isinstance(item, UnitItem)]
    if not units:
        yield line
    for item in units:
        day = days[item.reservation_id]
        yield replace(line, quantity=1, items=(item,), first_on=day, last_on=day)


def _adding_up(amounts: Sequence[int]) -> set[int]:
    """Places of amounts that add up to `DUE`, or to as near below it as can be."""
    ways: dict[int, tuple[int, ...]] = {0: ()}
    for place, amount in enumerate(amounts):
        for total, way in list(ways.items()):
            if total + amount <= DUE:
                ways.setdefault(total + amount, (*way, place))
        if DUE in ways:
            break
    return set(ways[max(ways)])


def _together(singles: Sequence[Line]) -> tuple[Line, ...]:
    """Days at one price on one line again."""
    lines: dict[tuple[object, ...], Line] = {}
    for one in reversed(singles):
        key = (one.child_id, one.activity, one.label, one.unit_cents)
        known = lines.get(key)
        lines[key] = one if known is None else _joined(known, one)
    return tuple(sorted(lines.values(), key=lambda line: (line.child_id or 0, line.activity)))


def _joined(one: Line, other: Line) -> Line:
    days = [day for line in (one, other) for day in (line.first_on, line.last_on) if day]
    return replace(
        one,
        quantity=one.quantity + other.quantity,
        items=(*one.items, *other.items),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
    )


def _lines(
    session: Session,
    loaded: Loaded,
    family: Family,
    period: date,
    used: Sequence[tuple[str, str, int]],
) -> tuple[Line, ...]:
    """What was used at the family's prices, of a month before the demo's bookings."""
    known = {one.child.first_name: one for one in family_children(session, family, loaded)}
    last = add_months(period, 1) - timedelta(days=1)
    return tuple(
        _line(loaded, known[child], activity, count, (period, last))
        for child, activity, count in used
    )


def _line(loaded: Loaded, known: Known, code: str, count: int, days: tuple[date, date]) -> Line:
    activity = loaded.rulebook.activities[code]
    (slot,) = activity.slots
    price = known.prices.outcome(slot.code, known.child.id or 0, clock.today())
    return Line(
        slot.label,
        count,
        price.cents if isinstance(price, Price) else 0,
        known.child.id,
        known.child.first_name,
        activity.label,
        loaded.types[activity.type].childcare,
        *days,
    )


# --- paid online -------------------------------------------------------------------------------


def _paid(session: Session, family: Family, issued: Sequence[Issued]) -> None:
    """As the payment service would have it: an attempt that went well, some days later."""
    account = session.exec(
        select(Subscription.account_id).where(Subscription.family_id == family.id)
    ).first()
    for one in issued:
        on = min(add_months(one.draft.period_on, 1) + PAID_AFTER, clock.today())
        at = datetime.combine(on, AT, clock.paris(clock.now()).tzinfo)
        row = Payment(
            account_id=account,
            family_id=family.id or 0,
            reference=reference(on, family.number, f"DEMO{one.id:04d}"),
            provider=settings().online_payment or "payfip_ws",
            amount_cents=one.draft.total_cents,
            state=PaymentState.PAID,
            operation=f"demo-{one.id}",
            created_at=at,
            sent_at=at,
            settled_at=at + timedelta(minutes=3),
        )
        session.add(row)
        session.flush()
        covered = [(one.id, row.amount_cents)]
        session.add(
            PaymentInvoice(
                payment_id=row.id or 0, invoice_id=one.id, cents=row.amount_cents, live=True
            )
        )
        for heard, state, when in (
            (Heard.STARTED, PaymentState.CREATED, at),
            (Heard.PREPARED, PaymentState.SENT, at),
            (Heard.NOTIFIED, PaymentState.PAID, at + timedelta(minutes=3)),
        ):
            session.add(
                PaymentEvent(payment_id=row.id or 0, at=when, heard=heard, state=state, facts={})
            )
        label = f"Paiement en ligne {row.reference}"
        ledger.record_payment(session, row.id, on, covered, label)
