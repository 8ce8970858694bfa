"""binance-sdk-derivatives-trading-usds-futures (REST, streams, trading socket), unmodified, pointed here by configuration."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from binance_common.configuration import (
    ConfigurationRestAPI,
    ConfigurationWebSocketAPI,
    ConfigurationWebSocketStreams,
)
from binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures import DerivativesTradingUsdsFutures
from binance_sdk_derivatives_trading_usds_futures.rest_api.models import (
    ModifyMultipleOrdersBatchOrdersParameterInner as ChangedOrder,
)
from binance_sdk_derivatives_trading_usds_futures.rest_api.models import (
    PlaceMultipleOrdersBatchOrdersParameterInner as NewOrder,
)

from tests.acceptance.steps import (
    BASE,
    HEARD_S_MAX,
    INTERVALS,
    KEYS,
    OTHER_KEYS,
    SYMBOL,
    WS,
    Steps,
    Terms,
    until,
    wait_for_interest,
)

steps, terms = Steps(), Terms()


def made(keys: tuple[str, str]) -> DerivativesTradingUsdsFutures:
    key, secret = keys
    return DerivativesTradingUsdsFutures(
        config_rest_api=ConfigurationRestAPI(api_key=key, api_secret=secret, base_path=BASE, timeout=20_000),
        config_ws_api=ConfigurationWebSocketAPI(api_key=key, api_secret=secret, stream_url=f"{WS}/ws-fapi/v1"),
        config_ws_streams=ConfigurationWebSocketStreams(stream_url=WS),
    )


sdk = made(KEYS)
client, other = sdk.rest_api, made(OTHER_KEYS).rest_api


def decoded(call: Callable[[], Any]) -> Callable[[], Any]:
    """The call's answer as the SDK's model decodes it, types checked strictly; objects that are one of several unpacked."""

    def run() -> Any:
        found = call().data()
        return getattr(found, "actual_instance", found)

    return run


def take(name: str, call: Callable[[], Any], check: Callable[[Any], Any] | None = None) -> Any:
    return steps.take(name, decoded(call), check)


def plain(name: str, *wanted: str, **params: Any) -> None:
    """A method of the REST client by its name; fields of its answer (of the first row) that must be there."""

    def check(found: Any) -> bool:
        first = found[0] if isinstance(found, list) and found else found
        return all(getattr(first, field) is not None for field in wanted)

    take(name, lambda: getattr(client, name)(**params), check)


def market_data() -> None:
    plain("test_connectivity")
    plain("check_server_time", "server_time")
    plain("exchange_information", "symbols", "rate_limits", "assets", "timezone")
    plain("order_book", "last_update_id", "bids", "asks", symbol=SYMBOL, limit=50)
    plain("rpi_order_book", "bids", "asks", symbol=SYMBOL, limit=1000)
    plain("recent_trades_list", symbol=SYMBOL)
    plain("old_trades_lookup", symbol=SYMBOL)
    plain("compressed_aggregate_trades_list", symbol=SYMBOL)
    for interval in INTERVALS:
        ask = {"symbol": SYMBOL, "interval": interval, "limit": 5}
        take(f"kline_candlestick_data {interval}", lambda ask=ask: client.kline_candlestick_data(**ask), _candles)
    for name, key in (("mark_price", "symbol"), ("index_price", "pair")):
        call = getattr(client, f"{name}_kline_candlestick_data")
        take(
            f"{name}_kline_candlestick_data",
            lambda call=call, key=key: call(**{key: SYMBOL, "interval": "1m"}),
            _candles,
        )
    plain("premium_index_kline_data", symbol=SYMBOL, interval="1m")
    ask = {"pair": SYMBOL, "contract_type": "PERPETUAL", "interval": "1m"}
    take("continuous_contract_kline", lambda: client.continuous_contract_kline_candlestick_data(**ask), _candles)
    for name in (
        "mark_price",
        "ticker24hr_price_change_statistics",
        "symbol_price_ticker",
        "symbol_price_ticker_v2",
        "symbol_order_book_ticker",
        "adl_risk",
        "query_insurance_fund_balance_snapshot",
    ):
        plain(name, symbol=SYMBOL)
        take(f"{name} of all", getattr(client, name), bool)
    plain("get_funding_rate_history", symbol=SYMBOL)
    plain("get_funding_rate_info", "symbol", "funding_interval_hours")
    plain("open_interest", "open_interest", "symbol", "time", symbol=SYMBOL)
    plain("asset_index")
    plain("composite_index_symbol_information")
    plain("quarterly_contract_settlement_price", pair=SYMBOL)
    plain("query_index_price_constituents", "symbol", "time", "constituents", symbol=SYMBOL)
    plain("trading_schedule", "update_time")
    for name in (
        "open_interest_statistics",
        "long_short_ratio",
        "top_trader_long_short_ratio_accounts",
        "top_trader_long_short_ratio_positions",
        "taker_buy_sell_volume",
    ):
        plain(name, "timestamp", symbol=SYMBOL, period="5m")
    plain("basis", "basis", "futures_price", pair=SYMBOL, contract_type="PERPETUAL", period="5m")
    steps.refused("an unknown symbol", lambda: client.order_book(symbol="NOSUCH"), -1121)
    steps.refused("an unknown period", lambda: client.long_short_ratio(symbol=SYMBOL, period="7m"), -1130)


def _candles(found: Any) -> bool:
    return bool(found) and all(len(getattr(row, "actual_instance", row)) == 12 for row in found)


def settings() -> None:
    plain("account_information_v2", "fee_tier", "can_trade", "assets", "positions")
    plain("account_information_v3", "total_wallet_balance", "assets")
    plain("futures_account_balance_v2", "asset", "balance")
    plain("futures_account_balance_v3", "asset", "balance")
    plain("futures_account_configuration", "fee_tier", "dual_side_position")
    plain("futures_trading_quantitative_rules_indicators", "update_time")
    plain("get_bnb_burn_status", "fee_burn")
    take("toggle_bnb_burn", lambda: client.toggle_bnb_burn_on_futures_trade(fee_burn="false"), lambda found: found.code)
    plain("get_current_multi_assets_mode", "multi_assets_margin")
    plain("get_current_position_mode", "dual_side_position")
    plain("notional_and_leverage_brackets", symbol=SYMBOL)
    plain("query_user_rate_limit", "rate_limit_type", "limit")
    plain("symbol_configuration", "symbol", "leverage", symbol=SYMBOL)
    plain("user_commission_rate", "maker_commission_rate", symbol=SYMBOL)
    plain("classic_portfolio_margin_account_information", "max_withdraw_amount", asset=terms.asset)
    plain("position_adl_quantile_estimation", "adl_quantile", symbol=SYMBOL)
    plain("users_force_orders")
    plain("change_initial_leverage", "leverage", "max_notional_value", symbol=SYMBOL, leverage=10)
    plain("change_margin_type", "code", symbol=SYMBOL, margin_type="ISOLATED")
    again = {"symbol": SYMBOL, "margin_type": "ISOLATED"}
    steps.refused("the same margin type", lambda: client.change_margin_type(**again), -4046)
    plain("change_margin_type", "code", symbol=SYMBOL, margin_type="CROSSED")
    steps.refused("the same position mode", lambda: client.change_position_mode(dual_side_position="false"), -4059)
    steps.refused("the same asset mode", lambda: client.change_multi_assets_mode(multi_assets_margin="false"), -4171)


def order(side: str, price: str, **more: Any) -> dict[str, Any]:
    """A limit order's parameters."""
    named = {"symbol": SYMBOL, "side": side, "type": "LIMIT", "time_in_force": "GTC"}
    return named | {"quantity": float(terms.quantity()), "price": float(price)} | more


