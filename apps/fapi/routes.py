"""The compatible surface's table: every address, its weight, its security."""

from __future__ import annotations

from apps.common.lane import Handler, Route, Routes, Security
from apps.fapi import (
    account,
    account_extras,
    aggregates,
    amendments,
    batches,
    conditional,
    exchange_info,
    force_orders,
    futures_data,
    history,
    klines,
    market,
    market_extras,
    order_entry,
    order_queries,
    price_klines,
    settings,
    user_streams,
)
from apps.fapi.market import per_symbol
from apps.fapi.values import Params

V1, V2, V3, DATA = "/fapi/v1", "/fapi/v2", "/fapi/v3", "/futures/data"
ONE_ORDER = (1, 1)
BATCH = (5, 1)


def _signed(handler: Handler, weight: int = 1) -> Route:
    return Route(handler, weight, Security.SIGNED)


def _trading(handler: Handler, weight: int = 1, orders: tuple[int, int] = (0, 0)) -> Route:
    return Route(handler, weight, Security.SIGNED, orders, "trade")


def _kline_weight(params: Params) -> int:
    text = params.get("limit", "500")
    limit = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1500
    return 1 if limit < 100 else 2 if limit < 500 else 5 if limit <= 1000 else 10


_MARKET: dict[tuple[str, str], Route] = {
    ("GET", f"{V1}/ping"): Route(market.get_ping),
    ("GET", f"{V1}/time"): Route(market.get_time),
    ("GET", f"{V1}/exchangeInfo"): Route(exchange_info.get_exchange_info),
    ("GET", f"{V1}/depth"): Route(market.get_depth, market.depth_weight),
    ("GET", f"{V1}/trades"): Route(market.get_recent_trades, 5),
    ("GET", f"{V1}/historicalTrades"): Route(market.get_historical_trades, 20, Security.KEY),
    ("GET", f"{V1}/aggTrades"): Route(aggregates.get_aggregate_trades, 20),
    ("GET", f"{V1}/klines"): Route(klines.get_klines, _kline_weight),
    ("GET", f"{V1}/continuousKlines"): Route(klines.get_continuous_klines, _kline_weight),
    ("GET", f"{V1}/markPriceKlines"): Route(price_klines.get_mark_klines, _kline_weight),
    ("GET", f"{V1}/indexPriceKlines"): Route(price_klines.get_index_klines, _kline_weight),
    ("GET", f"{V1}/premiumIndexKlines"): Route(price_klines.get_premium_klines, _kline_weight),
    ("GET", f"{V1}/premiumIndex"): Route(market.get_premium_index, per_symbol(1, 10)),
    ("GET", f"{V1}/fundingRate"): Route(market.get_funding_rates),
    ("GET", f"{V1}/fundingInfo"): Route(market.get_funding_info, 0),
    ("GET", f"{V1}/ticker/24hr"): Route(market.get_day_ticker, per_symbol(1, 40)),
    ("GET", f"{V1}/ticker/price"): Route(market.get_price_ticker, per_symbol(1, 2)),
    ("GET", f"{V2}/ticker/price"): Route(market.get_price_ticker, per_symbol(1, 2)),
    ("GET", f"{V1}/ticker/bookTicker"): Route(market.get_book_ticker, per_symbol(2, 5)),
    ("GET", f"{V1}/openInterest"): Route(market.get_open_interest),
    ("GET", f"{V1}/rpiDepth"): Route(market_extras.get_rpi_depth, 20),
    ("GET", f"{V1}/constituents"): Route(market_extras.get_constituents, 2),
    ("GET", f"{V1}/assetIndex"): Route(market_extras.get_asset_index, per_symbol(1, 10)),
    ("GET", f"{V1}/indexInfo"): Route(market_extras.get_index_info),
    ("GET", f"{V1}/insuranceBalance"): Route(market_extras.get_insurance_balance),
    ("GET", f"{V1}/symbolAdlRisk"): Route(market_extras.get_adl_risk),
    ("GET", f"{V1}/tradingSchedule"): Route(market_extras.get_trading_schedule, 5),
    ("GET", f"{DATA}/openInterestHist"): Route(futures_data.get_interest_history, 0),
    ("GET", f"{DATA}/globalLongShortAccountRatio"): Route(futures_data.get_global_account_ratio, 0),
    ("GET", f"{DATA}/topLongShortAccountRatio"): Route(futures_data.get_top_account_ratio, 0),
    ("GET", f"{DATA}/topLongShortPositionRatio"): Route(futures_data.get_top_position_ratio, 0),
    ("GET", f"{DATA}/takerlongshortRatio"): Route(futures_data.get_taker_ratio, 0),
    ("GET", f"{DATA}/basis"): Route(futures_data.get_basis, 0),
    ("GET", f"{DATA}/delivery-price"): Route(futures_data.get_delivery_prices, 0),
}

