"""The family file: what is in it, and how a parent changes it."""

from portail.services.family_file import papers

papers.register()
