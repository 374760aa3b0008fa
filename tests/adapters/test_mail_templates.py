"""Every kind of mail: complete, escaped, one-line subject, readable, with nothing that tracks."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateNotFound, UndefinedError

from portail.adapters.mail_templates import (
    FOLDER,
    MAX_SUBJECT,
    kinds,
    one_line,
    render,
)

NBSP = "\u00a0"
TOWN = {
    "name": "Villejuif",
    "email": "familles@villejuif.example",
    "phone": f"01{NBSP}00{NBSP}00{NBSP}00{NBSP}00",
    "address": "Mairie, 94800 Villejuif",
    "hours": "du lundi au vendredi",
}
CONTEXT: dict[str, object] = {
    "town": TOWN,
    "portal_name": "Espace familles",
    "portal_url": "https://familles.example",
    "brand": "#0b5c6b",
    "on_brand": "#fff",
    "recipient": "zoe.pinceau@example.org",
    "at": f"23 novembre 2026 à 9{NBSP}h{NBSP}05",
    "first_name": "Zoé",
    "url": "https://familles.example/ici?a=1&b=2",
    "hours": 1,
    "minutes": 15,
    "user_name": "z-pinceau",
    "masked_email": "n…u@example.net",
    "service": "le service enfance",
    "silence": "votre demande est considérée comme refusée le 23 décembre 2026.",
    "number": 1234,
    "title": f"Changement de coordonnées{NBSP}: adresse",
    "child": "Nora",
    "state": "Demandée",
    "reason": "le justificatif est illisible",
    "done": False,
    "today": False,
    "document_asked": False,
    "accepted": False,
    "refused": False,
    "name": "Assurance scolaire (Nora)",
    "requests": [
        {
            "number": 1234,
            "title": "Demande d’inscription à l’activité 1_Accueil matin maternelle",
            "child": "Nora",
            "state": "Demandée",
        }
    ],
    "answered": False,
    "waiting": False,
    "place_found": False,
    "became": ["requested"],
    "absence": False,
    "cancellable": False,
    "amount": f"36,94{NBSP}€",
    "invoice": True,
    "to_pay": True,
    "month": "d’octobre 2026",
    "due": f"36,94{NBSP}€",
    "due_on": "02/12/2026",
    "reference": "20261123010001ABCDEFGH",
    "invoices": "2026-00012 et 2026-00014",
    "several": True,
    "to_check": False,
    "lines": ["Assurance scolaire (Sami)\u00a0: à fournir"],
    "numbers": [1234],
    "groups": [
        {
            "child": "Nora",
            "lines": [
                f"lundi 30 novembre 2026{NBSP}: Matin (1_Accueil matin), réservé, 3,50{NBSP}€"
            ],
        }
    ],
    "total": f"3,50{NBSP}€ en plus",
    "failed": [],
    "requested": False,
    "what": "Matin (1_Accueil matin)",
    "day": "lundi 30 novembre 2026",
    "until": f"mardi 24 novembre à 9{NBSP}h",
    "sections": [
        {
            "label": "Nouvelles factures",
            "lines": [{"text": "Facture 2026-00012", "url": "https://familles.example/f"}],
        }
    ],
    "count": f"1{NBSP}nouvelle",
    "places": [f"Nora, lundi 30 novembre 2026{NBSP}: Matin (1_Accueil matin)"],
    "why": "over",
    "delay": f"3{NBSP}jours ouvrés",
    "since": f"20 novembre 2026 à 9{NBSP}h{NBSP}05",
    "summary": "Les enfants entrent et sortent par la petite porte, rue Pascal.",
    "important": False,
    "concerns": "école maternelle Jean-Vilar",
}
KINDS = {
    "absence_told",
    "account_activated",
    "account_locked",
    "account_removed",
    "activate_account",
    "confirm_email",
    "data_ready",
    "daily_digest",
    "deadline_tomorrow",
    "deletion_requested",
    "document_from_town",
    "document_refused",
    "documents_reminder",
    "email_changed",
    "enrolment_changed",
    "enrolment_received",
    "invoice_issued",
    "message_answered",
    "message_received",
    "news_published",
    "password_changed",
    "payment_received",
    "place_offered",
    "planning_confirmed",
    "procedure_answered",
    "procedure_received",
    "registration_attempt",
    "reset_password",
    "waiting_ended",
}
# a kind whose text is not always the same is looked at in each of its variants
VARIANTS: dict[str, list[dict[str, object]]] = {
    "procedure_received": [{"done": True}, {"document_asked": True}, {"child": ""}],
    "procedure_answered": [
        {"accepted": True},
        {"refused": True},
        {"document_asked": True},
        {"child": ""},
        {"accepted": True, "absence": True},
        {"refused": True, "absence": True},
    ],
    "absence_told": [{"cancellable": True}],
    "news_published": [{"important": True}],
    "invoice_issued": [{"to_pay": False}, {"to_pay": False, "invoice": False}],
    "payment_received": [{"to_check": True}, {"several": False, "invoices": "2026-00012"}],
    "enrolment_received": [{"answered": True}, {"waiting": True}],
    "enrolment_changed": [
        {"became": ["validated"]},
        {"became": ["validated"], "place_found": True},
        {"became": ["refused"]},
        {"became": ["withdrawn"]},
        {"became": ["document_asked"]},
        {"became": ["ended"]},
        {"became": ["waiting_list"]},
        {"became": ["requested"], "place_found": True},
    ],
    "planning_confirmed": [
        {"failed": [f"Sami, mardi 1er décembre 2026{NBSP}: Repas. Complet."]},
        {"waiting": True},
        {"requested": True, "numbers": [1234, 1235]},
    ],
    "waiting_ended": [
        {"why": "passed"},
        {"why": "enrolment"},
        {"places": [f"Nora{NBSP}: Matin", f"Sami{NBSP}: Matin"]},
        {"why": "passed", "places": [f"Nora{NBSP}: Matin", f"Sami{NBSP}: Matin"]},
    ],
}
LOOKS = [(kind, {**CONTEXT, **more}) for kind in kinds() for more in VARIANTS.get(kind, [{}])]
LOOKS += [(kind, CONTEXT) for kind in VARIANTS]
NAMES = [
    "-".join([kind, *(key for key, value in usual.items() if value != CONTEXT[key])])
    for kind, usual in LOOKS
]
WORDS = [name for name, value in CONTEXT.items() if isinstance(value, str)]
COLOURS = {"brand", "on_brand"}
HOSTILE = "<b a='x' b=\"y\">&amp;\nBcc: c@d.fr"


class Page(HTMLParser):
    """The tags of a page, and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_every_known_kind_is_there() -> None:
    assert set(kinds()) >= KINDS


