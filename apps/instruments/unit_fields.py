"""A market's terms in people's units: what the forms take, what approvals show; the rows keep integers."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.common.scaled_field import MONEY, PERCENT_OF_PPB, PERCENT_OF_PPM, ScaledField, plain
from apps.instruments.models import Instrument, RiskTier

# Column -> (what people call it, its decimals or the grid that it stands on).
_PRICE, _QUANTITY = "price", "quantity"
UNITS: dict[str, tuple[str, int | str]] = {
    "max_price_ticks": ("Highest price", _PRICE),
    "min_quantity_lots": ("Smallest quantity", _QUANTITY),
    "max_quantity_lots": ("Largest quantity", _QUANTITY),
    "max_market_quantity_lots": ("Largest quantity of a market order", _QUANTITY),
    "min_notional_units": ("Smallest notional", MONEY),
    "impact_notional_units": ("Impact notional", MONEY),
    "notional_floor_units": ("From a notional of", MONEY),
    "price_band_ppm": ("Price band, %", PERCENT_OF_PPM),
    "market_band_ppm": ("Band of market orders, %", PERCENT_OF_PPM),
    "price_protect_ppm": ("Price protection, %", PERCENT_OF_PPM),
    "breaker_move_ppm": ("Breaker: move, %", PERCENT_OF_PPM),
    "maker_fee_ppb": ("Maker fee, %", PERCENT_OF_PPB),
    "taker_fee_ppb": ("Taker fee, %", PERCENT_OF_PPB),
    "liquidation_fee_ppb": ("Liquidation fee, %", PERCENT_OF_PPB),
    "interest_rate_ppb": ("Interest rate, %", PERCENT_OF_PPB),
    "funding_cap_ppb": ("Funding: highest rate, %", PERCENT_OF_PPB),
    "funding_floor_ppb": ("Funding: lowest rate, %", PERCENT_OF_PPB),
    "maintenance_rate_ppb": ("Maintenance rate, %", PERCENT_OF_PPB),
}
_PLAIN_LABELS = {
    "mark_max_age_ms": "Oldest mark, ms",
    "breaker_window_ms": "Breaker: window, ms",
    "breaker_halt_ms": "Breaker: halt, ms",
    "breaker_state": "Breaker: state",
    "funding_interval_hours": "Funding interval, hours",
}
_GRIDS = {_PRICE: ("price_decimals", "tick_step"), _QUANTITY: ("quantity_decimals", "lot_step")}


def label_of(name: str) -> str:
    said = UNITS[name][0] if name in UNITS else _PLAIN_LABELS.get(name)
    return said or name.replace("_", " ").capitalize()


def text_of(row: Instrument, name: str, value: Any) -> str:
    """A column's value as people read it; `row` lends its grid."""
    if name in UNITS:
        scale = UNITS[name][1]
        if isinstance(scale, int):
            return plain(value, scale)
        decimals, step = (getattr(row, column) for column in _GRIDS[scale])
        return plain(value * step, decimals)
    choices: dict[Any, Any] = dict(getattr(Instrument._meta.get_field(name), "flatchoices", ()))  # noqa: SLF001 - Django's own public-by-use name
    return str(choices.get(value, value))


class InstrumentForm(forms.ModelForm):  # type: ignore[type-arg]
    """Prices, quantities, money and per cent. A new market stands on the grid that is typed with it."""

    class Meta:
        model = Instrument
        exclude: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding  # noqa: SLF001 - Django's own way to ask
        for name, field in list(self.fields.items()):
            scale = UNITS[name][1] if name in UNITS else None
            if name in UNITS or name in _PLAIN_LABELS:
                field.label = label_of(name)
            if isinstance(scale, int):
                self.fields[name] = _scaled(field, scale)
            elif scale is not None:
                self.fields[name] = _scaled(field, *self._grid(*_GRIDS[scale]))
                if is_new:  # a default in ticks is no price before there is a tick
                    self.initial.pop(name, None)
                    self.fields[name].initial = None

    def _grid(self, decimals: str, step: str) -> tuple[int, int]:
        if not self.instance._state.adding:  # noqa: SLF001 - Django's own way to ask
            return getattr(self.instance, decimals), getattr(self.instance, step)
        return self._typed(decimals, 0, 8, other=0), self._typed(step, 1, 10**9, other=1)

    def _typed(self, name: str, least: int, most: int, *, other: int) -> int:
        """What is typed there; what is wrong with it that field says itself."""
        text = str(self.data.get(self.add_prefix(name), ""))
        good = text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most
        return int(text) if good else other


class RiskTierForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = RiskTier
        exclude: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            scale = UNITS[name][1] if name in UNITS else None
            if isinstance(scale, int):
                field.label = label_of(name)
                self.fields[name] = _scaled(field, scale)


def _scaled(field: forms.Field, decimals: int, step: int = 1) -> ScaledField:
    return ScaledField(
        decimals=decimals, step=step, label=field.label, help_text=field.help_text,
        required=field.required, initial=field.initial, disabled=field.disabled,
    )  # fmt: skip