def orders() -> None:
    low = terms.price("0.97")
    plain("test_order", symbol=SYMBOL, side="BUY", type="MARKET", quantity=float(terms.quantity()))
    placed = take("new_order", lambda: client.new_order(**order("BUY", low)), _is_new)
    named = {"symbol": SYMBOL, "order_id": placed.order_id}
    take("query_order", lambda: client.query_order(**named), _is_new)
    take("query_current_open_order", lambda: client.query_current_open_order(**named), _is_new)
    take("current_all_open_orders", lambda: client.current_all_open_orders(symbol=SYMBOL), bool)
    changed = {**named, "side": "BUY", "quantity": float(terms.quantity(2)), "price": float(terms.price("0.96"))}
    take("modify_order", lambda: client.modify_order(**changed), _is_new)
    take("get_order_modify_history", lambda: client.get_order_modify_history(**named), lambda found: len(found) == 1)
    take("cancel_order", lambda: client.cancel_order(**named), lambda found: found.status == "CANCELED")
    steps.refused("a canceled order", lambda: client.cancel_order(**named), -2011)
    steps.refused("an unknown order", lambda: client.query_order(symbol=SYMBOL, order_id=1), -2013)
    take("all_orders", lambda: client.all_orders(symbol=SYMBOL), bool)
    made = take("place_multiple_orders", lambda: client.place_multiple_orders(batch_orders=[_new(low)] * 2), len)
    numbers = [row.order_id for row in made]
    rows = [_changed(number, terms.price("0.95")) for number in numbers]
    take("modify_multiple_orders", lambda: client.modify_multiple_orders(batch_orders=rows), _all_have_numbers)
    take(
        "cancel_multiple_orders",
        lambda: client.cancel_multiple_orders(symbol=SYMBOL, order_id_list=numbers),
        lambda found: [row.status for row in found] == ["CANCELED", "CANCELED"],
    )
    countdown = {"symbol": SYMBOL, "countdown_time": 0}
    take("auto_cancel_all_open_orders", lambda: client.auto_cancel_all_open_orders(**countdown), _has_countdown)
    take("cancel_all_open_orders", lambda: client.cancel_all_open_orders(symbol=SYMBOL), lambda found: found.code)
    take("a matched price", lambda: client.new_order(**_matched()), lambda found: found.price_match == "QUEUE")
    client.cancel_all_open_orders(symbol=SYMBOL)


