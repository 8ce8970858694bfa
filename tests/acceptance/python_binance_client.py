"""python-binance (Client, BinanceSocketManager and the trading socket), unmodified, pointed here by its attributes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from binance import AsyncClient, BinanceSocketManager
from binance.client import Client

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
    same_keys,
    until,
    wait_for_interest,
)

steps, terms = Steps(), Terms()


def made(keys: tuple[str, str]) -> Client:
    """A client whose futures addresses are ours; its constructor would else ping another venue."""
    client = Client(*keys, ping=False)
    client.FUTURES_URL, client.FUTURES_DATA_URL = f"{BASE}/fapi", f"{BASE}/futures/data"
    return client


client, other = made(KEYS), made(OTHER_KEYS)


def order(side: str, price: str, **more: Any) -> dict[str, Any]:
    """A limit order's parameters."""
    named = {"symbol": SYMBOL, "side": side, "type": "LIMIT", "timeInForce": "GTC", "quantity": terms.quantity()}
    return named | {"price": price} | more


def market_data() -> None:
    take = steps.take
    take("futures_ping", client.futures_ping, lambda found: found == {})
    take("futures_time", client.futures_time, same_keys("serverTime"))
    take("futures_exchange_info", client.futures_exchange_info, same_keys("symbols", "rateLimits"))
    take("futures_symbol_ticker of all", client.futures_symbol_ticker, lambda found: len(found) > 1)
    take("futures_orderbook_ticker of all", client.futures_orderbook_ticker, lambda found: len(found) > 1)
    for name, names in (
        ("order_book", ("lastUpdateId", "bids", "asks")),
        ("recent_trades", ("id", "price", "qty")),
        ("historical_trades", ("id", "price", "qty")),
        ("aggregate_trades", ("a", "p", "q")),
        ("mark_price", ("markPrice", "lastFundingRate")),
        ("funding_rate", ("fundingRate", "fundingTime")),
        ("ticker", ("lastPrice", "priceChangePercent")),
        ("symbol_ticker", ("price", "time")),
        ("orderbook_ticker", ("bidPrice", "askPrice")),
        ("index_price_constituents", ("symbol", "constituents")),
        ("insurance_fund_balance_snapshot", ("symbols", "assets")),
        ("open_interest", ("openInterest",)),
        ("symbol_adl_risk", ("symbol", "adlRisk")),
    ):
        call = getattr(client, f"futures_{name}")
        take(f"futures_{name}", lambda call=call: call(symbol=SYMBOL), same_keys(*names))
    take("futures_rpi_depth", lambda: client.futures_rpi_depth(symbol=SYMBOL, limit=1000), same_keys("bids", "asks"))
    take("futures_index_info", client.futures_index_info, lambda found: found == [])
    take("futures_delivery_price", lambda: client.futures_delivery_price(pair=SYMBOL), lambda found: found == [])
    candles()
    for name in ("top_longshort_account_ratio", "top_longshort_position_ratio", "global_longshort_ratio"):
        call = getattr(client, f"futures_{name}")
        take(f"futures_{name}", lambda call=call: call(symbol=SYMBOL, period="5m"), same_keys("longShortRatio"))
    take(
        "futures_taker_longshort_ratio", lambda: client.futures_taker_longshort_ratio(symbol=SYMBOL, period="5m"), bool
    )
    take("futures_open_interest_hist", lambda: client.futures_open_interest_hist(symbol=SYMBOL, period="5m"), _interest)
    basis = {"pair": SYMBOL, "contractType": "PERPETUAL", "period": "5m"}
    take("futures_basis", lambda: client.futures_basis(**basis), same_keys("basis", "futuresPrice", "indexPrice"))
    steps.refused("an unknown symbol", lambda: client.futures_order_book(symbol="NOSUCH"), -1121)
    steps.refused("no symbol", client.futures_order_book, -1102)


_interest = same_keys("sumOpenInterest", "sumOpenInterestValue", "timestamp")


