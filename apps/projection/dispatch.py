"""Hands a batch of events to every app's projector, and their rows to the writer.

An app takes part by a class `Projector` in its `projectors.py` with methods named after the events it
wants: OrderAccepted goes to `on_order_accepted`. `write` comes last, once a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from apps.accounts import models as accounts
from apps.accounts import projectors as account_projectors
from apps.assets import models as assets
from apps.assets import projectors as asset_projectors
from apps.common.event_rows import CommandRows, EventRows, Terms, split_by_kind
from apps.common.row_sink import Merge, RowSink
from apps.funding import models as funding
from apps.funding import projectors as funding_projectors
from apps.instruments import models as instruments
from apps.instruments import projectors as instrument_projectors
from apps.insurance import models as insurance
from apps.insurance import projectors as insurance_projectors
from apps.liquidations import models as liquidations
from apps.liquidations import projectors as liquidation_projectors
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
    instrument_projectors.Projector,
    asset_projectors.Projector,
    funding_projectors.Projector,
    liquidation_projectors.Projector,
    insurance_projectors.Projector,
    marketdata_projectors.Projector,
)

# Every table the journal fills; a rebuild empties these and nothing else.
PROJECTED_MODELS = (
    orders.Order,
    orders.Amendment,
    orders.Trade,
    orders.Fill,
    positions.Position,
    positions.MarginChange,
    accounts.Balance,
    accounts.LedgerEntry,
    accounts.AccountMode,
    accounts.Transfer,
    accounts.Conversion,
    instruments.MarketRules,
    instruments.TradingStateChange,
    instruments.InstrumentSettlement,
    assets.Collateral,
    funding.FundingSample,
    funding.FundingSettlement,
    funding.FundingPayment,
    liquidations.Liquidation,
    liquidations.LiquidationStep,
    liquidations.PositionMove,
    insurance.InsuranceFund,
    insurance.InsuranceChange,
    marketdata.Candle,
    marketdata.HourCandle,
    marketdata.PriceCandle,
    marketdata.HourPriceCandle,
    marketdata.PremiumCandle,
    marketdata.HourPremiumCandle,
    marketdata.PriceSample,
    InstrumentTerms,
)

HANDLERS = {kind: "on_" + re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower() for kind, event in EVENTS.items()}


def load_terms() -> dict[int, tuple[int, int]]:
    """Instrument -> (settlement asset, units of one tick times one lot), from rows."""
    found = InstrumentTerms.objects.values_list("instrument_id", "settlement_asset_id", "tick_lot_units")
    return {instrument: (asset, units) for instrument, asset, units in found}


def dispatch(
    *,
    first_seq: int,
    commands: Sequence[bytes],
    events: Iterable[bytes],
    known: dict[int, tuple[int, int]],
    rows: RowSink,
) -> dict[int, tuple[int, int]]:
    """Write what a gapless run of batches changed; returns the terms of all instruments known after it."""
    by_kind = split_by_kind(b"".join(events))
    batch = CommandRows(first_seq, commands)
    defined = by_kind.get(InstrumentDefined.KIND)
    if defined is not None:
        known = {**known, **_new_terms(defined, batch, rows)}
    terms = Terms.of(known, batch)
    for projector_class in PROJECTORS:
        projector = projector_class(terms)
        for kind, found in by_kind.items():
            handler = getattr(projector, HANDLERS[kind], None)
            if handler is not None:
                handler(found)
        projector.write(rows)
    return known


def _new_terms(defined: EventRows, batch: CommandRows, rows: RowSink) -> dict[int, tuple[int, int]]:
    """The events say that a definition was taken; what it says stands in its command."""
    chosen = batch.of(defined, DefineInstrument)
    new = {int(row["instrument"]): (int(row["settlement_asset"]), int(row["tick_lot_units"])) for row in chosen}
    columns = {
        "instrument_id": np.array(list(new), np.int64),
        "settlement_asset_id": np.array([asset for asset, _ in new.values()], np.int64),
        "tick_lot_units": np.array([units for _, units in new.values()], np.int64),
    }
    rows.upsert(InstrumentTerms, columns, {"settlement_asset_id": Merge.REPLACE, "tick_lot_units": Merge.REPLACE})
    return new
