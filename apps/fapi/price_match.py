"""Prices taken from the book at the moment of asking: `priceMatch` in place of `price`.

OPPONENT is the best price of the other side, QUEUE that of the own; `_5`, `_10` and `_20` the level so deep.
The level is read from the feeds' picture of the book, which is a commit behind the engine at most.
"""

from __future__ import annotations

from apps.common.lane import LaneError
from apps.fapi import errors
from apps.fapi.values import Params
from apps.feeds.hub import get_hub
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import Side

NO_MATCH = "NONE"
MATCHES = {
    f"{name}{'' if depth == 1 else f'_{depth}'}": (name, depth)
    for name in ("OPPONENT", "QUEUE")
    for depth in (1, 5, 10, 20)
}


def asked_match(params: Params) -> str:
    """The word of `priceMatch`, NONE when absent. Raises LaneError -5037 for an unknown one."""
    word = params.get("priceMatch") or NO_MATCH
    if word != NO_MATCH and word not in MATCHES:
        raise LaneError(-5037, "Invalid price match", name="INVALID_PARAMETER", details={"parameter": "priceMatch"})
    return word


def refuse_match(params: Params) -> None:
    """Where no price can be matched. Raises LaneError -5037, -5038."""
    if asked_match(params) != NO_MATCH:
        text = "Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT"
        raise LaneError(-5038, text, name="INVALID_PARAMETER", details={"parameter": "priceMatch"})


def matched_ticks(params: Params, spec: InstrumentSpec, side: int, word: str) -> int:
    """The price of the level that `word` names. Raises LaneError: -1106 for a price beside it, -5041 for no such level."""
    if params.get("price"):
        raise errors.not_required("price")
    whose, deep = MATCHES[word]
    depth = get_hub().book(spec.id).depth(deep)
    levels = depth.bids if (side == Side.BUY) == (whose == "QUEUE") else depth.asks
    if len(levels) < deep:
        raise LaneError(-5041, "No depth matches this BBO order", name="NO_LIQUIDITY")
    return levels[deep - 1][0]
