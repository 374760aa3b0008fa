"""Every step of a price in French, with the spaces that do not break."""

from __future__ import annotations

from datetime import date

import pytest

from portail.domain.pricing import Reason, Unpriced
from portail.domain.pricing.context import Booking
from portail.domain.pricing.forms import HIGHEST, Flat, Limits, StatedPrice
from portail.domain.pricing.steps import (
    AbsenceStep,
    Bound,
    BracketStep,
    ChildrenStep,
    EffortStep,
    FlatStep,
    HoursStep,
    OwnMealStep,
    PackageStep,
    PickUpStep,
    ResidenceStep,
    SiblingStep,
    Step,
    SurchargeStep,
    UnitsStep,
    WithoutQuotientStep,
)
from portail.domain.pricing.tariff import (
    AmountMore,
    AmountOff,
    By,
    Grid,
    Multiplied,
    OwnPrice,
    PercentMore,
    PercentOff,
    Raised,
)
from portail.domain.quotients import Counted, Missing, NotCounted, Quotient
from portail.texts.french import NBSP
from portail.texts.prices import refusal, sentence

SINCE = date(2026, 1, 1)
Q850 = Counted(Quotient(85_000, SINCE))
Q850_25 = Counted(Quotient(85_025, SINCE))
MARCH = Counted(Quotient(120_000, SINCE), date(2026, 3, 31))
UNKNOWN = NotCounted(Missing.NONE)
EXPIRED = NotCounted(Missing.EXPIRED, date(2026, 8, 31))


