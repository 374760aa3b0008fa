"""The last step: one transaction makes the account, and the unique indexes settle who is first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from portail import clock
from portail.database import writing
from portail.domain import registration as rules
from portail.domain.consents import ConsentText
from portail.domain.names import sign_in_key
from portail.models import Account, Guardian, RegistrationDraft, Subscription
from portail.services import activation, consents, mails
from portail.services.audit import log_action
from portail.services.registration.drafts import draft_row
from portail.services.registration.outcomes import (
    AlreadyRegistered,
    Incomplete,
    Registered,
    Taken,
)
from portail.services.registration.steps import TAKEN_USER_NAME, user_name_taken
from portail.settings import settings
from portail.texts.loader import load_page

TAKEN_EMAIL = "Un compte utilise déjà cette adresse e-mail. Connectez-vous, ou prenez-en une autre."


def finish(token: str) -> Registered | Taken | AlreadyRegistered | Incomplete:
    """Step 5: create the account and send its activation link, in one transaction.

    Two people at once: the unique indexes let one through, the other is told what is taken.
    """
    try:
        with writing() as session:
            row = draft_row(session, token)
            if row is None:
                return Incomplete(rules.IDENTITY)
            # at another step, what was accepted may have been typed over since
            missing = row.step if row.step < rules.SUMMARY else _missing_step(row)
            if missing:
                row.step = missing
                return Incomplete(missing)
            return _register(session, row)
    except IntegrityError:
        refusal = _why_refused(token)
        if refusal is None:
            raise  # nothing is taken: a fault of ours, not of two people at once
        return refusal


def _missing_step(row: RegistrationDraft) -> int | None:
    if not row.password_hash:
        return rules.IDENTITY
    if row.guardian_id is None:
        return rules.REFERENCES
    if row.terms_hash != load_page(ConsentText.TERMS.value).digest:
        return rules.TERMS
    if row.privacy_hash != load_page(ConsentText.PRIVACY.value).digest:
        return rules.PRIVACY
    return None


def _register(session: Session, row: RegistrationDraft) -> Registered:
    now = clock.now()
    guardian = session.get_one(Guardian, row.guardian_id)
    account = Account(
        user_name=row.user_name,
        user_name_key=sign_in_key(row.user_name),
        email=row.email,
        email_key=sign_in_key(row.email),
        last_name=row.last_name or guardian.last_name,
        first_name=row.first_name or guardian.first_name,
        password_hash=row.password_hash,
        created_at=now,
        password_changed_at=now,
    )
    session.add(account)
    session.flush()
    account_id = account.id or 0
    session.add(
        Subscription(
            account_id=account_id,
            family_id=guardian.family_id,
            guardian_id=guardian.id or 0,
            created_at=now,
        )
    )
    consents.record(session, account_id, *ConsentText)
    activation.send_link(session, account)
    log_action(session, "account_created", account_id=account_id)
    _empty(row, account_id, now)
    session.flush()  # what is taken speaks now, inside the transaction
    return Registered(account.email)


def _empty(row: RegistrationDraft, account_id: int, now: datetime) -> None:
    """Only the way to the account stays, to send the link again."""
    row.last_name = row.first_name = row.user_name = row.password_hash = ""
    row.file_number = row.file_name = row.file_email = row.terms_hash = row.privacy_hash = ""
    row.guardian_id, row.account_id = None, account_id
    row.step, row.updated_at = rules.DONE, now


def _why_refused(token: str) -> Taken | AlreadyRegistered | Incomplete | None:
    with writing() as session:
        row = draft_row(session, token)
        if row is None:
            return Incomplete(rules.IDENTITY)
        taken = select(Subscription).where(Subscription.guardian_id == row.guardian_id)
        if session.exec(taken).first() is not None:
            guardian = session.get_one(Guardian, row.guardian_id)
            row.guardian_id, row.step = None, rules.REFERENCES
            url = f"{settings().base_url}/connexion"
            context: dict[str, object] = {"first_name": guardian.first_name, "url": url}
            mails.queue(session, "registration_attempt", guardian.email, context)
            return AlreadyRegistered()
        errors = {}
        if user_name_taken(session, row.user_name):
            errors["user_name"] = TAKEN_USER_NAME
        same_email = select(Account.id).where(Account.email_key == sign_in_key(row.email))
        if session.exec(same_email).first() is not None:
            errors["email"] = TAKEN_EMAIL
        if not errors:
            return None
        row.step = rules.IDENTITY
        return Taken(errors)


def resend(token: str, *, address: str) -> bool:
    """Send the activation link again to the account this browser has just created."""
    with writing() as session:
        row = draft_row(session, token)
        if row is None or row.account_id is None:
            return False
        account = session.get_one(Account, row.account_id)
        return activation.send_again(session, account, address=address)