def candles() -> None:
    take = steps.take
    for interval in INTERVALS:
        ask = {"symbol": SYMBOL, "interval": interval, "limit": 5}
        take(f"futures_klines {interval}", lambda ask=ask: client.futures_klines(**ask), bool)
    for name, key in (("mark_price", "symbol"), ("index_price", "pair"), ("premium_index", "symbol")):
        call = getattr(client, f"futures_{name}_klines")
        ask = {key: SYMBOL, "interval": "1m", "limit": 5}
        take(f"futures_{name}_klines", lambda call=call, ask=ask: call(**ask), lambda found: isinstance(found, list))
    ask = {"pair": SYMBOL, "contractType": "PERPETUAL", "interval": "1m"}
    take("futures_continuous_klines", lambda: client.futures_continuous_klines(**ask), bool)
    take("futures_historical_klines", lambda: client.futures_historical_klines(SYMBOL, "1m", "1 hour ago UTC"), bool)
    take(
        "futures_historical_mark_price_klines",
        lambda: client.futures_historical_mark_price_klines(SYMBOL, "1m", "1 hour ago UTC"),
        bool,
    )
    take(
        "futures_historical_klines_generator",
        lambda: list(client.futures_historical_klines_generator(SYMBOL, "1m", "1 hour ago UTC")),
        bool,
    )


def settings() -> None:
    take, refused = steps.take, steps.refused
    take("futures_get_position_mode", client.futures_get_position_mode, same_keys("dualSidePosition"))
    refused("the same position mode", lambda: client.futures_change_position_mode(dualSidePosition="false"), -4059)
    take("hedge mode", lambda: client.futures_change_position_mode(dualSidePosition="true"), same_keys("code"))
    take("one-way mode", lambda: client.futures_change_position_mode(dualSidePosition="false"), same_keys("code"))
    take("futures_get_multi_assets_mode", client.futures_get_multi_assets_mode, same_keys("multiAssetsMargin"))
    refused("the same asset mode", lambda: client.futures_change_multi_assets_mode(multiAssetsMargin=False), -4171)
    leverage = {"symbol": SYMBOL, "leverage": 10}
    take("futures_change_leverage", lambda: client.futures_change_leverage(**leverage), same_keys("leverage"))
    isolated, crossed = ({"symbol": SYMBOL, "marginType": name} for name in ("ISOLATED", "CROSSED"))
    take("futures_change_margin_type", lambda: client.futures_change_margin_type(**isolated), same_keys("code"))
    refused("the same margin type", lambda: client.futures_change_margin_type(**isolated), -4046)
    take("crossed again", lambda: client.futures_change_margin_type(**crossed), same_keys("code"))
    take("futures_account", client.futures_account, same_keys("feeTier", "canTrade", "assets", "positions"))
    take("futures_account_balance", client.futures_account_balance, same_keys("asset", "balance"))
    take("futures_account_config", client.futures_account_config, same_keys("feeTier"))
    take("futures_symbol_config", client.futures_symbol_config, same_keys("symbol", "marginType"))
    take("futures_leverage_bracket", client.futures_leverage_bracket, same_keys("symbol", "brackets"))
    take("futures_api_trading_status", client.futures_api_trading_status, same_keys("indicators"))
    take("futures_commission_rate", lambda: client.futures_commission_rate(symbol=SYMBOL), same_keys("symbol"))
    take("futures_adl_quantile_estimate", client.futures_adl_quantile_estimate, same_keys("adlQuantile"))
    take("futures_liquidation_orders", client.futures_liquidation_orders, lambda found: isinstance(found, list))


