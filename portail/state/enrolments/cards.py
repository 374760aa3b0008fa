"""What an activity says to the children chosen, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portail.clock import paris
from portail.domain.care import HEALTH_FORM
from portail.domain.catalogue import Slot
from portail.domain.reasons import Code, Reason
from portail.services.enrolments import ActivityOffer, ChildOffer
from portail.state.enrolments.words import (
    DAYS,
    period,
    places_words,
    price_words,
    short_day,
    slot_words,
    state_label,
    state_tone,
)
from portail.texts.french import NBSP, counted, listed, sentence
from portail.texts.reasons import reason_sentence

# said beside the day of entry, not beside the child
ENTRY_CODES = frozenset({Code.ENTRY_OUT_OF_SEASON, Code.ENTRY_IMPOSED, Code.ENTRY_PAST})
OPENING_CODES = frozenset({Code.WINDOW_NOT_OPEN, Code.WINDOW_RESIDENTS_FIRST})


@dataclass(frozen=True)
class PriceLine:
    """«Matin», «3,50 €», and how it came about."""

    label: str
    amount: str
    detail: str


@dataclass(frozen=True)
class DayChoice:
    """A usual day to tick."""

    value: str
    label: str


@dataclass(frozen=True)
class MissingPaper:
    """A document to send, other than the health form."""

    code: str
    name: str


@dataclass(frozen=True)
class ChildLine:
    """A child in the form of an activity.

    `can`: there is a box to tick; else `state` or `why` says why not. `health`: «todo», «done» or
    nothing when the activity does not ask for the form. `error`: what the last post said.
    """

    id: int
    name: str
    can: bool
    checked: bool
    state: str
    tone: str
    why: str
    places: str
    health: str
    missing: list[MissingPaper]
    family_id: int
    error: str = ""


@dataclass(frozen=True)
class OfferCard:
    """An activity, unfolding."""

    code: str
    label: str
    description: str
    period: str
    hours: list[str]
    site: str
    places: list[str]
    summary: str  # price and places in a few words, seen while folded
    tag: str
    tone: str
    prices: list[PriceLine]
    entry: str  # 2026-11-23
    entry_words: str
    entry_fixed: bool
    first: str
    last: str
    days: list[DayChoice]
    papers: str
    children: list[ChildLine]
    can_ask: bool
    open: bool = False
    entry_error: str = ""
    days_error: str = ""
    children_error: str = ""
    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # all the errors, for the top of the form
    attempt: int = 0  # grows at each post: what it says takes the focus anew


def card(offer: ActivityOffer, *, alone: bool, chosen: int) -> OfferCard:
    """An offer in words; `alone`: it is the only one, and opens at once."""
    children = [_child(one, chosen) for one in offer.children]
    prices = _prices(offer)
    words = [prices[0].amount] if len({line.amount for line in prices}) == 1 else []
    if offer.children and (left := places_words(offer.children[0])):
        words.append(left)
    tag, tone = _tag(children, offer)
    names = listed([paper.name for paper in offer.children[0].papers]) if offer.children else ""
    return OfferCard(
        code=offer.code,
        label=offer.label,
        description=offer.description,
        period=period(offer.first_day, offer.last_day),
        hours=[slot_words(slot) for slot in offer.slots],
        site=", ".join(part for part in (offer.site, offer.address) if part),
        places=_places(offer),
        summary=" · ".join(words),
        tag=tag,
        tone=tone,
        prices=prices,
        entry=offer.entry_on.isoformat(),
        entry_words=short_day(offer.entry_on),
        entry_fixed=offer.entry_fixed,
        first=offer.first_day.isoformat(),
        last=offer.last_day.isoformat(),
        days=[DayChoice(str(int(day)), sentence(DAYS[day])) for day in offer.usual_days],
        papers=names,
        children=children,
        can_ask=any(child.can for child in children),
        open=alone,
    )


def sentences(reasons: tuple[Reason, ...], labels: Mapping[str, str]) -> str:
    """Every reason, one sentence each; `labels` names codes in French."""
    return " ".join(reason_sentence(one, lambda code: labels.get(code, code)) for one in reasons)


def labels_of(offers: tuple[ActivityOffer, ...]) -> dict[str, str]:
    """The French names of activities and documents."""
    found = {one.code: one.label for one in offers}
    for one in offers:
        for child in one.children:
            found |= {paper.code: paper.name for paper in child.papers}
    return found


def entry_in_form(text: str) -> date | None:
    """A day as a date field posts it; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _child(one: ChildOffer, chosen: int) -> ChildLine:
    papers = {paper.code: paper for paper in one.papers}
    form = papers.get(HEALTH_FORM)
    health = "" if form is None else "done" if form.given else "todo"
    missing = [
        MissingPaper(paper.code, paper.name)
        for paper in one.papers
        if not paper.given and paper.code != HEALTH_FORM
    ]
    # a paper can be brought from here: the box stays
    blocking = tuple(r for r in one.reasons if r.code is not Code.MISSING_DOCUMENTS)
    can = not blocking and one.current is None
    names = {paper.code: paper.name for paper in one.papers}
    return ChildLine(
        one.child_id,
        one.first_name,
        can,
        can and chosen == 1,
        state_label(one.current, one.current_rank) if one.current else "",
        state_tone(one.current) if one.current else "neutral",
        "" if can or one.current else sentences(blocking, names),
        places_words(one),
        health,
        missing,
        one.family_id,
    )


