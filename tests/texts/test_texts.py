"""The French texts of the public pages: well formed, true to the house terms, well typeset."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

TEXTS = Path(__file__).parents[2] / "portail" / "texts"
PAGES = ("accessibilite", "donnees-personnelles", "mentions-legales")

# Not what a town would choose, but what must not break the Markdown around it.
PLACEHOLDERS = {
    "town_name": "Éragny-sur-Oise",
    "town_email": "familles_enfance@villejuif.example",
    "town_phone": "01 00 00 00 00",
    "town_address": "Mairie, esplanade Pierre-Yves-Cosnier, 94800 Villejuif",
    "town_hours": "du lundi au vendredi, de 8 h 30 à 12 h",
    "portal_name": "Espace familles",
    "public_url": "https://familles.villejuif.example",
    "site_publisher": "la maire ou le maire de Villejuif",
    "host_name": "la commune de Villejuif, sur ses propres serveurs",
    "dpo_email": "dpd@villejuif.example",
}
THEMES = (
    "Mon compte",
    "Mon dossier",
    "Inscriptions",
    "Planning",
    "Facturation",
    "Messages",
    "Accessibilité et sécurité",
)
# Pages that are there from the first day: any text may point to them.
PUBLIC_ROUTES = {
    "/aide",
    "/accessibilite",
    "/actualites",
    "/connexion",
    "/donnees-personnelles",
    "/mentions-legales",
    "/mot-de-passe-oublie",
}
LATER_ROUTES = {
    "/creer-mon-compte",
    "/dossier",
    "/facturation/historique",
    "/facturation/payer",
    "/inscriptions",
    "/messagerie",
    "/mon-compte",
    "/planning",
    "/planning/agenda",
}

NBSP = "\u00a0"
# What may stand before a mark that asks for a non-breaking space: nothing but that space.
TYPOGRAPHY = {
    "apostrophe droite": re.compile(r"(?<=\w)'(?=\w)"),
    "guillemets droits": re.compile(r'"'),
    "espace insécable attendue avant": re.compile(rf"(?<!{NBSP})[;!?€%»]"),
    "espace insécable attendue avant les deux-points": re.compile(rf"(?<!{NBSP}):(?=\s|$)"),
    "espace insécable attendue après «": re.compile(rf"«(?!{NBSP})"),
    "points de suspension": re.compile(r"\.\.\."),
    "espace sécable dans un nombre": re.compile(r"\d (?:h|heures?|minutes?|ans|mois|jours)\b|n° "),
    "espaces en double": re.compile(rf"[ {NBSP}]{{2,}}"),
}
# Words that the house says otherwise (e-mail, vous, nom d’utilisateur), or not at all.
FOREIGN_WORDS = re.compile(
    r"courriel|(?<!e-)\bmails?\b|usager|identifiant|login|cliquez ici", re.IGNORECASE
)
# «de Éragny»: a town's name is never put where French would elide or contract.
CONTRACTED = re.compile(
    r"(?:\b(?:de|du|à|au)\s|[dl]’)\$\{(?:town_name|portal_name)\}", re.IGNORECASE
)


@dataclass(frozen=True)
class Page:
    """A page as its file has it: front matter and Markdown body."""

    front: dict[str, str]
    body: str


def page(name: str) -> Page:
    text = (TEXTS / "pages" / f"{name}.md").read_text(encoding="utf-8")
    opening, front, body = text.split("---\n", 2)
    assert opening == ""
    pairs = [line.split(": ", 1) for line in front.splitlines()]
    assert all(len(pair) == 2 for pair in pairs), front
    return Page({key: value.strip('"') for key, value in pairs}, body)


def help_questions() -> list[dict[str, Any]]:
    text = (TEXTS / "aide.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    assert set(content) == {"questions"}
    questions: list[dict[str, Any]] = content["questions"]
    return questions


QUESTIONS = help_questions()
MARKDOWN = {name: page(name).body for name in PAGES} | {q["id"]: q["answer"] for q in QUESTIONS}
each_text = pytest.mark.parametrize("markdown", MARKDOWN.values(), ids=MARKDOWN.keys())
each_question = pytest.mark.parametrize("item", QUESTIONS, ids=[q["id"] for q in QUESTIONS])
each_page = pytest.mark.parametrize("name", PAGES)


def tokens(markdown: str) -> list[Token]:
    # HTML and tables are recognised here, so that they can be refused
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    return parser.parse(Template(markdown).substitute(PLACEHOLDERS))


def every_token(markdown: str) -> Iterator[Token]:
    for token in tokens(markdown):
        yield token
        yield from token.children or ()


def prose(markdown: str) -> Iterator[str]:
    """Each paragraph, heading or item as it is read, before the town's values."""
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type == "inline":
            yield "".join(
                " " if part.type in ("softbreak", "hardbreak") else part.content
                for part in token.children or ()
            )