@pytest.mark.parametrize(("kind", "usual"), LOOKS, ids=NAMES)
class TestEveryKind:
    def test_it_says_who_writes_what_to_do_and_why(
        self, kind: str, usual: dict[str, object]
    ) -> None:
        mail = render(kind, usual)
        assert mail.subject.startswith("Espace familles")
        for body in (mail.text, Page(mail.html).text):
            assert "Zoé" in body
            assert "Villejuif" in body
            assert "Ne répondez pas à ce message" in body
            assert "Vous recevez ce message" in body
            assert TOWN["email"] in body
            assert TOWN["phone"] in body
            assert "zoe.pinceau@example.org" in body
            assert str(usual["url"]) in body
        hrefs = [link["href"] for link in Page(mail.html).all("a")]
        assert hrefs.count(str(usual["url"])) == 2  # the button and its address in full
        assert "\n\n\n" not in mail.text
        assert "<" not in mail.text

    def test_a_missing_value_is_an_error_not_a_hole(
        self, kind: str, usual: dict[str, object]
    ) -> None:
        for name in ("first_name", "url", "town", "recipient"):
            with pytest.raises(UndefinedError):
                render(kind, {key: value for key, value in usual.items() if key != name})
        with pytest.raises(UndefinedError):
            render(kind, {**usual, "town": {"name": "Villejuif"}})

    @pytest.mark.parametrize("name", [*sorted(set(WORDS) - COLOURS), *TOWN, "minutes", "number"])
    def test_every_value_is_escaped(self, kind: str, usual: dict[str, object], name: str) -> None:
        context: dict[str, object] = {**usual}
        if name in TOWN:
            context["town"] = {**TOWN, name: HOSTILE}
        else:
            context[name] = HOSTILE
        known, page = Page(render(kind, usual).html), Page(render(kind, context).html)
        # not a tag nor an attribute more: only values differ
        assert [(tag, set(attributes)) for tag, attributes in page.tags] == [
            (tag, set(attributes)) for tag, attributes in known.tags
        ]

    @pytest.mark.parametrize("name", [*WORDS, "minutes", "number"])
    def test_no_value_adds_a_line_to_the_subject(
        self, kind: str, usual: dict[str, object], name: str
    ) -> None:
        if name in COLOURS:
            return
        subject = render(kind, {**usual, name: "a\r\nBcc: c@d.fr\x85\u2028\x0bb" * 50}).subject
        assert len(subject.splitlines()) == 1
        assert len(subject) <= MAX_SUBJECT

    def test_nothing_is_loaded_from_anywhere(self, kind: str, usual: dict[str, object]) -> None:
        html = render(kind, usual).html
        page = Page(html)
        for tag in ("img", "link", "script", "iframe", "object", "form", "svg"):
            assert page.all(tag) == []
        assert not re.search(r"url\(|@import|src=|background=", html)
        assert len(html.encode()) < 60_000  # some clients cut long mails

    def test_it_reads_well_aloud_and_in_the_dark(self, kind: str, usual: dict[str, object]) -> None:
        page = Page(render(kind, usual).html)
        assert page.all("html")[0]["lang"] == "fr"
        assert len(page.all("h1")) == 1
        assert all(table["role"] == "presentation" for table in page.all("table"))
        assert {"color-scheme", "viewport"} <= {meta.get("name") for meta in page.all("meta")}

    def test_the_typography_is_french(self, kind: str, usual: dict[str, object]) -> None:
        mail = render(kind, {**usual, "url": "https://x.example", "portal_url": ""})
        words = re.sub(r"https?://\S*|-- \n", "", mail.subject + mail.text)
        words += re.sub(r":root.*?\n}\n</?style>", "", mail.html, flags=re.DOTALL)
        visible = Page(words).text
        assert "'" not in visible
        visible = re.sub(r"https?://\S*", "", visible)
        assert not re.search(r"[^\u00a0][:;!?»](\s|$)", visible)
        assert not re.search(r"«[^\u00a0]", visible)


