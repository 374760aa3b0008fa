"""Every component in every state, to look at: for development and for the tests of the house."""

from dataclasses import dataclass

import reflex as rx

from portail.components.buttons import button, icon_button
from portail.components.cards import card, tile, tiles
from portail.components.dialog import dialog, dialog_closer, dialog_opener, session_warning
from portail.components.empty import empty_state
from portail.components.forms import (
    checkbox_field,
    error_summary,
    field,
    fields,
    file_field,
    form_actions,
    native_form,
    radio_group,
    required_note,
    select_field,
    textarea_field,
    two,
)
from portail.components.links import anchor, button_link, link
from portail.components.notice import notice
from portail.components.page import page_title, prose
from portail.components.pager import pager
from portail.components.passwords import password_field
from portail.components.shell import MenuEntry, SessionView, TownView, shell
from portail.components.status import loading, skeleton, skeleton_card, status_region
from portail.components.stepper import stepper
from portail.components.table import Column, data_table
from portail.components.tag import tag
from portail.components.todo import todo_item, todo_list, todo_list_of

STEPS = (
    "Mes informations",
    "Mes références dossier",
    "Conditions d’utilisation",
    "Confidentialité",
    "Récapitulatif",
)
CONDITIONS = [
    ("6 caractères", r"^.{6,}$"),
    ("1 majuscule", r"\p{Lu}"),
    ("1 caractère spécial", r"[^\p{L}\p{N}\s]"),
]
MENU = (
    MenuEntry("accueil", "Accueil", "/accueil", "house", phone=True),
    MenuEntry("dossier", "Dossier", "/dossier", "folder-heart"),
    MenuEntry("inscriptions", "Inscriptions", "/inscriptions", "clipboard-pen"),
    MenuEntry("planning", "Planning", "/planning", "calendar-days", phone=True),
    MenuEntry(
        "facturation",
        "Facturation",
        "/facturation/payer",
        "receipt-euro",
        count=rx.Var.create(1).to(int),
        phone=True,
        short_label="Factures",
    ),
    MenuEntry(
        "messagerie",
        "Messagerie",
        "/messagerie",
        "message-circle",
        phone=True,
        short_label="Messages",
    ),
    MenuEntry("actualites", "Actualités", "/actualites", "newspaper"),
)
TEXT = """
## Un titre de texte

Un paragraphe **important**, *nuancé*, avec `du code`, un [lien interne](/aide) et un
[lien externe](https://www.service-public.fr).

1. Premier point
2. Deuxième point
   - un détail
   - un autre

> Une citation de la mairie.

---

Fin du texte.
"""


@dataclass(frozen=True)
class Line:
    """A line of the example table."""

    id: int
    date: str
    what: str
    state: str


@dataclass(frozen=True)
class Todo:
    """A line of the example «À faire»."""

    id: int
    title: str
    detail: str
    tone: str


LINES = rx.Var.create(
    [
        Line(1, "20 novembre 2026", "Demande d’inscription : accueil du soir", "Validée"),
        Line(2, "18 novembre 2026", "Attestation d’assurance de Sami", "À vérifier"),
    ]
).to(list[Line])
TODOS = rx.Var.create([Todo(1, "Fiche sanitaire de Nora", "Demandée pour Noël.", "accent")]).to(
    list[Todo]
)


def page() -> rx.Component:
    """The whole demonstration."""
    yes, home = rx.Var.create(True).to(bool), rx.Var.create("/accueil").to(str)
    session = SessionView(yes, yes, yes, rx.Var.create("Zoé Martin").to(str), home, "/mon-compte")
    return shell(
        page_title(
            "Bonjour Zoé",
            "Lundi 23 novembre 2026. Demain, Christopher et Nora mangent à la cantine.",
        ),
        rx.el.div(
            _home(), _words(), _states(), _tables(), _forms(), _dialogs(),
            class_name="grid gap-10",
        ),
        current="accueil",
        menu=MENU,
        session=session,
        town=TownView("Villejuif", "Espace familles", "V"),
        crumbs=[("Accueil", "/accueil"), ("Composants", None)],
    )  # fmt: skip