def orders() -> None:
    take, refused, low = steps.take, steps.refused, terms.price("0.97")
    take(
        "futures_create_test_order", lambda: client.futures_create_test_order(**order("BUY", low)), same_keys("symbol")
    )
    placed = take("futures_create_order", lambda: client.futures_create_order(**order("BUY", low)), _is_new)
    named = {"symbol": SYMBOL, "orderId": placed["orderId"]}
    take("futures_get_order", lambda: client.futures_get_order(**named), _is_new)
    take("futures_get_open_orders", lambda: client.futures_get_open_orders(symbol=SYMBOL), bool)
    changed = named | {"side": "BUY", "quantity": terms.quantity(2), "price": terms.price("0.96")}
    take("futures_modify_order", lambda: client.futures_modify_order(**changed), _is_new)
    take("futures_cancel_order", lambda: client.futures_cancel_order(**named), _is_canceled)
    refused("a canceled order", lambda: client.futures_cancel_order(**named), -2011)
    refused("an unknown order", lambda: client.futures_get_order(symbol=SYMBOL, orderId=1), -2013)
    take("futures_get_all_orders", lambda: client.futures_get_all_orders(symbol=SYMBOL), bool)
    simple = {"symbol": SYMBOL, "quantity": terms.quantity(), "price": low, "timeInForce": "GTC"}
    take("futures_limit_buy_order", lambda: client.futures_limit_buy_order(**simple), _is_new)
    high = simple | {"price": terms.price("1.03")}
    take("futures_limit_sell_order", lambda: client.futures_limit_sell_order(**high), _is_new)
    take("futures_limit_order", lambda: client.futures_limit_order(side="BUY", **simple), _is_new)
    batch = [{name: str(value) for name, value in order("BUY", low).items()} for _ in range(3)]
    made = take("futures_place_batch_order", lambda: client.futures_place_batch_order(batchOrders=batch), _all_new)
    some = {"symbol": SYMBOL, "orderidlist": [row["orderId"] for row in made]}
    take(
        "futures_cancel_orders",
        lambda: client.futures_cancel_orders(**some),
        lambda found: all(map(_is_canceled, found)),
    )
    take(
        "futures_cancel_all_open_orders",
        lambda: client.futures_cancel_all_open_orders(symbol=SYMBOL),
        same_keys("code"),
    )
    countdown = {"symbol": SYMBOL, "countdownTime": 0}
    take("futures_countdown_cancel_all", lambda: client.futures_countdown_cancel_all(**countdown), same_keys("symbol"))
    refused("too many decimals", lambda: client.futures_create_order(**order("BUY", low + "12345")), -1111)
    refused("a wrong side", lambda: client.futures_create_order(**order("HOLD", low)), -1117)


def _is_new(found: dict[str, Any]) -> bool:
    return found["status"] == "NEW"


def _is_canceled(found: dict[str, Any]) -> bool:
    return found["status"] == "CANCELED"


def _all_new(found: list[dict[str, Any]]) -> bool:
    return all(map(_is_new, found))


def conditional_orders() -> None:
    take, refused = steps.take, steps.refused
    stop = {"symbol": SYMBOL, "side": "SELL", "type": "STOP_MARKET", "quantity": terms.quantity()}
    stop |= {"stopPrice": terms.price("0.97"), "workingType": "MARK_PRICE"}
    rerouted = take("futures_create_order of a stop", lambda: client.futures_create_order(**stop), same_keys("algoId"))
    asked = {"symbol": SYMBOL, "algoId": rerouted["algoId"]}
    take("a stop by conditional=True", lambda: client.futures_get_order(conditional=True, **asked), same_keys("algoId"))
    take("open ones by conditional=True", lambda: client.futures_get_open_orders(symbol=SYMBOL, conditional=True), bool)
    take("futures_get_algo_order", lambda: client.futures_get_algo_order(**asked), same_keys("algoStatus"))
    take("futures_get_open_algo_orders", lambda: client.futures_get_open_algo_orders(symbol=SYMBOL), bool)
    refused(
        "not at the plain address", lambda: client.futures_cancel_order(symbol=SYMBOL, orderId=asked["algoId"]), -2011
    )
    take("futures_cancel_algo_order", lambda: client.futures_cancel_algo_order(**asked), same_keys("algoId"))
    plain = {"symbol": SYMBOL, "side": "SELL", "type": "TAKE_PROFIT_MARKET", "quantity": terms.quantity()}
    plain |= {"triggerPrice": terms.price("1.04"), "algoType": "CONDITIONAL"}
    take("futures_create_algo_order", lambda: client.futures_create_algo_order(**plain), same_keys("algoId"))
    take("futures_get_all_algo_orders", lambda: client.futures_get_all_algo_orders(symbol=SYMBOL), bool)
    take("futures_cancel_all_algo_open_orders", lambda: client.futures_cancel_all_algo_open_orders(symbol=SYMBOL), bool)
    refused(
        "one that would trigger",
        lambda: client.futures_create_order(**stop | {"stopPrice": terms.price("1.04")}),
        -2021,
    )


