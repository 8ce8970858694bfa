"""Orders, trades and fills as the journal tells them; written by projectors.py alone.

Prices are ticks, quantities lots, money units of 1e-8, times nanoseconds since the epoch; 0 or empty
text stands for "none". `account_id` and `instrument_id` are the engine's numbers.
"""

from django.db import models

from matcher.protocol.enums import OrderStatus, OrderType, PositionSide, SelfTradePrevention, Side, TimeInForce

SIDES = [(member.value, member.name) for member in Side]
TYPES = [(member.value, member.name) for member in OrderType]
TIMES_IN_FORCE = [(member.value, member.name) for member in TimeInForce]
POSITION_SIDES = [(member.value, member.name) for member in PositionSide]
STATUSES = [(member.value, member.name) for member in OrderStatus]
SELF_TRADE_PREVENTIONS = [(member.value, member.name) for member in SelfTradePrevention]


class Order(models.Model):
    """One accepted order. `end_reason` is an EndReason, or 0 when it was asked for, filled or is still open.

    A triggered order that was refused has a RejectReason there. `trigger_ticks` is the activation price of a
    trailing order; `triggered_ns` is 0 while a conditional order waits; `linked_order_id` is its sibling.
    """

    order_id = models.BigIntegerField(primary_key=True)
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    client_order_id = models.CharField(max_length=36)
    side = models.SmallIntegerField(choices=SIDES)
    order_type = models.SmallIntegerField(choices=TYPES)
    time_in_force = models.SmallIntegerField(choices=TIMES_IN_FORCE)
    order_flags = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=POSITION_SIDES)
    working_type = models.SmallIntegerField()
    self_trade_prevention = models.SmallIntegerField(choices=SELF_TRADE_PREVENTIONS)
    status = models.SmallIntegerField(choices=STATUSES)
    end_reason = models.SmallIntegerField()
    price_ticks = models.BigIntegerField()
    quantity_lots = models.BigIntegerField()
    filled_lots = models.BigIntegerField()
    filled_quote_units = models.BigIntegerField()
    created_ns = models.BigIntegerField()
    updated_ns = models.BigIntegerField()
    trigger_ticks = models.BigIntegerField(default=0)
    callback_ppm = models.IntegerField(default=0)
    good_till_ns = models.BigIntegerField(default=0)
    linked_order_id = models.BigIntegerField(default=0)
    take_profit_ticks = models.BigIntegerField(default=0)
    stop_loss_ticks = models.BigIntegerField(default=0)
    triggered_ns = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "instrument_id", "order_id"], name="orders_of_account"),
            models.Index(
                fields=["account_id", "client_order_id"],
                condition=~models.Q(client_order_id=""),
                name="orders_by_client_id",
            ),
            models.Index(fields=["created_ns", "order_id"], name="orders_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(filled_lots__gte=0, filled_lots__lte=models.F("quantity_lots")),
                name="orders_filled_within_quantity",
            )
        ]

    def __str__(self) -> str:
        return f"order {self.order_id}"


class Amendment(models.Model):
    """An order got a new price or quantity because its owner asked. `seq`: the command."""

    amendment_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    order_id = models.BigIntegerField()
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    price_ticks_before = models.BigIntegerField()
    price_ticks = models.BigIntegerField()
    quantity_lots_before = models.BigIntegerField()
    quantity_lots = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "instrument_id", "amendment_id"], name="amendments_of_account"),
            models.Index(fields=["order_id", "amendment_id"], name="amendments_of_order"),
        ]

    def __str__(self) -> str:
        return f"amendment {self.amendment_id}"


class Trade(models.Model):
    """One match, public. `taker_side` is the side that took."""

    trade_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    taker_side = models.SmallIntegerField(choices=SIDES)
    price_ticks = models.BigIntegerField()
    quantity_lots = models.BigIntegerField()
    quote_units = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["instrument_id", "trade_id"], name="trades_of_instrument"),
            models.Index(fields=["time_ns", "trade_id"], name="trades_by_time"),
        ]

    def __str__(self) -> str:
        return f"trade {self.trade_id}"


class Fill(models.Model):
    """One party's half of a trade; `fill_id` is twice the trade's number, plus one for the maker.

    The fee of a liquidation's fill is the liquidation fee.
    """

    fill_id = models.BigIntegerField(primary_key=True)
    trade_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    side = models.SmallIntegerField(choices=SIDES)
    is_maker = models.BooleanField()
    price_ticks = models.BigIntegerField()
    quantity_lots = models.BigIntegerField()
    quote_units = models.BigIntegerField()
    fee_asset_id = models.SmallIntegerField()
    fee_units = models.BigIntegerField()
    realized_pnl_units = models.BigIntegerField()
    seq = models.BigIntegerField()
    time_ns = models.BigIntegerField()
    position_side = models.SmallIntegerField(choices=POSITION_SIDES, default=0)
    is_liquidation = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "instrument_id", "fill_id"], name="fills_of_account"),
            models.Index(fields=["order_id", "fill_id"], name="fills_of_order"),
        ]

    def __str__(self) -> str:
        return f"fill {self.fill_id}"
