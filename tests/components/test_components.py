"""What can be said of the components without a browser: names, wiring, and what never shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx

from portail.components.forms import error_summary, field, field_id, file_field, native_form
from portail.components.icons import icon
from portail.components.links import anchor, link
from portail.components.page import prose
from portail.components.passwords import password_field
from portail.components.shell import MenuEntry, SessionView, TownView, shell
from portail.components.stepper import stepper
from portail.components.table import Column, data_table
from portail.components.theme import TAILWIND
from portail.pages import all_pages
from portail.pages.registry import Page


def tree(component: rx.Component) -> str:
    """What a component renders to, as text, its accents readable."""
    text = json.dumps(component.render(), ensure_ascii=False, default=str).replace('\\"', '"')
    return re.sub(r"\\+u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def find(node: Any, name: str) -> list[dict[str, Any]]:
    """Every rendered element called `name`, in order."""
    if isinstance(node, list):
        return [hit for item in node for hit in find(item, name)]
    if not isinstance(node, dict):
        return []
    own = [node] if str(node.get("name", "")).strip('"') == name else []
    return own + [hit for value in node.values() for hit in find(value, name)]


def props(component: rx.Component, name: str) -> set[str]:
    (node,) = find(component.render(), name)
    return set(node["props"])


def test_prose_makes_elements_and_keeps_raw_html_as_text() -> None:
    text = prose("## Titre\n\nUn **mot**, [ici](/aide), [là](https://exemple.fr).\n\n<b>brut</b>")
    rendered = text.render()
    assert [len(find(rendered, tag)) for tag in ("h2", "strong", "b")] == [1, 1, 0]
    assert [node["props"] for node in find(rendered, "ReactRouterLink")] == [['to:"/aide"']]
    assert [node["props"] for node in find(rendered, "a")] == [['href:"https://exemple.fr"']]
    assert "<b>brut</b>" in tree(text)


def test_prose_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="image"):
        prose("![photo](/photo.png)")


def test_an_anchor_is_a_real_navigation_and_a_link_is_not() -> None:
    assert find(anchor("Facture", href="/documents/1").render(), "a")
    assert find(link("Planning", to="/planning").render(), "ReactRouterLink")


def test_a_form_is_posted_by_the_browser() -> None:
    form = native_form("…", action="/connexion")
    assert props(form, "form") == {'action:"/connexion"', 'method:"post"', "noValidate:true"}


def test_a_field_says_its_hint_and_its_error() -> None:
    plain = props(field("Nom", "nom"), "input")
    assert not {item for item in plain if "aria" in item}
    wired = props(field("Nom", "nom", hint="Comme sur la facture", error="Vide"), "input")
    assert {'"aria-invalid":"true"', '"aria-describedby":"champ-nom-erreur champ-nom-aide"'} < wired


def test_an_error_of_the_state_is_wired_when_it_comes() -> None:
    component = field("Nom", "nom", error=rx.Var("state.error").to(str))
    (described,) = [item for item in props(component, "input") if "describedby" in item]
    assert "state.error" in described
    assert "undefined" in described


def test_the_summary_links_to_the_fields_and_is_nothing_without_errors() -> None:
    summary = error_summary([("nom", "Le nom manque.")]).render()
    assert find(summary, "a")[0]["props"] == [f'href:"#{field_id("nom")}"']
    assert not find(error_summary([]).render(), "div")


def test_a_file_field_says_what_it_takes() -> None:
    component = file_field("Pièce", "piece", formats=("PDF", "JPEG"), max_megabytes=3)
    assert 'accept:".pdf,.jpg,.jpeg"' in props(component, "input")
    assert "Formats acceptés : PDF, JPEG. 3\u00a0Mo au plus." in tree(component)


def test_a_password_stays_in_the_browser() -> None:
    component = password_field("Mot de passe", "secret", [("1 majuscule", r"\p{Lu}")], confirm=True)
    scripts = tree(component) + str(component._get_all_hooks())
    assert "new RegExp" in scripts
    assert "addEvents" not in scripts
    assert "ReflexEvent" not in scripts


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(ValueError, match="licorne"):
        icon("licorne")


def test_a_table_keeps_its_meaning_and_labels_its_cells() -> None:
    table = data_table("Factures", [Column("Mois", names_row=True), "Montant"], [["Mai", "3 €"]])
    assert {'scope:"row"', 'role:"rowheader"'} <= set(find(table.render(), "th")[-1]["props"])
    assert '"data-label":"Montant"' in find(table.render(), "td")[0]["props"]


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        data_table("Factures", ["Mois", "Montant"], [["Mai"]])


def test_the_stepper_counts_from_one() -> None:
    rendered = tree(stepper(["Un", "Deux"], 2))
    assert "Étape 2/2" in rendered
    assert "1. Un" in rendered


def a_page(menu: tuple[MenuEntry, ...]) -> rx.Component:
    flag, name = rx.Var("ready").to(bool), rx.Var("name").to(str)
    town = TownView("Villejuif", initial="V")
    session = SessionView(flag, flag, flag, name, rx.Var("home").to(str), "/mon-compte")
    return shell("…", current="accueil", menu=menu, session=session, town=town)


def test_the_skip_link_comes_first() -> None:
    first = a_page(()).children[0].render()
    assert 'href:"#contenu"' in first["props"]
    assert "Aller au contenu" in json.dumps(first, ensure_ascii=False, default=str)


def test_the_phone_has_the_chosen_entries_and_the_others_under_plus() -> None:
    keys = ("accueil", "dossier", "planning")
    menu = tuple(MenuEntry(k, k.title(), f"/{k}", "house", phone=k != "dossier") for k in keys)
    bar, sheet = find(a_page(menu).render(), "nav")[-2:]
    assert [item for item in bar["props"] if "Raccourcis" in item]
    assert "/planning" in json.dumps(bar, default=str)
    assert "/dossier" not in json.dumps(bar, default=str)
    assert "/dossier" in json.dumps(sheet, default=str)


def test_nothing_in_a_page_is_styled_in_line() -> None:
    """The content security policy allows no style attribute; Reflex writes them as `css`."""
    rendered = tree(a_page((MenuEntry("accueil", "Accueil", "/accueil", "house"),)))
    assert "css:" not in rendered
    assert "style:" not in rendered


def test_tailwind_gets_the_tokens_by_name_only() -> None:
    colours = TAILWIND["theme"]["extend"]["colors"]
    values = [
        v for item in colours.values() for v in ([item] if isinstance(item, str) else item.values())
    ]
    assert values
    assert all(value.startswith("var(--") for value in values)


def _all(component: rx.Component) -> Iterator[rx.Component]:
    yield component
    for child in component.children:
        if isinstance(child, rx.Component):
            yield from _all(child)


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.route)
def test_no_element_carries_a_style(page: Page) -> None:
    """A property that an element does not have becomes a style, which our policy forbids."""
    styled = [type(one).__name__ for one in _all(page.build()) if one.style]
    assert styled == []
