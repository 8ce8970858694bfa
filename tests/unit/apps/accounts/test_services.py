"""Accounts and credits: the engine is asked, its answer is told, and nothing is doubled."""

import pytest

from apps.accounts import services, tasks
from apps.accounts.errors import CreditRefused, UnknownAccount, UnknownAsset
from apps.accounts.models import TradingAccount
from apps.accounts.selectors import get_account, get_account_of_user
from apps.assets.services import define_asset
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.instruments.services import push_definitions
from apps.users.models import User
from apps.users.types import UserRef
from tests.support.engine_twin import EngineTwin

pytestmark = pytest.mark.django_db
PASSWORD = "seven-Ducks-swim"
UNIT = 10**8


@pytest.fixture
def alice(engine: EngineTwin) -> UserRef:
    define_asset(asset_id=1, code="USDT", name="Tether USD", decimals=8)
    push_definitions()
    return services.register_trader(email="alice@example.com", password=PASSWORD)


def test_registering_makes_a_person_with_an_open_account(alice: UserRef) -> None:
    account = get_account_of_user(alice.id)
    assert account is not None
    assert account.is_open
    assert account.id == alice.account_id == User.objects.get().account_id


def test_without_the_engine_the_account_waits_and_opens_later(engine: EngineTwin) -> None:
    engine.down = True
    user = services.register_trader(email="alice@example.com", password=PASSWORD)
    assert user.account_id is not None
    waiting = get_account(user.account_id)
    assert waiting is not None
    assert not waiting.is_open
    assert tasks.open_pending_accounts() == 0
    engine.down = False
    assert tasks.open_pending_accounts() == 1
    assert tasks.open_pending_accounts() == 0
    assert TradingAccount.objects.get().opened_at is not None


def test_an_unheard_answer_leaves_the_account_to_be_opened_again(engine: EngineTwin) -> None:
    engine.mute = True
    services.register_trader(email="alice@example.com", password=PASSWORD)
    engine.mute = False
    assert tasks.open_pending_accounts() == 1


def test_a_credit_lands_once_per_reference(alice: UserRef, engine: EngineTwin) -> None:
    for repeated in (False, True):
        result = services.credit_account(
            account_id=alice.account_id, asset_code="USDT", amount_units=5 * UNIT, reference="r-1"
        )
        assert (result.repeated, result.wallet_units) == (repeated, 5 * UNIT)
    assert engine.wallet_units(alice.account_id) == 5 * UNIT


def test_a_reference_cannot_name_another_amount(alice: UserRef, engine: EngineTwin) -> None:
    services.credit_account(account_id=alice.account_id, asset_code="USDT", amount_units=5, reference="r-1")
    with pytest.raises(CreditRefused) as refusal:
        services.credit_account(account_id=alice.account_id, asset_code="USDT", amount_units=6, reference="r-1")
    assert refusal.value.details["reason"] == "CLIENT_ORDER_ID_REUSED"
    assert engine.wallet_units(alice.account_id) == 5


def test_an_unheard_credit_is_unclear_and_safe_to_repeat(alice: UserRef, engine: EngineTwin) -> None:
    engine.mute = True
    with pytest.raises(OutcomeUnclear):
        services.credit_account(account_id=alice.account_id, asset_code="USDT", amount_units=5, reference="r-1")
    engine.mute = False
    result = services.credit_account(account_id=alice.account_id, asset_code="USDT", amount_units=5, reference="r-1")
    assert result.repeated
    assert result.wallet_units == 5


@pytest.mark.parametrize("amount_units", [0, -1, 10**18 + 1, 2**63])
def test_no_odd_amount_reaches_the_engine(alice: UserRef, engine: EngineTwin, amount_units: int) -> None:
    engine.sent.clear()
    with pytest.raises(CreditRefused):
        services.credit_account(
            account_id=alice.account_id, asset_code="USDT", amount_units=amount_units, reference="r-1"
        )
    assert engine.sent == []


def test_unknown_names_are_refused(alice: UserRef, engine: EngineTwin) -> None:
    with pytest.raises(UnknownAsset):
        services.credit_account(account_id=alice.account_id, asset_code="XYZ", amount_units=1, reference="r")
    with pytest.raises(UnknownAccount):
        services.credit_account(account_id=99, asset_code="USDT", amount_units=1, reference="r")
    with pytest.raises(UnknownAccount):
        services.open_account(account_id=99)


def test_syncing_tells_every_account_again(alice: UserRef, engine: EngineTwin) -> None:
    services.register_trader(email="bob@example.com", password=PASSWORD)
    engine.sent.clear()
    steps: list[tuple[int, int]] = []
    assert services.sync_accounts(progress=lambda done, total: steps.append((done, total))) == 2
    assert engine.kinds() == ["OpenAccount", "OpenAccount"]
    assert steps == [(2, 2)]


def test_syncing_a_dead_engine_says_so(alice: UserRef, engine: EngineTwin) -> None:
    engine.down = True
    with pytest.raises(ServiceUnavailable):
        services.sync_accounts()
