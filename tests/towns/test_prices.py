"""What the towns of towns.md §1 publish about prices, as data, against amounts worked out by hand.

Each tariff is in the town's file beside this one, which says what is published and what is ours.
"""

from __future__ import annotations

from datetime import date

import pytest

from portail.domain.pricing import (
    BOOKED,
    BOOKED_LATE,
    UNBOOKED,
    UNJUSTIFIED,
    Context,
    Outcome,
    Price,
    Service,
    Sibling,
    from_plain,
    justified,
    pick_up_fee,
    price,
    to_plain,
)
from portail.domain.quotients import Quotient
from portail.texts.french import NBSP
from portail.texts.prices import explained
from tests.towns.files import rules
from tests.towns.files import tariff as town

DAY = date(2025, 11, 17)
NOBODY = Context()


def family(euros: int, *, resident: bool = True, since: date = date(2025, 1, 1)) -> Context:
    return Context((Quotient(euros * 100, since),), resident=resident)


def cents(outcome: Outcome) -> int:
    assert isinstance(outcome, Price)
    return outcome.cents


PRICED = (
    *("boisemont", "boissy", "cergy", "coeur_de_garonne", "deux_c2r", "eragny", "fay_aux_loges"),
    *("vailhauques", "vigneux_de_bretagne"),
)


@pytest.mark.parametrize("name", PRICED)
def test_the_file_says_all_of_the_tariff(name: str) -> None:
    assert from_plain(to_plain(town(name))) == town(name)
    slots = [slot for activity in rules(name).activities for slot in activity.slots]
    assert town(name).code in {slot.tariff for slot in slots}


@pytest.mark.parametrize(
    ("service", "due"),
    [
        (BOOKED, 415),
        (BOOKED_LATE, 623),  # 4,15 × 1,5 = 6,225: half a cent goes up (a banker gives 6,22)
        (UNBOOKED, 1000),  # 10 € instead of the price, not on top of it
    ],
)
def test_vailhauques(service: Service, due: int) -> None:
    assert cents(price(town("vailhauques"), NOBODY, DAY, service)) == due


@pytest.mark.parametrize(
    ("on", "quotient", "service", "due"),
    [
        (date(2024, 8, 31), 799, BOOKED, 333),
        (date(2024, 8, 31), 799, BOOKED_LATE, 666),  # the older rule: 3,33 × 2
        (date(2024, 8, 31), 800, BOOKED_LATE, 1630),  # 8,15 × 2
        (date(2024, 9, 1), 799, BOOKED, 333),
        (date(2024, 9, 1), 799, BOOKED_LATE, 500),  # 3,33 × 1,5 = 4,995
        (date(2024, 9, 1), 800, BOOKED_LATE, 1223),  # 8,15 × 1,5 = 12,225
        (date(2025, 11, 17), 800, BOOKED, 815),
    ],
)
def test_cergy(on: date, quotient: int, service: Service, due: int) -> None:
    context = family(quotient, since=date(2024, 1, 1))
    assert cents(price(town("cergy"), context, on, service)) == due


@pytest.mark.parametrize(
    ("on", "context", "service", "due"),
    [
        (DAY, family(599), BOOKED, 60),
        (DAY, family(600), BOOKED, 95),
        (DAY, family(1200), BOOKED, 130),
        (DAY, family(600), BOOKED_LATE, 190),  # double
        (DAY, family(600), UNBOOKED, 190),  # double
        (DAY, family(600), UNJUSTIFIED, 95),  # billed
        (DAY, family(600), justified(), 0),  # certified
        (DAY, NOBODY, BOOKED, 130),  # no proof: the highest price…
        (DAY, NOBODY, UNBOOKED, 260),  # …and its double
        # a proof of 17 November 2024 counts for a year: to 16 November 2025
        (date(2025, 11, 16), family(600, since=date(2024, 11, 17)), BOOKED, 95),
        (date(2025, 11, 17), family(600, since=date(2024, 11, 17)), BOOKED, 130),
    ],
)
def test_coeur_de_garonne(on: date, context: Context, service: Service, due: int) -> None:
    assert cents(price(town("coeur_de_garonne"), context, on, service)) == due


