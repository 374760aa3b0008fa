"""Enrolments: what is offered, asked, withdrawn and answered; and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.bookings import Held
from portail.domain.calendars import Weekday
from portail.domain.capacity import Capacity, Quota
from portail.domain.care import HEALTH_FORM
from portail.domain.eligibility import Eligibility
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.pricing import Price
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.reasons import Code
from portail.models import (
    ActionLog,
    Enrolment,
    FamilyChild,
    OutboxMail,
    Procedure,
    ProcedureEvent,
    Reservation,
    SlotRow,
    Subscription,
)
from portail.services import procedures
from portail.services.documents.required import required_codes
from portail.services.enrolments import (
    DaysProblem,
    Made,
    MyEnrolment,
    Outcome,
    Refused,
    StillBooked,
    TooLate,
    Wanted,
    Withdrawn,
    answers,
    choices,
    my_enrolments,
    offers,
    request,
    withdraw,
)
from portail.services.enrolments.answers import Answered, Full, NotPossible
from portail.services.enrolments.places import ranks
from portail.services.family_file.care import certify
from portail.services.reach import NotFound
from tests import factories
from tests.enrolling import (
    GROUPS,
    MORNING,
    OLDER,
    QUOTAS,
    childcare,
    imported,
    parent,
    with_places,
)

S = EnrolmentState


def ask(actor: Actor, child_id: int, activity: str = "MATIN", **more: object) -> Outcome:
    (outcome,) = request(actor, [Wanted(child_id, activity, **more)])  # type: ignore[arg-type]
    return outcome


def made(outcome: Outcome) -> Made:
    assert isinstance(outcome, Made), outcome
    return outcome


def codes(outcome: Outcome) -> set[Code]:
    assert isinstance(outcome, Refused), outcome
    return {reason.code for reason in outcome.reasons}


def mine(actor: Actor) -> list[MyEnrolment]:
    found = my_enrolments(actor)
    return [line for one in found for activity in one.activities for line in activity.enrolments]


def states() -> list[EnrolmentState]:
    with reading() as session:
        rows = session.exec(select(Enrolment).order_by(col(Enrolment.id)))
        return [row.state for row in rows]


def mails() -> list[tuple[str, str]]:
    with reading() as session:
        rows = session.exec(select(OutboxMail).order_by(col(OutboxMail.id)))
        return [(row.kind, row.text) for row in rows]


@pytest.mark.usefixtures("db")
class TestOffers:
    def test_only_what_fits_the_child_and_is_not_over(self) -> None:
        imported()
        actor, child_id, _ = parent()
        (offer,) = offers(actor, "peri", [child_id])
        assert (offer.code, offer.site) == ("MATIN", "Jean-Vilar")
        assert (offer.entry_on, offer.entry_fixed) == (clock.today(), False)
        (child,) = offer.children
        assert child.allowed
        assert child.state is S.REQUESTED
        price = child.prices[0].price
        assert isinstance(price, Price)
        assert price.cents == 350

    def test_a_child_too_old_is_not_offered_it(self) -> None:
        imported()
        actor, child_id, _ = parent("CM1", "Audrey")
        assert [one.code for one in offers(actor, "peri", [child_id])] == ["MATIN_E"]
        assert codes(ask(actor, child_id)) == {Code.WRONG_LEVEL}

    def test_each_child_where_it_may_be(self) -> None:
        imported()
        actor, nora, family_id = parent()
        audrey = factories.child("Audrey", family_id, class_level="CM1")
        found = {
            one.code: [child.first_name for child in one.children]
            for one in offers(actor, "peri", [nora, audrey])
        }
        assert found == {"MATIN": ["Nora"], "MATIN_E": ["Audrey"]}

    def test_what_is_missing_is_named_and_certifying_gives_the_health_form(self) -> None:
        asks = Eligibility(documents=(HEALTH_FORM,))
        imported(replace(MORNING, eligibility=asks))
        actor, child_id, family_id = parent()
        (offer,) = offers(actor, "peri", [child_id])
        assert not offer.children[0].allowed
        assert [(one.code, one.given) for one in offer.children[0].papers] == [(HEALTH_FORM, False)]
        assert codes(ask(actor, child_id)) == {Code.MISSING_DOCUMENTS}
        certify(actor, family_id, child_id)
        (offer,) = offers(actor, "peri", [child_id])
        assert offer.children[0].allowed
        made(ask(actor, child_id))

    def test_places_left_then_how_many_wait(self) -> None:
        imported(with_places(1))
        actor, child_id, _ = parent()
        assert offers(actor, "peri", [child_id])[0].children[0].places_left == 1
        for _ in range(3):
            other, its, _ = parent()
            ask(other, its)
        child = offers(actor, "peri", [child_id])[0].children[0]
        assert (child.places_left, child.waiting, child.state) == (0, 2, S.WAITING_LIST)

    def test_nothing_of_a_child_of_somebody_else(self) -> None:
        imported()
        actor, _, _ = parent()
        _, stranger, _ = parent()
        with pytest.raises(NotFound):
            offers(actor, "peri", [stranger])
        assert [name for _, name in choices(actor).children] == ["Nora"]

    def test_the_request_of_the_other_household_is_only_known_to_exist(self) -> None:
        imported()
        actor, child_id, _ = parent()
        other = factories.account()
        factories.join_family(other, factories.family("DELMAS"))
        with writing() as session:
            home = session.exec(
                select(Subscription.family_id).where(Subscription.account_id == other)
            ).one()
            session.add(FamilyChild(family_id=home, child_id=child_id))
        made(ask(actor, child_id))
        father = Actor(0, account_id=other)
        assert mine(father) == []
        (offer,) = offers(father, "peri", [child_id])
        assert (offer.children[0].current, offer.children[0].current_rank) == (None, 0)
        assert codes(ask(father, child_id)) == {Code.ALREADY_ASKED}
        with pytest.raises(NotFound):
            withdraw(father, mine(actor)[0].id)
        assert procedures.procedures_page(father, procedures.Filter()).total == 0


@pytest.mark.usefixtures("db")
class TestRequests:
    def test_a_request_is_a_procedure_with_its_receipt(self) -> None:
        imported()
        actor, child_id, family_id = parent()
        outcome = made(ask(actor, child_id))
        assert (outcome.state, outcome.rank) == (S.REQUESTED, 0)
        with reading() as session:
            procedure = session.exec(select(Procedure)).one()
            assert "enrolment_requested" in session.exec(select(ActionLog.action)).all()
        assert procedure.title == "Demande d’inscription à l’activité 1_Accueil matin maternelle"
        assert (procedure.kind, procedure.state) == (
            ProcedureKind.ENROLMENT,
            ProcedureState.REQUESTED,
        )
        assert (procedure.family_id, procedure.child_id) == (family_id, child_id)
        ((kind, text),) = mails()
        assert kind == "enrolment_received"
        for words in ("1_Accueil matin maternelle (Nora)", "Sans réponse de notre part", "23 nov"):
            assert words in text

    def test_automatic_approval_validates_at_once(self) -> None:
        imported(with_places(1, automatic=True))
        actor, child_id, _ = parent()
        assert made(ask(actor, child_id)).state is S.VALIDATED
        assert "État\u00a0: Validée." in mails()[0][1]

    def test_several_children_in_one_go_line_by_line_with_one_receipt(self) -> None:
        imported()
        actor, nora, family_id = parent()
        audrey = factories.child("Audrey", family_id, class_level="CM1")
        outcomes = request(
            actor,
            [
                Wanted(nora, "MATIN"),
                Wanted(audrey, "MATIN"),
                Wanted(audrey, "MATIN_E", usual_days=(Weekday.MONDAY, Weekday.FRIDAY)),
            ],
        )
        assert [isinstance(one, Made) for one in outcomes] == [True, False, True]
        assert codes(outcomes[1]) == {Code.WRONG_LEVEL}
        assert len(mails()) == 1
        assert {line.child: line.usual_days for line in mine(actor)} == {
            "Nora": (),
            "Audrey": (Weekday.MONDAY, Weekday.FRIDAY),
        }

    def test_the_second_time_is_refused(self) -> None:
        imported()
        actor, child_id, _ = parent()
        made(ask(actor, child_id))
        later = clock.today() + timedelta(days=7)
        assert codes(ask(actor, child_id, entry_on=later)) == {Code.ALREADY_ASKED}
        assert states() == [S.REQUESTED]

    def test_the_same_post_again_makes_nothing_new(self) -> None:
        imported()
        actor, child_id, _ = parent()
        first, again = made(ask(actor, child_id)), made(ask(actor, child_id))
        assert (again.enrolment_id, again.again) == (first.enrolment_id, True)
        assert len(mails()) == 1

    def test_twins_in_one_form_are_refused(self) -> None:
        both = replace(OLDER, eligibility=Eligibility(excludes=("MATIN",)), usual_days=False)
        imported(replace(MORNING, eligibility=Eligibility()), both)
        actor, child_id, _ = parent()
        outcomes = request(actor, [Wanted(child_id, "MATIN"), Wanted(child_id, "MATIN_E")])
        made(outcomes[0])
        assert codes(outcomes[1]) == {Code.TWIN_ACTIVITY}

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2027, 7, 3), Code.ENTRY_OUT_OF_SEASON),
            (date(2026, 8, 31), Code.ENTRY_OUT_OF_SEASON),
            (date(2026, 11, 22), Code.ENTRY_PAST),
        ],
    )
    def test_a_day_of_entry_that_cannot_be(self, day: date, code: Code) -> None:
        imported()
        actor, child_id, _ = parent()
        assert codes(ask(actor, child_id, entry_on=day)) == {code}

    def test_an_imposed_day_is_not_changed_by_a_post(self) -> None:
        imported(replace(MORNING, fixed_entry=date(2026, 12, 1)))
        actor, child_id, _ = parent()
        posted = date(2026, 12, 2)
        assert codes(ask(actor, child_id, entry_on=posted)) == {Code.ENTRY_IMPOSED}
        made(ask(actor, child_id))
        assert mine(actor)[0].entry_on == date(2026, 12, 1)

    def test_usual_days_are_asked_and_are_those_of_the_activity(self) -> None:
        imported()
        actor, child_id, _ = parent("CM1")
        none = ask(actor, child_id, "MATIN_E")
        sunday = ask(actor, child_id, "MATIN_E", usual_days=(Weekday.SUNDAY,))
        assert isinstance(none, Refused)
        assert isinstance(sunday, Refused)
        assert (none.days, sunday.days) == (DaysProblem.MISSING, DaysProblem.NOT_OPEN)

    def test_strangers_agents_and_unknown_activities(self) -> None:
        imported()
        actor, child_id, _ = parent()
        karim, _, _ = parent("CE2", "Lina")
        with pytest.raises(NotFound):
            ask(karim, child_id)
        with pytest.raises(NotFound):
            ask(actor, child_id, "RIEN")
        with pytest.raises(NotFound):
            request(actor, [])
        for call in (my_enrolments, choices):
            with pytest.raises(Forbidden):
                call(childcare())
        with pytest.raises(Forbidden):
            ask(childcare(), child_id)
        assert states() == []


@pytest.mark.usefixtures("db")
class TestWithdrawing:
    def test_a_freed_place_goes_to_the_first_who_waits(self) -> None:
        imported(with_places(1))
        families = [parent() for _ in range(4)]
        asked = [made(ask(actor, child_id)) for actor, child_id, _ in families]
        assert [one.rank for one in asked] == [0, 1, 2, 3]
        assert withdraw(families[0][0], asked[0].enrolment_id) == Withdrawn()
        assert states() == [S.WITHDRAWN, S.REQUESTED, S.WAITING_LIST, S.WAITING_LIST]
        assert [mine(actor)[0].rank for actor, _, _ in families] == [0, 0, 1, 2]
        kind, text = mails()[-1]
        assert kind == "enrolment_changed"
        assert "Une place s’est libérée" in text
        page = procedures.procedures_page(families[1][0], procedures.Filter())
        assert page.lines[0].state is ProcedureState.REQUESTED

    def test_with_automatic_approval_it_is_validated(self) -> None:
        imported(with_places(1, automatic=True))
        (first, its, _), (second, other, _) = parent(), parent()
        held = made(ask(first, its))
        ask(second, other)
        withdraw(first, held.enrolment_id)
        assert mine(second)[0].state is S.VALIDATED

    def test_who_leaves_the_waiting_list_frees_no_place_but_its_rank(self) -> None:
        imported(with_places(1))
        families = [parent() for _ in range(4)]
        asked = [made(ask(actor, child_id)) for actor, child_id, _ in families]
        withdraw(families[1][0], asked[1].enrolment_id)
        assert states()[0] is S.REQUESTED
        assert [mine(actor)[0].rank for actor, _, _ in families[2:]] == [1, 2]

    def test_a_place_of_a_group_goes_to_its_own(self) -> None:
        grouped = replace(MORNING, eligibility=Eligibility(), groups=GROUPS, capacity=QUOTAS)
        imported(grouped)
        small = [parent("MS") for _ in range(2)]
        tall = [parent("CP") for _ in range(4)]
        asked = [made(ask(actor, child_id)) for actor, child_id, _ in (*small, *tall)]
        assert [one.rank for one in asked] == [0, 1, 0, 0, 1, 2]
        withdraw(tall[0][0], asked[2].enrolment_id)
        assert mine(small[1][0])[0].rank == 1
        assert mine(tall[2][0])[0].state is S.REQUESTED
        assert mine(tall[3][0])[0].rank == 1

    def test_it_can_be_asked_again(self) -> None:
        imported()
        actor, child_id, _ = parent()
        withdraw(actor, made(ask(actor, child_id)).enrolment_id)
        made(ask(actor, child_id))
        assert states() == [S.WITHDRAWN, S.REQUESTED]

    def test_not_twice_not_by_others_not_while_days_are_booked(self) -> None:
        imported()
        actor, child_id, family_id = parent()
        karim, _, _ = parent()
        asked = made(ask(actor, child_id)).enrolment_id
        with pytest.raises(NotFound):
            withdraw(karim, asked)
        with pytest.raises(Forbidden):
            withdraw(childcare(), asked)
        with writing() as session:
            slot = session.exec(select(SlotRow).where(SlotRow.code == "MATIN")).one()
            booked = Reservation(
                family_id=family_id,
                child_id=child_id,
                slot_id=slot.id or 0,
                day=clock.today(),
                state=Held.BOOKED,
                price_cents=350,
                booked_at=clock.now(),
            )
            session.add(booked)
        assert withdraw(actor, asked) == StillBooked(1, clock.today())
        with writing() as session:
            session.delete(session.get_one(Reservation, booked.id))
        assert withdraw(actor, asked) == Withdrawn()
        assert withdraw(actor, asked) == TooLate()


@pytest.mark.usefixtures("db")
class TestAnswers:
    def test_validated_refused_with_its_reason_and_told(self) -> None:
        imported()
        agent = childcare()
        (zoe, nora, _), (karim, lina, _) = parent(), parent()
        first, second = made(ask(zoe, nora)), made(ask(karim, lina))
        assert [one.id for one in answers.requests(agent)] == [
            first.enrolment_id,
            second.enrolment_id,
        ]
        assert answers.validate(agent, first.enrolment_id) == Answered(S.VALIDATED)
        assert answers.refuse(agent, second.enrolment_id, "Trop loin") == Answered(S.REFUSED)
        assert mine(zoe)[0].state is S.VALIDATED
        assert (mine(karim)[0].state, mine(karim)[0].note) == (S.REFUSED, "Trop loin")
        assert ["validée" in mails()[-2][1], "Motif\u00a0: Trop loin" in mails()[-1][1]] == [
            True
        ] * 2
        assert answers.requests(agent) == ()
        assert len(answers.requests(agent, every=True)) == 1
        assert answers.refuse(agent, second.enrolment_id, "Encore") == NotPossible(S.REFUSED)
        with reading() as session:
            event = session.exec(
                select(ProcedureEvent).where(ProcedureEvent.note == "Trop loin")
            ).one()
            assert event.agent_id == agent.agent_id

    def test_a_refusal_frees_the_place(self) -> None:
        imported(with_places(1))
        (zoe, nora, _), (karim, lina, _) = parent(), parent()
        first = made(ask(zoe, nora))
        waits = made(ask(karim, lina))
        assert answers.validate(childcare(), waits.enrolment_id) == Full()
        answers.refuse(childcare(), first.enrolment_id, "Non")
        assert mine(karim)[0].state is S.REQUESTED

    def test_a_document_asked_then_come_by_the_procedure(self) -> None:
        imported()
        actor, child_id, _ = parent()
        asked = made(ask(actor, child_id))
        outcome = answers.ask_document(childcare(), asked.enrolment_id, "le livret de famille")
        assert outcome == Answered(S.DOCUMENT_ASKED)
        assert mine(actor)[0].note == "le livret de famille"
        with writing() as session:
            row = session.get_one(Procedure, asked.procedure_id, with_for_update=True)
            procedures.move(session, actor, row, ProcedureState.REQUESTED, "Document déposé")
        assert mine(actor)[0].state is S.REQUESTED

    @pytest.mark.parametrize("role", [Role.REGIE, Role.ADMINISTRATION])
    def test_other_agents_and_parents_are_refused(self, role: Role) -> None:
        imported()
        actor, child_id, _ = parent()
        asked = made(ask(actor, child_id)).enrolment_id
        wrong = Actor(0, agent_id=factories.agent(roles=[role]), roles=frozenset({role}))
        for who in (wrong, actor):
            for call in (
                lambda who=who: answers.requests(who),
                lambda who=who: answers.validate(who, asked),
                lambda who=who: answers.refuse(who, asked, "Non"),
                lambda who=who: answers.ask_document(who, asked, "Un papier"),
            ):
                with pytest.raises(Forbidden):
                    call()
        assert states() == [S.REQUESTED]

    def test_a_reason_is_needed_and_the_enrolment_exists(self) -> None:
        imported()
        actor, child_id, _ = parent()
        asked = made(ask(actor, child_id)).enrolment_id
        for reason in ("", "  ", "x" * 1001):
            with pytest.raises(ValueError, match="why"):
                answers.refuse(childcare(), asked, reason)
        with pytest.raises(NotFound):
            answers.validate(childcare(), asked + 1000)


@pytest.mark.usefixtures("db")
def test_documents_are_asked_while_the_enrolment_lives() -> None:
    imported(replace(MORNING, eligibility=Eligibility()))
    actor, child_id, family_id = parent()
    asked = made(ask(actor, child_id))
    imported(replace(MORNING, eligibility=Eligibility(documents=("assurance", HEALTH_FORM))))
    with reading() as session:
        found = required_codes(session, [family_id])
    why = "pour 1_Accueil matin maternelle"
    assert found == {(family_id, child_id): {"assurance": why, HEALTH_FORM: why}}
    certify(actor, family_id, child_id)
    with reading() as session:
        assert required_codes(session, [family_id]) == {(family_id, child_id): {"assurance": why}}
    withdraw(actor, asked.enrolment_id)
    with reading() as session:
        assert required_codes(session, [family_id]) == {}


LINES = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["", "mat", "elem"])), max_size=40)


@settings(suppress_health_check=[HealthCheck.differing_executors], deadline=None)
@given(LINES, st.sets(st.sampled_from(["mat", "elem"])))
def test_ranks_never_have_a_gap(lines: list[tuple[int, str]], with_quota: set[str]) -> None:
    rule = Capacity(10, tuple(Quota(group, 5) for group in with_quota))
    queue = [(number, activity, group) for number, (activity, group) in enumerate(lines)]
    found = ranks(queue, dict.fromkeys((1, 2, 3), rule))
    assert set(found) == set(range(len(lines)))
    queues: dict[tuple[int, str], list[int]] = {}
    for number, activity, group in queue:
        own = group if group in with_quota else ""
        queues.setdefault((activity, own), []).append(found[number])
    for told in queues.values():
        assert told == list(range(1, len(told) + 1))