def links(markdown: str) -> Iterator[str]:
    for token in every_token(markdown):
        if token.type == "link_open":
            yield str(token.attrs["href"])


def faults(text: str) -> list[str]:
    """What French typography refuses in a text, each with where it is."""
    return [
        f"{rule} : …{text[max(found.start() - 25, 0) : found.end() + 10]}…"
        for rule, pattern in TYPOGRAPHY.items()
        for found in pattern.finditer(text)
    ]


# --- files


def test_every_page_of_the_folder_is_checked() -> None:
    assert {path.stem for path in (TEXTS / "pages").glob("*.md")} >= set(PAGES)


@each_page
def test_front_matter(name: str) -> None:
    front = page(name).front
    assert set(front) == {"title", "updated_on", "version"}
    assert front["title"]
    assert not faults(front["title"])
    assert date.fromisoformat(front["updated_on"]).isoformat() == front["updated_on"]
    assert front["version"].isdigit()


@each_text
def test_only_known_placeholders(markdown: str) -> None:
    template = Template(markdown)
    assert template.is_valid()
    assert set(template.get_identifiers()) <= set(PLACEHOLDERS)
    assert markdown.count("$") == markdown.count("${")


@each_text
def test_placeholders_read_well_in_any_town(markdown: str) -> None:
    assert not CONTRACTED.search(markdown)


# --- Markdown


@each_text
def test_plain_markdown_only(markdown: str) -> None:
    refused = {"html_block", "html_inline", "image", "table_open", "code_block", "fence", "hr"}
    assert not refused & {token.type for token in every_token(markdown)}
    texts = [token.content for token in every_token(markdown) if token.type == "text"]
    assert not [text for text in texts if re.search(r"\*\*|\]\(|\$\{", text)]


@each_page
def test_headings_start_under_the_page_title(name: str) -> None:
    headings = [t.tag for t in tokens(page(name).body) if t.type == "heading_open"]
    assert headings
    assert set(headings) == {"h2"}


@each_page
def test_page_links_lead_where_they_can(name: str) -> None:
    for href in links(page(name).body):
        assert href.startswith(("https://", "mailto:")) or href in PUBLIC_ROUTES, href


@each_question
def test_answer_links_lead_where_they_can(item: dict[str, Any]) -> None:
    for href in links(item["answer"]):
        allowed = PUBLIC_ROUTES | {item.get("requires", "")} - {""}
        assert href.startswith(("https://", "mailto:")) or href in allowed, href


@each_text
def test_mail_links_write_to_the_address_they_show(markdown: str) -> None:
    shown = re.findall(r"\[([^\]]*@[^\]]*|\$\{\w+\})\]\(mailto:([^)]*)\)", markdown)
    assert all(text == address for text, address in shown)
    for href in links(markdown):
        if href.startswith("mailto:"):
            assert href.removeprefix("mailto:") in PLACEHOLDERS.values()


# --- help


