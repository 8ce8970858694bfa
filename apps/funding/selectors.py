"""Questions about funding of the past, answered from rows, newest first; what is now is the engine's to answer."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.db.models import Max, Min

from apps.funding.models import FundingPayment, FundingSample, FundingSettlement
from apps.funding.types import PaymentRow, SampleRow, SettlementRow

_SAMPLE_FIELDS = tuple(field.name for field in fields(SampleRow))
_SETTLEMENT_FIELDS = tuple(field.name for field in fields(SettlementRow))
_PAYMENT_FIELDS = tuple(field.name for field in fields(PaymentRow))


def get_settlements(
    instrument_id: int | None = None,
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
    newest_first: bool = True,
) -> list[SettlementRow]:
    """Settlements of an instrument (None: of all) between two times, both included."""
    wanted = _between("funding_ns", start_ns, end_ns, instrument_id)
    order = ("-funding_ns", "-seq") if newest_first else ("funding_ns", "seq")
    rows = FundingSettlement.objects.filter(**wanted).order_by(*order)
    return [SettlementRow(*row) for row in rows.values_list(*_SETTLEMENT_FIELDS)[offset : offset + limit]]


def get_samples(
    instrument_id: int,
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[SampleRow]:
    """Premium samples of an instrument, newest first."""
    rows = FundingSample.objects.filter(**_between("sample_ns", start_ns, end_ns, instrument_id))
    found = rows.order_by("-sample_ns").values_list(*_SAMPLE_FIELDS)[offset : offset + limit]
    return [SampleRow(*row) for row in found]


def get_payments(
    account_id: int,
    instrument_id: int | None = None,
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[PaymentRow]:
    """What the account paid and received, newest first."""
    wanted = _between("funding_ns", start_ns, end_ns, instrument_id)
    rows = FundingPayment.objects.filter(account_id=account_id, **wanted).order_by("-funding_ns", "-payment_id")
    return [PaymentRow(*row) for row in rows.values_list(*_PAYMENT_FIELDS)[offset : offset + limit]]


def get_first_sample_ns(instrument_id: int) -> int | None:
    """When the instrument's funding began."""
    found: int | None = FundingSample.objects.filter(instrument_id=instrument_id).aggregate(at=Min("sample_ns"))["at"]
    return found


def get_next_funding_times() -> dict[int, int]:
    """When each instrument that was ever settled is due next, nanoseconds."""
    rows = FundingSettlement.objects.order_by().values_list("instrument_id").annotate(due=Max("next_funding_ns"))
    return dict(rows)


def _between(time: str, start_ns: int | None, end_ns: int | None, instrument_id: int | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if instrument_id:
        wanted["instrument_id"] = instrument_id
    if start_ns is not None:
        wanted[f"{time}__gte"] = start_ns
    if end_ns is not None:
        wanted[f"{time}__lte"] = end_ns
    return wanted
