"""What surrounds every page: skip link, header, menu, foot, and the phone's bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from portail.components.browser import hide_popover
from portail.components.forms import native_form
from portail.components.icons import hidden_text, icon
from portail.components.links import anchor, link
from portail.components.page import breadcrumb

MORE = "menu-plus"
PHONE_ENTRIES = 4


@dataclass(frozen=True)
class TownView:
    """The town as its header shows it."""

    name: str | rx.Var[str]
    portal_name: str | rx.Var[str] = "Espace familles"
    initial: str | rx.Var[str] = ""
    logo_url: str | None = None


@dataclass(frozen=True)
class SessionView:
    """Who is signed in: `ready` once the server has said so.

    `home` is their first page; `owns_menu` whether the menu given is theirs; `account` the page
    of their account, if there is one; `large` whether they want the phone's layout everywhere.
    """

    ready: rx.Var[bool]
    signed_in: rx.Var[bool]
    owns_menu: rx.Var[bool]
    name: rx.Var[str]
    home: rx.Var[str]
    account: str | None = None
    large: rx.Var[bool] | bool = False


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the menu; `count` is what waits there; `phone`: within the thumb's reach."""

    key: str
    label: str
    to: str
    icon: str
    count: rx.Var[int] | None = None
    phone: bool = False
    short_label: str | None = None


VISITOR_HOME = MenuEntry("accueil-public", "Accueil", "/", "house")
INFORMATION = (
    ("accessibilite", "Accessibilité", "/accessibilite"),
    ("aide", "Aide", "/aide"),
    ("plan-du-site", "Plan du site", "/plan-du-site"),
    ("mentions-legales", "Mentions légales", "/mentions-legales"),
    ("donnees-personnelles", "Données personnelles", "/donnees-personnelles"),
)


def shell(
    *content: Any,
    current: str,
    menu: Sequence[MenuEntry],
    session: SessionView,
    town: TownView,
    narrow: bool = False,
    crumbs: Sequence[tuple[str | rx.Var[str], str | None]] | None = None,
    public: bool = False,
    shared: bool = False,
) -> rx.Component:
    """A whole page.

    `public`: open to visitors. Its header has no menu, which would push the page down once the
    server has said who is there; it leads to one's own space instead. `shared`: such a page that is
    in the menu too, whose header keeps a row for it and shows visitors their own few entries there.
    """
    way = [breadcrumb(crumbs)] if crumbs else []
    return rx.el.div(
        anchor("Aller au contenu", href="#contenu", class_name="skip-link"),
        _header(current, menu, session, town, public, shared),
        rx.el.main(
            *way,
            *content,
            id="contenu",
            tab_index=-1,
            class_name="wrap content narrow" if narrow else "wrap content",
        ),
        _footer(current, town),
        _phone_bar(current, menu, session, public),
        class_name=rx.cond(session.large, "frame large", "frame"),
    )


def _header(
    current: str,
    menu: Sequence[MenuEntry],
    session: SessionView,
    town: TownView,
    public: bool,
    shared: bool,
) -> rx.Component:
    row = rx.el.div(
        _town(town, session),
        rx.el.nav(*_information(current, 3), class_name="service", aria_label="Aide"),
        _who(current, session, public),
        class_name="wrap top-row",
    )
    if not menu or (public and not shared):
        return rx.el.header(row, class_name="top")
    own = rx.fragment(*[rx.el.li(_entry(entry, current)) for entry in menu])
    visitor = rx.fragment(
        rx.el.li(_entry(VISITOR_HOME, current)),
        *[rx.el.li(_entry(entry, current)) for entry in menu if entry.key == current],
    )
    entries = rx.el.nav(
        rx.el.ul(rx.cond(session.owns_menu, own, visitor) if shared else own, class_name="menu"),
        class_name="wrap top-nav",
        aria_label="Principal",
    )
    return rx.el.header(row, entries, class_name="top")


def _town(town: TownView, session: SessionView) -> rx.Component:
    badge = (
        rx.el.img(src=town.logo_url, alt="", class_name="town-badge")
        if town.logo_url
        else rx.el.span(town.initial, class_name="town-badge", aria_hidden="true")
    )
    return link(
        badge,
        rx.el.span(town.name, " ", rx.el.small(town.portal_name)),
        to=rx.cond(session.signed_in, session.home, "/"),
        class_name="town",
    )


def _information(current: str, how_many: int = len(INFORMATION)) -> list[rx.Component]:
    return [
        link(label, to=to, **_here(key == current)) for key, label, to in INFORMATION[:how_many]
    ]


