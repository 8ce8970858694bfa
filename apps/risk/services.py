"""Verbs of limits: set them, and tell the engine, which alone enforces them.

The rows are the wish; what the engine has not taken is told again by a job, and everything by `sync_engine`.
"""

from __future__ import annotations

from dataclasses import asdict

import structlog
from django.db import transaction
from django.utils import timezone

from apps.accounts.engine import refusal, send
from apps.accounts.selectors import get_account
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.instruments.selectors import get_instrument_by_id
from apps.risk.errors import LimitsInvalid, LimitsUnchanged
from apps.risk.models import ORDERS_MAX, UNITS_MAX, AccountLimit, AccountLimitVersion
from apps.risk.selectors import TERMS, terms_of
from apps.risk.types import ALL_INSTRUMENTS, EVERYBODY, LimitTerms, Told
from matcher.protocol.commands import SetAccountLimits

log = structlog.get_logger(__name__)
REASON_CHARS_MAX = 200


def set_limits(*, account_id: int, instrument_id: int, terms: LimitTerms, actor: Actor, reason: str) -> Told:
    """What the account (0 = everybody) may have in the instrument (0 = all) from now on; kept as a version.

    WAITING when the engine does not answer: it is told as soon as it does. Raises LimitsInvalid, LimitsUnchanged.
    """
    reason = reason.strip()
    check_limits(account_id, instrument_id, terms, reason)
    with transaction.atomic():
        row = (
            AccountLimit.objects.select_for_update().filter(account_id=account_id, instrument_id=instrument_id).first()
        )
        before = LimitTerms() if row is None else terms_of(row)
        if before == terms:
            raise LimitsUnchanged
        if row is None:
            row = AccountLimit(account_id=account_id, instrument_id=instrument_id, version=0)
        for name in TERMS:
            setattr(row, name, getattr(terms, name))
        row.version, row.told_at, row.error = row.version + 1, None, ""
        row.save()
        AccountLimitVersion.objects.create(
            account_id=account_id,
            instrument_id=instrument_id,
            number=row.version,
            before=asdict(before),
            after=asdict(terms),
            actor_kind=actor.kind,
            actor_id=actor.id,
            reason=reason,
        )
        record(
            "risk.limits_changed",
            actor=actor,
            subject=f"accounts.account:{account_id}",
            reason=reason,
            before=asdict(before),
            after=asdict(terms) | {"instrument": instrument_id, "version": row.version},
        )
    return Told.YES if _tell(row) else Told.WAITING


def inherit_limits(main_id: int, account_id: int) -> None:
    """A person's new account may have what their main one may; the engine is told by `push_untold`."""
    for row in AccountLimit.objects.filter(account_id=main_id).order_by("instrument_id"):
        terms = asdict(terms_of(row))
        AccountLimit.objects.create(account_id=account_id, instrument_id=row.instrument_id, **terms)
        AccountLimitVersion.objects.create(
            account_id=account_id,
            instrument_id=row.instrument_id,
            number=1,
            before=asdict(LimitTerms()),
            after=terms,
            actor_kind="system",
            actor_id="risk",
            reason=f"as account {main_id} of the same person",
        )


def push_untold() -> int:
    """Tell the engine what it has not taken yet; how much it took."""
    return sum(_tell(row) for row in AccountLimit.objects.filter(told_at=None).order_by("id")[:1000])


def push_limits() -> int:
    """Tell the engine every row again, repeatable; how many it took. Raises ServiceUnavailable, OutcomeUnclear."""
    return sum(_tell(row, patient=False) for row in AccountLimit.objects.order_by("id").iterator())


def _tell(row: AccountLimit, *, patient: bool = True) -> bool:
    """Whether the engine took this version of the row; how many orders may be sent is the gateway's to know."""
    if row.account_id == EVERYBODY:
        return bool(AccountLimit.objects.filter(pk=row.pk, version=row.version).update(told_at=timezone.now()))
    command = SetAccountLimits(
        account=row.account_id,
        instrument=row.instrument_id,
        max_position_notional_units=row.max_position_notional_units,
        max_position_lots=row.max_position_lots,
        max_open_orders=row.max_open_orders,
    )
    try:
        reason = refusal(send(command))
    except (ServiceUnavailable, OutcomeUnclear) as error:
        if not patient:
            raise
        log.warning("risk.limits_wait", account=row.account_id, instrument=row.instrument_id, error=error.code)
        return False
    same = AccountLimit.objects.filter(pk=row.pk, version=row.version)
    if reason is None:
        same.update(told_at=timezone.now(), error="")
        return True
    if same.exclude(error=reason).update(error=reason):
        log.error("risk.limits_refused", account=row.account_id, instrument=row.instrument_id, reason=reason)
    return False


def check_limits(account_id: int, instrument_id: int, terms: LimitTerms, reason: str) -> None:
    """Raises LimitsInvalid."""
    if account_id != EVERYBODY and get_account(account_id) is None:
        raise LimitsInvalid("account", "there is no such account")
    if instrument_id != ALL_INSTRUMENTS and get_instrument_by_id(instrument_id) is None:
        raise LimitsInvalid("instrument", "there is no such instrument")
    for name in TERMS:
        most = UNITS_MAX if name.startswith("max_position") else ORDERS_MAX
        if not 0 <= getattr(terms, name) <= most:
            raise LimitsInvalid(name, f"must be from 0 to {most:,}")
    if instrument_id == ALL_INSTRUMENTS and terms.max_position_lots:
        raise LimitsInvalid("max_position_lots", "lots of different instruments do not add up; limit the notional")
    if instrument_id != ALL_INSTRUMENTS and (terms.orders_10s or terms.orders_1m):
        raise LimitsInvalid("orders_10s", "how many orders may be sent is limited for all instruments together")
    if account_id == EVERYBODY and terms != LimitTerms(orders_10s=terms.orders_10s, orders_1m=terms.orders_1m):
        raise LimitsInvalid(
            "account", "positions and open orders of everybody are limited by the instrument's own terms"
        )
    if not 0 < len(reason) <= REASON_CHARS_MAX:
        raise LimitsInvalid("reason", f"say why, in at most {REASON_CHARS_MAX} characters")
