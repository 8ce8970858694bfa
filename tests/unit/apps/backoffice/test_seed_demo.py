"""Seeding twice is seeding once; without leave it does nothing."""

import io
import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import TradingAccount
from apps.users import services
from apps.users.models import ApiKey, User
from tests.support.engine_twin import EngineTwin

pytestmark = pytest.mark.django_db
MILLION = 1_000_000 * 10**8


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    settings.EXCHANGE_DEMO = True
    settings.EXCHANGE_DATA = tmp_path
    return tmp_path / "secrets" / "demo.json"


def seed() -> str:
    said = io.StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def test_it_needs_leave(settings: Settings, engine: EngineTwin) -> None:
    settings.EXCHANGE_DEMO = False
    with pytest.raises(CommandError, match="EXCHANGE_DEMO"):
        seed()
    assert engine.sent == []


def test_people_are_funded_and_their_credentials_work(demo: Path, engine: EngineTwin) -> None:
    said = seed()
    record = json.loads(demo.read_text())
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    assert (record["symbols"], record["quiet_symbol"]) == (["BTCUSDT", "ETHUSDT", "SOLUSDT"], "LTCUSDT")
    assert (len(record["accounts"]), len(record["makers"])) == (3, 3)
    for person in record["accounts"] + record["makers"]:
        assert set(person) == {"email", "password", "api_key", "api_secret"}
        identity = services.authenticate_api_key(person["api_key"])
        assert identity is not None
        assert identity.secret == person["api_secret"].encode()
        assert engine.wallet_units(identity.account_id) == MILLION
        assert services.log_in(email=person["email"], password=person["password"]).access
        assert person["password"] not in said
        assert person["api_secret"] not in said
    staff = services.authenticate_token(services.log_in(**record["staff"]).access)
    assert staff is not None
    assert staff.is_staff


def test_again_changes_nothing(demo: Path, engine: EngineTwin) -> None:
    seed()
    before = demo.read_text()
    person = json.loads(before)["accounts"][0]
    pair = services.log_in(email=person["email"], password=person["password"])
    seed()
    assert demo.read_text() == before
    assert services.authenticate_token(pair.access) is not None
    assert (User.objects.count(), ApiKey.objects.count(), TradingAccount.objects.count()) == (8, 6, 7)
    assert all(engine.wallet_units(row.id) == MILLION for row in TradingAccount.objects.all())


def test_a_lost_record_is_made_anew(demo: Path, engine: EngineTwin) -> None:
    seed()
    demo.unlink()
    seed()
    person = json.loads(demo.read_text())["accounts"][0]
    assert services.log_in(email=person["email"], password=person["password"]).access
    assert services.authenticate_api_key(person["api_key"]) is not None
    assert User.objects.count() == 8


def test_lost_rows_are_made_anew_with_the_noted_passwords(demo: Path, engine: EngineTwin) -> None:
    seed()
    noted = json.loads(demo.read_text())["accounts"][0]
    ApiKey.objects.all().delete()
    seed()
    person = json.loads(demo.read_text())["accounts"][0]
    assert person["password"] == noted["password"]
    assert person["api_key"] != noted["api_key"]
    assert services.authenticate_api_key(person["api_key"]) is not None


def test_an_absent_engine_is_named(demo: Path, engine: EngineTwin) -> None:
    engine.down = True
    with pytest.raises(CommandError, match="SERVICE_UNAVAILABLE"):
        seed()
