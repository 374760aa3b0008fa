"""A password changed while the old one is signing in: no session of the old one survives."""

from __future__ import annotations

import re
from threading import Barrier

import pytest
from sqlmodel import select

from portail.adapters import passwords
from portail.database import reading
from portail.models import OutboxMail, WebSession
from portail.services import sign_in
from portail.services.password_reset import Changed, change_password, request_link
from tests import factories
from tests.concurrency.together import GENEROUS, at_once

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("turn", range(5))
def test_a_reset_and_a_sign_in_at_once_leave_no_session_of_the_old_password(
    turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.account("z-pinceau", email="zoe@example.org")
    request_link("zoe@example.org", address="192.0.2.1")
    with reading() as session:
        found = re.search(r"/mot-de-passe/([\w-]+)", session.exec(select(OutboxMail)).one().text)
    assert found is not None
    secret, checked = found[1], Barrier(2, timeout=GENEROUS)

    def verify(password: str, hashed: str | None) -> bool:
        right = passwords.verify_password(password, hashed)
        checked.wait()
        return right

    def hashing(password: str) -> str:
        checked.wait()
        return passwords.hash_password(password)

    monkeypatch.setattr("portail.services.sign_in.verify_password", verify)
    monkeypatch.setattr("portail.services.password_reset.hash_password", hashing)

    def act(number: int) -> object:
        if number:
            return change_password(secret, "Nouveau!1")
        return sign_in.sign_in(
            sign_in.Realm.FAMILY, "z-pinceau", factories.PASSWORD, address="192.0.2.2", device=""
        )

    _, changed = at_once(2, act)
    assert changed == Changed()
    with reading() as session:
        live = session.exec(select(WebSession).where(WebSession.ended_at == None)).all()  # noqa: E711
    assert live == []
