"""binance-futures-connector (UMFutures and its websocket client), unmodified, pointed here by `base_url` and `stream_url`."""

from __future__ import annotations

import sys
import time
from queue import Queue
from typing import Any

from binance.um_futures import UMFutures
from binance.websocket.um_futures.websocket_client import UMFuturesWebsocketClient

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
client = UMFutures(*KEYS, base_url=BASE)
other = UMFutures(*OTHER_KEYS, base_url=BASE)
COMMAND_EVERY_S = 0.15  # a socket takes ten commands a second


def market_data() -> None:
    take = steps.take
    take("ping", client.ping, lambda found: found == {})
    take("time", client.time, same_keys("serverTime"))
    take("exchange_info", client.exchange_info, same_keys("symbols", "rateLimits", "assets"))
    take("depth", lambda: client.depth(SYMBOL, limit=50), same_keys("lastUpdateId", "bids", "asks", "E", "T"))
    take("trades", lambda: client.trades(SYMBOL, limit=10), same_keys("id", "price", "qty", "isBuyerMaker"))
    take("historical_trades", lambda: client.historical_trades(SYMBOL, limit=10), same_keys("id"))
    take("agg_trades", lambda: client.agg_trades(SYMBOL, limit=10), same_keys("a", "p", "q", "f", "l", "T", "m"))
    for interval in INTERVALS:
        take(f"klines {interval}", lambda interval=interval: client.klines(SYMBOL, interval, limit=5), _candles)
    take("continuous_klines", lambda: client.continuous_klines(SYMBOL, "PERPETUAL", "1m", limit=5), _candles)
    take("index_price_klines", lambda: client.index_price_klines(SYMBOL, "1m", limit=5), _candles)
    take("mark_price_klines", lambda: client.mark_price_klines(SYMBOL, "1m", limit=5), _candles)
    take("mark_price", lambda: client.mark_price(SYMBOL), same_keys("markPrice", "indexPrice", "nextFundingTime"))
    take("mark_price of all", client.mark_price, lambda found: isinstance(found, list) and len(found) > 1)
    take("funding_rate", lambda: client.funding_rate(SYMBOL), same_keys("fundingRate", "fundingTime"))
    take("funding_info", client.funding_info, same_keys("symbol", "fundingIntervalHours"))
    take("ticker_24hr", lambda: client.ticker_24hr_price_change(SYMBOL), same_keys("lastPrice", "volume", "count"))
    take("ticker_24hr of all", client.ticker_24hr_price_change, lambda found: isinstance(found, list))
    take("ticker_price", lambda: client.ticker_price(SYMBOL), same_keys("symbol", "price", "time"))
    take("book_ticker", lambda: client.book_ticker(SYMBOL), same_keys("bidPrice", "askQty"))
    take("settlement prices", lambda: client.quarterly_contract_settlement_price(SYMBOL), lambda found: found == [])
    take("open_interest", lambda: client.open_interest(SYMBOL), same_keys("openInterest", "symbol", "time"))
    for name, names in (
        ("open_interest_hist", ("sumOpenInterest", "sumOpenInterestValue", "timestamp")),
        ("top_long_short_position_ratio", ("longShortRatio", "longAccount", "shortAccount", "timestamp")),
        ("long_short_account_ratio", ("longShortRatio", "longAccount", "shortAccount", "timestamp")),
        ("top_long_short_account_ratio", ("longShortRatio", "longAccount", "shortAccount", "timestamp")),
        ("taker_long_short_ratio", ("buySellRatio", "buyVol", "sellVol", "timestamp")),
    ):
        take(name, lambda name=name: getattr(client, name)(SYMBOL, "5m"), same_keys(*names))
    take("index_info", client.index_info, lambda found: found == [])
    take("asset_Index", client.asset_Index, same_keys("symbol", "index", "bidRate"))
    take(
        "constituents", lambda: client.index_price_constituents(SYMBOL), lambda found: found["constituents"] is not None
    )
    steps.refused("an unknown symbol", lambda: client.depth("NOSUCH"), -1121)
    steps.refused("an unknown interval", lambda: client.klines(SYMBOL, "7m"), -1120)
    steps.refused("a wrong depth", lambda: client.depth(SYMBOL, limit=7), -4021)


def _candles(found: list[list[Any]]) -> bool:
    return bool(found) and all(len(row) == 12 and row[0] < row[6] for row in found)


