"""What the trading lane tells the OpenAPI document of its native operations (OpenAPI 3.1).

`EXTRA_OPERATIONS` and `EXTRA_SCHEMAS` are merged by apps.common.openapi. Bodies come from the structs
that decode them; a test holds the list against the lane's table of routes.
"""

from __future__ import annotations

from typing import Any

import msgspec

from apps.gateway import openapi_compatible as compatible
from apps.gateway.openapi_markets import MARKET_OPERATIONS, MARKET_SCHEMAS
from apps.gateway.openapi_schemas import SCHEMAS
from apps.orders.api import Countdown, OrderChange
from apps.orders.batch_api import AmendBatch, CancelBatch, PlaceBatch
from apps.orders.new_order import NewOrder
from apps.positions.api import (
    IsolatedMarginChange,
    LeverageChange,
    MarginModeChange,
    MultiAssetsChange,
    PositionModeChange,
)
from apps.risk.calculator_api import CALCULATOR, INPUTS

Node = dict[str, Any]

_DECODED = (
    NewOrder,
    OrderChange,
    PlaceBatch,
    AmendBatch,
    CancelBatch,
    Countdown,
    LeverageChange,
    MarginModeChange,
    PositionModeChange,
    MultiAssetsChange,
    IsolatedMarginChange,
    *INPUTS,
)


def _reference(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _body_schemas() -> Node:
    """JSON schemas of the decoded bodies, without the words of other dialects."""
    _, found = msgspec.json.schema_components(_DECODED, ref_template="#/components/schemas/{name}")
    return dict(found)


def _json(name: str, description: str) -> Node:
    return {"description": description, "content": {"application/json": {"schema": _reference(name)}}}


def _parameter(name: str, where: str, schema: Node, description: str, *, required: bool = False) -> Node:
    return {
        "name": name,
        "in": where,
        "required": required or where == "path",
        "schema": schema,
        "description": description,
    }


TEXT: Node = {"type": "string", "maxLength": 64}
WHOLE: Node = {"type": "integer", "minimum": 0, "maximum": (1 << 62) - 1}
SYMBOL = _parameter("symbol", "path", TEXT, "Instrument, such as BTCUSDT.")
SYMBOL_FILTER = _parameter("symbol", "query", TEXT, "Only this instrument.")
SYMBOL_NEEDED = _parameter("symbol", "query", TEXT, "The order's instrument.", required=True)
ORDER = _parameter("order_id", "path", TEXT, "Our number, or `client:` and the client_order_id.")
LIMIT = _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 1500}, "Rows at most.")


def _operation(
    operation_id: str,
    summary: str,
    answer: str,
    *,
    tag: str,
    parameters: tuple[Node, ...] = (),
    body: str = "",
    private: bool = True,
    status: str = "200",
    example: Node | None = None,
) -> Node:
    """One operation with every status it can answer, and an example of its answer."""
    responses = {status: _json(answer, "Done.")}
    if example is not None:
        responses[status]["content"]["application/json"]["example"] = example
    if operation_id == "place_order":
        responses["200"] = _json(answer, "The same request was answered before: the order as it stands.")
    refusals = {"400": "Malformed or refused.", "404": "No such thing.", "405": "Another method is meant."}
    refusals |= {"413": "Too large.", "418": "The address is banned.", "429": "Too many requests."}
    refusals |= {"503": "Not taken, or the outcome is unknown: ask again."}
    if private:
        refusals |= {"401": "Not authenticated.", "403": "No trading account."}
    responses |= {code: _json("Refusal", text) for code, text in sorted(refusals.items())}
    operation: Node = {
        "operationId": operation_id,
        "summary": summary,
        "tags": [tag],
        "parameters": list(parameters),
        "responses": responses,
        "security": [{"bearer": []}] if private else [],
    }
    if body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(body)}},
        }
    return operation


def _extra(method: str, path: str, operation: Node) -> Node:
    return {"path": path, "method": method, "operation": operation}


STATUS = _parameter("status", "query", {"enum": ["open", "all"]}, "open is the default; all has ended ones too.")
FROM_ORDER = _parameter("from_order_id", "query", WHOLE, "With status=all: begin at this number.")
FROM_TRADE = _parameter("from_trade_id", "query", WHOLE, "Begin at this number.")
INTERVAL = _parameter("interval", "query", TEXT, "1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 3d, 1w, 1M.")
START = _parameter("start_ms", "query", WHOLE, "First opening time.")
END = _parameter("end_ms", "query", WHOLE, "Last opening time.")
_CALCULATORS = (
    ("liquidation-price", "LiquidationPrice", "Where a position would be liquidated, and where its balance ends."),
    ("bankruptcy-price", "BankruptcyPrice", "Where a position's balance ends."),
    ("margin", "Margin", "Margin to open and to keep a position."),
    ("maintenance-margin", "MaintenanceMargin", "Maintenance margin of a notional, by risk tiers."),
    ("pnl", "Pnl", "Profit at an exit price, before fees."),
    ("premium-index", "PremiumIndex", "One premium sample."),
    ("funding-rate", "FundingRate", "The funding rate of an average premium."),
    ("funding-payment", "FundingPayment", "What one position receives or pays."),
)
_SETTINGS = (
    ("margin-mode", "set_margin_mode", "Cross or isolated, in one instrument.", "MarginMode", "MarginModeChange"),
    ("position-mode", "set_position_mode", "One-way or hedge.", "PositionMode", "PositionModeChange"),
    ("multi-assets", "set_multi_assets", "All assets back cross positions.", "MultiAssets", "MultiAssetsChange"),
    (
        "isolated-margin",
        "adjust_isolated_margin",
        "Move margin into an isolated position, or out of it.",
        "IsolatedMargin",
        "IsolatedMarginChange",
    ),
)
_BATCHES = (
    ("post", "", "place_orders", "Place up to 20 orders.", "PlaceBatch"),
    ("put", "", "amend_orders", "Amend up to 20 orders.", "AmendBatch"),
    ("post", "/cancel", "cancel_batch", "Cancel up to 20 orders.", "CancelBatch"),
)
_ONE, _MARKET = "/api/v1/orders/{order_id}", "/api/v1/markets/{symbol}"

