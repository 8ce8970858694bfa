"""Balances and positions in the surface's words: the identities clients assert."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.live_state import LiveAccount
from apps.common.lane import LaneRequest
from apps.fapi import account, account_extras, settings
from apps.feeds.types import Mark
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import PositionSide
from matcher.protocol.views import AccountView, AdlView, AssetView, BalanceView, PositionView

LONG = PositionView(
    account=7,
    instrument=1,
    position_lots=20,
    cost_units=1000_40 * 10**6,
    mark_ticks=500_000,
    unrealized_pnl_units=-40 * 10**6,
    position_margin_units=100 * 10**8,
    order_margin_units=49 * 10**8,
    maintenance_margin_units=4 * 10**8,
    buy_lots=10,
    buy_value=490_000 * 10,
    liquidation_ticks=451_988,
    leverage=10,
    updated_ns=5_000_000,
)
WALLET = BalanceView(
    account=7,
    asset=1,
    wallet_units=99_981 * 10**8,
    unrealized_pnl_units=-40 * 10**6,
    position_margin_units=100 * 10**8,
    order_margin_units=49 * 10**8,
    maintenance_margin_units=4 * 10**8,
    available_units=99_831 * 10**8,
    withdrawable_units=99_831 * 10**8,
    updated_ns=0,
)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, catalog: object) -> None:
    async def live(account_id: int) -> LiveAccount:
        assert account_id == 7
        return LiveAccount(1, 1, [WALLET], [LONG])

    async def modes(account_id: int) -> AccountView:
        return AccountView(account=account_id)

    async def places(account_id: int, _instrument_id: int = 0) -> dict[tuple[int, int], AdlView]:
        return {(1, 0): AdlView(account=account_id, instrument=1, rank=1, holders=1, lights=5)}

    for module in (account, settings):
        monkeypatch.setattr(module, "get_live_account", live)
        monkeypatch.setattr(module, "get_live_modes", modes)
        monkeypatch.setattr(module, "get_live_places", places)


async def read(handler: Any, **params: str) -> Any:
    request = LaneRequest("GET", "/", params, 0)
    request.account_id = 7
    return json.loads((await handler(request)).body)


async def test_totals_add_up(held: None) -> None:
    found = await read(account.get_account_v3)
    total = {name: Decimal(value) for name, value in found.items() if isinstance(value, str)}
    assert total["totalMarginBalance"] == total["totalWalletBalance"] + total["totalUnrealizedProfit"]
    assert total["totalInitialMargin"] == Decimal(149)
    assert found["assets"][0]["updateTime"] > 0, "clients skip assets with updateTime 0"
    assert [one["symbol"] for one in found["positions"]] == ["BTCUSDT"]


async def test_v2_lists_every_symbol_with_its_leverage(held: None) -> None:
    found = await read(account.get_account_v2)
    assert found["canTrade"] is True
    assert [(one["symbol"], one["leverage"]) for one in found["positions"]] == [("BTCUSDT", "10")]


async def test_positions_in_both_versions(held: None) -> None:
    (v3,) = await read(account.get_position_risk_v3, symbol="BTCUSDT")
    assert (v3["positionAmt"], v3["entryPrice"], v3["breakEvenPrice"]) == ("0.020", "50020.0", "50045.01")
    assert (v3["notional"], v3["unRealizedProfit"], v3["liquidationPrice"]) == (
        "1000.00000000",
        "-0.40000000",
        "45198.8",
    )
    assert (v3["bidNotional"], v3["askNotional"], v3["isolatedMargin"]) == ("490", "0", "0")
    (v2,) = await read(account.get_position_risk_v2)
    assert (v2["leverage"], v2["marginType"], v2["maxNotionalValue"]) == ("10", "cross", str(10**10))


def test_an_untouched_instrument_is_flat(spec: InstrumentSpec) -> None:
    numbers = account.position_numbers(LiveAccount(1, 1, [], []), spec, account.ONE_WAY_LEGS)[0]
    assert (numbers.entry, numbers.leverage, numbers.liquidation_price()) == ("0.0", 20, "0")


def test_an_untouched_instrument_shows_its_mark(spec: InstrumentSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hub:
        def mark(self, instrument_id: int) -> Mark:
            assert instrument_id == spec.id
            return Mark(mark_ticks=500_000, index_ticks=499_990, next_funding_ms=0, funding_rate_ppb=0, event_ms=1)

    monkeypatch.setattr(account, "get_hub", Hub)
    row = account.position_risk_v2(account.position_numbers(LiveAccount(1, 1, [], []), spec, account.ONE_WAY_LEGS)[0])
    assert (row["markPrice"], row["notional"], row["positionAmt"]) == ("50000.00000000", "0.00000000", "0.000")


def test_the_cap_of_a_leverage(spec: InstrumentSpec) -> None:
    caps = [account.max_notional_units(spec, leverage) for leverage in (125, 101, 100, 51, 50, 1)]
    assert caps == [300_000 * 10**8] * 2 + [800_000 * 10**8] * 2 + [10**18] * 2


async def test_brackets_join_and_their_amounts_follow(held: None) -> None:
    (found,) = await read(settings.get_leverage_bracket, symbol="BTCUSDT")
    rows = found["brackets"]
    assert [row["notionalFloor"] for row in rows] == [0, 300_000, 800_000]
    assert all(a["notionalCap"] == b["notionalFloor"] for a, b in itertools.pairwise(rows))
    for before, row in itertools.pairwise(rows):
        step = row["notionalFloor"] * (row["maintMarginRatio"] - before["maintMarginRatio"])
        assert row["cum"] == pytest.approx(before["cum"] + step)


async def test_in_multi_asset_mode_totals_are_values(held: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bitcoin at 50,000 joins the dollars; what all back together is not added up twice."""

    async def live(account_id: int) -> LiveAccount:
        bitcoin = BalanceView(
            account=account_id, asset=2, wallet_units=10**8, available_units=2 * 10**8, withdrawable_units=0
        )
        return LiveAccount(1, 1, [WALLET, bitcoin], [LONG])

    async def modes(account_id: int) -> AccountView:
        return AccountView(account=account_id, multi_assets=1)

    async def assets() -> dict[int, AssetView]:
        return {1: AssetView(asset=1, price_units=10**8), 2: AssetView(asset=2, price_units=50_000 * 10**8)}

    single = await read(account.get_account_v3)
    monkeypatch.setattr(account, "get_live_account", live)
    assert (await read(account.get_account_v3))["totalWalletBalance"] == single["totalWalletBalance"]
    monkeypatch.setattr(account, "get_live_modes", modes)
    monkeypatch.setattr(account, "get_live_assets", assets)
    found = await read(account.get_account_v2)
    assert found["multiAssetsMargin"] is True
    assert Decimal(found["totalWalletBalance"]) == Decimal(single["totalWalletBalance"]) + 50_000
    assert Decimal(found["availableBalance"]) == 100_000


