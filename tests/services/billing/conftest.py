"""A family with an invoice due, and the local bank."""

from __future__ import annotations

import pytest

from tests.payments import Home, home


@pytest.fixture
def zoe(bank: None) -> Home:
    return home()