EXTRA_OPERATIONS: list[Node] = [
    _extra(
        "post",
        "/api/v1/orders",
        _operation("place_order", "Place an order.", "Order", tag="orders", body="NewOrder", status="201"),
    ),
    _extra(
        "get",
        "/api/v1/orders",
        _operation(
            "list_orders",
            "Open orders, or all.",
            "Orders",
            tag="orders",
            parameters=(SYMBOL_FILTER, STATUS, FROM_ORDER, LIMIT),
        ),
    ),
    _extra(
        "delete",
        "/api/v1/orders",
        _operation(
            "cancel_orders", "Cancel every open order.", "CanceledOrders", tag="orders", parameters=(SYMBOL_FILTER,)
        ),
    ),
    _extra(
        "get",
        _ONE,
        _operation("get_order", "One order.", "Order", tag="orders", parameters=(ORDER, SYMBOL_NEEDED)),
    ),
    _extra(
        "put",
        _ONE,
        _operation(
            "amend_order",
            "New price and quantity of an open limit order.",
            "Order",
            tag="orders",
            parameters=(ORDER,),
            body="OrderChange",
        ),
    ),
    _extra(
        "delete",
        _ONE,
        _operation("cancel_order", "Cancel one order.", "Order", tag="orders", parameters=(ORDER, SYMBOL_NEEDED)),
    ),
    _extra(
        "get",
        "/api/v1/positions",
        _operation("list_positions", "Open positions.", "Positions", tag="positions", parameters=(SYMBOL_FILTER,)),
    ),
    _extra(
        "post",
        "/api/v1/leverage",
        _operation("set_leverage", "Leverage of one instrument.", "Leverage", tag="positions", body="LeverageChange"),
    ),
    *(
        _extra("post", f"/api/v1/{path}", _operation(name, summary, shown, tag="positions", body=body))
        for path, name, summary, shown, body in _SETTINGS
    ),
    *(
        _extra(
            method,
            f"/api/v1/order-batches{path}",
            _operation(name, summary, "BatchResults", tag="orders", body=body),
        )
        for method, path, name, summary, body in _BATCHES
    ),
    _extra(
        "get",
        "/api/v1/fills",
        _operation("list_fills", "My trades.", "Fills", tag="orders", parameters=(SYMBOL_FILTER, FROM_TRADE, LIMIT)),
    ),
    _extra(
        "post",
        "/api/v1/countdown",
        _operation(
            "set_countdown",
            "Cancel what is open in a while unless asked again.",
            "ArmedCountdown",
            tag="orders",
            body="Countdown",
        ),
    ),
    _extra(
        "get",
        "/api/v1/account",
        _operation("get_live_account", "Balances and margin, as the engine holds them.", "LiveAccount", tag="account"),
    ),
    _extra(
        "post",
        "/api/v1/listen-key",
        _operation("open_listen_key", "The key of the user stream.", "ListenKey", tag="account"),
    ),
    _extra(
        "get",
        "/api/v1/markets",
        _operation("list_markets", "Every instrument's terms.", "Markets", tag="markets", private=False),
    ),
    _extra(
        "get",
        _MARKET,
        _operation(
            "get_market", "One instrument's terms.", "Market", tag="markets", parameters=(SYMBOL,), private=False
        ),
    ),
    *(
        _extra(
            "get",
            f"{_MARKET}{known.path}",
            _operation(
                known.operation_id,
                known.summary,
                known.schema,
                tag="markets",
                parameters=(SYMBOL, *known.parameters),
                private=False,
                example=known.example,
            ),
        )
        for known in MARKET_OPERATIONS
    ),
    *(
        _extra(
            "post",
            f"{CALCULATOR}/{path}",
            _operation(
                f"calculate_{path.replace('-', '_')}",
                summary,
                f"{name}Result",
                tag="calculator",
                body=f"{name}Input",
                private=False,
            ),
        )
        for path, name, summary in _CALCULATORS
    ),
    *compatible.operations(),
]
EXTRA_SCHEMAS: Node = {**SCHEMAS, **MARKET_SCHEMAS, **_body_schemas(), **compatible.SCHEMAS}
EXTRA_SECURITY: Node = compatible.SECURITY_SCHEMES
