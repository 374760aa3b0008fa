"""An empty store for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from portail.settings import settings
from tests import factories


@pytest.fixture(autouse=True)
def _empty_store(db: None) -> Iterator[None]:
    shutil.rmtree(settings().files_dir, ignore_errors=True)
    yield
    shutil.rmtree(settings().files_dir, ignore_errors=True)


@pytest.fixture
def zoe(db: None) -> int:
    return factories.account("z-pinceau", email="zoe@example.org")


@pytest.fixture
def karim(db: None) -> int:
    return factories.account("k-benali", email="karim@example.org", first_name="Karim")
