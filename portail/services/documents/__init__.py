"""Documents of families: asked, sent, checked, opened, and reminded of."""

from portail.services.documents.asked import my_documents
from portail.services.documents.download import OpenedDocument, open_document
from portail.services.documents.of_child import ChildDocuments, child_documents
from portail.services.documents.place import Destination
from portail.services.documents.receipts import ALREADY, KEPT, Outcome, Refusal, receipts
from portail.services.documents.removal import Removed, TooLate, remove_document
from portail.services.documents.sending import refuse, send
from portail.services.documents.views import (
    AskedDocument,
    FamilyDocuments,
    GivenElsewhere,
    KeptDocument,
    KindOfDocument,
    MyDocuments,
    WaitingProcedure,
)

__all__ = [
    "ALREADY",
    "KEPT",
    "AskedDocument",
    "ChildDocuments",
    "Destination",
    "FamilyDocuments",
    "GivenElsewhere",
    "KeptDocument",
    "KindOfDocument",
    "MyDocuments",
    "OpenedDocument",
    "Outcome",
    "Refusal",
    "Removed",
    "TooLate",
    "WaitingProcedure",
    "child_documents",
    "my_documents",
    "open_document",
    "receipts",
    "refuse",
    "remove_document",
    "send",
]
