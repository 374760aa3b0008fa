"""The town's catalogue: read from the database once a version, written by an import.

`plan_for` puts it beside what is known of a family: the cells of its planning, ready to be asked.
"""

from portail.services.catalogue.facts import FamilyFacts, NoFamilyError, family_facts
from portail.services.catalogue.loading import Loaded, current
from portail.services.catalogue.plans import FamilyDays, Prices, family_days, plan_for
from portail.services.catalogue.writing import Changes, changes, write

__all__ = [
    "Changes",
    "FamilyDays",
    "FamilyFacts",
    "Loaded",
    "NoFamilyError",
    "Prices",
    "changes",
    "current",
    "family_days",
    "family_facts",
    "plan_for",
    "write",
]
