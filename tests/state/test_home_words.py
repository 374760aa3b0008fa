"""What matters today, in French: order, plurals, spaces that do not break."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import count

import pytest

from portail.access import routes
from portail.domain.documents import DocumentState, Subject
from portail.pages import all_pages
from portail.services.billing.views import DueLine
from portail.services.documents import AskedDocument, MyDocuments
from portail.services.documents.views import FamilyDocuments, WaitingProcedure
from portail.services.home import Home, HomeBooking, HomeDeadline
from portail.services.planning.views import Offer
from portail.state.home_words import Todo, bookings, todos

TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
NOTHING = MyDocuments((), ())
_ids = count(1)


def at_home(
    *found: HomeBooking,
    invoices: tuple[DueLine, ...] = (),
    deadlines: tuple[HomeDeadline, ...] = (),
    unanswered: int = 0,
    offers: tuple[Offer, ...] = (),
) -> Home:
    return Home("Zoé", (), invoices, found, deadlines, unanswered, offers)


def offer(*days: date) -> Offer:
    until = datetime(2026, 11, 27, 10, tzinfo=UTC)
    return Offer(next(_ids), 4, "Nora", "Accueil du matin", "Matin", days, until, 350)


def invoice(due_on: date, cents: int = 3_694) -> DueLine:
    october = date(2026, 10, 1)
    return DueLine(next(_ids), 1, "2026-11-00001", october, due_on, cents, cents, None, None)


def asked(
    name: str = "Assurance scolaire",
    state: DocumentState = DocumentState.MISSING,
    child: str = "",
    until: date | None = None,
) -> AskedDocument:
    subject = Subject.CHILD if child else Subject.FAMILY
    ident = 1 if child else None
    return AskedDocument("code", name, "", subject, ident, child, "", state, "", until, (), None)


def papers(*wanted: AskedDocument, waiting: tuple[WaitingProcedure, ...] = ()) -> MyDocuments:
    return MyDocuments((FamilyDocuments(1, 10001, "PINCEAU", wanted, waiting, (), (), ()),), ())


def only(found: list[Todo]) -> Todo:
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("days", "title"),
    [
        ((date(2026, 11, 30),), "lundi 30 novembre"),
        ((date(2026, 12, 1), date(2026, 12, 3)), "2\u00a0jours dès le mardi 1er décembre"),
    ],
)
def test_a_place_that_is_kept(days: tuple[date, ...], title: str) -> None:
    one = only(todos(at_home(offers=(offer(*days),)), NOTHING))
    assert one.title == f"Une place s’est libérée\u00a0: Matin, {title} (Nora)"
    assert one.detail == ("Accueil du matin. À accepter avant le vendredi 27 novembre à 11\u00a0h.")
    assert one.address == f"/planning?enfant=4&jour={days[0].isoformat()}"


def test_nothing_waits() -> None:
    assert todos(at_home(), NOTHING) == []
    assert todos(at_home(), papers(asked(state=DocumentState.ACCEPTED))) == []


@pytest.mark.parametrize(
    ("due_on", "tone", "detail"),
    [
        (date(2026, 11, 30), "accent", "À payer avant le 30/11/2026."),
        (TODAY, "accent", "À payer avant le 23/11/2026."),
        (date(2026, 11, 22), "alert", "À payer depuis le 22/11/2026."),
    ],
)
def test_an_invoice(due_on: date, tone: str, detail: str) -> None:
    one = only(todos(at_home(invoices=(invoice(due_on, 123_456),)), NOTHING))
    assert one.title == "Facture d’octobre 2026\u00a0: 1\u202f234,56\u00a0€"
    assert (one.tone, one.detail) == (tone, detail)


def test_an_invoice_leads_to_its_payment() -> None:
    one = only(todos(at_home(invoices=(invoice(TODAY),)), NOTHING))
    assert (one.action, one.address.startswith("/facturation/payer?factures=")) == ("Payer", True)


@pytest.mark.parametrize(
    ("state", "tone", "detail"),
    [
        (DocumentState.MISSING, "brand", "À fournir."),
        (DocumentState.REFUSED, "alert", "Refusé, à déposer de nouveau."),
        (DocumentState.EXPIRED, "brand", "N’est plus valable."),
        (DocumentState.EXPIRING, "brand", "Expire le 01/12/2026."),
    ],
)
def test_a_document(state: DocumentState, tone: str, detail: str) -> None:
    wanted = asked(state=state, child="Nora", until=date(2026, 12, 1))
    one = only(todos(at_home(), papers(wanted)))
    assert (one.title, one.tone, one.detail) == ("Assurance scolaire (Nora)", tone, detail)
    assert one.address == "/dossier/documents"


def test_many_documents_are_one_line() -> None:
    children = ("Nora", "Sami", "Nora", "")
    few = todos(at_home(), papers(*[asked(child=child) for child in children[:3]]))
    assert len(few) == 3
    assert len({one.key for one in few}) == 3
    many = only(todos(at_home(), papers(*[asked(child=child) for child in children])))
    assert (many.title, many.detail) == ("4\u00a0documents à fournir", "Pour Nora et Sami.")
    household = only(todos(at_home(), papers(*[asked() for _ in range(4)])))
    assert household.detail == "Pour votre dossier."


@pytest.mark.parametrize(
    ("child", "note", "title", "detail"),
    [
        ("", "", "Adresse", "La mairie attend un justificatif."),
        ("Nora", "Le PAI signé", "Adresse (Nora)", "La mairie demande : Le PAI signé"),
    ],
)
def test_a_procedure_waits_for_a_document(child: str, note: str, title: str, detail: str) -> None:
    found = papers(waiting=(WaitingProcedure(7, "Adresse", child, note),))
    one = only(todos(at_home(), found))
    assert (one.title, one.detail.replace("\u00a0", " ")) == (title, detail)
    assert one.address == "/dossier/demarche?n=7"


def test_what_the_town_has_not_answered() -> None:
    one = only(todos(at_home(unanswered=1), NOTHING))
    assert (one.title, one.detail) == ("1\u00a0demande en cours", "La mairie l’examine.")
    two = only(todos(at_home(unanswered=2), NOTHING))
    assert (two.title, two.detail) == ("2\u00a0demandes en cours", "La mairie les examine.")


def test_the_most_pressing_comes_first() -> None:
    waiting = (WaitingProcedure(7, "Adresse", "", ""),)
    soon = HomeDeadline(
        datetime(2026, 11, 25, 17, tzinfo=UTC), "Cantine", "Repas", TODAY, TOMORROW, ("Nora",)
    )
    found = todos(
        at_home(
            deadlines=(soon,),
            invoices=(invoice(TODAY),),
            unanswered=1,
            offers=(offer(TODAY),),
        ),
        papers(asked(), waiting=waiting),
    )
    assert [one.key.split("-")[0] for one in found] == [
        "place",
        "echeance",
        "facture",
        "demarche",
        "document",
        "sans",
    ]


def test_every_way_on_is_a_page() -> None:
    waiting = (WaitingProcedure(7, "Adresse", "", ""),)
    all_pages()  # a portal knows its pages once it is put together
    found = todos(
        at_home(invoices=(invoice(TODAY),), unanswered=1), papers(asked(), waiting=waiting)
    )
    assert [one.address for one in found if not routes.exists(one.address.split("?")[0])] == []


# --- bookings


def booked(
    child: str,
    slot: str = "Repas",
    day: date = TODAY,
    hours: tuple[time, time] | None = (time(11, 30), time(13)),
    activity: str = "Restauration",
) -> HomeBooking:
    return HomeBooking(day, child, slot, activity, *(hours or (None, None)))


def test_children_of_the_same_slot_are_told_together() -> None:
    found = at_home(booked("Audrey"), booked("Nora"), booked("Nora", day=TOMORROW))
    first, second = bookings(found)
    assert (first.who, first.what, first.sign) == ("Audrey et Nora", "Repas", "utensils")
    assert first.detail == ("Aujourd’hui, de 11\u00a0h\u00a030 à 13\u00a0h, Restauration")
    assert (second.who, second.detail.split(",")[0]) == ("Nora", "Demain")
    assert first.key != second.key


def test_a_child_of_two_households_booked_twice_is_named_once() -> None:
    (one,) = bookings(at_home(booked("Sami"), booked("Sami")))
    assert one.who == "Sami"


@pytest.mark.parametrize(
    ("hours", "sign", "detail"),
    [
        ((time(7, 30), time(8, 30)), "sunrise", "de 7\u00a0h\u00a030 à 8\u00a0h\u00a030"),
        ((time(16, 30), time(18, 5)), "sunset", "de 16\u00a0h\u00a030 à 18\u00a0h\u00a005"),
        (None, "calendar", ""),
    ],
)
def test_hours_and_their_sign(hours: tuple[time, time] | None, sign: str, detail: str) -> None:
    (one,) = bookings(at_home(booked("Nora", "Accueil", hours=hours, activity="")))
    assert one.sign == sign
    assert one.detail == (f"Aujourd’hui, {detail}" if detail else "Aujourd’hui")


def test_the_soonest_deadlines_come_first_three_at_most() -> None:
    until = datetime(2026, 11, 27, 10, tzinfo=UTC)
    deadlines = tuple(
        HomeDeadline(until, f"Cantine {n}", "Repas", date(2026, 11, 30), date(2026, 12, 1), names)
        for n, names in enumerate((("Nora",), ("Nora", "Sami"), ("Sami",), ("Audrey",)))
    )
    found = todos(at_home(deadlines=deadlines), NOTHING)
    assert [one.title for one in found] == [
        f"Cantine {n}, semaine du 30 novembre" for n in range(3)
    ]
    assert found[1].detail == (
        "Rien de réservé pour Nora et Sami. Possible jusqu’au vendredi 27 novembre à 11\u00a0h."
    )
