"""Hands a batch of events to every app's projector, and their rows to the writer.

An app takes part by a class `Projector` in its `projectors.py` with methods named after the events it
wants: OrderAccepted goes to `on_order_accepted`. `write` comes last, once a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from apps.accounts import models as accounts
from apps.accounts import projectors as account_projectors
from apps.common.event_rows import EventRows, Terms, record_dtype, split_by_kind
from apps.common.row_sink import Merge, RowSink
from apps.marketdata import models as marketdata
from apps.marketdata import projectors as marketdata_projectors
from apps.orders import models as orders
from apps.orders import projectors as order_projectors
from apps.positions import models as positions
from apps.positions import projectors as position_projectors
from apps.projection.models import InstrumentTerms
from matcher.protocol.commands import DefineInstrument
from matcher.protocol.events import EVENTS, InstrumentDefined


class Projector(Protocol):
    """What one app makes of one batch."""

    def __init__(self, terms: Terms) -> None: ...

    def write(self, rows: RowSink) -> None: ...


PROJECTORS: tuple[type[Projector], ...] = (
    order_projectors.Projector,
    position_projectors.Projector,
    account_projectors.Projector,
    marketdata_projectors.Projector,
)

# Every table the journal fills; a rebuild empties these and nothing else.
PROJECTED_MODELS = (
    orders.Order,
    orders.Trade,
    orders.Fill,
    positions.Position,
    accounts.Balance,
    accounts.LedgerEntry,
    marketdata.Candle,
    marketdata.HourCandle,
    marketdata.PriceCandle,
    marketdata.HourPriceCandle,
    marketdata.PriceSample,
    InstrumentTerms,
)

HANDLERS = {kind: "on_" + re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower() for kind, event in EVENTS.items()}

_DEFINE_INSTRUMENT = record_dtype(DefineInstrument)


def load_terms() -> dict[int, tuple[int, int]]:
    """Instrument -> (settlement asset, units of one tick times one lot), from rows."""
    found = InstrumentTerms.objects.values_list("instrument_id", "settlement_asset_id", "tick_lot_units")
    return {instrument: (asset, units) for instrument, asset, units in found}


def dispatch(
    *,
    first_seq: int,
    commands: Iterable[bytes],
    events: Iterable[bytes],
    known: dict[int, tuple[int, int]],
    rows: RowSink,
) -> dict[int, tuple[int, int]]:
    """Write what a gapless run of batches changed; returns the terms of all instruments known after it."""
    by_kind = split_by_kind(b"".join(events))
    defined = by_kind.get(InstrumentDefined.KIND)
    if defined is not None:
        known = {**known, **_new_terms(defined, first_seq, b"".join(commands), rows)}
    terms = Terms.of(known)
    for projector_class in PROJECTORS:
        projector = projector_class(terms)
        for kind, found in by_kind.items():
            handler = getattr(projector, HANDLERS[kind], None)
            if handler is not None:
                handler(found)
        projector.write(rows)
    return known


def _new_terms(defined: EventRows, first_seq: int, commands: bytes, rows: RowSink) -> dict[int, tuple[int, int]]:
    """The events say that a definition was taken; what it says stands in its command."""
    whole = np.frombuffer(commands, dtype=np.dtype((np.void, DefineInstrument.WIDTH)))
    chosen = whole[defined.integers("seq") - first_seq].view(_DEFINE_INSTRUMENT)
    new = {int(row["instrument"]): (int(row["settlement_asset"]), int(row["tick_lot_units"])) for row in chosen}
    columns = {
        "instrument_id": np.array(list(new), np.int64),
        "settlement_asset_id": np.array([asset for asset, _ in new.values()], np.int64),
        "tick_lot_units": np.array([units for _, units in new.values()], np.int64),
    }
    rows.upsert(InstrumentTerms, columns, {"settlement_asset_id": Merge.REPLACE, "tick_lot_units": Merge.REPLACE})
    return new
