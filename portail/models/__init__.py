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
from portail.models.family import (
    Child,
    Family,
    FamilyChild,
    Guardian,
    School,
    Subscription,
)
from portail.models.mail import OutboxMail

__all__ = [
    "Account",
    "ActionLog",
    "Agent",
    "AgentRole",
    "Child",
    "FailureCount",
    "Family",
    "FamilyChild",
    "Guardian",
    "LinkPurpose",
    "OneTimeLink",
    "OutboxMail",
    "School",
    "Subscription",
    "WebSession",
]
