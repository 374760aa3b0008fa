"""Sealing: what goes in comes out, with the keys there are and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from portail.adapters.sealing import SealBrokenError, forget_keys, reseal, seal, unseal
from portail.settings import settings

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
VALUE = {"allergies": "Arachide", "pai": True, "measures": "Stylo d’adrénaline"}
plain = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(autouse=True)
def _keys_of_the_tests() -> Iterator[None]:
    yield
    settings.cache_clear()
    forget_keys()


def use(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setenv("PORTAIL_SEALING_KEYS", ",".join(keys))
    settings.cache_clear()
    forget_keys()


def opened_by(key: str, sealed: str) -> object:
    return json.loads(Fernet(key).decrypt(sealed.encode()))


@given(st.dictionaries(plain, plain | st.booleans() | st.none() | st.integers()))
def test_what_goes_in_comes_out(value: dict[str, object]) -> None:
    assert unseal(seal(value)) == value


def test_nothing_shows_and_the_same_twice_looks_different() -> None:
    sealed = seal(VALUE)
    assert "Arachide" not in sealed
    assert "allergies" not in sealed
    assert sealed.isascii()
    assert seal(VALUE) != sealed


def test_the_newest_key_seals_and_every_key_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, OLD)
    before = seal(VALUE)
    use(monkeypatch, NEW, OLD)
    assert unseal(before) == VALUE
    assert opened_by(NEW, seal(VALUE)) == VALUE


def test_resealed_with_the_newest_key_the_old_one_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, OLD)
    before = seal(VALUE)
    use(monkeypatch, NEW, OLD)
    after = reseal(before)
    assert opened_by(NEW, after) == VALUE
    use(monkeypatch, NEW)
    assert unseal(after) == VALUE
    for attempt in (unseal, reseal):
        with pytest.raises(SealBrokenError):
            attempt(before)


def test_the_keys_are_read_once_until_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, OLD)
    sealed = seal(VALUE)
    monkeypatch.setenv("PORTAIL_SEALING_KEYS", NEW)
    settings.cache_clear()
    assert unseal(sealed) == VALUE
    forget_keys()
    with pytest.raises(SealBrokenError):
        unseal(sealed)


@pytest.mark.parametrize("attempt", [unseal, reseal])
@pytest.mark.parametrize("broken", ["", "x", "é", "{}", "gAAAAA"])
def test_what_was_never_sealed_does_not_open(attempt: object, broken: str) -> None:
    with pytest.raises(SealBrokenError):
        attempt(broken)  # type: ignore[operator]


@given(st.data())
def test_one_altered_sign_anywhere_breaks_the_seal(data: st.DataObject) -> None:
    sealed = seal(VALUE)
    place = data.draw(st.integers(0, len(sealed.rstrip("=")) - 3))
    other = "A" if sealed[place] != "A" else "B"
    with pytest.raises(SealBrokenError):
        unseal(sealed[:place] + other + sealed[place + 1 :])


def test_the_error_tells_nothing_of_what_was_sealed() -> None:
    with pytest.raises(SealBrokenError) as caught:
        unseal(seal(VALUE)[:-8])
    assert str(caught.value) == ""
    assert caught.value.__suppress_context__
