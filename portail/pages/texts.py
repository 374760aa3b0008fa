"""The texts every site owes its visitors, the help, and the map of the site."""

from __future__ import annotations

import reflex as rx

from portail.access.routes import exists
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.forms import field
from portail.components.links import anchor, link
from portail.components.page import page_title, prose
from portail.components.status import status_region
from portail.pages.billing.section import ENTRIES as BILLING_LINKS
from portail.pages.dossier.section import ENTRIES as DOSSIER_LINKS
from portail.pages.frame import FAMILY_MENU, framed
from portail.pages.messages.section import ENTRIES as MESSAGE_LINKS
from portail.state.billing.address import PAY
from portail.state.help import HelpState
from portail.state.messages.words import LIST
from portail.texts.french import day
from portail.texts.loader import PageText, Question, load_page, load_questions


def text_page(name: str) -> rx.Component:
    """A page made of one text of portail/texts/pages."""
    text: PageText = load_page(name)
    return framed(
        page_title(text.title),
        prose(text.markdown),
        rx.el.p(f"Version {text.version}, mise à jour le {_date(text)}.", class_name="muted mt-8"),
        current=name,
        narrow=True,
    )


def _date(text: PageText) -> str:
    return day(text.updated_on).split(" ", 1)[1]


def help_page() -> rx.Component:
    """/aide: questions by theme, found by what one types."""
    shown = [q for q in load_questions() if not q.requires or exists(q.requires)]
    themes = list(dict.fromkeys(q.theme for q in shown))
    return framed(
        page_title("Aide", "Les réponses aux questions que posent les familles."),
        rx.el.section(
            field(
                "Chercher dans l’aide",
                "recherche",
                type="search",
                hint="Par exemple : mot de passe, numéro de dossier",
                on_change=HelpState.look_for.debounce(200),
                auto_complete="off",
            ),
            status_region(HelpState.result, class_name="muted mt-2 min-h-6"),
            role="search",
        ),
        *[_theme(theme, [q for q in shown if q.theme == theme]) for theme in themes],
        rx.cond(
            HelpState.searching & (HelpState.found.length() == 0),
            empty_state(
                "search",
                "Rien sur ce sujet",
                "Essayez d’autres mots, ou écrivez-nous : l’adresse est au bas de la page "
                "d’accueil.",
            ),
        ),
        current="aide",
        narrow=True,
    )


def _theme(theme: str, questions: list[Question]) -> rx.Component:
    ids = [question.id for question in questions]
    visible = ~HelpState.searching
    for key in ids:
        visible = visible | HelpState.found.contains(key)
    section = rx.el.section(
        rx.el.h2(theme),
        *[_question(question) for question in questions],
        class_name="questions",
    )
    return rx.cond(visible, section)


def _question(question: Question) -> rx.Component:
    details = rx.el.details(
        rx.el.summary(question.question), prose(question.answer), id=question.id
    )
    return rx.cond(~HelpState.searching | HelpState.found.contains(question.id), details)


PUBLIC_LINKS = (
    ("Page d’accueil", "/"),
    ("Se connecter", "/connexion"),
    ("Créer mon compte", "/creer-mon-compte"),
    ("Activer mon compte", "/activation"),
    ("Mot de passe oublié", "/mot-de-passe-oublie"),
    ("Espace des agents", "/agents/connexion"),
)
PLANNING_LINKS = (
    ("Suivre dans mon agenda", "/planning/agenda"),
    ("Signaler une absence", "/planning/absence"),
)
INFORMATION_LINKS = (
    ("Actualités", "/actualites"),
    ("Aide", "/aide"),
    ("Plan du site", "/plan-du-site"),
    ("Accessibilité", "/accessibilite"),
    ("Conditions générales d’utilisation", "/conditions-utilisation"),
    ("Mentions légales", "/mentions-legales"),
    ("Données personnelles", "/donnees-personnelles"),
)


def site_map() -> rx.Component:
    """/plan-du-site: every page there is."""
    for_all = {to for _, to in INFORMATION_LINKS}
    space = [
        pair
        for entry in FAMILY_MENU
        if entry.to not in for_all
        for pair in ((entry.label, entry.to), *_below(entry.to))
    ]
    return framed(
        page_title("Plan du site", "Toutes les pages du portail."),
        _links("Entrer", PUBLIC_LINKS),
        _links("Votre espace, une fois connecté", (*space, ("Mon compte", "/mon-compte"))),
        _links("S’informer", INFORMATION_LINKS),
        current="plan-du-site",
        narrow=True,
    )


def _below(to: str) -> tuple[tuple[str, str], ...]:
    """The other pages of a section."""
    return {
        "/dossier": DOSSIER_LINKS[1:],
        "/planning": PLANNING_LINKS,
        PAY: BILLING_LINKS[1:],
        LIST: MESSAGE_LINKS[1:],
    }.get(to, ())


def _links(title: str, entries: tuple[tuple[str, str], ...]) -> rx.Component:
    items = [
        # the sign-up page gives the browser its cookie: a real navigation
        rx.el.li(anchor(label, href=to) if to == "/creer-mon-compte" else link(label, to=to))
        for label, to in entries
        if exists(to)
    ]
    return card(rx.el.ul(*items, class_name="lines"), title=title, class_name="mt-6")