def settings() -> None:
    take, refused = steps.take, steps.refused
    take("get_position_mode", client.get_position_mode, lambda found: found == {"dualSidePosition": False})
    refused("the same position mode", lambda: client.change_position_mode("false"), -4059)
    take("get_multi_asset_mode", client.get_multi_asset_mode, lambda found: found == {"multiAssetsMargin": False})
    refused("the same asset mode", lambda: client.change_multi_asset_mode("false"), -4171)
    take("change_leverage", lambda: client.change_leverage(SYMBOL, 10), lambda found: found["leverage"] == 10)
    refused("a leverage too high", lambda: client.change_leverage(SYMBOL, 999), -4028)
    take("isolated", lambda: client.change_margin_type(SYMBOL, "ISOLATED"), lambda found: found["code"] == 200)
    refused("isolated again", lambda: client.change_margin_type(SYMBOL, "ISOLATED"), -4046)
    take("crossed", lambda: client.change_margin_type(SYMBOL, "CROSSED"), lambda found: found["code"] == 200)
    take("balance", client.balance, same_keys("asset", "balance", "availableBalance"))
    take("account", client.account, same_keys("totalWalletBalance", "assets", "positions"))
    take("leverage_brackets", lambda: client.leverage_brackets(symbol=SYMBOL), same_keys("symbol", "brackets"))
    take("commission_rate", lambda: client.commission_rate(SYMBOL), same_keys("makerCommissionRate"))
    take("account configuration", client.futures_account_configuration, same_keys("feeTier", "canTrade"))
    take("symbol configuration", client.symbol_configuration, same_keys("symbol", "marginType", "leverage"))
    take("query_user_rate_limit", client.query_user_rate_limit, same_keys("rateLimitType", "interval", "limit"))
    take("api_trading_status", client.api_trading_status, same_keys("indicators", "updateTime"))
    take("get_bnb_burn", client.get_bnb_burn, lambda found: found == {"feeBurn": False})
    take("toggle_bnb_burn", lambda: client.toggle_bnb_burn("false"), lambda found: found["code"] == 200)
    take("get_position_risk", client.get_position_risk, lambda found: isinstance(found, list))


def order(side: str, price: str, **more: Any) -> dict[str, Any]:
    """A limit order's parameters."""
    named = {"symbol": SYMBOL, "side": side, "type": "LIMIT", "timeInForce": "GTC", "quantity": terms.quantity()}
    return named | {"price": price} | more


def orders() -> None:
    take, refused, low = steps.take, steps.refused, terms.price("0.97")
    take("new_order_test", lambda: client.new_order_test(**order("BUY", low)), same_keys("symbol"))
    placed = take("new_order", lambda: client.new_order(**order("BUY", low)), lambda found: found["status"] == "NEW")
    number = placed["orderId"]
    take("query_order", lambda: client.query_order(SYMBOL, orderId=number), lambda found: found["orderId"] == number)
    take("get_open_orders", lambda: client.get_open_orders(SYMBOL, orderId=number), same_keys("orderId"))
    take("get_orders", lambda: client.get_orders(symbol=SYMBOL), lambda found: found[0]["orderId"] == number)
    lower = terms.price("0.96")
    take(
        "modify_order",
        lambda: client.modify_order(SYMBOL, "BUY", quantity=terms.quantity(2), price=lower, orderId=number),
        lambda found: (found["orderId"], found["price"]) == (number, lower),
    )
    take(
        "cancel_order", lambda: client.cancel_order(SYMBOL, orderId=number), lambda found: found["status"] == "CANCELED"
    )
    refused("cancel_order again", lambda: client.cancel_order(SYMBOL, orderId=number), -2011)
    refused("an order there never was", lambda: client.query_order(SYMBOL, orderId=1), -2013)
    refused(
        "a conditional type", lambda: client.new_order(SYMBOL, "SELL", "STOP_MARKET", stopPrice=low, quantity=1), -4120
    )
    refused("too small", lambda: client.new_order(**order("BUY", low, quantity=format(terms.lot, "f"))), -4164)
    batch = [{name: str(value) for name, value in order("BUY", low).items()} for _ in range(2)]
    made = take("new_batch_order", lambda: client.new_batch_order(batch), lambda found: len(found) == len(batch))
    take(
        "cancel_batch_order",
        lambda: client.cancel_batch_order(SYMBOL, [row["orderId"] for row in made], []),
        lambda found: [row["status"] for row in found] == ["CANCELED", "CANCELED"],
    )
    take("countdown_cancel_order", lambda: client.countdown_cancel_order(SYMBOL, 100_000), same_keys("countdownTime"))
    take("countdown off", lambda: client.countdown_cancel_order(SYMBOL, 0), lambda found: found["countdownTime"] == "0")
    client.new_order(**order("BUY", low))
    take("cancel_open_orders", lambda: client.cancel_open_orders(SYMBOL), lambda found: found["code"] == 200)
    take(
        "get_all_orders",
        lambda: client.get_all_orders(SYMBOL),
        lambda found: number in [row["orderId"] for row in found],
    )


