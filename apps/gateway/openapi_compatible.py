"""The compatible surface in the OpenAPI document: every address, its caller, its parameters, its errors.

Weight, security and order counts are read from the routes themselves; here stand what an address is for and which
parameters it takes. `*` marks a needed one. A test holds the table against the routes.
"""

from __future__ import annotations

import re
from typing import Any

from apps.common.lane import Route, Routes, Security
from apps.fapi.routes import ROUTES

Node = dict[str, Any]

_ORDER = """symbol* side* type* positionSide timeInForce quantity reduceOnly price newClientOrderId closePosition
    priceMatch selfTradePreventionMode goodTillDate newOrderRespType"""
_ALGO = """algoType* symbol* side* type* positionSide timeInForce quantity price triggerPrice callbackRate
    activatePrice workingType priceMatch priceProtect closePosition reduceOnly clientAlgoId
    selfTradePreventionMode goodTillDate newOrderRespType"""
_WINDOW = "startTime endTime limit"
_CANDLES = f"interval* {_WINDOW}"
_RATIO = f"symbol* period* {_WINDOW}"

# address below the version -> {method: (what it is for, parameters)}
TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "ping": {"GET": ("Is anybody there?", "")},
    "time": {"GET": ("The server's clock.", "")},
    "exchangeInfo": {"GET": ("Instruments, filters and limits.", "")},
    "depth": {"GET": ("The book.", "symbol* limit")},
    "rpiDepth": {"GET": ("The book with retail price improvement orders.", "symbol* limit")},
    "trades": {"GET": ("The newest trades.", "symbol* limit")},
    "historicalTrades": {"GET": ("Older trades.", "symbol* limit fromId")},
    "aggTrades": {"GET": ("Trades folded by price, side and taker.", f"symbol* fromId {_WINDOW}")},
    "klines": {"GET": ("Candles of trades.", f"symbol* {_CANDLES}")},
    "continuousKlines": {"GET": ("Candles of a pair's contract.", f"pair* contractType* {_CANDLES}")},
    "markPriceKlines": {"GET": ("Candles of the mark price.", f"symbol* {_CANDLES}")},
    "indexPriceKlines": {"GET": ("Candles of the index price.", f"pair* {_CANDLES}")},
    "premiumIndexKlines": {"GET": ("Candles of the premium index.", f"symbol* {_CANDLES}")},
    "premiumIndex": {"GET": ("Mark, index and the funding to come.", "symbol")},
    "fundingRate": {"GET": ("Settled funding rates.", f"symbol {_WINDOW}")},
    "fundingInfo": {"GET": ("Funding intervals, caps and floors.", "")},
    "ticker/24hr": {"GET": ("The last 24 hours.", "symbol")},
    "ticker/price": {"GET": ("The last price.", "symbol")},
    "ticker/bookTicker": {"GET": ("Best bid and ask.", "symbol")},
    "openInterest": {"GET": ("Open interest now.", "symbol*")},
    "constituents": {"GET": ("What the index is made of.", "symbol*")},
    "assetIndex": {"GET": ("Prices of collateral.", "symbol")},
    "indexInfo": {"GET": ("Composite indexes.", "symbol")},
    "insuranceBalance": {"GET": ("The insurance fund.", "symbol")},
    "symbolAdlRisk": {"GET": ("How near deleveraging is.", "symbol")},
    "tradingSchedule": {"GET": ("When markets trade.", "")},
    "openInterestHist": {"GET": ("Open interest over time.", _RATIO)},
    "globalLongShortAccountRatio": {"GET": ("Accounts long against short.", _RATIO)},
    "topLongShortAccountRatio": {"GET": ("Large accounts long against short.", _RATIO)},
    "topLongShortPositionRatio": {"GET": ("Large positions long against short.", _RATIO)},
    "takerlongshortRatio": {"GET": ("Taker buys against sells.", _RATIO)},
    "basis": {"GET": ("Futures against index.", f"pair* contractType* period* {_WINDOW}")},
    "delivery-price": {"GET": ("Prices of settled instruments.", "pair*")},
    "account": {"GET": ("Balances and positions.", "")},
    "balance": {"GET": ("Balances.", "")},
    "positionRisk": {"GET": ("Positions.", "symbol")},
    "symbolConfig": {"GET": ("Leverage and margin mode by instrument.", "symbol")},
    "accountConfig": {"GET": ("The account's modes.", "")},
    "positionSide/dual": {"GET": ("One-way or hedge?", ""), "POST": ("One-way or hedge.", "dualSidePosition*")},
    "multiAssetsMargin": {
        "GET": ("Do all assets back positions?", ""),
        "POST": ("All assets back positions, or not.", "multiAssetsMargin*"),
    },
    "leverage": {"POST": ("Leverage of one instrument.", "symbol* leverage*")},
    "marginType": {"POST": ("Cross or isolated, in one instrument.", "symbol* marginType*")},
    "positionMargin": {"POST": ("Move margin into or out of a position.", "symbol* amount* type* positionSide")},
    "positionMargin/history": {"GET": ("Margin moved, of at most 30 days.", f"symbol* type {_WINDOW}")},
    "leverageBracket": {"GET": ("Risk tiers.", "symbol")},
    "commissionRate": {"GET": ("The account's fees.", "symbol*")},
    "adlQuantile": {"GET": ("Place in the queue of deleveraging.", "symbol")},
    "apiTradingStatus": {"GET": ("Trading quality.", "symbol")},
    "rateLimit/order": {"GET": ("Order limits.", "")},
    "feeBurn": {"GET": ("Are fees paid in another asset?", ""), "POST": ("Pay fees in another asset.", "feeBurn*")},
    "pmAccountInfo": {"GET": ("Portfolio margin.", "asset*")},
    "income": {
        "GET": ("Money gained and paid; of the last 7 days when no time is sent.", f"symbol incomeType page {_WINDOW}")
    },
    "forceOrders": {"GET": ("Liquidations of mine, of at most 7 days.", f"symbol autoCloseType {_WINDOW}")},
    "userTrades": {
        "GET": (
            "My trades, of at most 7 days: the last ones when nothing says where to begin.",
            f"symbol* orderId fromId {_WINDOW}",
        )
    },
    "listenKey": {
        "POST": ("Open the user stream.", ""),
        "PUT": ("Keep the user stream open.", ""),
        "DELETE": ("Close the user stream.", ""),
    },
    "order": {
        "POST": ("Place an order.", _ORDER),
        "PUT": ("New price and quantity.", "symbol* orderId origClientOrderId side* quantity* price* priceMatch"),
        "DELETE": ("Cancel an order.", "symbol* orderId origClientOrderId"),
        "GET": ("One order.", "symbol* orderId origClientOrderId"),
    },
    "order/test": {"POST": ("Check an order without placing it.", _ORDER)},
    "openOrder": {"GET": ("One open order.", "symbol* orderId origClientOrderId")},
    "openOrders": {"GET": ("Open orders.", "symbol")},
    "allOrders": {
        "GET": (
            "All orders, of at most 7 days: the last ones when nothing says where to begin.",
            f"symbol* orderId {_WINDOW}",
        )
    },
    "orderAmendment": {"GET": ("How orders were changed.", f"symbol* orderId origClientOrderId {_WINDOW}")},
    "allOpenOrders": {"DELETE": ("Cancel every open order.", "symbol*")},
    "countdownCancelAll": {"POST": ("Cancel what is open unless asked again.", "symbol* countdownTime*")},
    "batchOrders": {
        "POST": ("Place up to five orders.", "batchOrders*"),
        "PUT": ("Amend up to five orders.", "batchOrders*"),
        "DELETE": ("Cancel up to ten orders.", "symbol* orderIdList origClientOrderIdList"),
    },
    "algoOrder": {
        "POST": ("Place a conditional order.", _ALGO),
        "GET": ("One conditional order.", "symbol algoId clientAlgoId"),
        "DELETE": ("Cancel a conditional order.", "symbol algoId clientAlgoId"),
    },
    "openAlgoOrders": {"GET": ("Open conditional orders.", "algoType symbol algoId")},
    "allAlgoOrders": {
        "GET": (
            "All conditional orders, of at most 7 days: the last ones when nothing says where to begin.",
            f"symbol* algoId page {_WINDOW}",
        )
    },
    "algoOpenOrders": {"DELETE": ("Cancel every conditional order.", "symbol*")},
}
_WHOLE: Node = {"type": "integer", "format": "int64"}
_FLAG: Node = {"enum": ["true", "false"]}
_DECIMAL: Node = {"type": "string"}
_SHAPES: dict[str, Node] = {
    "side": {"enum": ["BUY", "SELL"]},
    "positionSide": {"enum": ["BOTH", "LONG", "SHORT"]},
    "timeInForce": {"enum": ["GTC", "IOC", "FOK", "GTX", "GTD"]},
    "marginType": {"enum": ["ISOLATED", "CROSSED"]},
    "workingType": {"enum": ["CONTRACT_PRICE", "MARK_PRICE"]},
    "newOrderRespType": {"enum": ["ACK", "RESULT"]},
    "contractType": {"enum": ["PERPETUAL"]},
    "algoType": {"enum": ["CONDITIONAL"]},
    "period": {"enum": ["5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d"]},
    **dict.fromkeys(("limit", "leverage", "page", "orderId", "algoId", "fromId", "countdownTime"), _WHOLE),
    **dict.fromkeys(("startTime", "endTime", "goodTillDate", "timestamp", "recvWindow"), _WHOLE),
    **dict.fromkeys(("reduceOnly", "closePosition", "priceProtect", "dualSidePosition", "multiAssetsMargin"), _FLAG),
    **dict.fromkeys(("quantity", "price", "triggerPrice", "activatePrice", "callbackRate", "amount"), _DECIMAL),
}
_SIGNATURE: tuple[tuple[str, bool, str], ...] = (
    ("timestamp", True, "Milliseconds since 1970; at most recvWindow old and one second ahead."),
    ("recvWindow", False, "Milliseconds the request is good for: 5000, at most 60000."),
    ("signature", True, "HMAC-SHA256 (hex) or Ed25519 (base64) of the query and body as sent, without this pair."),
)
SCHEMAS: Node = {
    "CompatibleAnswer": {
        "type": ["object", "array"],
        "description": "As clients of the compatible surface read it: decimals as text, times in milliseconds.",
    },
    "CompatibleError": {
        "type": "object",
        "properties": {
            "code": {"type": "integer", "examples": [-1121]},
            "msg": {"type": "string", "examples": ["Invalid symbol."]},
        },
        "required": ["code", "msg"],
    },
}
SECURITY_SCHEMES: Node = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-MBX-APIKEY",
        "description": "An API key; private addresses also need timestamp and signature.",
    }
}


