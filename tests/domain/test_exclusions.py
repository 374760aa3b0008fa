"""Slots that exclude each other on a day, and those that need another."""

from __future__ import annotations

from portail.domain.exclusions import links

LINKS = links(
    {
        "matin": (("journee",), ()),
        "apres-midi": ((), ()),
        "journee": (("apres-midi",), ()),
        "repas": ((), ("matin",)),
    }
)


def test_exclusion_goes_both_ways() -> None:
    assert LINKS.replaced_by("journee", {"matin", "apres-midi"}) == ("apres-midi", "matin")
    assert LINKS.replaced_by("matin", {"journee"}) == ("journee",)
    assert LINKS.replaced_by("apres-midi", {"journee", "matin"}) == ("journee",)
    assert LINKS.replaced_by("matin", {"apres-midi"}) == ()
    assert LINKS.replaced_by("repas", {"matin"}) == ()


def test_what_needs_another() -> None:
    assert LINKS.missing_for("repas", set()) == ("matin",)
    assert LINKS.missing_for("repas", {"matin"}) == ()
    assert LINKS.left_without("matin", {"repas"}) == ("repas",)
    assert LINKS.left_without("matin", set()) == ()
    assert LINKS.left_without("repas", {"matin"}) == ()