def _who(current: str, session: SessionView, public: bool) -> rx.Component:
    person = rx.el.span(icon("circle-user-round", 20), session.name)
    if public:
        person = link(icon("circle-user-round", 20), "Mon espace", to=session.home)
    elif session.account is not None:
        person = link(
            icon("circle-user-round", 20),
            "Mon compte",
            to=session.account,
            title=session.name,
            **_here(current == "mon-compte"),
        )
    inside = rx.fragment(person, _sign_out())
    outside = link(
        icon("log-in", 20), "Se connecter", to="/connexion", **_here(current == "connexion")
    )
    return rx.el.div(
        rx.cond(session.ready, rx.cond(session.signed_in, inside, outside)), class_name="who"
    )


def _sign_out(*before: rx.Component) -> rx.Component:
    return native_form(
        rx.el.button(*before, "Déconnexion", type="submit", class_name="link-button"),
        action="/deconnexion",
    )


def _footer(current: str, town: TownView) -> rx.Component:
    return rx.el.footer(
        rx.el.div(
            rx.el.p(town.name, " · ", town.portal_name, class_name="muted"),
            rx.el.nav(*_information(current), class_name="service", aria_label="Informations"),
            class_name="wrap",
        ),
        class_name="foot",
    )


def _phone_bar(
    current: str, menu: Sequence[MenuEntry], session: SessionView, public: bool
) -> rx.Component:
    sign_in = MenuEntry("connexion", "Se connecter", "/connexion", "log-in")
    space = MenuEntry("espace", "Mon espace", "", "folder-heart")
    help_page = MenuEntry("aide", "Aide", "/aide", "circle-help")
    visitor = _bar(
        _phone_entry(VISITOR_HOME, current),
        rx.cond(
            session.signed_in,
            _phone_entry(space, current, session.home),
            _phone_entry(sign_in, current),
        ),
        _phone_entry(help_page, current),
    )
    if not menu:
        return visitor
    reach = ([entry for entry in menu if entry.phone] or list(menu))[:PHONE_ENTRIES]
    rest = [entry for entry in menu if entry not in reach]
    elsewhere = current in {*(entry.key for entry in rest), "mon-compte"}
    more = rx.el.button(
        icon("menu"),
        "Plus",
        type="button",
        custom_attrs={"popovertarget": MORE},
        **({"aria_current": "true"} if elsewhere else {}),
    )
    family = rx.fragment(
        _bar(*[_phone_entry(entry, current) for entry in reach], more),
        _sheet(current, rest, session),
    )
    return rx.cond(session.owns_menu, family, visitor) if public else family


def _bar(*entries: rx.Component) -> rx.Component:
    return rx.el.nav(*entries, class_name="phonebar", aria_label="Raccourcis")


def _sheet(current: str, rest: Sequence[MenuEntry], session: SessionView) -> rx.Component:
    props: dict[str, Any] = {"on_click": hide_popover(MORE)}
    entries = [
        link(
            icon(entry.icon),
            entry.label,
            *_count(entry),
            to=entry.to,
            **_here(entry.key == current),
            **props,
        )
        for entry in rest
    ]
    if session.account is not None:
        here = _here(current == "mon-compte")
        account = icon("circle-user-round")
        entries.append(link(account, "Mon compte", to=session.account, **here, **props))
    leave = _sign_out(icon("log-out"))
    return rx.el.nav(
        rx.el.div(
            rx.el.p(session.name, class_name="muted"),
            rx.el.button(
                icon("x"),
                type="button",
                aria_label="Fermer",
                class_name="btn plain icon-only",
                custom_attrs={"popovertarget": MORE, "popovertargetaction": "hide"},
            ),
            class_name="sheet-head",
        ),
        rx.el.ul(*[rx.el.li(entry) for entry in (*entries, leave)]),
        id=MORE,
        class_name="sheet",
        aria_label="Plus",
        custom_attrs={"popover": "auto"},
    )


def _entry(entry: MenuEntry, current: str) -> rx.Component:
    return link(entry.label, *_count(entry), to=entry.to, **_here(entry.key == current))


def _phone_entry(entry: MenuEntry, current: str, to: rx.Var[str] | None = None) -> rx.Component:
    return link(
        icon(entry.icon, 24),
        entry.short_label or entry.label,
        *_count(entry),
        to=entry.to if to is None else to,
        **_here(entry.key == current),
    )


def _count(entry: MenuEntry) -> list[rx.Component]:
    if entry.count is None:
        return []
    number = rx.el.span(hidden_text(" : "), entry.count, hidden_text(" en attente"))
    return [rx.cond(entry.count.to(int) > 0, rx.el.span(number, class_name="count"))]


def _here(is_current: bool) -> dict[str, Any]:
    return {"aria_current": "page"} if is_current else {}
