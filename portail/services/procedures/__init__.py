"""Procedures («démarches»): opened and moved by other services, listed and read by families."""

from portail.services.procedures.listing import (
    ChangeLine,
    Filter,
    HistoryLine,
    ProcedureDetail,
    ProcedureLine,
    ProcedurePage,
    procedure_detail,
    procedures_page,
)
from portail.services.procedures.moves import last_event, move, open_procedure

__all__ = [
    "ChangeLine",
    "Filter",
    "HistoryLine",
    "ProcedureDetail",
    "ProcedureLine",
    "ProcedurePage",
    "last_event",
    "move",
    "open_procedure",
    "procedure_detail",
    "procedures_page",
]
