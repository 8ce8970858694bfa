"""The first version of every level, written after a migration where a level has none yet."""

from __future__ import annotations

from typing import Any

from django.db import connection

from apps.kyc.models import KycLevel
from apps.kyc.types import UNLIMITED_UNITS, LevelTerms

UNIT = 10**8
TABLE = "kyc_kyclevel"
# level, version, name, leverage, deposits and withdrawals in 24 hours (units), days it is good for, requirements, two persons
FIRST_TERMS = (
    LevelTerms(0, 1, "unverified", 20, 0, 0, 0, (), False),
    LevelTerms(1, 1, "basic", 50, 10_000 * UNIT, 2_000 * UNIT, 730, ("identity",), False),
    LevelTerms(2, 1, "verified", 125, 1_000_000 * UNIT, 500_000 * UNIT, 730, ("identity", "address"), False),
    LevelTerms(
        3, 1, "professional", 1000, UNLIMITED_UNITS, UNLIMITED_UNITS, 365, ("identity", "address", "funds"), True
    ),
)


def seed_levels() -> None:
    known = set(KycLevel.objects.values_list("level", flat=True))
    KycLevel.objects.bulk_create(
        KycLevel(
            level=terms.level,
            version=terms.version,
            name=terms.name,
            max_leverage=terms.max_leverage,
            daily_deposit_units=terms.daily_deposit_units,
            daily_withdrawal_units=terms.daily_withdrawal_units,
            validity_days=terms.validity_days,
            requirements=list(terms.requirements),
            two_persons=terms.two_persons,
            changed_by="migration",
            reason="first version",
        )
        for terms in FIRST_TERMS
        if terms.level not in known
    )


def after_migrate(**_: Any) -> None:
    """Once our own tables are there: a migration backwards has none."""
    if TABLE in connection.introspection.table_names():
        seed_levels()