def _matched() -> dict[str, Any]:
    """An order that joins the best bid, which stands there when this returns."""
    other.new_order(**order("BUY", terms.price("0.97")))
    until(lambda: client.order_book(symbol=SYMBOL, limit=5).data().bids, bool)
    return {name: value for name, value in order("BUY", "1").items() if name != "price"} | {"price_match": "QUEUE"}


def _is_new(found: Any) -> bool:
    return bool(found.status == "NEW")


def _has_countdown(found: Any) -> bool:
    return found.countdown_time is not None


def _all_have_numbers(found: Any) -> bool:
    return all(row.order_id for row in found)


def _new(price: str) -> NewOrder:
    return NewOrder(
        symbol=SYMBOL,
        side="BUY",
        type="LIMIT",
        time_in_force="GTC",
        quantity=float(terms.quantity()),
        price=float(price),
    )


def _changed(number: int, price: str) -> ChangedOrder:
    return ChangedOrder(
        symbol=SYMBOL, side="BUY", order_id=number, quantity=float(terms.quantity()), price=float(price)
    )


def conditional_orders() -> None:
    stop = {"algo_type": "CONDITIONAL", "symbol": SYMBOL, "side": "SELL", "type": "STOP_MARKET"}
    stop |= {"quantity": float(terms.quantity()), "trigger_price": float(terms.price("0.97"))}
    placed = take("new_algo_order", lambda: client.new_algo_order(**stop), lambda found: found.algo_status == "NEW")
    number = {"algo_id": placed.algo_id}
    take("query_algo_order", lambda: client.query_algo_order(**number), lambda found: found.algo_id == placed.algo_id)
    take("current_all_algo_open_orders", lambda: client.current_all_algo_open_orders(symbol=SYMBOL), bool)
    take("query_all_algo_orders", lambda: client.query_all_algo_orders(symbol=SYMBOL), bool)
    take("cancel_algo_order", lambda: client.cancel_algo_order(**number), lambda found: found.code == "200")
    take(
        "cancel_all_algo_open_orders",
        lambda: client.cancel_all_algo_open_orders(symbol=SYMBOL),
        lambda found: found.code,
    )
    steps.refused("one that would trigger", lambda: client.new_algo_order(**_triggered(stop)), -2021)


def _triggered(stop: dict[str, Any]) -> dict[str, Any]:
    return stop | {"trigger_price": float(terms.price("1.04"))}


def positions() -> None:
    client.change_margin_type(symbol=SYMBOL, margin_type="ISOLATED")
    at = terms.price("1.00")
    other.cancel_all_open_orders(symbol=SYMBOL)
    other.new_order(**order("SELL", at))
    fill = order("BUY", at, new_order_resp_type="RESULT")
    take("a fill", lambda: client.new_order(**fill), lambda found: found.status == "FILLED")
    take("position_information_v2", lambda: client.position_information_v2(symbol=SYMBOL), bool)
    take("position_information_v3", lambda: client.position_information_v3(symbol=SYMBOL), bool)
    more = {"symbol": SYMBOL, "amount": 5.0, "type": 1}
    take(
        "modify_isolated_position_margin",
        lambda: client.modify_isolated_position_margin(**more),
        lambda found: found.type,
    )
    take("get_position_margin_change_history", lambda: client.get_position_margin_change_history(symbol=SYMBOL), bool)
    take("account_trade_list", lambda: client.account_trade_list(symbol=SYMBOL), bool)
    take("get_income_history", lambda: client.get_income_history(symbol=SYMBOL), bool)
    other.new_order(**order("BUY", at))
    client.new_order(symbol=SYMBOL, side="SELL", type="MARKET", quantity=float(terms.quantity()), reduce_only="true")
    until(lambda: client.position_information_v3(symbol=SYMBOL).data(), lambda found: not found)
    client.change_margin_type(symbol=SYMBOL, margin_type="CROSSED")