# in what is expected «_» is a non-breaking space and «'» the narrow one between thousands
@pytest.mark.parametrize(
    ("step", "words"),
    [
        (FlatStep(350), "Prix unique_: 3,50_€"),
        (
            BracketStep(Q850, 80_100, 100_100, Limits.FROM, 350),
            "Quotient 850_: tranche de 801 à 1'000, 3,50_€",
        ),
        (
            BracketStep(Q850_25, 80_100, 100_100, Limits.FROM, 350),
            "Quotient 850,25_: tranche de 801 à moins de 1'001, 3,50_€",
        ),
        (
            BracketStep(Q850, 80_000, 100_000, Limits.ABOVE, 350),
            "Quotient 850_: tranche de plus de 800 à 1'000, 3,50_€",
        ),
        (
            BracketStep(Q850, 0, 100_000, Limits.ABOVE, 72),
            "Quotient 850_: tranche jusqu’à 1'000, 0,72_€",
        ),
        (
            BracketStep(Q850, 80_000, None, Limits.ABOVE, 517),
            "Quotient 850_: tranche au-dessus de 800, 5,17_€",
        ),
        (
            BracketStep(MARCH, 100_100, None, Limits.FROM, 500),
            "Quotient 1'200 au 31 mars 2026_: tranche à partir de 1'001, 5,00_€",
        ),
        (BracketStep(Q850, 0, None, Limits.FROM, 1), "Quotient 850_: tranche unique, 0,01_€"),
        (
            EffortStep(Q850, 360, None, 306, Bound.NONE, 306),
            "Quotient 850_: taux d’effort 0,36_%, 3,06_€",
        ),
        (
            EffortStep(Q850, 60, 510, 434, Bound.FLOOR, 500),
            "Quotient 850_: taux d’effort 0,06_% pour 8_h_30, 4,34_€, porté au minimum de 5,00_€",
        ),
        (
            EffortStep(MARCH, 1360, None, 1632, Bound.CEILING, 450),
            (
                "Quotient 1'200 au 31 mars 2026_: taux d’effort 1,36_%, 16,32_€, "
                "limité au maximum de 4,50_€"
            ),
        ),
        (
            WithoutQuotientStep(UNKNOWN, HIGHEST, 517),
            "Quotient inconnu_: tarif le plus élevé, 5,17_€",
        ),
        (
            WithoutQuotientStep(EXPIRED, StatedPrice(400), 400),
            "Quotient expiré le 31 août 2026_: tarif sans quotient, 4,00_€",
        ),
        (ChildrenStep(3, 310), "Famille de 3_enfants_: 3,10_€"),
        (PackageStep(8, 10, 3000, 400, 3000), "Forfait de 10_unités_: 30,00_€"),
        (
            PackageStep(12, 10, 3000, 400, 3800),
            "Forfait de 10_unités_: 30,00_€, puis 2_× 4,00_€, soit 38,00_€",
        ),
        (ResidenceStep(Multiplied(20_000), 700), "Hors commune (×_2)_: 7,00_€"),
        (ResidenceStep(Multiplied(15_000), 525), "Hors commune (×_1,5)_: 5,25_€"),
        (ResidenceStep(Raised(125), 475), "Hors commune (+_1,25_€)_: 4,75_€"),
        (ResidenceStep(None, 999), "Tarif hors commune_: 9,99_€"),
        (HoursStep(75, 200, 250), "1_h_15 à 2,00_€ l’heure_: 2,50_€"),
        (HoursStep(45, 200, 150), "45_min à 2,00_€ l’heure_: 1,50_€"),
        (HoursStep(120, 200, 400), "2_h à 2,00_€ l’heure_: 4,00_€"),
        (OwnMealStep(175), "Repas apporté (PAI)_: 1,75_€"),
        (
            SiblingStep(By.RANK, 2, PercentOff(1000), 315),
            "Réduction fratrie (2e_enfant)_: −10_%, 3,15_€",
        ),
        (
            SiblingStep(By.RANK, 1, PercentOff(1250), 306),
            "Réduction fratrie (1er_enfant)_: −12,5_%, 3,06_€",
        ),
        (
            SiblingStep(By.NUMBER, 3, AmountOff(50), 300),
            "Réduction fratrie (3_enfants)_: −0,50_€, 3,00_€",
        ),
        (
            SiblingStep(By.RANK, 4, OwnPrice(Grid(Flat(90))), 90),
            "Tarif fratrie (4e_enfant)_: 0,90_€",
        ),
        (
            SurchargeStep(Booking.LATE, PercentMore(5000), 525),
            "Réservation tardive_: +50_%, 5,25_€",
        ),
        (
            SurchargeStep(Booking.NONE, AmountMore(200), 550),
            "Présence sans réservation_: +2,00_€, 5,50_€",
        ),
        (SurchargeStep(Booking.NONE, None, 1000), "Présence sans réservation_: 10,00_€"),
        (AbsenceStep(True, True, 10_000, 350), "Absence justifiée, jour de carence_: 3,50_€"),
        (AbsenceStep(True, False, 0, 0), "Absence justifiée_: non facturée"),
        (AbsenceStep(False, False, 10_000, 350), "Absence non justifiée_: due en entier, 3,50_€"),
        (AbsenceStep(False, False, 5000, 175), "Absence non justifiée_: due à 50_%, 1,75_€"),
        (UnitsStep(3, 335, 1005), "3_× 3,35_€_: 10,05_€"),
        (PickUpStep(4, 3, 1500), "4e_retard à la sortie_: 15,00_€"),
        (PickUpStep(1, 3, 0), "1er_retard à la sortie_: non facturé (à partir du 4e)"),
    ],
)
def test_a_step_in_words(step: Step, words: str) -> None:
    assert sentence(step) == words.replace("_", NBSP).replace("'", "\u202f")


@pytest.mark.parametrize(
    ("unpriced", "words"),
    [
        (Unpriced(Reason.NO_VERSION, "a"), "Aucun tarif n’est fixé pour cette date."),
        (
            Unpriced(Reason.NO_QUOTIENT, "a"),
            "Quotient familial inconnu_: transmettez votre attestation.",
        ),
        (
            Unpriced(Reason.QUOTIENT_EXPIRED, "a", date(2026, 3, 1)),
            "Quotient familial expiré le 1er mars 2026_: transmettez une nouvelle attestation.",
        ),
        (
            Unpriced(Reason.NO_MINUTES, "a"),
            "Durée inconnue_: le prix dépend du temps passé.",
        ),
    ],
)
def test_no_price_says_why(unpriced: Unpriced, words: str) -> None:
    assert refusal(unpriced) == words.replace("_", NBSP)