def _home() -> rx.Component:
    todo = card(
        todo_list(
            todo_item(
                "clock-alert",
                "Cantine de la semaine du 30 novembre",
                "Nora n’a rien de réservé. Possible jusqu’à vendredi 27 à 9\u00a0h.",
                button_link("Réserver", "/planning", "quiet"),
                "accent",
            ),
            todo_item(
                "receipt-euro",
                "Facture d’octobre : 36,94\u00a0€",
                "À payer avant le 15 décembre.",
                button_link("Payer", "/facturation/payer", "quiet"),
                "accent",
            ),
            todo_item(
                "file-up",
                "Attestation d’assurance de Sami",
                "Demandée pour l’accueil de loisirs de Noël.",
                button_link("Déposer", "/dossier/documents", "quiet"),
            ),
        ),
        title="À faire",
    )
    today = card(
        todo_list(
            todo_item("sunrise", "Christopher · Matin 7 h 30", "Aujourd’hui", tone="ok"),
            todo_item("utensils", "Christopher, Nora · Repas", "Demain midi", tone="ok"),
            todo_item("sunset", "Audrey · Soir jusqu’à 18 h 30", "Demain", tone="ok"),
        ),
        title="Aujourd’hui et demain",
    )
    return rx.el.div(
        rx.el.div(todo, today, class_name="grid gap-4 mb-6 items-start lg:grid-cols-[1.35fr_1fr]"),
        tiles(
            tile(
                "Mon dossier",
                "folder-heart",
                [
                    ("Mon dossier et mes démarches", "/dossier"),
                    ("Mes coordonnées", "/dossier/coordonnees"),
                    ("Mes documents", "/dossier/documents"),
                ],
            ),
            tile(
                "Inscription",
                "clipboard-pen",
                [("Les activités de mes enfants", "/inscriptions"), ("Nouvelle inscription", "/i")],
            ),
            tile("Planning", "calendar-days", [("Voir le planning", "/planning")]),
            tile("Facturation", "receipt-euro", [("Payer mes factures", "/facturation/payer")]),
            tile("Nous contacter", "message-circle", [("Mes messages", "/messagerie")]),
            tile("Actualités", "newspaper", [("Dernières actualités", "/actualites")]),
        ),
    )


def _words() -> rx.Component:
    return card(prose(TEXT), title="Texte")


