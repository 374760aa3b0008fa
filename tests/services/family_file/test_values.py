"""What is typed in the file: cleaned, or refused part by part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.adapters.sealing import seal, unseal
from portail.domain.file_fields import FIELDS, FieldRule
from portail.models import Child, Collector, Family, Guardian
from portail.services.family_file.values import LONG_TEXT, Problem, cleaned
from tests.services.family_file.home import KEPT, TYPED

EDITABLE = {key for key, field in FIELDS.items() if field.rule is not FieldRule.LOCKED}
TABLES = {"household": Family, "guardian": Guardian, "child": Child}


def wrong(key: str, **typed: str) -> dict[str, Problem]:
    return cleaned(FIELDS[key], {**TYPED[key], **typed})[1]


def kept(key: str, **typed: str) -> dict[str, object]:
    value, problems = cleaned(FIELDS[key], {**TYPED[key], **typed})
    assert problems == {}
    return value


def test_every_field_that_a_parent_may_change_is_tried_here() -> None:
    assert set(TYPED) == set(KEPT) == EDITABLE


@pytest.mark.parametrize("key", sorted(EDITABLE))
def test_what_is_kept_of_a_good_value(key: str) -> None:
    assert kept(key) == KEPT[key]
    assert set(kept(key)) == set(FIELDS[key].parts)
    assert unseal(seal(kept(key))) == KEPT[key]


@pytest.mark.parametrize(
    ("key", "part", "typed", "problem"),
    [
        ("household.address", "street", "", Problem.REQUIRED),
        ("household.address", "street", " \n\t\u00a0\x00", Problem.REQUIRED),
        ("household.address", "street", "x" * 161, Problem.TOO_LONG),
        ("household.address", "postcode", "", Problem.REQUIRED),
        ("household.address", "postcode", "9480", Problem.BAD_POSTCODE),
        ("household.address", "postcode", "948000", Problem.BAD_POSTCODE),
        ("household.address", "postcode", "9480A", Problem.BAD_POSTCODE),
        ("household.address", "postcode", "٩٤٨٠٠", Problem.BAD_POSTCODE),
        ("household.address", "postcode", "9480²", Problem.BAD_POSTCODE),
        ("household.address", "postcode", "1" * 11, Problem.TOO_LONG),
        ("household.address", "city", "", Problem.REQUIRED),
        ("guardian.name", "last_name", "", Problem.REQUIRED),
        ("guardian.name", "first_name", "x" * 81, Problem.TOO_LONG),
        ("guardian.phone", "phone", "", Problem.REQUIRED),
        ("guardian.phone", "phone", "oui", Problem.BAD_PHONE),
        ("guardian.phone", "phone", "06 12 34 56 7", Problem.BAD_PHONE),
        ("guardian.phone", "phone", "0" * 31, Problem.TOO_LONG),
        ("guardian.work_phone", "work_phone", "12", Problem.BAD_PHONE),
        ("guardian.email", "email", "", Problem.REQUIRED),
        ("guardian.email", "email", "zoe", Problem.BAD_EMAIL),
        ("guardian.email", "email", "zoe@a@b.fr", Problem.BAD_EMAIL),
        ("guardian.email", "email", "z" * 255, Problem.TOO_LONG),
        ("child.insurance", "insurer", "", Problem.REQUIRED),
        ("child.insurance", "insurance_contract", "", Problem.REQUIRED),
        ("child.insurance", "insured_until", "31/08/2027", Problem.BAD_DATE),
        ("child.insurance", "insured_until", "2027-02-30", Problem.BAD_DATE),
        ("child.collector", "link", "", Problem.REQUIRED),
        ("child.collector", "phone", "x", Problem.BAD_PHONE),
        ("medical.allergies", "allergies", "x" * (LONG_TEXT + 1), Problem.TOO_LONG),
        ("medical.doctor", "doctor_phone", "x", Problem.BAD_PHONE),
        ("medical.diet", "diet", "sans_gluten", Problem.BAD_CHOICE),
        ("medical.pai", "pai", "yes", Problem.BAD_CHOICE),
        ("medical.pai", "pai", "true", Problem.TOO_LONG),
        ("medical.vaccinations", "vaccinated", "OUI", Problem.BAD_CHOICE),
    ],
)
def test_what_is_wrong_is_said_of_its_part_alone(
    key: str, part: str, typed: str, problem: Problem
) -> None:
    assert wrong(key, **{part: typed}) == {part: problem}


def test_every_wrong_part_is_said_at_once() -> None:
    assert wrong("household.address", street="", postcode="x", city="x" * 81) == {
        "street": Problem.REQUIRED,
        "postcode": Problem.BAD_POSTCODE,
        "city": Problem.TOO_LONG,
    }


def test_nothing_typed_is_nothing_said_where_it_may() -> None:
    for key, empty in {
        "guardian.work_phone": {"work_phone": ""},
        "medical.allergies": {"allergies": ""},
        "medical.doctor": {"doctor_name": "", "doctor_phone": ""},
        "medical.diet": {"diet": ""},
        "medical.pai": {"pai": False, "pai_measures": ""},
        "medical.vaccinations": {"vaccinated": False, "vaccination_notes": ""},
    }.items():
        assert cleaned(FIELDS[key], {}) == (empty, {})
    assert kept("child.insurance", insured_until="")["insured_until"] == ""
    assert kept("medical.pai", pai="non")["pai"] is False


def test_what_nobody_asked_is_left_out() -> None:
    value, problems = cleaned(FIELDS["guardian.phone"], {**TYPED["guardian.phone"], "id": "3"})
    assert (value, problems) == (KEPT["guardian.phone"], {})


def test_spaces_and_lines_are_tidied() -> None:
    assert kept("guardian.name", last_name="  de \u00a0 la\tTour ")["last_name"] == "de la Tour"
    text = "  Arachide \r\n\r\n  lait  de vache\x00 \n"
    assert kept("medical.allergies", allergies=text) == {"allergies": "Arachide\n\nlait de vache"}


def test_what_fits_on_one_line_is_one_line() -> None:
    assert kept("guardian.name", last_name="Pin\nceau\u2028Roy")["last_name"] == "Pin ceau Roy"
    assert kept("household.address", street="3 rue\r\ndes Lilas")["street"] == "3 rue des Lilas"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_what_no_database_and_no_page_can_keep_is_dropped(sign: str) -> None:
    assert kept("guardian.name", last_name=f"Pin{sign}")["last_name"] == "Pin"
    assert kept("medical.allergies", allergies=f"Lait{sign}")["allergies"] == "Lait"


@pytest.mark.parametrize("key", sorted(EDITABLE))
@given(data=st.data())
def test_whatever_is_typed_is_refused_or_can_be_kept(key: str, data: st.DataObject) -> None:
    field = FIELDS[key]
    texts = st.text(st.characters()) | st.sampled_from([*TYPED[key].values()])
    value, problems = cleaned(field, {part: data.draw(texts) for part in field.parts})
    assert set(value) | set(problems) == set(field.parts)
    assert not set(value) & set(problems)
    assert unseal(seal(value)) == value
    table = Collector if key == "child.collector" else TABLES.get(key.split(".", 1)[0])
    for part, one in value.items():
        if table is not None and part != "insured_until":
            assert len(one) <= table.__table__.c[part].type.length  # type: ignore[attr-defined]
    # cleaned again, it is the same
    words = {True: "oui", False: "non"}
    again = {part: str(words.get(one, one)) for part, one in value.items()}
    if not problems:
        assert cleaned(field, again) == (value, {})