def _prices(offer: ActivityOffer) -> list[PriceLine]:
    """A line a slot; a line a slot and child where brothers and sisters pay another price."""
    found: list[PriceLine] = []
    for place, slot in enumerate(offer.slots):
        told = [(child, price_words(child.prices[place])) for child in offer.children]
        if len({words for _, words in told}) == 1:
            found.append(_price(slot, "", told[0][1]))
        else:
            found += [_price(slot, child.first_name, words) for child, words in told]
    return found


def _price(slot: Slot, name: str, words: tuple[str, str]) -> PriceLine:
    amount, detail = words
    return PriceLine(f"{slot.label} ({name})" if name else slot.label, amount, detail)


def _places(offer: ActivityOffer) -> list[str]:
    """Of the enrolment, then of each day that has a limit."""
    left = places_words(offer.children[0]) if offer.children else ""
    found = [left or "L’inscription n’est pas limitée"]
    for slot in offer.slots:
        if slot.capacity.places is not None:
            most = counted(slot.capacity.places, "place")
            found.append(f"{slot.label}{NBSP}: {most} par jour")
    return found


def _tag(children: list[ChildLine], offer: ActivityOffer) -> tuple[str, str]:
    """What the folded line says first."""
    asked = [child for child in children if child.state]
    if asked and len(asked) == len(children):
        first = asked[0]
        return (first.state, first.tone) if len(asked) == 1 else ("Déjà demandée", "ok")
    if not any(child.can for child in children):
        opening = _opening(offer)
        return (f"Ouvre le {opening}" if opening else "Pas possible pour l’instant"), "neutral"
    if all(one.places_left == 0 for one in offer.children):
        return "Liste d’attente", "accent"
    return "", "neutral"


def _opening(offer: ActivityOffer) -> str:
    """The day requests open, when nothing else stands in the way of anybody who may not ask yet."""
    days: list[date] = []
    for child in offer.children:
        if child.current is not None:
            continue
        blocking = [one for one in child.reasons if one.code is not Code.MISSING_DOCUMENTS]
        if any(one.code not in OPENING_CODES or one.at is None for one in blocking):
            return ""
        days += [paris(one.at).date() for one in blocking if one.at is not None]
    return short_day(min(days)) if days else ""


def made_words(name: str, label: str, state: str) -> str:
    """«Nora, 1_Accueil matin maternelle : Demandée.»."""
    return f"{name}, {label}{NBSP}: {state}."
