"""Trades as aggregates: a taker order's consecutive trades at one price are one."""

from __future__ import annotations

from collections.abc import Iterable

from apps.feeds.types import AggregateTick, TradeTick


def aggregate(trades: Iterable[TradeTick]) -> list[AggregateTick]:
    """Trades in order, those of one command at one price folded into one aggregate.

    Trades read from rows have no sequence: there the engine's time stands for it.
    """
    folded: list[AggregateTick] = []
    key: tuple[int, int, int, bool] | None = None
    for trade in trades:
        own = (trade.seq, trade.time_ns, trade.price_ticks, trade.buyer_is_maker)
        if own == key:
            open_tick = folded[-1]
            folded[-1] = open_tick._replace(
                quantity_lots=open_tick.quantity_lots + trade.quantity_lots, last_trade_id=trade.trade_id
            )
            continue
        key = own
        folded.append(
            AggregateTick(
                trade.trade_id,
                trade.price_ticks,
                trade.quantity_lots,
                trade.trade_id,
                trade.trade_id,
                trade.time_ns,
                trade.buyer_is_maker,
            )
        )
    return folded
