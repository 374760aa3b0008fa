"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning.grid import planning
from portail.services.planning.views import Planning, Wanted

__all__ = ["Planning", "Wanted", "planning"]