def _answer(name: str, description: str) -> Node:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameters(words: str, security: Security) -> list[Node]:
    told = [(word.rstrip("*"), word.endswith("*"), "") for word in words.split()]
    if security is Security.SIGNED:
        told += _SIGNATURE
    return [
        {
            "name": name,
            "in": "query",
            "required": needed,
            "schema": dict(_SHAPES.get(name, {"type": "string"})),
            **({"description": text} if text else {}),
        }
        for name, needed, text in told
    ]


def _name(text: str) -> str:
    """snake_case, as the other operations are named."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"[/-]", "_", text)).lower()


def _operation(method: str, path: str, route: Route) -> Node:
    version, _, address = path.removeprefix("/").partition("/")[2].partition("/")
    what, words = TABLE[address][method]
    weight = route.weight if isinstance(route.weight, int) else "by limit or symbol"
    refusals = {"400": "Malformed or refused; `code` says why.", "404": "No such address.", "429": "Too many requests."}
    refusals |= {"418": "The address is banned.", "503": "Not taken, or the outcome is unknown: ask again."}
    refusals |= {"405": "Another method is meant.", "413": "Too large."}
    if route.security is not Security.NONE:
        refusals |= {"401": "The key is malformed, unknown, revoked or lacks the right.", "403": "No right."}
    return {
        "operationId": _name(f"{path.split('/')[1]}_{version}_{method.lower()}_{address}"),
        "summary": what,
        "description": f"Weight {weight}." + (" Counts as an order." if any(route.orders) else ""),
        "tags": ["compatible"],
        "parameters": _parameters(words, route.security),
        "responses": {"200": _answer("CompatibleAnswer", "Done.")}
        | {status: _answer("CompatibleError", text) for status, text in sorted(refusals.items())},
        "security": [] if route.security is Security.NONE else [{"apiKey": []}],
    }


def operations(routes: Routes = ROUTES) -> list[Node]:
    """Every address of the compatible surface, as apps.common.openapi takes it."""
    return [
        {"path": path, "method": method, "operation": _operation(method, path, route)}
        for (method, path), route in sorted(routes.items())
    ]