_ACCOUNT: dict[tuple[str, str], Route] = {
    ("GET", f"{V1}/account"): _signed(account.get_account_v2, 5),
    ("GET", f"{V1}/balance"): _signed(account.get_balance, 5),
    ("GET", f"{V1}/positionRisk"): _signed(account.get_position_risk_v2, 5),
    ("GET", f"{V3}/account"): _signed(account.get_account_v3, 5),
    ("GET", f"{V2}/account"): _signed(account.get_account_v2, 5),
    ("GET", f"{V3}/balance"): _signed(account.get_balance, 5),
    ("GET", f"{V2}/balance"): _signed(account.get_balance, 5),
    ("GET", f"{V3}/positionRisk"): _signed(account.get_position_risk_v3, 5),
    ("GET", f"{V2}/positionRisk"): _signed(account.get_position_risk_v2, 5),
    ("GET", f"{V1}/symbolConfig"): _signed(settings.get_symbol_config, 5),
    ("GET", f"{V1}/accountConfig"): _signed(settings.get_account_config, 5),
    ("GET", f"{V1}/positionSide/dual"): _signed(settings.get_position_mode, 30),
    ("POST", f"{V1}/positionSide/dual"): _trading(settings.post_position_mode),
    ("GET", f"{V1}/multiAssetsMargin"): _signed(settings.get_asset_mode, 30),
    ("POST", f"{V1}/multiAssetsMargin"): _trading(settings.post_asset_mode),
    ("POST", f"{V1}/leverage"): _trading(settings.post_leverage),
    ("POST", f"{V1}/marginType"): _trading(settings.post_margin_type),
    ("GET", f"{V1}/positionMargin/history"): _signed(history.get_margin_history),
    ("POST", f"{V1}/positionMargin"): _trading(settings.post_position_margin),
    ("GET", f"{V1}/leverageBracket"): _signed(settings.get_leverage_bracket),
    ("GET", f"{V1}/commissionRate"): _signed(settings.get_commission_rate, 20),
    ("GET", f"{V1}/adlQuantile"): _signed(settings.get_adl_quantile, 5),
    ("GET", f"{V1}/apiTradingStatus"): _signed(account_extras.get_trading_status),
    ("GET", f"{V1}/rateLimit/order"): _signed(account_extras.get_order_limits),
    ("GET", f"{V1}/feeBurn"): _signed(account_extras.get_fee_burn, 30),
    ("POST", f"{V1}/feeBurn"): _trading(account_extras.post_fee_burn),
    ("GET", f"{V1}/pmAccountInfo"): _signed(account_extras.get_portfolio_account, 5),
    ("GET", f"{V1}/income"): _signed(history.get_income, 30),
    ("GET", f"{V1}/forceOrders"): Route(force_orders.get_force_orders, per_symbol(20, 50), Security.SIGNED),
    ("GET", f"{V1}/userTrades"): _signed(history.get_user_trades, 5),
    ("POST", f"{V1}/listenKey"): Route(user_streams.post_listen_key, 1, Security.KEY),
    ("PUT", f"{V1}/listenKey"): Route(user_streams.put_listen_key, 1, Security.KEY),
    ("DELETE", f"{V1}/listenKey"): Route(user_streams.delete_listen_key, 1, Security.KEY),
}

_ORDERS: dict[tuple[str, str], Route] = {
    ("POST", f"{V1}/order"): _trading(order_entry.post_order, 0, ONE_ORDER),
    ("POST", f"{V1}/order/test"): _trading(order_entry.post_order_test),
    ("PUT", f"{V1}/order"): _trading(order_entry.put_order, 1, ONE_ORDER),
    ("DELETE", f"{V1}/order"): _trading(order_entry.delete_order),
    ("GET", f"{V1}/order"): _signed(order_queries.get_order),
    ("GET", f"{V1}/openOrder"): _signed(order_queries.get_open_order),
    ("GET", f"{V1}/openOrders"): Route(order_queries.get_open_orders, per_symbol(1, 40), Security.SIGNED),
    ("GET", f"{V1}/allOrders"): _signed(order_queries.get_all_orders, 5),
    ("GET", f"{V1}/orderAmendment"): _signed(amendments.get_amendments),
    ("DELETE", f"{V1}/allOpenOrders"): _trading(order_entry.delete_all_open_orders),
    ("POST", f"{V1}/countdownCancelAll"): _trading(order_entry.post_countdown, 10),
    ("POST", f"{V1}/batchOrders"): _trading(batches.post_batch, 5, BATCH),
    ("PUT", f"{V1}/batchOrders"): _trading(batches.put_batch, 5, BATCH),
    ("DELETE", f"{V1}/batchOrders"): _trading(batches.delete_batch),
    ("POST", f"{V1}/algoOrder"): _trading(conditional.post_algo_order, 0, ONE_ORDER),
    ("GET", f"{V1}/algoOrder"): _signed(conditional.get_algo_order),
    ("DELETE", f"{V1}/algoOrder"): _trading(conditional.delete_algo_order),
    ("GET", f"{V1}/openAlgoOrders"): Route(conditional.get_open_algo_orders, per_symbol(1, 40), Security.SIGNED),
    ("GET", f"{V1}/allAlgoOrders"): _signed(conditional.get_all_algo_orders, 5),
    ("DELETE", f"{V1}/algoOpenOrders"): _trading(conditional.delete_open_algo_orders),
}

ROUTES: Routes = {**_MARKET, **_ACCOUNT, **_ORDERS}
