"""Index sources, the index's rules and assets: one person asks in the back office, another allows, then it is so."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.approvals.models import ApprovalRequest
from apps.approvals.tasks import run as run_approvals
from apps.assets.models import Asset
from apps.assets.services import define_asset
from apps.audit.selectors import list_records
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.instruments.services import define_instrument, push_definitions
from apps.marketdata.index_models import SOURCES_MAX, IndexSettings, IndexSource
from apps.users.models import User
from matcher.protocol.commands import DefineCollateral
from tests.support.engine_twin import EngineTwin, engine

__all__ = ["engine"]
pytestmark = pytest.mark.django_db(transaction=True)
SOURCES, SETTINGS, ASSET = "marketdata/indexsource", "marketdata/indexsettings", "assets/asset"
NORTH = {
    "instrument": "1", "name": "north", "kind": "http_json", "weight": "3", "is_active": "on", "interval_ms": "1000",
    "address": "https://somewhere.example/price", "json_path": "data.0.last", "exchange": "", "market": "",
    "options": "{}", "audit_reason": "a third venue",
}  # fmt: skip


@pytest.fixture(autouse=True)
def house(engine: EngineTwin) -> None:
    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    for terms in INSTRUMENTS:
        define_instrument(terms=terms)
    push_definitions()


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(f"{name}@example.com", "seven-Ducks-swim"))
    return client


@pytest.fixture
def asker() -> Client:
    return signed_in("asker")


@pytest.fixture
def other() -> Client:
    return signed_in("other")


def ask(client: Client, model: str, form: dict[str, Any], pk: object = None) -> str:
    """What the page says after the form was sent: that of a new row, or that of row `pk`."""
    return text_of(client.post(f"/admin/{model}/{'add' if pk is None else f'{pk}/change'}/", form, follow=True))


def approve(client: Client) -> str:
    path = f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.latest('id').pk}/change/"
    return text_of(client.post(path, {"decision": "approve", "reason": "looked at"}, follow=True))


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def asset_form(row: Asset, **changes: str) -> dict[str, str]:
    form = {
        "code": row.code, "name": row.name, "decimals": str(row.decimals), "haircut_ppb": "5", "overdraft_units": "0",
        "fixed_price_units": "0", "audit_reason": "market risk",
    }  # fmt: skip
    return form | ({"is_collateral": "on"} if row.is_collateral else {}) | changes


def test_a_source_is_asked_for_by_one_and_allowed_by_another(asker: Client, other: Client) -> None:
    told = ask(asker, SOURCES, NORTH)
    assert re.search(r"Instrument +BTCUSDT", told)
    assert re.search(r"Json path +data\.0\.last", told)
    assert not IndexSource.objects.exists()
    assert "somebody else has to approve" in approve(asker)
    assert "north of BTCUSDT is saved" in approve(other)
    row = IndexSource.objects.get()
    assert (row.instrument_id, row.weight, row.json_path, row.options) == (1, 3, "data.0.last", {})
    told = ask(asker, SOURCES, NORTH | {"weight": "7", "options": '{"rateLimit": 50}'}, row.pk)
    assert re.search(r"Weight +3 → 7", told)
    approve(other)
    row.refresh_from_db()
    assert (row.weight, row.options) == (7, {"rateLimit": 50})
    told_of = list_records(subject=f"marketdata.indexsource:{row.pk}")
    assert {(one.action, one.reason) for one in told_of} == {
        ("marketdata.indexsource_changed", "a third venue"),
        ("marketdata.indexsource_created", "a third venue"),
    }


def test_nothing_is_deleted_and_nothing_changes_without_a_reason(asker: Client) -> None:
    row = IndexSource.objects.create(instrument_id=1, name="north", address="https://somewhere.example/price")
    assert asker.get(f"/admin/{SOURCES}/{row.pk}/delete/").status_code == 403
    assert "This field is required" in ask(asker, SOURCES, NORTH | {"audit_reason": ""}, row.pk)
    assert "This field is required" in ask(asker, SOURCES, NORTH | {"audit_reason": "", "name": "south"})
    assert not ApprovalRequest.objects.exists()


def test_what_has_moved_meanwhile_stays(asker: Client, other: Client) -> None:
    row = IndexSource.objects.create(
        instrument_id=1, name="north", address="https://somewhere.example/price", json_path="data.0.last", weight=3
    )
    assert "Nothing was changed" in ask(asker, SOURCES, NORTH, row.pk)
    ask(asker, SOURCES, NORTH | {"weight": "9"}, row.pk)
    IndexSource.objects.filter(pk=row.pk).update(is_active=False)
    assert "no longer as it was" in approve(other)
    row.refresh_from_db()
    assert (row.weight, row.is_active) == (3, False)


def test_rules_hold_again_when_it_is_done(asker: Client, other: Client) -> None:
    ask(asker, SOURCES, NORTH)
    IndexSource.objects.bulk_create(
        IndexSource(instrument_id=1, name=f"n{n}", address="https://somewhere.example/") for n in range(SOURCES_MAX)
    )
    assert f"at most {SOURCES_MAX} active sources" in approve(other)
    assert f"at most {SOURCES_MAX} active sources" in ask(asker, SOURCES, NORTH | {"name": "south"})
    assert IndexSource.objects.count() == SOURCES_MAX


def test_how_many_sources_must_live_takes_two(asker: Client, other: Client) -> None:
    ask(asker, SETTINGS, {"instrument": "2", "minimum_sources": "3", "audit_reason": "three venues"})
    approve(other)
    assert IndexSettings.objects.get(instrument_id=2).minimum_sources == 3
    told = ask(asker, SETTINGS, {"minimum_sources": "2", "audit_reason": "one went away"}, 2)
    assert re.search(r"Minimum sources +3 → 2", told)
    approve(other)
    assert IndexSettings.objects.get(instrument_id=2).minimum_sources == 2


def test_a_haircut_reaches_the_engine_when_a_second_person_agrees(
    asker: Client, other: Client, engine: EngineTwin
) -> None:
    btc = Asset.objects.get(code="BTC")
    form = asset_form(btc, is_collateral="on", haircut_ppb="7.5", fixed_price_units="50000")
    engine.sent.clear()
    told = ask(asker, ASSET, form, btc.pk)
    assert re.search(r"Haircut +5 % → 7\.5 %", told)
    assert engine.sent == [], "nothing before somebody agrees"
    engine.down = True
    approve(other)
    assert Asset.objects.get(code="BTC").haircut_ppb == 50_000_000, "rows and engine change together"
    engine.down = False
    run_approvals()
    assert Asset.objects.get(code="BTC").haircut_ppb == 75_000_000
    (sent,) = {command.haircut_ppb for command in engine.sent if isinstance(command, DefineCollateral)}
    assert sent == 75_000_000