def test_no_such_kind() -> None:
    for kind in ("nothing", "../mails/reset_password", "base"):
        with pytest.raises(TemplateNotFound):
            render(kind, CONTEXT)


def test_each_kind_has_its_three_files() -> None:
    names = {path.name for path in FOLDER.iterdir()} - {"base.html", "base.txt", "samples.toml"}
    assert names == {
        f"{kind}{end}" for kind in kinds() for end in (".subject.txt", ".txt", ".html")
    }


def test_what_each_mail_has_to_say() -> None:
    reset = render("reset_password", CONTEXT)
    for body in (reset.text, Page(reset.html).text):
        assert f"1{NBSP}heure et" in body
        assert "une seule fois" in body
        assert f"rien demandé{NBSP}?" in body
    changed = render("password_changed", CONTEXT)
    for body in (changed.text, Page(changed.html).text):
        assert str(CONTEXT["at"]) in body
        assert f"Ce n’était pas vous{NBSP}?" in body
    locked = render("account_locked", CONTEXT)
    for body in (locked.text, Page(locked.html).text):
        assert f"environ 15{NBSP}minutes" in body
        assert "Personne n’a besoin de votre mot de passe" in body
    assert f"2{NBSP}heures et" in render("reset_password", {**CONTEXT, "hours": 2}).text


