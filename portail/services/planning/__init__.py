"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning import absences
from portail.services.planning.grid import planning
from portail.services.planning.views import Planning, Wanted

absences.register()

__all__ = ["Planning", "Wanted", "planning"]