async def streams() -> None:
    """Every stream that has something to say here says it, decoded by the SDK's model, while both accounts trade."""
    key = client.start_user_data_stream().data().listen_key
    take("keepalive_user_data_stream", client.keepalive_user_data_stream, lambda found: found.listen_key == key)
    connection = await sdk.websocket_streams.create_connection()
    heard: dict[str, Any] = {}

    def on(name: str) -> Callable[[Any], None]:
        return lambda message: heard.setdefault(name, message)

    subscribed = {
        "aggregate_trade_streams": {"symbol": SYMBOL},
        "all_market_mini_tickers_stream": {},
        "all_market_tickers_streams": {},
        "continuous_contract_kline_candlestick_streams": {
            "pair": SYMBOL, "contract_type": "perpetual", "interval": "1m",
        },
        "individual_symbol_mini_ticker_stream": {"symbol": SYMBOL},
        "individual_symbol_ticker_streams": {"symbol": SYMBOL},
        "kline_candlestick_streams": {"symbol": SYMBOL, "interval": "1m"},
        "mark_price_stream": {"symbol": SYMBOL},
        "mark_price_stream_for_all_market": {},
        "all_book_tickers_stream": {},
        "diff_book_depth_streams": {"symbol": SYMBOL},
        "individual_symbol_book_ticker_streams": {"symbol": SYMBOL},
        "partial_book_depth_streams": {"symbol": SYMBOL, "levels": 10},
    }  # fmt: skip
    for name, params in subscribed.items():
        stream = await getattr(connection, name)(**params)
        stream.on("message", on(name))
        await asyncio.sleep(COMMAND_EVERY_S)
    user = await connection.user_data(key)
    user.on("message", on("user_data"))
    end = time.monotonic() + HEARD_S_MAX
    wanted = {*subscribed, "user_data"}
    while wanted - heard.keys() and time.monotonic() < end:
        await asyncio.to_thread(_trade)
        await asyncio.sleep(0.2)
    for name in sorted(wanted):
        steps.take(f"stream {name}", lambda name=name: heard.get(name), lambda found: found is not None)
    await connection.close_connection(close_session=True)
    take("close_user_data_stream", client.close_user_data_stream)


COMMAND_EVERY_S = 0.5  # a socket takes ten commands a second; those that wait in a busy gateway arrive together


def _trade() -> None:
    """A trade and the one that takes it back."""
    at = terms.price("1.00")
    for first, second in ((other, client), (client, other)):
        first.new_order(**order("SELL", at))
        second.new_order(**order("BUY", at))


async def trading_socket() -> None:
    connection = await sdk.websocket_api.create_connection()
    low = terms.price("0.97")
    await _take("order_book", lambda: connection.order_book(symbol=SYMBOL))
    await _take("symbol_price_ticker", lambda: connection.symbol_price_ticker(symbol=SYMBOL))
    await _take("symbol_order_book_ticker", lambda: connection.symbol_order_book_ticker(symbol=SYMBOL))
    placed = await _take("new_order", lambda: connection.new_order(**order("BUY", low)))
    named = {"symbol": SYMBOL, "order_id": placed.order_id}
    await _take("query_order", lambda: connection.query_order(**named))
    changed = {**named, "side": "BUY", "quantity": float(terms.quantity(2)), "price": float(terms.price("0.96"))}
    await _take("modify_order", lambda: connection.modify_order(**changed))
    await _take("cancel_order", lambda: connection.cancel_order(**named))
    for name in (
        "account_information",
        "account_information_v2",
        "futures_account_balance",
        "futures_account_balance_v2",
        "position_information",
        "position_information_v2",
    ):
        await _take(name, getattr(connection, name))
    stop = {"algo_type": "CONDITIONAL", "symbol": SYMBOL, "side": "SELL", "type": "STOP_MARKET"}
    stop |= {"quantity": float(terms.quantity()), "trigger_price": float(low)}
    made_one = await _take("new_algo_order", lambda: connection.new_algo_order(**stop))
    await _take("cancel_algo_order", lambda: connection.cancel_algo_order(algo_id=made_one.algo_id))
    for name in ("start_user_data_stream", "keepalive_user_data_stream", "close_user_data_stream"):
        await _take(name, getattr(connection, name))
    await connection.close_connection(close_session=True)


async def _take(name: str, call: Callable[[], Awaitable[Any]]) -> Any:
    try:
        found = (await asyncio.wait_for(call(), HEARD_S_MAX)).data()
    except Exception as error:  # noqa: BLE001 -- a client's error is the step's failure
        steps.fail(f"trading socket: {name}", error)
        return None
    steps.take(f"trading socket: {name}", lambda: found, lambda found: found is not None)
    return getattr(found, "result", found)


def main() -> int:
    wait_for_interest()
    for part in (market_data, settings, orders, conditional_orders, positions):
        steps.take(f"the whole of {part.__name__}", lambda part=part: part() or True)
    for story in (streams, trading_socket):
        steps.take(f"the whole of {story.__name__}", lambda story=story: asyncio.run(story()) or True)
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