def positions() -> None:
    take = steps.take
    client.futures_change_margin_type(symbol=SYMBOL, marginType="ISOLATED")
    at = terms.price("1.00")
    other.futures_create_order(**order("SELL", at, quantity=terms.quantity(2)))
    market = {"symbol": SYMBOL, "quantity": terms.quantity()}
    take(
        "futures_market_buy_order",
        lambda: client.futures_market_buy_order(newOrderRespType="RESULT", **market),
        _filled,
    )
    take("futures_position_information", lambda: client.futures_position_information(symbol=SYMBOL), bool)
    more = {"symbol": SYMBOL, "amount": 5, "type": 1}
    take("futures_change_position_margin", lambda: client.futures_change_position_margin(**more), same_keys("amount"))
    take("futures_position_margin_history", lambda: client.futures_position_margin_history(symbol=SYMBOL), bool)
    take("futures_account_trades", lambda: client.futures_account_trades(symbol=SYMBOL), bool)
    take("futures_income_history", lambda: client.futures_income_history(symbol=SYMBOL), same_keys("tranId", "income"))
    take("futures_market_order", lambda: client.futures_market_order(side="BUY", **market), same_keys("orderId"))
    other.futures_cancel_all_open_orders(symbol=SYMBOL)
    other.futures_create_order(**order("BUY", at, quantity=terms.quantity(2)))
    take("futures_market_sell_order", lambda: client.futures_market_sell_order(**market), same_keys("orderId"))
    client.futures_market_sell_order(**market)
    until(lambda: client.futures_position_information(symbol=SYMBOL), lambda found: not found)
    client.futures_change_margin_type(symbol=SYMBOL, marginType="CROSSED")


def _filled(found: dict[str, Any]) -> bool:
    return found["status"] == "FILLED"


async def sockets() -> None:
    """Every futures socket hears what it is for, the user's too, while both accounts trade."""
    ours = AsyncClient(*KEYS)
    ours.FUTURES_URL, ours.FUTURES_DATA_URL = f"{BASE}/fapi", f"{BASE}/futures/data"
    manager = BinanceSocketManager(ours)
    manager.FSTREAM_URL = f"{WS}/"
    name = SYMBOL.lower()
    wanted: dict[str, tuple[Any, str]] = {
        "kline_futures_socket": (manager.kline_futures_socket(SYMBOL), "continuous_kline"),
        "aggtrade_futures_socket": (manager.aggtrade_futures_socket(SYMBOL), "aggTrade"),
        "symbol_mark_price_socket": (manager.symbol_mark_price_socket(SYMBOL), "markPriceUpdate"),
        "all_mark_price_socket": (manager.all_mark_price_socket(), "markPriceUpdate"),
        "symbol_ticker_futures_socket": (manager.symbol_ticker_futures_socket(SYMBOL), "bookTicker"),
        "individual_symbol_ticker_futures_socket": (
            manager.individual_symbol_ticker_futures_socket(SYMBOL),
            "24hrTicker",
        ),
        "all_ticker_futures_socket": (manager.all_ticker_futures_socket(), "bookTicker"),
        "futures_ticker_socket": (manager.futures_ticker_socket(), "24hrTicker"),
        "futures_multiplex_socket": (manager.futures_multiplex_socket([f"{name}@depth@100ms"]), "depthUpdate"),
        "futures_depth_socket": (manager.futures_depth_socket(SYMBOL), "depthUpdate"),
        "futures_user_socket": (manager.futures_user_socket(), "ORDER_TRADE_UPDATE"),
    }
    stop = asyncio.Event()
    traffic = asyncio.create_task(asyncio.to_thread(_trade_until, stop))
    try:
        heard = await asyncio.gather(*(_heard(socket, event) for socket, event in wanted.values()))
    finally:
        stop.set()
        await traffic
        await ours.close_connection()
    for step, found in zip(wanted, heard, strict=True):
        steps.take(step, lambda found=found: found, bool)