async def test_an_isolated_leg_of_hedge_mode(spec: InstrumentSpec) -> None:
    view = PositionView(
        instrument=1,
        position_side=PositionSide.SHORT,
        position_lots=-20,
        cost_units=-1000 * 10**8,
        mark_ticks=500_000,
        unrealized_pnl_units=-5 * 10**8,
        isolated_units=100 * 10**8,
        margin_mode=1,
        leverage=10,
    )
    long, short = account.position_numbers(LiveAccount(1, 1, [], [view]), spec, account.HEDGE_LEGS)
    row = account.position_risk_v2(short)
    assert (row["positionSide"], row["marginType"], row["isolatedWallet"], row["isolatedMargin"]) == (
        "SHORT",
        "isolated",
        "100.00000000",
        "95.00000000",
    )
    untouched = account.position_risk_v2(long)
    assert (untouched["positionSide"], untouched["marginType"], untouched["leverage"]) == ("LONG", "isolated", "10")


async def test_what_may_be_taken_out_is_valued_at_the_assets_price(monkeypatch: pytest.MonkeyPatch, held: None) -> None:
    async def live(_: int) -> LiveAccount:
        return LiveAccount(1, 1, [WALLET.replace(asset=2, withdrawable_units=150_000_000)], [])

    async def assets() -> dict[int, AssetView]:
        return {2: AssetView(asset=2, price_units=64_000 * 10**8)}

    monkeypatch.setattr(account_extras, "get_live_account", live)
    monkeypatch.setattr(account_extras, "get_live_assets", assets)
    request = LaneRequest("GET", "/fapi/v1/pmAccountInfo", {"asset": "ASSET2"}, 0)
    request.account_id = 7
    assert json.loads((await account_extras.get_portfolio_account(request)).body) == {
        "maxWithdrawAmountUSD": "96000.00000000",
        "asset": "ASSET2",
        "maxWithdrawAmount": "1.50000000",
    }


async def test_an_account_without_money_has_a_wallet_of_zero(monkeypatch: pytest.MonkeyPatch, held: None) -> None:
    """Clients take an empty list of assets for a broken account."""

    async def live(_: int) -> LiveAccount:
        return LiveAccount(1, 1, [], [])

    monkeypatch.setattr(account, "get_live_account", live)
    request = LaneRequest("GET", "/fapi/v3/balance", {}, 0)
    request.account_id = 7
    (row,) = json.loads((await account.get_balance(request)).body)
    assert (row["asset"], row["balance"], row["availableBalance"], row["updateTime"]) == (
        "USDT", "0.00000000", "0.00000000", 1,
    )  # fmt: skip
    for read in (account.get_account_v2, account.get_account_v3):
        (asset,) = json.loads((await read(request)).body)["assets"]
        assert (asset["asset"], asset["walletBalance"]) == ("USDT", "0.00000000")
