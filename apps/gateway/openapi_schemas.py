"""Shapes of the trading lane's native answers, as JSON schemas."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]

DECIMAL: Node = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
MAYBE_DECIMAL: Node = {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
TEXT: Node = {"type": "string"}
WHOLE: Node = {"type": "integer"}
MAYBE_TEXT: Node = {"type": ["string", "null"]}
LEG: Node = {"enum": ["both", "long", "short"]}
MAYBE_WHOLE: Node = {"type": ["integer", "null"]}


def _object(**properties: Node) -> Node:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: Node) -> Node:
    return {"type": "array", "items": of}


def _named(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


_LEVELS = _list({"type": "array", "items": DECIMAL, "minItems": 2, "maxItems": 2})

SCHEMAS: dict[str, Node] = {
    "Refusal": _object(code=TEXT, message=TEXT, details={"type": "object"}),
    "Order": _object(
        order_id=TEXT,
        client_order_id=TEXT,
        symbol=TEXT,
        side={"enum": ["buy", "sell"]},
        order_type=TEXT,
        time_in_force=TEXT,
        price=MAYBE_DECIMAL,
        quantity=DECIMAL,
        filled_quantity=DECIMAL,
        filled_quote=DECIMAL,
        average_price=MAYBE_DECIMAL,
        status=TEXT,
        reduce_only={"type": "boolean"},
        close_position={"type": "boolean"},
        price_protect={"type": "boolean"},
        position_side=LEG,
        working_type={"enum": ["contract_price", "mark_price"]},
        trigger_price=MAYBE_DECIMAL,
        callback_rate=MAYBE_DECIMAL,
        good_till_ms=MAYBE_WHOLE,
        take_profit_price=MAYBE_DECIMAL,
        stop_loss_price=MAYBE_DECIMAL,
        linked_order_id=MAYBE_TEXT,
        waiting={"type": "boolean"},
        triggered_ms=MAYBE_WHOLE,
        end_reason=MAYBE_TEXT,
        self_trade_prevention=TEXT,
        created_ms=MAYBE_WHOLE,
        updated_ms=WHOLE,
    ),
    "Orders": _object(orders=_list(_named("Order"))),
    "CanceledOrders": _object(canceled=_list(_named("Order"))),
    "BatchResults": _object(
        results=_list(
            _object(
                order={"anyOf": [_named("Order"), {"type": "null"}]},
                refusal={"anyOf": [_named("Refusal"), {"type": "null"}]},
            )
        )
    ),
    "Fills": _object(
        fills=_list(
            _object(
                trade_id=TEXT,
                order_id=TEXT,
                symbol=TEXT,
                side={"enum": ["buy", "sell"]},
                position_side=LEG,
                liquidity_role={"enum": ["maker", "taker"]},
                price=DECIMAL,
                quantity=DECIMAL,
                quote=DECIMAL,
                fee=DECIMAL,
                fee_asset=TEXT,
                realized_pnl=DECIMAL,
                liquidation={"type": "boolean"},
                time_ms=WHOLE,
            )
        )
    ),
    "ArmedCountdown": _object(symbol=MAYBE_TEXT, deadline_ms=MAYBE_WHOLE),
    "MarginMode": _object(symbol=TEXT, margin_mode={"enum": ["cross", "isolated"]}),
    "PositionMode": _object(position_mode={"enum": ["one_way", "hedge"]}),
    "MultiAssets": _object(multi_assets={"type": "boolean"}),
    "IsolatedMargin": _object(symbol=TEXT, position_side=LEG, isolated_margin=DECIMAL),
    "Position": _object(
        symbol=TEXT,
        side={"enum": ["long", "short", "flat"]},
        position_side=LEG,
        quantity=DECIMAL,
        entry_price=MAYBE_DECIMAL,
        mark_price=MAYBE_DECIMAL,
        liquidation_price=MAYBE_DECIMAL,
        bankruptcy_price=MAYBE_DECIMAL,
        notional=DECIMAL,
        unrealized_pnl=DECIMAL,
        realized_pnl=DECIMAL,
        initial_margin=DECIMAL,
        position_margin=DECIMAL,
        order_margin=DECIMAL,
        maintenance_margin=DECIMAL,
        leverage=WHOLE,
        margin_mode={"enum": ["cross", "isolated"]},
        isolated_margin=DECIMAL,
        margin_ratio=MAYBE_DECIMAL,
        adl_rank=MAYBE_WHOLE,
        adl_lights={"type": "integer", "minimum": 0, "maximum": 5},
        updated_ms=WHOLE,
    ),
    "Positions": _object(positions=_list(_named("Position"))),
    "Leverage": _object(symbol=TEXT, leverage=WHOLE, max_notional=DECIMAL),
    "LiveBalance": _object(
        asset=TEXT,
        wallet_balance=DECIMAL,
        unrealized_pnl=DECIMAL,
        margin_balance=DECIMAL,
        available_balance=DECIMAL,
        withdrawable_balance=DECIMAL,
        position_margin=DECIMAL,
        order_margin=DECIMAL,
        maintenance_margin=DECIMAL,
        isolated_margin=DECIMAL,
        cross_unrealized_pnl=DECIMAL,
        cross_maintenance_margin=DECIMAL,
        margin_ratio=MAYBE_DECIMAL,
        updated_ms=WHOLE,
    ),
    "LiveAccount": _object(
        account_id=WHOLE,
        position_mode={"enum": ["one_way", "hedge"]},
        multi_assets={"type": "boolean"},
        seq=WHOLE,
        leverage={"type": "object", "additionalProperties": WHOLE},
        margin_mode={"type": "object", "additionalProperties": {"enum": ["cross", "isolated"]}},
        countdowns=_list(_named("ArmedCountdown")),
        balances=_list(_named("LiveBalance")),
    ),
    "ListenKey": _object(listen_key=TEXT),
    "MarketTier": _object(
        tier=WHOLE, notional_floor=DECIMAL, maintenance_rate=DECIMAL, maintenance_amount=DECIMAL, max_leverage=WHOLE
    ),
    "Market": _object(
        symbol=TEXT,
        base_asset=TEXT,
        quote_asset=TEXT,
        settlement_asset=TEXT,
        tick_size=DECIMAL,
        lot_size=DECIMAL,
        contract_size=DECIMAL,
        min_quantity=DECIMAL,
        max_quantity=DECIMAL,
        max_market_quantity=DECIMAL,
        min_notional=DECIMAL,
        max_leverage=WHOLE,
        default_leverage=WHOLE,
        maker_fee_rate=DECIMAL,
        taker_fee_rate=DECIMAL,
        funding_interval_hours=WHOLE,
        trading_state=TEXT,
        risk_tiers=_list(_named("MarketTier")),
    ),
    "Markets": _object(markets=_list(_named("Market"))),
    "Depth": _object(symbol=TEXT, last_update_id=WHOLE, time_ms=WHOLE, bids=_LEVELS, asks=_LEVELS),
    "Trades": _object(
        trades=_list(
            _object(trade_id=TEXT, price=DECIMAL, quantity=DECIMAL, taker_side={"enum": ["buy", "sell"]}, time_ms=WHOLE)
        )
    ),
    "Ticker": _object(
        symbol=TEXT,
        last_price=DECIMAL,
        mark_price=MAYBE_DECIMAL,
        index_price=MAYBE_DECIMAL,
        funding_rate=MAYBE_DECIMAL,
        next_funding_ms=MAYBE_WHOLE,
        best_bid=MAYBE_DECIMAL,
        best_ask=MAYBE_DECIMAL,
        open=DECIMAL,
        high=DECIMAL,
        low=DECIMAL,
        volume=DECIMAL,
        quote_volume=DECIMAL,
        open_interest=DECIMAL,
        time_ms=WHOLE,
    ),
    "LiquidationPriceResult": _object(liquidation_price=MAYBE_DECIMAL, bankruptcy_price=MAYBE_DECIMAL),
    "BankruptcyPriceResult": _object(bankruptcy_price=MAYBE_DECIMAL),
    "MarginResult": _object(notional=DECIMAL, initial_margin=DECIMAL, maintenance_margin_at_entry=DECIMAL),
    "MaintenanceMarginResult": _object(
        maintenance_margin=DECIMAL, tier=WHOLE, mmr=DECIMAL, cum=DECIMAL, maintenance_amount=_list(DECIMAL)
    ),
    "PnlResult": _object(pnl=DECIMAL),
    "PremiumIndexResult": _object(premium_index=DECIMAL),
    "FundingRateResult": _object(funding_rate=DECIMAL),
    "FundingPaymentResult": _object(cash_flow=DECIMAL),
}