@pytest.mark.parametrize(
    ("kind", "button", "said"),
    [
        (
            "activate_account",
            "Activer mon compte",
            [f"valable 72{NBSP}heures et", "une seule fois", f"30{NBSP}jours", "rien demandé"],
        ),
        ("account_activated", "Se connecter", ["actif depuis le 23 novembre 2026", "z-pinceau"]),
        (
            "confirm_email",
            "Confirmer mon adresse e-mail",
            ["celui de Zoé", f"72{NBSP}heures et", "une seule fois", "Rien ne change avant"],
        ),
        (
            "email_changed",
            "Demander un nouveau mot de passe",
            ["n…u@example.net", "23 novembre 2026", f"Ce n’était pas vous{NBSP}?"],
        ),
        (
            "account_removed",
            "Créer mon compte",
            [f"30{NBSP}jours", "jamais été activé", "dossier famille"],
        ),
        (
            # what the code of relations with the administration wants, article L112-11
            "deletion_requested",
            "Ouvrir mon compte",
            [
                f"Date de réception{NBSP}: 23 novembre 2026",
                "le service enfance",
                "Mairie, 94800 Villejuif",
                "un mois",
                f"Sans réponse de notre part{NBSP}: votre demande est considérée comme refusée",
                "tribunal administratif",
                "CNIL",
            ],
        ),
        (
            "registration_attempt",
            "Se connecter",
            ["déjà un compte", "aucun autre n’a été créé", "oublié"],
        ),
    ],
)
def test_what_each_mail_of_an_account_has_to_say(kind: str, button: str, said: list[str]) -> None:
    mail = render(kind, {**CONTEXT, "hours": 72})
    for body in (mail.text, Page(mail.html).text):
        assert [words for words in [button, *said] if words not in body] == []


SILENCE = f"Sans réponse de notre part{NBSP}:"
COURT = "tribunal administratif"


@pytest.mark.parametrize(
    ("kind", "more", "button", "said", "unsaid"),
    [
        (
            "procedure_received",
            {},
            "Voir ma démarche",
            [
                "Nous avons reçu votre demande",
                "accusé de réception",
                f"n°{NBSP}1234",
                "adresse (Nora)",
                f"Date de réception{NBSP}: 23 novembre 2026",
                f"État{NBSP}: Demandée",
                "le service enfance",
                "Mairie, 94800 Villejuif",
                f"{SILENCE} votre demande est considérée comme refusée",
                "vous pouvez retirer votre demande",
            ],
            ["justificatif", "Le changement est en place", "C’est enregistré"],
        ),
        (
            "procedure_received",
            {"document_asked": True},
            "Déposer le justificatif",
            ["Nous avons reçu votre demande", "Il manque un justificatif", SILENCE],
            ["Le changement est en place", "Un agent examine"],
        ),
        (
            "procedure_received",
            {"done": True, "child": ""},
            "Voir ma démarche",
            ["C’est enregistré", "Le changement est en place", "le service enfance"],
            ["Sans réponse", "justificatif", "Un agent examine", "()"],
        ),
        (
            "procedure_answered",
            {"accepted": True},
            "Voir ma démarche",
            ["Votre demande est acceptée", "adresse (Nora)", "depuis le 23 novembre 2026"],
            ["refusée", "illisible", COURT],
        ),
        (
            "procedure_answered",
            {"refused": True},
            "Voir ma démarche",
            [
                "Votre demande est refusée",
                f"Motif{NBSP}: le justificatif est illisible",
                "Rien n’a changé dans votre dossier",
                f"Vous contestez ce refus{NBSP}?",
                COURT,
                "deux mois",
            ],
            ["acceptée", "Déposez"],
        ),
        (
            "procedure_answered",
            {"accepted": True, "absence": True},
            "Voir ma démarche",
            ["L’absence est justifiée", "ces jours ne sont pas dus"],
            ["le changement est en place", "reste dû"],
        ),
        (
            "procedure_answered",
            {"refused": True, "absence": True},
            "Voir ma démarche",
            [f"Motif{NBSP}: le justificatif est illisible", "reste dû", COURT],
            ["Rien n’a changé", "ne sont pas dus"],
        ),
        (
            "absence_told",
            {"cancellable": True},
            "Joindre un justificatif",
            ["L’absence est signalée", "La mairie décide", "à fournir", "depuis le planning"],
            ["médical", "maladie", "santé"],
        ),
        (
            "procedure_answered",
            {"document_asked": True, "child": ""},
            "Voir ma démarche",
            [
                "Un document est demandé",
                f"vous demande{NBSP}: le justificatif est illisible",
                "Déposez-le depuis la démarche",
            ],
            ["acceptée", "refusée", COURT, "()"],
        ),
    ],
)
def test_what_each_mail_of_a_procedure_has_to_say(
    kind: str, more: dict[str, object], button: str, said: list[str], unsaid: list[str]
) -> None:
    mail = render(kind, {**CONTEXT, **more})
    for body in (mail.text.lower(), Page(mail.html).text.lower()):  # titles are capitals in texts
        assert [words for words in [button, *said] if words.lower() not in body] == []
        assert [words for words in unsaid if words.lower() in body] == []
    assert f"n°{NBSP}1234" in mail.subject


