"""What may leave the app: samples, settlements and payments, integers all through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One premium sample with its inputs; impact prices in millionths of a tick, 0 = too thin."""

    seq: int
    instrument_id: int
    sample_ns: int
    impact_bid_microticks: int
    impact_ask_microticks: int
    index_ticks: int
    premium_ppb: int
    average_premium_ppb: int
    predicted_rate_ppb: int
    samples: int


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """An instrument's funding at one moment; `residue_units` went to the insurance fund."""

    instrument_id: int
    funding_ns: int
    next_funding_ns: int
    rate_ppb: int
    mark_ticks: int
    average_premium_ppb: int
    samples: int
    positions: int
    asset_id: int
    paid_units: int
    received_units: int
    residue_units: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What one leg paid (< 0) or received."""

    payment_id: int
    account_id: int
    instrument_id: int
    position_side: int
    funding_ns: int
    rate_ppb: int
    mark_ticks: int
    position_lots: int
    asset_id: int
    amount_units: int


@dataclass(frozen=True, slots=True)
class FundingRound:
    """What one round of the job did."""

    settled: int
    sampled: int
    refused: int