def test_coeur_de_garonne_late_pick_ups() -> None:
    # three cost nothing, the fourth and each after it 15 €: six of them make 45 €
    fees = [cents(pick_up_fee(town("coeur_de_garonne"), DAY, n)) for n in range(6)]
    assert fees == [0, 0, 0, 1500, 1500, 1500]


@pytest.mark.parametrize(
    ("quotient", "resident", "service", "due"),
    [
        (0, True, BOOKED, 72),  # published: the lowest
        (300, True, BOOKED, 72),  # «jusqu'à 300»: the limit belongs to the lower bracket
        (301, True, BOOKED, 158),
        (500, True, BOOKED, 158),
        (501, True, BOOKED, 244),
        (1600, True, BOOKED, 424),
        (1601, True, BOOKED, 517),  # published: the highest
        (9999, True, BOOKED, 517),
        (0, True, UNBOOKED, 761),  # published: the same whatever the quotient
        (9999, True, UNBOOKED, 761),
        (800, False, BOOKED, 560),
        (801, False, BOOKED, 690),
        (801, False, UNBOOKED, 761),  # nothing published says otherwise for non-residents
    ],
)
def test_boissy(quotient: int, resident: bool, service: Service, due: int) -> None:
    context = family(quotient, resident=resident)
    assert cents(price(town("boissy"), context, DAY, service)) == due


def test_boissy_without_a_quotient() -> None:
    assert cents(price(town("boissy"), NOBODY, DAY)) == 517
    assert cents(price(town("boissy"), Context(resident=False), DAY)) == 690


@pytest.mark.parametrize(
    ("quotient", "due"),
    [
        (0, 260),
        (500, 260),  # 1,80: the floor
        (722, 260),  # 2,5992
        (724, 261),  # 2,6064
        (850, 306),  # 3,06 exactly
        (875, 315),  # 3,15 exactly
        (999, 360),  # 3,5964
        (1250, 450),  # 4,50 exactly: the ceiling is reached
        (1251, 450),  # 4,5036
        (1252, 450),  # 4,5072: the ceiling
    ],
)
def test_fay_aux_loges(quotient: int, due: int) -> None:
    assert cents(price(town("fay_aux_loges"), family(quotient), DAY)) == due


@pytest.mark.parametrize(
    ("on", "due"),
    [
        # season 2024: no quotient on 31 March 2024, the ceiling until the family brings its first
        (date(2025, 3, 30), 450),
        (date(2025, 3, 31), 306),
        (date(2025, 9, 1), 306),  # season 2025: 850 on 31 March 2025
        (date(2026, 1, 15), 306),  # 1 000 since 1 January 2026 waits for the next season
        (date(2026, 8, 31), 306),
        (date(2026, 9, 1), 360),  # season 2026: 1 000 on 31 March 2026
    ],
)
def test_fay_aux_loges_is_not_retroactive(on: date, due: int) -> None:
    history = (Quotient(85_000, date(2025, 3, 31)), Quotient(100_000, date(2026, 1, 1)))
    assert cents(price(town("fay_aux_loges"), Context(history), on)) == due


def test_fay_aux_loges_meal_brought_under_a_pai() -> None:
    for quotient in (300, 850, 3000):
        known = family(quotient).quotients
        assert cents(price(town("fay_aux_loges"), Context(known, own_meal=True), DAY)) == 175


def test_fay_aux_loges_explains_itself() -> None:
    outcome = price(town("fay_aux_loges"), family(1300), DAY)
    assert isinstance(outcome, Price)
    expected = (
        "Quotient 1'300 au 31 mars 2025_: taux d’effort 0,36_%, 4,68_€, limité au maximum de 4,50_€"
    )
    assert explained(outcome) == (expected.replace("_", NBSP).replace("'", "\u202f"),)


