"""The first view of /planning: what its state is about to say, as the HTML that React makes of it.

Whoever changes the markup of the page changes `first.html` too: a scenario compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from jinja2.environment import TemplateModule

from portail import clock
from portail.access.first_view import Visit
from portail.components.face import COLOURS
from portail.frontend import drawings
from portail.services import planning as services
from portail.services.reach import NotFound
from portail.state.planning.address import asked
from portail.state.planning.looks import FIXED, ON, TICKED, UNTICKED
from portail.state.planning.offers import offer_views
from portail.state.planning.sheet import day_costs, is_phone, seen_on, sheet, wanted
from portail.state.planning.words import cost_words

TITLE, COST, TOOLS, CHILDREN = "title", "cost", "tools", "children"
BULK, OFFERS, CELLS = "bulk", "offers", "cells"
_TEMPLATE = Path(__file__).with_name("first.html")


def view(visit: Visit) -> Mapping[str, str]:
    """Each part that waits for its data; none when there is nothing to show."""
    actor = visit.signed_in.actor
    phone = is_phone(visit.user_agent) or visit.signed_in.large
    want = asked(visit.query, clock.today())
    try:
        found = services.planning(actor, wanted(seen_on(want, phone=phone)))
    except NotFound:
        return {}
    shown = sheet(found, want, phone=phone, today=clock.today())
    if not shown.groups and not shown.cards:
        return {}
    parts = _template()
    cells = (
        parts.days(shown, day_costs(found.cost_by_day), want.editing)
        if phone
        else parts.grid(shown, want.editing)
    )
    return {
        TITLE: parts.text(shown.title),
        COST: parts.text(cost_words(found.cost)),
        TOOLS: parts.tools(shown, phone, want.editing),
        CHILDREN: parts.children(shown.children),
        BULK: parts.bulk() if want.editing else "",
        OFFERS: parts.offers(offer_views(actor)),
        CELLS: cells,
    }


@lru_cache(maxsize=1)
def _template() -> TemplateModule:
    """The macros of `first.html`. Every value is escaped; line breaks between tags are not kept."""
    environment = Environment(
        loader=FunctionLoader(lambda _name: _on_one_line(_TEMPLATE.read_text(encoding="utf-8"))),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals |= {
        "TICKED": TICKED,
        "UNTICKED": UNTICKED,
        "ON": ON,
        "FIXED": FIXED,
        "COLOURS": COLOURS,
        "DRAWN": drawings(),
    }
    return environment.get_template("first").module


def _on_one_line(template: str) -> str:
    return "".join(line.strip() for line in template.splitlines())