ENDS = "plus sur la liste d’attente"


@pytest.mark.parametrize(
    ("kind", "more", "said", "unsaid"),
    [
        (
            "planning_confirmed",
            {},
            [
                "accusé de réception",
                f"Démarche n°{NBSP}1234",
                f"Date de réception{NBSP}: 23 novembre 2026",
                "le service enfance",
                "Mairie, 94800 Villejuif",
                "lundi 30 novembre 2026",
                f"Au total{NBSP}: 3,50{NBSP}€ en plus",
            ],
            ["n’a pas pu se faire", "liste d’attente", "Sans réponse de notre part"],
        ),
        (
            "planning_confirmed",
            {"failed": ["Sami, mardi"], "waiting": True, "requested": True},
            [
                "Ce qui n’a pas pu se faire",
                "Sami, mardi",
                "restent en attente",
                "garde son rang",
                "votre demande est considérée comme refusée",
            ],
            [],
        ),
        (
            "place_offered",
            {},
            ["Une place s’est libérée", f"jusqu’au mardi 24 novembre à 9{NBSP}h", "Rien n’est dû"],
            [],
        ),
        ("waiting_ended", {}, ["avant la fin des réservations", "Rien n’est dû"], [ENDS]),
        ("waiting_ended", {"why": "passed"}, ["est passé", ENDS], ["inscription"]),
        ("waiting_ended", {"why": "enrolment"}, ["son inscription ne le permet plus"], [ENDS]),
    ],
)
def test_what_each_mail_of_the_planning_has_to_say(
    kind: str, more: dict[str, object], said: list[str], unsaid: list[str]
) -> None:
    mail = render(kind, {**CONTEXT, **more})
    for body in (mail.text.lower(), Page(mail.html).text.lower()):
        assert [words for words in said if words.lower() not in body] == []
        assert [words for words in unsaid if words.lower() in body] == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(
            ("planning_confirmed", name)
            for name in ("number", "numbers", "groups", "total", "failed", "waiting", "service")
        ),
        *(("place_offered", name) for name in ("child", "what", "day", "until")),
        *(("waiting_ended", name) for name in ("places", "why")),
        ("activate_account", "hours"),
        ("account_activated", "user_name"),
        ("confirm_email", "hours"),
        ("email_changed", "masked_email"),
        ("deletion_requested", "service"),
        ("deletion_requested", "silence"),
        *(
            ("procedure_received", name)
            for name in (
                *("number", "title", "child", "state", "service", "silence"),
                *("done", "document_asked"),
            )
        ),
        *(
            ("procedure_answered", name)
            for name in ("number", "title", "child", "reason", "service", "accepted", "refused")
        ),
    ],
)
def test_what_a_kind_needs_of_its_own(kind: str, name: str) -> None:
    with pytest.raises(UndefinedError):
        render(kind, {key: value for key, value in CONTEXT.items() if key != name})


@pytest.mark.parametrize("kind", ["reset_password", "registration_attempt"])
def test_a_forgotten_password_has_its_link(kind: str) -> None:
    mail = render(kind, CONTEXT)
    forgotten = "https://familles.example/mot-de-passe-oublie"
    assert forgotten in mail.text
    assert forgotten in [link["href"] for link in Page(mail.html).all("a")]


@given(st.text())
def test_one_line_whatever_the_text(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) <= MAX_SUBJECT
    assert one_line(line) == line
    line.encode()


def test_one_line_keeps_no_break_spaces() -> None:
    assert one_line(f" Zoé{NBSP}:\t \n oui\n") == f"Zoé{NBSP}: oui"