def _states() -> rx.Component:
    yes = rx.Var.create(True).to(bool)
    return rx.el.section(
        rx.el.h2("États"),
        notice("Vos modifications sont gardées sur tous vos appareils.", title="À savoir"),
        notice("Votre réservation est enregistrée.", kind="success", title="C’est fait"),
        notice(
            "Le numéro et le nom de votre dossier famille figurent sur vos factures.",
            kind="warning",
            title="À avoir sous la main",
        ),
        notice("Le paiement a été refusé par la banque.", kind="error"),
        rx.el.div(
            tag("Demandée", "accent", "clock"),
            tag("Validée", "ok", "check"),
            tag("Refusée", "alert", "x"),
            tag("Liste d’attente", "brand", "hourglass"),
            tag("Terminée"),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.div(
            button("Enregistrer"),
            button("Modifier", "quiet", icon="pencil"),
            button("Annuler", "plain"),
            button("Tout supprimer", "danger", icon="trash-2"),
            button("Indisponible", disabled=True),
            icon_button("chevron-left", "Mois précédent"),
            button_link(
                "Créer mon compte", "/creer-mon-compte", icon="arrow-right", icon_last=True
            ),
            anchor("Facture (PDF, 48 Ko)", href="/documents/1.pdf"),
            link("Voir le planning", to="/planning"),
            class_name="flex flex-wrap items-center gap-3",
        ),
        status_region(rx.el.p("Réservation enregistrée.", class_name="muted")),
        rx.el.div(
            skeleton_card(4),
            loading(~yes, skeleton(4), rx.el.p("Prêt"), "min-h-32"),
            loading(yes, skeleton(4), rx.el.p("Prêt"), "min-h-32"),
            class_name="grid gap-4 md:grid-cols-3",
        ),
        card(
            empty_state(
                "calendar-x-2",
                "Aucune réservation",
                "Rien n’est réservé pour cette période.",
                button_link("Réserver des jours", "/planning"),
                level=3,
            )
        ),
        card(
            todo_list_of(
                TODOS,
                lambda item: todo_item(
                    "file-up", item.title, item.detail, None, item.tone, key=item.id
                ),
            ),
            title="Depuis l’état",
        ),
        class_name="grid gap-4",
    )


def _tables() -> rx.Component:
    columns = [
        Column("Description", names_row=True),
        Column("Date"),
        Column("État"),
        Column("Action", bare=True),
    ]
    invoices = data_table(
        "Factures",
        [Column("Mois", names_row=True), "Échéance", Column("Montant", number=True)],
        [
            ["Octobre 2026", "15 décembre 2026", "36,94\u00a0€"],
            ["Septembre 2026", "—", "48,30\u00a0€"],
        ],
        show_caption=True,
    )
    procedures = data_table(
        "Suivi de mes démarches",
        columns,
        LINES,
        lambda line: [
            line.what,
            line.date,
            tag(line.state, "accent", "clock"),
            button_link("Voir", "/dossier", "quiet"),
        ],
        key=lambda line: line.id,
    )
    return rx.el.div(
        card(procedures, pager(2, 5, lambda _: rx.noop()), title="Suivi de mes démarches"),
        card(invoices),
        class_name="grid gap-4",
    )


def _forms() -> rx.Component:
    errors = [("email", "Adresse e-mail : il manque la fin, par exemple « .fr ».")]
    form = native_form(
        error_summary(errors),
        fields(
            two(
                field("Nom", "nom", default_value="Martin", autocomplete="family-name"),
                field("Prénom", "prenom", default_value="Claire", autocomplete="given-name"),
            ),
            two(
                field(
                    "Adresse e-mail",
                    "email",
                    "email",
                    required=True,
                    default_value="claire.martin@exemple",
                    error="Il manque la fin de l’adresse, par exemple « .fr ».",
                    autocomplete="email",
                ),
                field("Confirmation d’adresse e-mail", "email2", "email", required=True),
            ),
            field(
                "Nom d’utilisateur",
                "identifiant",
                required=True,
                hint="Il vous servira à vous connecter.",
                error=rx.Var.create("").to(str),
                autocomplete="username",
            ),
            password_field("Mot de passe", "secret", CONDITIONS, "new-password", confirm=True),
            two(
                select_field(
                    "Personne",
                    "enfant",
                    [("1", "Christopher"), ("2", "Nora")],
                    required=True,
                ),
                file_field("Attestation d’assurance", "piece"),
            ),
            textarea_field("Votre message", "message", hint="Le service répond sous 3 jours."),
            radio_group(
                "Garde",
                "garde",
                [("commune", "Commune"), ("alternee", "Alternée")],
                default_value="commune",
                required=True,
            ),
            checkbox_field(
                "J’ai lu et j’accepte les conditions générales d’utilisation",
                "accepte",
                required=True,
                error="Cochez la case pour continuer.",
            ),
        ),
        form_actions(
            button("Annuler", "plain"),
            button("Étape suivante", type="submit", icon="arrow-right", icon_last=True),
        ),
        action="/essai",
    )
    return rx.el.section(
        stepper(STEPS, 3), card(required_note(), form, title="Mes informations personnelles")
    )


def _dialogs() -> rx.Component:
    return card(
        rx.el.div(dialog_opener("Tout supprimer…", "confirmer", "quiet")),
        dialog(
            "confirmer",
            "Supprimer les 3 modifications en attente ?",
            rx.el.p("Vos réservations déjà confirmées ne changent pas."),
            actions=[
                dialog_closer("Retour", "confirmer"),
                button("Tout supprimer", "danger"),
            ],
        ),
        session_warning(rx.Var.create(False).to(bool), "2 minutes", rx.noop()),
        title="Dialogue",
    )
