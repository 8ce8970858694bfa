"""What the public and an account's owner read of funding, liquidations, deleveraging and insurance.

Method: rows of a storm behind the demo's instruments; the answers are held against the rows.
"""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import Balance, TradingAccount
from apps.accounts.services import register_trader
from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.funding.models import FundingPayment, FundingSample, FundingSettlement
from apps.instruments.services import define_instrument
from apps.liquidations.models import Liquidation, LiquidationStep, PositionMove
from apps.users.services import log_in
from matcher.protocol.enums import MoveCause
from matcher.protocol.units import format_scaled
from tests.reference.engine import ReferenceEngine
from tests.support.engine_twin import EngineTwin, engine
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url
from tests.support.stormy_story import StormyStory

__all__ = ["engine", "journal", "journal_url"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _storm(journal: JournalWriter, journal_url: str) -> None:
    cache.clear()
    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    for terms in INSTRUMENTS:
        define_instrument(terms=terms)
    told = StormyStory(ReferenceEngine(), seed=5)
    told.open()
    told.go_on(200)
    journal.append(told.batches)
    follow(journal_url)


def owner_of(account_id: int) -> dict[str, str]:
    """Headers of a person who owns the storm's account of that number."""
    user = register_trader(email=f"owner{account_id}@example.com", password="seven-Ducks-swim")
    TradingAccount.objects.filter(user_id=user.id).delete()
    TradingAccount.objects.create(id=account_id, user_id=user.id)
    return {"authorization": f"Bearer {log_in(email=user.email, password='seven-Ducks-swim').access}"}


def test_funding_history_and_samples_are_public(client: Client) -> None:
    found = client.get("/api/v1/instruments/BTCUSDT/funding").json()
    rows = list(FundingSettlement.objects.filter(instrument_id=1).order_by("-funding_ns"))
    assert [row["funding_ms"] for row in found] == [row.funding_ns // 10**6 for row in rows]
    assert found[0]["funding_rate"] == format_scaled(rows[0].rate_ppb, 9)
    paid = [float(found[0][name]) for name in ("paid", "received", "residue")]
    assert paid[0] == pytest.approx(paid[1] + paid[2])
    samples = client.get("/api/v1/instruments/BTCUSDT/funding-samples?limit=3").json()
    newest = FundingSample.objects.filter(instrument_id=1).latest("sample_ns")
    assert len(samples) == 3
    assert samples[0]["premium"] == format_scaled(newest.premium_ppb, 9)
    assert samples[0]["number"] == newest.samples
    at = samples[1]["sample_ms"]
    between = client.get(f"/api/v1/instruments/BTCUSDT/funding-samples?start_ms={at}&end_ms={at}").json()
    assert between == [samples[1]]
    assert client.get("/api/v1/instruments/XYZUSDT/funding").status_code == 404
    assert client.get("/api/v1/instruments/BTCUSDT/funding?limit=1001").status_code == 400


def test_payments_are_the_owners(client: Client, engine: EngineTwin) -> None:
    account = FundingPayment.objects.order_by("payment_id").values_list("account_id", flat=True)[0]
    headers, path = owner_of(account), f"/api/v1/accounts/{account}/funding-payments"
    rows = list(FundingPayment.objects.filter(account_id=account).order_by("-funding_ns", "-payment_id"))
    found = client.get(path, headers=headers).json()
    assert [(row["id"], row["amount"]) for row in found] == [
        (row.payment_id, format_scaled(row.amount_units, 8)) for row in rows
    ]
    only = client.get(f"{path}?symbol=ETHUSDT", headers=headers).json()
    assert only == [row for row in found if row["symbol"] == "ETHUSDT"]
    assert client.get(f"{path}?limit=1&offset=1", headers=headers).json() == found[1:2]
    assert client.get(f"{path}?symbol=XYZUSDT", headers=headers).status_code == 404
    assert client.get(path).status_code == 401


def test_liquidations_come_with_their_steps(client: Client, engine: EngineTwin) -> None:
    account = LiquidationStep.objects.order_by("step_id").values_list("account_id", flat=True)[0]
    headers, path = owner_of(account), f"/api/v1/accounts/{account}/liquidations"
    found: list[dict[str, Any]] = client.get(path, headers=headers).json()
    rows = list(Liquidation.objects.filter(account_id=account).order_by("-liquidation_id"))
    assert [row["id"] for row in found] == [row.liquidation_id for row in rows]
    assert [len(row["steps"]) for row in found] == [row.steps for row in rows]
    assert found[0]["equity"] == format_scaled(rows[0].equity_units, 8)
    assert all(step["order_id"] for row in found for step in row["steps"])


def test_deleveraging_leaves_a_receipt(client: Client, engine: EngineTwin) -> None:
    move = PositionMove.objects.filter(cause=MoveCause.DELEVERAGED.value, is_liquidated=False).first()
    assert move is not None, "the seed's storm holds one"
    headers, path = owner_of(move.account_id), f"/api/v1/accounts/{move.account_id}/deleveragings"
    receipt = next(row for row in client.get(path, headers=headers).json() if row["id"] == move.move_id)
    assert (receipt["adl_rank"], receipt["score"]) == (move.adl_rank, move.score)
    assert receipt["side"] == ("sell" if move.is_sell else "buy")


@pytest.mark.parametrize("name", ["funding-payments", "liquidations", "deleveragings"])
def test_another_ones_account_looks_like_none(client: Client, engine: EngineTwin, name: str) -> None:
    headers = owner_of(3)
    assert client.get(f"/api/v1/accounts/3/{name}", headers=headers).status_code == 200
    assert client.get(f"/api/v1/accounts/4/{name}", headers=headers).status_code == 404


def test_the_insurance_fund_is_public(client: Client) -> None:
    funds = {row["asset"]: row for row in client.get("/api/v1/insurance").json()}
    wallet = Balance.objects.get(account_id=9, asset_id=1)
    assert funds["USDT"]["balance"] == format_scaled(wallet.wallet_units, 8)
    history = client.get("/api/v1/insurance/USDT?limit=1000").json()
    units = sum(int(row["amount"].replace(".", "")) for row in history)
    assert units == wallet.wallet_units
    assert {"transfer", "deposit", "liquidation_fee"} <= {row["kind"] for row in history}
    assert not {"source_account", "account_id"} & history[0].keys()
    assert client.get("/api/v1/insurance/XYZ").status_code == 404
    assert client.get("/api/v1/insurance/LTC").status_code == 404


def test_metrics_tell_of_the_fund_and_of_liquidations(client: Client) -> None:
    before = time.time()
    said = client.get("/metrics").content.decode()
    after = time.time()
    wallet = Balance.objects.get(account_id=9, asset_id=1)
    assert f'exchange_insurance_fund_balance{{asset="USDT"}} {wallet.wallet_units / 10**8}' in said
    assert f"exchange_liquidations_total {float(Liquidation.objects.count())}" in said
    late = re.search(r'exchange_funding_lateness_seconds\{symbol="BTCUSDT"\} ([0-9.e+]+)', said)
    assert late is not None
    due = FundingSettlement.objects.filter(instrument_id=1).latest("funding_ns").next_funding_ns
    assert max(0.0, before - due / 10**9) - 1 <= float(late[1]) <= max(0.0, after - due / 10**9) + 1