def test_ids_and_questions_are_unique() -> None:
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS)
    assert len({q["question"] for q in QUESTIONS}) == len(QUESTIONS)


def test_themes_follow_each_other() -> None:
    seen = list(dict.fromkeys(q["theme"] for q in QUESTIONS))
    assert tuple(seen) == THEMES
    places = [THEMES.index(q["theme"]) for q in QUESTIONS]
    assert places == sorted(places)


@each_question
def test_question_is_complete(item: dict[str, Any]) -> None:
    assert set(item) - {"requires"} == {"id", "theme", "question", "answer", "keywords"}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item["id"])
    assert item["question"].endswith("?")
    assert not faults(item["question"])
    assert item.get("requires", "/planning") in LATER_ROUTES


@each_question
def test_keywords_are_words_people_type(item: dict[str, Any]) -> None:
    keywords = item["keywords"]
    assert len(keywords) >= 5
    assert all(isinstance(word, str) and word == word.strip() and word for word in keywords)
    assert len({word.casefold() for word in keywords}) == len(keywords)
    assert not any(NBSP in word for word in keywords)


@each_question
def test_answer_is_short(item: dict[str, Any]) -> None:
    blocks = [t for t in tokens(item["answer"]) if t.level == 0 and t.nesting >= 0]
    assert 1 <= len(blocks) <= 4
    assert len(item["answer"].split()) <= 140


@pytest.mark.parametrize(
    "slug", ["mot-de-passe-oublie", "connexion-bloquee", "session-terminee", "numero-de-dossier"]
)
def test_what_one_needs_before_signing_in_is_always_shown(slug: str) -> None:
    (item,) = [q for q in QUESTIONS if q["id"] == slug]
    assert "requires" not in item


# --- French


@each_text
def test_typography(markdown: str) -> None:
    assert [fault for text in prose(markdown) for fault in faults(text)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "l'enfant",
        "Pourquoi ?",
        "Pourquoi?",
        "ceci : cela",
        "ceci: cela",
        "fin ;",
        "36,94 €",
        "36,94€",
        "« Valider »",
        "«Valider»",
        'le bouton "Valider"',
        "à suivre...",
        "avant 9 h",
        "loi n° 2005-102",
    ],
)
def test_typography_sees_what_is_wrong(wrong: str) -> None:
    assert faults(wrong)


@pytest.mark.parametrize(
    "right",
    [
        f"l’enfant choisit «{NBSP}Valider{NBSP}»{NBSP}: c’est fini{NBSP}!",
        f"36,94{NBSP}€ avant 9{NBSP}h, le 23{NBSP}novembre 2026",
        "https://familles.villejuif.example:8443/aide",
    ],
)
def test_typography_accepts_what_is_right(right: str) -> None:
    assert not faults(right)


@each_text
def test_house_terms(markdown: str) -> None:
    found = [word for text in prose(markdown) for word in FOREIGN_WORDS.findall(text)]
    assert found == []


# --- what the law wants to read

DUTIES = {
    "accessibilite": [
        "article 47",
        "2005-102",
        "schéma pluriannuel",
        "non conforme",
        "axe",
        "Défenseur des droits",
        "09 69 39 00 00",
        "Libre réponse 71120, 75342 Paris CEDEX 07",
        "établie le 23 novembre 2026",
    ],
    "mentions-legales": [
        "publication : ${site_publisher}",
        "${host_name}",
        "AGPL-3.0-or-later",
        "code source",
        "L. 112-11",
        "gratuit",
        "droit français",
    ],
    "donnees-personnelles": [
        "article 6.1.e",
        "${dpo_email}",
        "cookie de session",
        "cookie de saisie",
        "mesure d’audience",
        "CNIL",
        "La ville fixe ces durées",
    ],
}


@each_page
def test_mandatory_mentions(name: str) -> None:
    text = "\n".join(prose(page(name).body)).replace(NBSP, " ")
    assert [mention for mention in DUTIES[name] if mention not in text] == []
