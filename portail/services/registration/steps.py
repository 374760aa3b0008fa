"""The steps up to the summary: each saves what it accepts, and says what it refuses."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, delete, select

from portail import clock
from portail.adapters.emails import EmailProblem, checked_email
from portail.adapters.password_strength import is_common
from portail.adapters.passwords import hash_password
from portail.database import reading, writing
from portail.domain import registration as rules
from portail.domain.consents import ConsentText
from portail.domain.names import sign_in_key
from portail.domain.passwords import unmet
from portail.models import Account, Family, Guardian, RegistrationDraft
from portail.services import references
from portail.services.registration.drafts import draft_row
from portail.services.registration.outcomes import (
    AlreadyRegistered,
    Blocked,
    Draft,
    Identity,
    Incomplete,
    Invalid,
    NotRecognised,
    Saved,
)
from portail.services.secrets import secret_hash
from portail.settings import settings
from portail.texts.loader import load_page

TAKEN_USER_NAME = "Ce nom d’utilisateur est déjà pris. Choisissez-en un autre."


def load(token: str) -> Draft | None:
    """The draft of this browser, if it has begun one less than a day ago."""
    if not token:
        return None
    with reading() as session:
        row = draft_row(session, token)
        return _view(row) if row else None


def save_identity(token: str, typed: Identity) -> Saved | Invalid:
    """Step 1. Slow (bcrypt): call it in a thread.

    On a draft that has a password, empty password fields keep it.
    """
    user_name = typed.user_name.strip()
    errors = {
        "last_name": rules.name_problem(typed.last_name.strip()),
        "first_name": rules.name_problem(typed.first_name.strip()),
        "user_name": rules.user_name_problem(user_name),
    }
    email = checked_email(typed.email)
    if isinstance(email, EmailProblem):
        errors["email"] = email.reason
    elif sign_in_key(typed.email) != sign_in_key(typed.email_again):
        errors["email_again"] = "Les deux adresses ne sont pas identiques."
    with reading() as session:
        row = draft_row(session, token)
        kept = row.password_hash if row else ""
        if not errors["user_name"] and user_name_taken(session, user_name):
            errors["user_name"] = TAKEN_USER_NAME
    new_password = bool(typed.password or typed.password_again or not kept)
    if new_password:
        errors |= _password_errors(typed)
    errors = {name: reason for name, reason in errors.items() if reason}
    if errors or isinstance(email, EmailProblem):
        return Invalid(errors)
    password_hash = hash_password(typed.password) if new_password else kept
    now = clock.now()
    with writing() as session:
        row = draft_row(session, token) or _new_draft(session, token, now)
        row.last_name, row.first_name = typed.last_name.strip(), typed.first_name.strip()
        row.email, row.user_name, row.password_hash = email, user_name, password_hash
        row.step, row.updated_at = rules.REFERENCES, now
    return Saved()


def _password_errors(typed: Identity) -> dict[str, str]:
    if not typed.password:
        return {"password": "Choisissez un mot de passe."}
    if missing := unmet(settings().password_rule, typed.password):
        return {"password": f"Il manque : {', '.join(item.label for item in missing)}."}
    own = (typed.last_name, typed.first_name, typed.user_name, typed.email)
    if is_common(typed.password, own):
        return {
            "password": "Ce mot de passe est trop connu, ou trop proche de votre nom. "
            "Choisissez-en un autre."
        }
    if typed.password != typed.password_again:
        return {"password_again": "Les deux mots de passe ne sont pas identiques."}
    return {}


# what is kept as one types, by the step it belongs to; never a password
TYPED = {
    "last_name": rules.IDENTITY,
    "first_name": rules.IDENTITY,
    "email": rules.IDENTITY,
    "user_name": rules.IDENTITY,
    "file_number": rules.REFERENCES,
    "file_name": rules.REFERENCES,
    "file_email": rules.REFERENCES,
}
LIMITS = {"last_name": 80, "first_name": 80, "user_name": 60, "file_number": 20, "file_name": 120}


def keep_typed(token: str, name: str, value: str) -> None:
    """Keep what was typed in a field, as it is: a server that stops must not lose it."""
    if name not in TYPED or not token:
        return
    now = clock.now()
    with writing() as session:
        row = draft_row(session, token) or _new_draft(session, token, now)
        # a field of a step already accepted has been checked: it changes by submitting it again
        if row.step == TYPED[name]:
            setattr(row, name, value[: LIMITS.get(name, 254)])
            row.updated_at = now


def _new_draft(session: Session, token: str, now: datetime) -> RegistrationDraft:
    # a draft of the same browser that has had its day gives way
    session.execute(
        delete(RegistrationDraft).where(col(RegistrationDraft.token_hash) == secret_hash(token))
    )
    row = RegistrationDraft(token_hash=secret_hash(token), created_at=now, updated_at=now)
    session.add(row)
    session.flush()
    return row


def save_references(
    token: str, number: str, name: str, email: str, *, address: str
) -> Saved | Invalid | NotRecognised | AlreadyRegistered | Blocked | Incomplete:
    """Step 2: the number, name and e-mail of a family file known to the town.

    Args:
        token: the browser's draft.
        number: as typed, spaces allowed.
        name: of the family, as typed.
        email: as the town knows it.
        address: network address, for the throttle.
    """
    errors = {
        "file_number": "" if number.strip() else "Indiquez le numéro de votre dossier.",
        "file_name": "" if name.strip() else "Indiquez le nom de votre dossier.",
    }
    checked = checked_email(email)
    if isinstance(checked, EmailProblem):
        errors["file_email"] = checked.reason
    errors = {key: reason for key, reason in errors.items() if reason}
    if errors:
        return Invalid(errors)
    now = clock.now()
    with writing() as session:
        row = draft_row(session, token)
        if row is None or not row.password_hash:
            return Incomplete(rules.IDENTITY)
        row.file_number, row.file_name = number.strip()[:20], name.strip()[:120]
        row.file_email, row.updated_at = email.strip()[:254], now
        wait = references.references_attempt(session, row.token_hash, address, now)
        if wait:
            return Blocked(wait)
        match references.match(session, number, name, email):
            case references.NotRecognised():
                row.guardian_id = None
                return NotRecognised()
            case references.AlreadyRegistered():
                row.guardian_id = None
                return AlreadyRegistered()
            case references.Recognised(guardian_id=guardian_id):
                references.forgive(session, row.token_hash, address)
                row.guardian_id = guardian_id
                row.step = rules.TERMS
    return Saved()


def accept(token: str, text: ConsentText) -> Saved | Incomplete:
    """Steps 3 and 4: this text, as it is today, is accepted."""
    digest = load_page(text.value).digest
    with writing() as session:
        row = draft_row(session, token)
        if row is None:
            return Incomplete(rules.IDENTITY)
        if row.guardian_id is None:
            return Incomplete(rules.REFERENCES)
        if text is ConsentText.TERMS:
            row.terms_hash, row.step = digest, rules.PRIVACY
        else:
            row.privacy_hash, row.step = digest, rules.SUMMARY
        row.updated_at = clock.now()
    return Saved()


def go_back(token: str, step: int) -> None:
    """Show an earlier step again; nothing is lost."""
    with writing() as session:
        row = draft_row(session, token)
        if row is not None and rules.IDENTITY <= step < row.step <= rules.SUMMARY:
            row.step = step


def cancel(token: str) -> None:
    """End the sign-up: nothing of it is kept."""
    with writing() as session:
        session.execute(
            delete(RegistrationDraft).where(
                col(RegistrationDraft.token_hash) == secret_hash(token),
                col(RegistrationDraft.account_id).is_(None),
            )
        )


def summary_family(token: str) -> tuple[int, str] | None:
    """Number and name of the family file that the references opened."""
    with reading() as session:
        row = draft_row(session, token)
        if row is None or row.guardian_id is None:
            return None
        guardian = session.get_one(Guardian, row.guardian_id)
        family = session.get_one(Family, guardian.family_id)
        return family.number, family.name


def user_name_taken(session: Session, user_name: str) -> bool:
    """Whether an account has this user name, whatever its case."""
    query = select(Account.id).where(Account.user_name_key == sign_in_key(user_name))
    return session.exec(query).first() is not None


def _view(row: RegistrationDraft) -> Draft:
    return Draft(
        step=row.step,
        last_name=row.last_name,
        first_name=row.first_name,
        email=row.email,
        user_name=row.user_name,
        has_password=bool(row.password_hash),
        file_number=row.file_number,
        file_name=row.file_name,
        file_email=row.file_email,
        terms_accepted=bool(row.terms_hash),
        privacy_accepted=bool(row.privacy_hash),
    )