def positions() -> None:
    take = steps.take
    client.change_margin_type(SYMBOL, "ISOLATED")
    at = terms.price("1.00")
    other.new_order(**order("SELL", at))
    take("a fill", lambda: client.new_order(**order("BUY", at)), lambda found: found["status"] == "FILLED")
    take("position", lambda: client.get_position_risk(symbol=SYMBOL), lambda found: float(found[0]["positionAmt"]) > 0)
    take(
        "modify_isolated_position_margin",
        lambda: client.modify_isolated_position_margin(SYMBOL, 5, 1),
        lambda found: found["type"] == 1,
    )
    take("get_position_margin_history", lambda: client.get_position_margin_history(SYMBOL), bool)
    take(
        "get_account_trades", lambda: client.get_account_trades(SYMBOL), same_keys("commission", "realizedPnl", "maker")
    )
    take("get_income_history", lambda: client.get_income_history(symbol=SYMBOL), same_keys("incomeType", "tranId"))
    take("adl_quantile", lambda: client.adl_quantile(symbol=SYMBOL), same_keys("adlQuantile"))
    take("force_orders", client.force_orders, lambda found: isinstance(found, list))
    other.new_order(**order("BUY", at))
    reduce = {"symbol": SYMBOL, "side": "SELL", "type": "MARKET", "quantity": terms.quantity(), "reduceOnly": "true"}
    take("a market order that reduces", lambda: client.new_order(**reduce), lambda found: found["symbol"] == SYMBOL)
    until(lambda: client.get_position_risk(symbol=SYMBOL), lambda found: not found)
    client.change_margin_type(SYMBOL, "CROSSED")


def streams() -> None:
    heard: Queue[str] = Queue()
    socket = UMFuturesWebsocketClient(stream_url=WS, on_message=lambda _, message: heard.put(message))
    key = steps.take("new_listen_key", client.new_listen_key, same_keys("listenKey"))["listenKey"]
    steps.take("renew_listen_key", lambda: client.renew_listen_key(key), lambda found: found["listenKey"] == key)
    subscriptions = (
        lambda n: socket.user_data(key, id=n),
        lambda n: socket.agg_trade(SYMBOL, id=n),
        lambda n: socket.mark_price(SYMBOL, 1, id=n),
        lambda n: socket.kline(SYMBOL, "1m", id=n),
        lambda n: socket.continuous_kline(SYMBOL, "perpetual", "1m", id=n),
        lambda n: socket.mini_ticker(SYMBOL, id=n),
        lambda n: socket.ticker(SYMBOL, id=n),
        lambda n: socket.book_ticker(SYMBOL, id=n),
        lambda n: socket.diff_book_depth(SYMBOL, 100, id=n),
        lambda n: socket.partial_book_depth(SYMBOL, 5, 100, id=n),
        lambda n: socket.liquidation_order(SYMBOL, id=n),
    )
    early: list[str] = []
    for number, subscribe in enumerate(subscriptions, start=1):
        subscribe(number)
        while not early or '"result":null' not in early[-1]:
            early.append(heard.get(timeout=HEARD_S_MAX))
        early.append("")
        time.sleep(COMMAND_EVERY_S)
    wanted = {
        "aggTrade", "markPriceUpdate", "kline", "continuous_kline", "24hrMiniTicker", "24hrTicker", "bookTicker",
        "depthUpdate", "ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE",
    }  # fmt: skip
    seen = {name for name in wanted for message in early if f'"e":"{name}"' in message}
    end = time.monotonic() + HEARD_S_MAX
    while wanted - seen and time.monotonic() < end:
        at = terms.price("1.00")
        other.new_order(**order("SELL", at))
        client.new_order(**order("BUY", at))
        other.new_order(**order("BUY", at))
        client.new_order(**order("SELL", at))
        time.sleep(0.3)
        while not heard.empty():
            message = heard.get()
            seen |= {name for name in wanted if f'"e":"{name}"' in message}
    for name in sorted(wanted):
        steps.take(f"stream event {name}", lambda name=name: name in seen, bool)
    socket.stop()
    steps.take("close_listen_key", lambda: client.close_listen_key(key), lambda found: found == {})


def main() -> int:
    wait_for_interest()
    for part in (market_data, settings, orders, positions, streams):
        steps.take(f"the whole of {part.__name__}", lambda part=part: part() or True)
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