@pytest.mark.parametrize(
    ("quotient", "resident", "due"),
    [
        (700, True, 725),
        (700, False, 1450),  # twice
        (701, True, 1135),
        (701, False, 2270),  # twice
    ],
)
def test_2c2r(quotient: int, resident: bool, due: int) -> None:
    assert cents(price(town("deux_c2r"), family(quotient, resident=resident), DAY)) == due


def test_2c2r_without_a_quotient_from_outside() -> None:
    assert cents(price(town("deux_c2r"), Context(resident=False), DAY)) == 2270


def test_boisemont_the_first_day_of_illness_is_due() -> None:
    days = [cents(price(town("boisemont"), NOBODY, DAY, justified(n))) for n in (1, 2, 3, 4)]
    assert days == [465, 0, 0, 0]
    assert cents(price(town("boisemont"), NOBODY, DAY, UNJUSTIFIED)) == 465


def test_vigneux_illness_is_deducted_from_the_first_day() -> None:
    days = [cents(price(town("vigneux_de_bretagne"), NOBODY, DAY, justified(n))) for n in (1, 2)]
    assert days == [0, 0]
    assert cents(price(town("vigneux_de_bretagne"), NOBODY, DAY, UNJUSTIFIED)) == 398


def test_eragny_is_paid_beforehand() -> None:
    version = town("eragny").version(DAY)
    assert version is not None
    assert version.prepaid
    # when it is due changes, not how much
    assert cents(price(town("eragny"), NOBODY, DAY)) == 1240
    others = [town(name) for name in PRICED if name != "eragny"]
    assert not any(v.prepaid for tariff in others for v in tariff.versions)


BORN = tuple(date(2014 + 2 * n, 3, 1) for n in range(4))


def siblings(enrolled: int, present: int) -> tuple[Sibling, ...]:
    """Four children; so many of them are enrolled, so many there that day, the eldest first."""
    return tuple(
        Sibling(n + 1, born, enrolled=n < enrolled, present=n < present)
        for n, born in enumerate(BORN)
    )


@pytest.mark.parametrize(
    ("enrolled", "due"),
    [
        (1, 415),
        (2, 374),  # 3,735: half a cent goes up
        (3, 332),
        (4, 332),
    ],
)
def test_a_price_by_number_of_children_enrolled(enrolled: int, due: int) -> None:
    form = town("other_forms", "inscrits")
    brood = siblings(enrolled, present=1)
    # each of those enrolled, whatever their rank
    for child in range(1, enrolled + 1):
        assert cents(price(form, Context(child=child, siblings=brood), DAY)) == due


@pytest.mark.parametrize(
    ("present", "quotient", "due"),
    [
        (1, 700, 310),
        (2, 700, 280),
        (3, 700, 210),  # 0,3 % of 700
        (4, 700, 210),
        (3, 200, 90),  # 0,60: the floor
        (3, 900, 250),  # 2,70: the ceiling
    ],
)
def test_a_price_by_number_of_children_present(present: int, quotient: int, due: int) -> None:
    known = family(quotient).quotients
    context = Context(known, child=1, siblings=siblings(4, present))
    assert cents(price(town("other_forms", "presents"), context, DAY)) == due


@pytest.mark.parametrize(("used", "due"), [(0, 2500), (10, 2500), (11, 2820), (13, 3460)])
def test_a_booklet_of_ten_is_due_whole(used: int, due: int) -> None:
    assert cents(price(town("other_forms", "carnet"), Context(units=used), DAY)) == due


@pytest.mark.parametrize("service", [BOOKED, UNJUSTIFIED, justified(3)])
def test_a_month_is_due_whatever_is_used_in_it(service: Service) -> None:
    assert cents(price(town("other_forms", "mois"), Context(units=7), DAY, service)) == 4200
