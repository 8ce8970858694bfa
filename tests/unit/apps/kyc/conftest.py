"""The cast of KYC: alice who applies, carol and dora who review, and documents as a scanner makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.users.models import User
from tests.support.engine_twin import engine

__all__ = ["engine"]


@pytest.fixture(autouse=True)
def _strict(settings: object, tmp_path: Path) -> None:
    settings.EXCHANGE_KYC_DEFAULT_LEVEL = 0  # type: ignore[attr-defined]
    settings.EXCHANGE_KYC_FOLDER = tmp_path / "kyc"  # type: ignore[attr-defined]


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.com", "seven-Ducks-swim")


@pytest.fixture
def carol() -> User:
    return User.objects.create_superuser("carol@example.com", "seven-Ducks-swim")


@pytest.fixture
def dora() -> User:
    return User.objects.create_superuser("dora@example.com", "seven-Ducks-swim")
