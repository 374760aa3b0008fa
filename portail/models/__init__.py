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
from portail.models.billing import (
    Adjustment,
    BilledFee,
    BilledReservation,
    BillingRun,
    CreditUse,
    Invoice,
    InvoiceCounter,
    InvoiceLine,
    LedgerEntry,
)
from portail.models.catalogue import (
    ActivityRow,
    ActivityTypeRow,
    CatalogueState,
    SiteRow,
    SlotRow,
    TariffRow,
)
from portail.models.consents import Consent
from portail.models.documents import (
    Document,
    DocumentType,
    StoredFile,
    UploadReceipt,
)
from portail.models.enrolments import Enrolment, Reservation
from portail.models.family import (
    Certification,
    Child,
    ChildPermission,
    Collector,
    Family,
    FamilyChild,
    FamilyQuotient,
    Guardian,
    MedicalRecord,
    School,
    Subscription,
)
from portail.models.mail import OutboxMail
from portail.models.notifications import Digest, DigestLine, NotificationChoice, Told
from portail.models.papers import Receipt, TaxCertificate
from portail.models.payments import Heard, Payment, PaymentEvent, PaymentInvoice
from portail.models.planning import (
    Absence,
    Confirmation,
    ConfirmationLine,
    PendingChange,
    PlaceChange,
    PlanningDraft,
)
from portail.models.procedures import (
    ChangeState,
    FieldChange,
    FieldRuleChoice,
    Procedure,
    ProcedureEvent,
)
from portail.models.registration import RegistrationDraft

__all__ = [
    "Absence",
    "Account",
    "ActionLog",
    "ActivityRow",
    "ActivityTypeRow",
    "Adjustment",
    "Agent",
    "AgentRole",
    "BilledFee",
    "BilledReservation",
    "BillingRun",
    "CatalogueState",
    "Certification",
    "ChangeState",
    "Child",
    "ChildPermission",
    "Collector",
    "Confirmation",
    "ConfirmationLine",
    "Consent",
    "CreditUse",
    "Digest",
    "DigestLine",
    "Document",
    "DocumentType",
    "Enrolment",
    "FailureCount",
    "Family",
    "FamilyChild",
    "FamilyQuotient",
    "FieldChange",
    "FieldRuleChoice",
    "Guardian",
    "Heard",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "LedgerEntry",
    "LinkPurpose",
    "MedicalRecord",
    "NotificationChoice",
    "OneTimeLink",
    "OutboxMail",
    "Payment",
    "PaymentEvent",
    "PaymentInvoice",
    "PendingChange",
    "PlaceChange",
    "PlanningDraft",
    "Procedure",
    "ProcedureEvent",
    "Receipt",
    "RegistrationDraft",
    "Reservation",
    "School",
    "SiteRow",
    "SlotRow",
    "StoredFile",
    "Subscription",
    "TariffRow",
    "TaxCertificate",
    "Told",
    "UploadReceipt",
    "WebSession",
]