async def _heard(socket: Any, event: str) -> bool:
    try:
        async with asyncio.timeout(HEARD_S_MAX), socket as stream:
            while f"'e': '{event}'" not in str(await stream.recv()):
                pass
    except TimeoutError:
        return False
    return True


def _trade_until(stop: asyncio.Event) -> None:
    """Trades and takes them back, so that every stream has something to say."""
    while not stop.is_set():
        at = terms.price("1.00")
        for first, second in ((other, client), (client, other)):
            first.futures_create_order(**order("SELL", at))
            second.futures_create_order(**order("BUY", at))
        time.sleep(0.2)


async def trading_socket() -> None:
    """The trading socket's methods, asked as the async client asks them."""
    ours = AsyncClient(*KEYS)
    ours.ws_future._url = f"{WS}/ws-fapi/v1"
    low = terms.price("0.97")
    await _take("depth", lambda: ours.ws_futures_get_order_book(symbol=SYMBOL), same_keys("bids", "asks"))
    await _take("ticker.price", lambda: ours.ws_futures_get_all_tickers(symbol=SYMBOL), same_keys("price"))
    await _take("ticker.book", lambda: ours.ws_futures_get_order_book_ticker(symbol=SYMBOL), same_keys("bidPrice"))
    placed = await _take("order.place", lambda: ours.ws_futures_create_order(**order("BUY", low)), _is_new)
    named = {"symbol": SYMBOL, "orderId": placed["orderId"]}
    await _take("order.status", lambda: ours.ws_futures_get_order(**named), _is_new)
    changed = named | {"side": "BUY", "quantity": terms.quantity(2), "price": terms.price("0.96")}
    await _take("order.modify", lambda: ours.ws_futures_edit_order(**changed), _is_new)
    await _take("order.cancel", lambda: ours.ws_futures_cancel_order(**named), _is_canceled)
    for method in ("v2_account_position", "account_position", "v2_account_balance", "account_balance"):
        await _take(method, getattr(ours, f"ws_futures_{method}"), lambda found: isinstance(found, list))
    for method in ("v2_account_status", "account_status"):
        await _take(method, getattr(ours, f"ws_futures_{method}"), same_keys("assets", "positions"))
    algo = {
        "algoType": "CONDITIONAL",
        "symbol": SYMBOL,
        "side": "SELL",
        "type": "STOP_MARKET",
        "quantity": terms.quantity(),
        "triggerPrice": low,
    }
    made = await _take("algoOrder.place", lambda: ours.ws_futures_create_algo_order(**algo), same_keys("algoId"))
    await _take(
        "algoOrder.cancel", lambda: ours.ws_futures_cancel_algo_order(algoId=made["algoId"]), same_keys("algoId")
    )
    await ours.close_connection()


async def _take(name: str, call: Callable[[], Awaitable[Any]], check: Callable[[Any], Any]) -> Any:
    try:
        found = await asyncio.wait_for(call(), HEARD_S_MAX)
    except Exception as error:  # noqa: BLE001 -- a client's error is the step's failure
        steps.fail(f"trading socket: {name}", error)
        return {}
    return steps.take(f"trading socket: {name}", lambda: found, check)


def main() -> int:
    wait_for_interest()
    for part in (market_data, settings, orders, conditional_orders, positions):
        steps.take(f"the whole of {part.__name__}", lambda part=part: part() or True)
    steps.take(
        "the listen key", lambda: client.futures_stream_keepalive(client.futures_stream_get_listen_key()) or True
    )
    steps.take(
        "the listen key's end", lambda: client.futures_stream_close(client.futures_stream_get_listen_key()) == {}
    )
    for story in (sockets, trading_socket):
        steps.take(f"the whole of {story.__name__}", lambda story=story: asyncio.run(story()) or True)
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
