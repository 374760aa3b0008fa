"""Mails about documents, to every account of a family."""

from __future__ import annotations

from sqlmodel import Session

from portail.domain.file_fields import Scope, of_scope
from portail.domain.notifications import Notification
from portail.models import Child, DocumentType
from portail.services.notifications import Notice, tell
from portail.services.reach import accounts_of
from portail.settings import settings
from portail.texts.french import NBSP

PAGE = "/dossier/documents"
# a mail is read by whoever holds the phone: health stays behind the sign-in
_MEDICAL = frozenset(field.proof for field in of_scope(Scope.MEDICAL) if field.proof)
DISCREET = "Document confidentiel"


def is_medical(code: str) -> bool:
    """Whether documents of this type are about somebody's health."""
    return code in _MEDICAL


def name_for_mail(kind: DocumentType | None, child: Child | None, otherwise: str) -> str:
    """How a mail calls a document: «Assurance scolaire (Nora)»."""
    # what is asked of everybody tells nothing of anybody
    secret = kind is not None and is_medical(kind.code) and not kind.always
    name = DISCREET if secret else kind.name if kind else otherwise
    return f"{name} ({child.first_name})" if child else name


def tell_family(
    session: Session, template: str, family_id: int, context: dict[str, object], document: str
) -> None:
    """Write to every activated account of a family, in the caller's transaction.

    `document` tells it from every other thing that this template tells of.
    """
    for account in accounts_of(session, family_id):
        values = {**context, "first_name": account.first_name, "url": page_url()}
        line = f"Document{NBSP}: {context['name']}"
        about = f"{template} {document}"
        tell(session, account, Notice(Notification.ANSWERS, template, values, line, about))


def page_url() -> str:
    """Where the button of these mails leads."""
    return f"{settings().base_url}{PAGE}"
