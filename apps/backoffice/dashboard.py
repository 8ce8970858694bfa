"""The first page of the admin: is the house in order, and what is it doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from apps.accounts.selectors import list_ledger_mismatches
from apps.assets.selectors import get_assets
from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec
from apps.monitoring.selectors import heartbeat_age_ms
from apps.projection.selectors import get_cursor
from apps.users.selectors import get_identity_counts
from matcher.protocol.enums import TradingState
from matcher.protocol.units import format_scaled
from matcher.protocol.views import InstrumentView, Query, QueryKind, StateView

ENGINE_WAIT_S = 0.5
HEARTBEAT_LATE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    value: str
    note: str
    good: bool = True


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - the theme's hook
    """Adds the cards and the table of markets to the page."""
    state, views = _engine()
    context["cards"] = [_engine_card(state), _rows_card(state), _ledger_card(), _jobs_card(), *_people_cards()]
    context["markets"] = {
        "headers": ["Symbol", "State", "Last", "Mark", "Best bid", "Best ask", "Open interest", "Open orders"],
        "rows": [_market_row(spec, views.get(spec.id)) for spec in get_instruments()],
    }
    return context


def _engine() -> tuple[StateView | None, dict[int, InstrumentView]]:
    try:
        _, state, _ = bridge.query(Query(kind=QueryKind.STATS), ENGINE_WAIT_S)
        _, rows, _ = bridge.query(Query(kind=QueryKind.INSTRUMENTS), ENGINE_WAIT_S)
    except (MatcherUnavailable, OutcomeUnknown):
        return None, {}
    views = {row.instrument: row for row in rows if isinstance(row, InstrumentView)}
    return next((view for view in state if isinstance(view, StateView)), None), views


def _engine_card(state: StateView | None) -> Card:
    if state is None:
        return Card("Matching engine", "unreachable", "It does not answer.", good=False)
    return Card(
        "Matching engine",
        f"{state.seq:,} commands",
        f"{state.open_orders:,} open orders, {state.last_trade_id:,} trades, {state.accounts:,} accounts",
    )


def _rows_card(state: StateView | None) -> Card:
    cursor = get_cursor()
    behind = max(0, state.seq - cursor) if state else None
    note = "The engine's state is unknown." if behind is None else f"{behind:,} commands behind the engine"
    return Card("Rows", f"{cursor:,}", note, good=behind is not None and behind < 1000)


def _ledger_card() -> Card:
    mismatches = list_ledger_mismatches()
    if not mismatches:
        return Card("Ledger", "in balance", "All legs sum to zero; every wallet is the sum of its legs.")
    codes = {asset.id: asset.code for asset in get_assets()}
    first = mismatches[0]
    named = f"{first.what} ({codes.get(first.asset_id, first.asset_id)}, account {first.account_id})"
    return Card("Ledger", "out of balance", f"{len(mismatches)} found; first: {named}", good=False)


def _jobs_card() -> Card:
    age_ms = heartbeat_age_ms()
    if age_ms is None:
        return Card("Jobs", "silent", "No heartbeat yet.", good=False)
    return Card("Jobs", f"{age_ms // 1000} s ago", "Last heartbeat of beat and worker", good=age_ms < HEARTBEAT_LATE_MS)


def _people_cards() -> list[Card]:
    counts = get_identity_counts()
    return [
        Card("People", f"{counts.users:,}", f"{counts.sessions:,} live sessions"),
        Card("API keys", f"{counts.api_keys:,}", "live keys"),
    ]


def _market_row(spec: InstrumentSpec, view: InstrumentView | None) -> list[str]:
    def price(ticks: int) -> str:
        return spec.price_text(ticks) if ticks else "-"

    state = TradingState(spec.trading_state).name.lower()
    if view is None:
        return [spec.symbol, state, *["-"] * 6]
    return [
        spec.symbol,
        state,
        price(view.last_price_ticks),
        price(view.mark_ticks),
        price(view.best_bid_ticks),
        price(view.best_ask_ticks),
        f"{spec.quantity_text(view.open_interest_lots)} {spec.base_asset}",
        format_scaled(view.open_orders, 0),
    ]
