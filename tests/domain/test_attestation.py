"""The tax certificate: young children, care alone, what was paid and not given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.attestation import (
    Amounts,
    Bill,
    Lowering,
    certified,
    is_young,
    paid_for_care,
)

NORA, SAMI = 1, 2
MARCH, JUNE, NEXT = date(2025, 3, 1), date(2025, 6, 15), date(2026, 1, 10)


@pytest.mark.parametrize(
    ("born", "young"),
    [
        (date(2019, 1, 1), False),  # six that very day
        (date(2019, 1, 2), True),
        (date(2018, 12, 31), False),
        (date(2020, 2, 29), True),
        (date(2025, 6, 1), True),
    ],
)
def test_under_six_on_the_first_of_january(born: date, *, young: bool) -> None:
    assert is_young(born, 2025) is young


def test_a_leap_day_is_a_birthday_like_another() -> None:
    assert is_young(date(2020, 2, 29), 2026)
    assert not is_young(date(2020, 2, 29), 2027)


def bill(
    care: int,
    other: int = 0,
    *paid: tuple[date, int],
    back: int = 0,
    credited: Sequence[Amounts] = (),
) -> Bill:
    return Bill(MARCH, Amounts({NORA: care}, other), credited, paid, back)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (bill(600, 400), {}),
        (bill(600, 400, (JUNE, 1_000)), {2025: 600}),
        (bill(600, 400, (JUNE, 500)), {2025: 300}),
        (bill(600, 400, (JUNE, 500), (NEXT, 500)), {2025: 300, 2026: 300}),
        (bill(100, 200, (JUNE, 1), (JUNE, 1), (JUNE, 298)), {2025: 100}),
        (bill(0, 400, (JUNE, 400)), {}),
        # 200 of the care is credited before anything is paid
        (bill(600, 400, (JUNE, 800), credited=[Amounts({NORA: 200})]), {2025: 400}),
        # and after everything is
        (bill(600, 400, (JUNE, 1_000), back=200, credited=[Amounts({NORA: 200})]), {2025: 400}),
        # the newest money goes back first
        (
            bill(600, 0, (JUNE, 300), (NEXT, 300), back=200, credited=[Amounts({NORA: 200})]),
            {2025: 300, 2026: 100},
        ),
        # meals credited: the care is paid all the same
        (bill(600, 400, (JUNE, 1_000), back=400, credited=[Amounts(other=400)]), {2025: 600}),
        # a gesture on the whole lowers both
        (bill(600, 400, (JUNE, 1_000), back=100, credited=[Amounts(vague=100)]), {2025: 540}),
        # cancelled
        (bill(600, 400, (JUNE, 1_000), back=1_000, credited=[Amounts({NORA: 600}, 400)]), {}),
        # a reduction on the invoice that names nothing, greater than all that is not care
        (bill(600, -100, (JUNE, 500)), {2025: 500}),
    ],
)
def test_what_counts(one: Bill, expected: dict[int, int]) -> None:
    assert paid_for_care([one]) == {(NORA, year): cents for year, cents in expected.items()}


def test_care_given_back_on_a_later_invoice_lowers_it_once() -> None:
    before = bill(1_000, 0, (JUNE, 1_000))
    after = Bill(NEXT, Amounts({NORA: -300, SAMI: 500}), paid=[(NEXT, 200)])
    # 1 200 were paid: 700 for Nora, 500 for Sami
    assert paid_for_care([before, after]) == {(NORA, 2025): 700, (SAMI, 2026): 500}


def test_what_is_given_back_is_of_its_year_then_of_those_before_then_after() -> None:
    bills = [bill(100, 0, (date(year, 5, 1), 100)) for year in (2023, 2024, 2025, 2026)]
    lowered = paid_for_care(bills, [Lowering(NORA, date(2025, 1, 1), 250)])
    assert lowered == {(NORA, 2023): 50, (NORA, 2026): 100}
    assert paid_for_care(bills, [Lowering(NORA, NEXT, 10_000)]) == {}


def test_the_certificate_names_the_young_who_have_something() -> None:
    births = {SAMI: date(2021, 3, 1), NORA: date(2020, 3, 1), 3: date(2018, 1, 1), 4: JUNE}
    paid = {(NORA, 2025): 1, (SAMI, 2025): 2, (3, 2025): 4, (NORA, 2024): 8}
    assert list(certified(paid, births, 2025).items()) == [(NORA, 1), (SAMI, 2)]
    assert certified(paid, births, 2026) == {}


# --- for any invoice, whatever was credited on it and paid --------------------------------------

cents = st.integers(0, 5_000)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """As the books make them: no more is credited than asked, no more paid than due."""
    asked = Amounts(
        {NORA: draw(cents), SAMI: draw(cents)}, draw(cents), draw(st.integers(-500, 500))
    )
    total = sum(asked.care.values()) + asked.other + asked.vague
    if total <= 0:
        asked, total = Amounts(other=1), 1
    notes: list[Amounts] = []
    left = total
    for _ in range(draw(st.integers(0, 3))):
        child = draw(st.sampled_from([NORA, SAMI, 9]))
        sums = sorted(draw(st.lists(st.integers(0, left), min_size=3, max_size=3)))
        notes.append(Amounts({child: sums[0]}, sums[1] - sums[0], sums[2] - sums[1]))
        left -= sums[2]
    paid: list[tuple[date, int]] = []
    open_ = total
    for _ in range(draw(st.integers(0, 4))):
        part = draw(st.integers(0, open_))
        paid.append((draw(days), part))
        open_ -= part
    back = max(0, sum(part for _, part in paid) - left)
    return Bill(MARCH, asked, notes, paid, back)


@given(bills())
def test_never_more_than_was_paid(one: Bill) -> None:
    found = paid_for_care([one])
    assert all(amount > 0 for amount in found.values())
    kept = sum(amount for _, amount in one.paid) - one.given_back
    assert sum(found.values()) <= kept
    for year in {year for _, year in found}:
        of_year = sum(amount for (_, of), amount in found.items() if of == year)
        assert of_year <= sum(amount for on, amount in one.paid if on.year == year)
    for child, amount in one.asked.care.items():
        of_child = sum(some for (of, _), some in found.items() if of == child)
        assert of_child <= amount


@given(bills())
def test_no_cent_is_lost_when_all_is_care_and_each_child_has_its_own_when_all_is_paid(
    one: Bill,
) -> None:
    care = Amounts(one.asked.care)
    total = sum(care.care.values())
    part = min(total, sum(amount for _, amount in one.paid))
    assert sum(paid_for_care([Bill(MARCH, care, paid=[(JUNE, part)])]).values()) == part
    whole = Amounts(one.asked.care, one.asked.other)
    steps = [(on, min(amount, total)) for on, amount in one.paid]
    found = paid_for_care([Bill(MARCH, whole, paid=[*steps, (date(2027, 1, 1), total + 10**6)])])
    for child, amount in one.asked.care.items():
        assert sum(some for (of, _), some in found.items() if of == child) == amount


@given(bills(), st.integers(1, 5_000))
def test_a_later_payment_changes_nothing_of_the_years_before(one: Bill, more: int) -> None:
    if one.given_back:  # the newest money goes back first: more of it is another history
        return
    paid = [*one.paid, (date(2027, 1, 1), more)]
    after = paid_for_care([Bill(one.issued_on, one.asked, one.credited, paid)])
    assert {key: some for key, some in after.items() if key[1] < 2027} == paid_for_care([one])


@given(bills(), bills())
def test_the_order_of_invoices_and_payments_does_not_matter(one: Bill, other: Bill) -> None:
    turned = Bill(one.issued_on, one.asked, one.credited, one.paid[::-1], one.given_back)
    if len({on for on, _ in one.paid}) == len(one.paid):
        assert paid_for_care([one, other]) == paid_for_care([other, turned])


@given(bills(), st.lists(st.tuples(days, cents), max_size=3))
def test_giving_back_lowers_by_as_much_or_to_nothing(
    one: Bill, notes: list[tuple[date, int]]
) -> None:
    before = sum(amount for (child, _), amount in paid_for_care([one]).items() if child == NORA)
    lowered = paid_for_care([one], [Lowering(NORA, on, amount) for on, amount in notes])
    after = sum(amount for (child, _), amount in lowered.items() if child == NORA)
    assert after == max(0, before - sum(amount for _, amount in notes))
