"""The words a story uses for orders: what stands behind `alice buy` and `alice sell`."""

from __future__ import annotations

from typing import Any

from matcher.protocol.commands import PlaceOrder
from matcher.protocol.enums import (
    OrderFlag,
    OrderType,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    WorkingType,
)

STP = {mode.name.lower().removeprefix("expire_"): mode for mode in SelfTradePrevention}
FLAGS = {"reduce": OrderFlag.REDUCE_ONLY, "close": OrderFlag.CLOSE_POSITION, "protect": OrderFlag.PRICE_PROTECT}
# word before the trigger: the type with a limit price, the type without
TRIGGERS = {
    "stop": (OrderType.STOP, OrderType.STOP_MARKET),
    "profit": (OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_MARKET),
}
WORKING = {"last": WorkingType.CONTRACT_PRICE, "mark": WorkingType.MARK_PRICE}
LEGS = {"long": PositionSide.LONG, "short": PositionSide.SHORT, "both": PositionSide.BOTH}


def place(account: int, instrument: int, words: list[str], options: dict[str, str], now_ns: int) -> PlaceOrder:
    """`buy 5 @ 1000 gtx reduce id=a stp=taker`, `sell 5 market`, and of version 2:

    `sell 5 stop 990` (STOP_MARKET), `sell 5 @ 985 stop 990` (STOP), `profit` for TAKE_PROFIT likewise,
    `sell 5 trail 20000 from=1010` (callback in ppm, activation price), `sell 0 close stop 990`,
    `by=last` or `by=mark` (what the trigger watches; the mark when unsaid), `protect`, `till=60` (GTD, seconds
    from now), `tp=1010 sl=990` (attachments), `link=#3`, `leg=long`.
    """
    return PlaceOrder(
        account=account,
        instrument=instrument,
        side=Side[words[0].upper()],
        quantity_lots=int(words[1]),
        price_ticks=_after(words, "@"),
        self_trade_prevention=STP[options.get("stp", "maker")],
        client_order_id=options.get("id", "").encode(),
        flags=sum(flag for word, flag in FLAGS.items() if word in words),
        position_side=LEGS[options.get("leg", "both")],
        take_profit_ticks=int(options.get("tp", "0")),
        stop_loss_ticks=int(options.get("sl", "0")),
        linked_order_id=int(options.get("link", "#0")[1:]),
        **_kind(words, options),
        **_time_in_force(words, options, now_ns),
    )


def _kind(words: list[str], options: dict[str, str]) -> dict[str, Any]:
    if "trail" in words:
        return {
            "order_type": OrderType.TRAILING_STOP_MARKET,
            "callback_ppm": _after(words, "trail"),
            "trigger_ticks": int(options.get("from", "0")),
            "working_type": WORKING[options.get("by", "mark")],
        }
    for word, (with_limit, without) in TRIGGERS.items():
        if word in words:
            return {
                "order_type": with_limit if "@" in words else without,
                "trigger_ticks": _after(words, word),
                "working_type": WORKING[options.get("by", "mark")],
            }
    working = {"working_type": WORKING[options["by"]]} if "by" in options else {}
    return {"order_type": OrderType.MARKET if "market" in words else OrderType.LIMIT, **working}


def _time_in_force(words: list[str], options: dict[str, str], now_ns: int) -> dict[str, int]:
    if "till" in options:
        return {"time_in_force": TimeInForce.GTD, "good_till_ns": now_ns + int(options["till"]) * 10**9}
    return {"time_in_force": next((t for t in TimeInForce if t.name.lower() in words), TimeInForce.GTC)}


def _after(words: list[str], word: str) -> int:
    return int(words[words.index(word) + 1]) if word in words else 0
