"""All tables; importing this package registers them for migrations."""

from portail.models.accounts import (
    Account,
    Agent,
    AgentRole,
    FailureCount,
    LinkPurpose,
    OneTimeLink,
    WebSession,
)
from portail.models.audit import ActionLog
from portail.models.consents import Consent, MutedNotification
from portail.models.family import (
    Child,
    Family,
    FamilyChild,
    Guardian,
    School,
    Subscription,
)
from portail.models.mail import OutboxMail
from portail.models.registration import RegistrationDraft

__all__ = [
    "Account",
    "ActionLog",
    "Agent",
    "AgentRole",
    "Child",
    "Consent",
    "FailureCount",
    "Family",
    "FamilyChild",
    "Guardian",
    "LinkPurpose",
    "MutedNotification",
    "OneTimeLink",
    "OutboxMail",
    "RegistrationDraft",
    "School",
    "Subscription",
    "WebSession",
]
