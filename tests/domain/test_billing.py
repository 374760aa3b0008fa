"""What is owed for what was booked, and what a change makes of what was billed: values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.billing.arranging import Placed, arrange
from portail.domain.billing.books import InvoiceKind, share_out
from portail.domain.billing.charges import (
    BilledLump,
    BilledPart,
    Booked,
    Charge,
    Charges,
    Lump,
    lump_units,
)
from portail.domain.billing.drafts import Debtor, Draft, FeeItem, Line, UnitItem
from portail.domain.billing.usage import HOW, How, Part
from portail.domain.bookings import Held
from portail.domain.pricing import Context, Outcome, Prepared, Reason, Service, Tariff, Unpriced
from portail.domain.pricing import tariff as tariffs
from portail.domain.pricing.forms import Flat, Package
from portail.domain.pricing.tariff import Grid, Version

DAY, NEXT = date(2026, 10, 5), date(2026, 10, 6)
OCTOBER = date(2026, 10, 1)
MATIN = Tariff(
    "matin",
    "Matin",
    (Version(date(2020, 9, 1), Grid(Flat(333)), absence=tariffs.Absence(unjustified=5_000)),),
)
CARNET = Tariff("c", "Carnet", (Version(date(2020, 9, 1), Grid(Package(2, Flat(900), Flat(500)))),))


def engine(slot: str, child: int, day: date, service: Service) -> Outcome | None:
    if slot == "LIBRE":
        return None
    if slot == "INCONNU":
        return Unpriced(Reason.NO_QUOTIENT, "matin")
    return Prepared(MATIN, Context(child=child)).on(day, service)


def booklet(slot: str, child: int, first_on: date, units: int) -> Outcome | None:
    return Prepared(CARNET, Context(child=child, units=units)).on(first_on)


def charged(*booked: Booked, lumps: Sequence[Lump] = ()) -> tuple[list[Charge], Charges]:
    charges = Charges(engine, booklet)
    charges.add(booked)
    charges.add_lumps(lumps)
    return list(charges.lines()), charges


def one(how: How = How.PRESENT, **more: object) -> Booked:
    return Booked(**{"id": 1, "child": 7, "slot": "MATIN", "day": DAY, "how": how, **more})  # type: ignore[arg-type]


def parts(lines: Sequence[Charge]) -> list[tuple[Part, int, int | None]]:
    return [(line.part, line.cents, line.credits) for line in lines]


def test_every_reservation_is_billed_as_something() -> None:
    assert set(HOW) == set(Held)


@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        (one(), [(Part.CARE, 333)]),
        (one(surcharge_cents=101), [(Part.CARE, 333), (Part.LATE, 101)]),
        (one(How.UNJUSTIFIED, surcharge_cents=101), [(Part.CARE, 167), (Part.LATE, 51)]),
        (one(How.JUSTIFIED, surcharge_cents=101), []),
        (one(How.CANCELLED), []),
        (one(How.CANCELLED, kept_cents=140), [(Part.KEPT, 140)]),
        (one(How.NOTHING), []),
        # nobody has a price but the one that was told
        (
            one(slot="LIBRE", told_cents=250, surcharge_cents=10),
            [(Part.CARE, 250), (Part.LATE, 10)],
        ),
        (one(slot="INCONNU", told_cents=250), [(Part.CARE, 250)]),
        (one(How.JUSTIFIED, slot="LIBRE"), []),
    ],
)
def test_the_first_time_it_is_due_whole(booked: Booked, expected: list[tuple[Part, int]]) -> None:
    lines, charges = charged(booked)
    assert parts(lines) == [(part, cents, None) for part, cents in expected]
    assert [item.seq for line in lines for item in line.items] == list(range(len(expected)))
    assert charges.unpriced == []


@pytest.mark.parametrize(("slot", "reason"), [("LIBRE", "no_tariff"), ("INCONNU", "no_quotient")])
def test_without_any_price_nothing_is_billed_and_it_is_said(slot: str, reason: str) -> None:
    lines, charges = charged(one(slot=slot))
    assert lines == []
    assert [missing.reason for missing in charges.unpriced] == [reason]


BILLED = (
    BilledPart(0, Part.CARE, How.PRESENT, 333, 9),
    BilledPart(1, Part.LATE, How.PRESENT, 101, 9),
)


@pytest.mark.parametrize(
    ("how", "kept", "expected"),
    [
        (How.PRESENT, 0, []),
        (How.JUSTIFIED, 0, [(Part.CARE, 333, 9), (Part.LATE, 101, 9)]),
        (How.UNJUSTIFIED, 0, [(Part.CARE, 167, None), (Part.CARE, 333, 9), (Part.LATE, 50, 9)]),
        (How.NOTHING, 0, [(Part.CARE, 333, 9), (Part.LATE, 101, 9)]),
        (How.CANCELLED, 140, [(Part.CARE, 333, 9), (Part.KEPT, 140, None), (Part.LATE, 101, 9)]),
    ],
)
def test_a_change_is_billed_or_given_back_for_the_difference(
    how: How, kept: int, expected: list[tuple[Part, int, int | None]]
) -> None:
    lines, _ = charged(one(how, surcharge_cents=101, kept_cents=kept, billed=BILLED))
    assert sorted(parts(lines), key=lambda line: line[:2]) == expected
    assert sorted(item.seq for line in lines for item in line.items) == [2, 3, 4][: len(expected)]
    assert all(line.again for line in lines)


def test_what_was_given_back_is_due_again() -> None:
    back: tuple[BilledPart, ...] = (
        BilledPart(0, Part.CARE, How.PRESENT, 333, 9),
        BilledPart(1, Part.CARE, How.JUSTIFIED, -333, 10),
    )
    lines, _ = charged(one(billed=back))
    assert parts(lines) == [(Part.CARE, 333, None)]
    lines, _ = charged(
        one(How.CANCELLED, billed=(*back, BilledPart(2, Part.CARE, How.PRESENT, 333, 11)))
    )
    assert parts(lines) == [(Part.CARE, 333, 11)]  # on the invoice that asked for it last


def test_only_a_presence_is_care_even_when_it_is_given_back() -> None:
    def cared(how: How, *billed: BilledPart) -> set[tuple[int, bool]]:
        lines, _ = charged(one(how, surcharge_cents=100, billed=billed))
        return {(line.cents, line.care) for line in lines}

    assert cared(How.PRESENT) == {(333, True), (100, False)}
    assert cared(How.UNJUSTIFIED) == {(167, False), (50, False)}
    assert cared(How.UNJUSTIFIED, BILLED[0]) == {(333, True), (167, False), (50, False)}
    absent = BilledPart(0, Part.CARE, How.UNJUSTIFIED, 167, 9)
    assert cared(How.JUSTIFIED, absent) == {(167, False)}
    assert cared(How.PRESENT, absent) == {(167, False), (333, True), (100, False)}


def test_days_at_one_price_are_one_line_and_no_other() -> None:
    lines, _ = charged(
        one(),
        one(id=2, day=NEXT),
        one(id=3, child=8),
        one(How.UNJUSTIFIED, id=4),
        one(id=5, day=date(2026, 9, 30)),
    )
    assert [(line.child, line.how, len(line.days)) for line in lines] == [
        (7, How.PRESENT, 1),
        (7, How.UNJUSTIFIED, 1),
        (7, How.PRESENT, 2),
        (8, How.PRESENT, 1),
    ]
    assert lines[2].items == [
        UnitItem(1, 0, Part.CARE, How.PRESENT, 333),
        UnitItem(2, 0, Part.CARE, How.PRESENT, 333),
    ]


@pytest.mark.parametrize(
    ("units", "billed", "expected"),
    [
        (0, (), [(900, None)]),  # whole, even if nothing was used
        (3, (), [(1_400, None)]),
        (None, (), []),
        (2, (BilledLump(0, 2, 900, 9),), []),
        (4, (BilledLump(0, 2, 900, 9),), [(1_000, None)]),
        (2, (BilledLump(0, 4, 1_900, 9),), [(1_000, 9)]),
        (None, (BilledLump(0, 0, 900, 9),), [(900, 9)]),
        (None, (BilledLump(0, 2, 900, 9), BilledLump(1, -1, -900, 10)), []),
        (1, (BilledLump(0, 2, 900, 9), BilledLump(1, -1, -900, 10)), [(900, None)]),
    ],
)
def test_a_package_is_due_whole_and_corrected(
    units: int | None, billed: tuple[BilledLump, ...], expected: list[tuple[int, int | None]]
) -> None:
    lines, _ = charged(lumps=[Lump(7, "CARNET", 3, OCTOBER, date(2026, 10, 31), units, billed)])
    assert [(line.cents, line.credits) for line in lines] == expected
    for line in lines:
        (item,) = line.items
        assert isinstance(item, FeeItem)
        assert (item.seq, item.units) == (len(billed), -1 if units is None else units)


def test_what_counts_in_a_package() -> None:
    assert lump_units({}) is None
    assert lump_units({How.NOTHING: 2, How.CANCELLED: 1}) is None
    assert lump_units({How.JUSTIFIED: 2}) == 0
    assert lump_units({How.PRESENT: 2, How.UNJUSTIFIED: 1, How.JUSTIFIED: 4}) == 3


def list_of(needs: dict[int, int]) -> list[tuple[int, int]]:
    return list(needs.items())


# --- documents ---------------------------------------------------------------------------------

ZOE = Debtor(1, "Zoé Pinceau")


def line(cents: int, label: str = "x") -> Line:
    return Line(label, 1, cents)


def papers(*placed: Placed) -> list[Draft]:
    return arrange(ZOE, OCTOBER, placed, "Quotient 850", "Changements")


def test_an_invoice_for_each_regie_and_a_credit_note_for_each_invoice_corrected() -> None:
    made = papers(
        Placed("b", line(100)),
        Placed("a", line(300), due_on=DAY),
        Placed("a", line(20), credits=4),
        Placed("a", line(30), credits=3),
        Placed("a", line(40), credits=4),
    )
    assert [(one.regie, one.kind, one.total_cents, one.credits) for one in made] == [
        ("a", InvoiceKind.CREDIT_NOTE, 30, 3),
        ("a", InvoiceKind.CREDIT_NOTE, 60, 4),
        ("a", InvoiceKind.INVOICE, 300, None),
        ("b", InvoiceKind.INVOICE, 100, None),
    ]
    assert [one.due_on for one in made] == [None, None, DAY, None]
    assert [one.quotient for one in made] == ["", "", "Quotient 850", "Quotient 850"]
    assert [one.reason for one in made] == ["Changements", "Changements", "", ""]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((100, -30), [(InvoiceKind.INVOICE, 70)]),
        ((100, -100), [(InvoiceKind.CREDIT_NOTE, 100), (InvoiceKind.INVOICE, 100)]),
        ((100, -130), [(InvoiceKind.CREDIT_NOTE, 130), (InvoiceKind.INVOICE, 100)]),
        ((-30,), [(InvoiceKind.CREDIT_NOTE, 30)]),
        ((), []),
    ],
)
def test_no_document_is_at_zero_or_below(
    amounts: tuple[int, ...], expected: list[tuple[InvoiceKind, int]]
) -> None:
    made = papers(*(Placed("a", line(cents)) for cents in amounts))
    assert [(one.kind, one.total_cents) for one in made] == expected


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.integers(-500, 500).filter(bool),
            st.sampled_from((None, None, 1, 2)),
        )
    )
)
def test_documents_are_worth_their_lines(lines: list[tuple[str, int, int | None]]) -> None:
    placed = [Placed(regie, line(abs(cents) if on else cents), on) for regie, cents, on in lines]
    made = papers(*placed)
    assert all(one.total_cents > 0 for one in made)
    assert sum(
        one.total_cents if one.kind is InvoiceKind.INVOICE else -one.total_cents for one in made
    ) == sum(-one.line.total_cents if one.credits else one.line.total_cents for one in placed)
    assert len({(one.regie, one.credits) for one in made if one.credits}) == sum(
        one.credits is not None for one in made
    )


@given(
    st.integers(0, 1_000),
    st.lists(st.tuples(st.integers(), st.integers(0, 300)), unique_by=lambda t: t[0]),
)
def test_credits_go_to_the_first_and_none_is_lost(cents: int, needs: list[tuple[int, int]]) -> None:
    shares = share_out(cents, needs)
    assert sum(part for _, part in shares) == min(cents, sum(need for _, need in needs))
    assert all(0 < part <= dict(needs)[key] for key, part in shares)


def test_a_line_is_worth_its_quantity_times_its_unit() -> None:
    assert replace(line(-333), quantity=3).total_cents == -999
