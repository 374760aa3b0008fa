"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning import absences

absences.register()
