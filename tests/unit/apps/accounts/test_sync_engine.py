"""`sync_engine` tells the engine everything again, as often as one likes, and says why when it cannot."""

import io

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.services import create_account, register_trader
from apps.assets.services import define_asset
from apps.users.services import register_user
from tests.support.engine_twin import EngineTwin

pytestmark = pytest.mark.django_db


def sync(wait: float = 0.0) -> str:
    said = io.StringIO()
    call_command("sync_engine", wait=wait, stdout=said)
    return said.getvalue()


@pytest.fixture(autouse=True)
def alice(engine: EngineTwin) -> None:
    define_asset(asset_id=1, code="USDT", name="Tether USD", decimals=8)
    register_trader(email="alice@example.com", password="seven-Ducks-swim")


def test_everything_is_told_and_again(engine: EngineTwin) -> None:
    create_account(user_id=register_user(email="bob@example.com", password="seven-Ducks-swim").id)
    for _ in range(2):
        engine.sent.clear()
        assert "engine is in step: 1 definitions, 2 accounts" in sync()
        assert engine.kinds() == ["DefineAsset", "OpenAccount", "OpenAccount"]


def test_it_waits_for_the_engine_and_gives_up(engine: EngineTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.down = True
    with pytest.raises(CommandError, match="SERVICE_UNAVAILABLE"):
        sync()
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        engine.down = len(naps) < 3

    monkeypatch.setattr("time.sleep", nap)
    assert "in step" in sync(wait=30.0)
    assert len(naps) == 3


def test_a_refusal_is_named(engine: EngineTwin) -> None:
    define_asset(asset_id=2, code="BTC", name="Bitcoin", decimals=8)
    engine.mute = True
    with pytest.raises(CommandError, match="OUTCOME_UNKNOWN"):
        sync()
