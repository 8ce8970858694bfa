"""Levels set limits: leverage, and money in any 24 hours; each reference counts once."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from apps.accounts.errors import CreditRefused, UnknownAsset
from apps.accounts.services import accept_deposit, create_account, open_account
from apps.assets.services import define_asset
from apps.audit.types import Actor
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.kyc import services
from apps.kyc.errors import DailyLimitExceeded, LeverageAboveLevel, ReasonMissing, ReferenceReused, UnknownLevel
from apps.kyc.models import KycLevel, LimitUse, Standing
from apps.kyc.selectors import get_level, get_standing, get_used_units, limits_of, list_levels
from apps.kyc.types import KycLimits, LimitKind
from apps.users.models import User
from matcher.protocol.commands import DefineAsset
from tests.support.engine_twin import EngineTwin

pytestmark = pytest.mark.django_db
UNIT = 10**8
CAROL = Actor(kind="staff", id="9")


def verified(user: User, level: int, **fields: object) -> None:
    Standing.objects.update_or_create(user=user, defaults={"level": level, **fields})


def test_the_seeded_levels_rise() -> None:
    levels = list_levels()
    assert [terms.level for terms in levels] == [0, 1, 2, 3]
    for lower, higher in pairwise(levels):
        assert lower.max_leverage < higher.max_leverage
        assert lower.daily_deposit_units < higher.daily_deposit_units
        assert lower.daily_withdrawal_units < higher.daily_withdrawal_units
    assert [terms.two_persons for terms in levels] == [False, False, False, True]


def test_limits_follow_the_level_until_it_runs_out(alice: User) -> None:
    assert limits_of(alice.pk) == KycLimits(0, 20, 0, 0)
    verified(alice, 1, expires_at=timezone.now() + timedelta(days=1))
    assert limits_of(alice.pk) == KycLimits(1, 50, 10_000 * UNIT, 2_000 * UNIT)
    verified(alice, 1, expires_at=timezone.now())
    assert limits_of(alice.pk).level == 0


def test_the_default_level_is_a_floor(alice: User, settings: object) -> None:
    settings.EXCHANGE_KYC_DEFAULT_LEVEL = 2
    assert limits_of(alice.pk).level == 2
    verified(alice, 1)
    assert limits_of(alice.pk).level == 2
    verified(alice, 3)
    assert limits_of(alice.pk).level == 3


def test_who_is_held_moves_no_money_and_keeps_the_leverage(alice: User) -> None:
    verified(alice, 2, is_held=True)
    assert limits_of(alice.pk) == KycLimits(2, 125, 0, 0)
    assert get_standing(alice.pk).is_held


def test_a_leverage_above_the_level_is_refused_with_the_limit(alice: User) -> None:
    services.check_leverage(user_id=alice.pk, leverage=20)
    with pytest.raises(LeverageAboveLevel) as refusal:
        services.check_leverage(user_id=alice.pk, leverage=21)
    assert refusal.value.details == {"max_leverage": 20, "level": 0}


def test_money_counts_once_per_reference_and_up_to_the_limit(alice: User) -> None:
    verified(alice, 1)
    assert services.count_withdrawal(user_id=alice.pk, amount_units=1_500 * UNIT, reference="w-1")
    assert not services.count_withdrawal(user_id=alice.pk, amount_units=1_500 * UNIT, reference="w-1")
    with pytest.raises(ReferenceReused):
        services.count_withdrawal(user_id=alice.pk, amount_units=1, reference="w-1")
    with pytest.raises(DailyLimitExceeded) as refusal:
        services.count_withdrawal(user_id=alice.pk, amount_units=500 * UNIT + 1, reference="w-2")
    assert refusal.value.details == {
        "kind": "withdrawal", "level": 1, "limit": "2000.00000000", "used": "1500.00000000", "left": "500.00000000",
    }  # fmt: skip
    assert services.count_withdrawal(user_id=alice.pk, amount_units=500 * UNIT, reference="w-3")
    assert services.count_deposit(user_id=alice.pk, amount_units=10_000 * UNIT, reference="w-1"), "the ways are apart"


def test_what_did_not_happen_is_given_back_and_may_happen_later(alice: User) -> None:
    verified(alice, 1)
    services.count_withdrawal(user_id=alice.pk, amount_units=2_000 * UNIT, reference="w-1")
    services.release_use(user_id=alice.pk, kind=LimitKind.WITHDRAWAL, reference="w-1")
    services.release_use(user_id=alice.pk, kind=LimitKind.WITHDRAWAL, reference="w-1")
    assert get_used_units(alice.pk, LimitKind.WITHDRAWAL) == 0
    assert services.count_withdrawal(user_id=alice.pk, amount_units=2_000 * UNIT, reference="w-1")
    assert get_used_units(alice.pk, LimitKind.WITHDRAWAL) == 2_000 * UNIT


def test_the_day_is_any_24_hours(alice: User) -> None:
    verified(alice, 1)
    services.count_deposit(user_id=alice.pk, amount_units=10_000 * UNIT, reference="d-1")
    LimitUse.objects.update(created_at=timezone.now() - timedelta(hours=23, minutes=59))
    with pytest.raises(DailyLimitExceeded):
        services.count_deposit(user_id=alice.pk, amount_units=1, reference="d-2")
    LimitUse.objects.update(created_at=timezone.now() - timedelta(hours=24))
    assert services.count_deposit(user_id=alice.pk, amount_units=1, reference="d-2")


def test_another_persons_money_does_not_count(alice: User, carol: User) -> None:
    for user in (alice, carol):
        verified(user, 1)
        assert services.count_withdrawal(user_id=user.pk, amount_units=2_000 * UNIT, reference="w-1")


def test_the_highest_level_has_no_daily_limit(alice: User) -> None:
    verified(alice, 3)
    for number in range(3):
        assert services.count_deposit(user_id=alice.pk, amount_units=10**18, reference=f"d-{number}")


def test_new_terms_are_a_new_version_with_who_and_why(alice: User) -> None:
    verified(alice, 1)
    terms = {
        "level": 1, "max_leverage": 30, "daily_deposit_units": 5 * UNIT, "daily_withdrawal_units": 4 * UNIT,
        "validity_days": 365, "requirements": ("identity", "address"), "two_persons": False, "actor": CAROL,
    }  # fmt: skip
    with pytest.raises(ReasonMissing):
        services.set_level_terms(**terms, reason=" ")
    assert services.set_level_terms(**terms, reason="regulator").version == 2
    assert limits_of(alice.pk) == KycLimits(1, 30, 5 * UNIT, 4 * UNIT)
    first, second = KycLevel.objects.filter(level=1).order_by("version")
    assert (first.max_leverage, second.changed_by, second.reason) == (50, "staff:9", "regulator")
    with pytest.raises(UnknownLevel):
        services.set_level_terms(**{**terms, "level": 9}, reason="more")
    assert get_level(9) is None


@pytest.fixture
def account_id(alice: User, engine: EngineTwin) -> int:
    define_asset(asset_id=1, code="USDT", name="Tether USD", decimals=8)
    engine.send(DefineAsset(asset=1))
    account = create_account(user_id=alice.pk)
    open_account(account_id=account.id)
    return account.id


def deposit(account_id: int, units: int, reference: str, asset: str = "USDT") -> None:
    accept_deposit(account_id=account_id, asset_code=asset, amount_units=units, value_units=units, reference=reference)


def test_a_customers_deposit_stops_at_the_limit(alice: User, account_id: int, engine: EngineTwin) -> None:
    with pytest.raises(DailyLimitExceeded):
        deposit(account_id, 1, "d-0")
    verified(alice, 1)
    deposit(account_id, 10_000 * UNIT, "d-1")
    deposit(account_id, 10_000 * UNIT, "d-1")
    with pytest.raises(DailyLimitExceeded):
        deposit(account_id, 1, "d-2")
    assert engine.wallet_units(account_id) == 10_000 * UNIT


def test_a_deposit_that_was_not_done_gives_the_limit_back(alice: User, account_id: int, engine: EngineTwin) -> None:
    verified(alice, 1)
    engine.down = True
    with pytest.raises(ServiceUnavailable):
        deposit(account_id, UNIT, "d-1")
    engine.down = False
    with pytest.raises(UnknownAsset):
        deposit(account_id, UNIT, "d-2", "XYZ")
    with pytest.raises(CreditRefused):
        accept_deposit(account_id=account_id, asset_code="USDT", amount_units=0, value_units=5, reference="d-3")
    assert get_used_units(alice.pk, LimitKind.DEPOSIT) == 0
    engine.mute = True
    with pytest.raises(OutcomeUnclear):
        deposit(account_id, UNIT, "d-4")
    engine.mute = False
    assert get_used_units(alice.pk, LimitKind.DEPOSIT) == UNIT, "it may have been done"
    deposit(account_id, UNIT, "d-4")
    assert get_used_units(alice.pk, LimitKind.DEPOSIT) == UNIT
