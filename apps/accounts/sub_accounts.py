"""Further trading accounts of one person: each with its own wallets, positions and keys, none trading with another.

The first account stays the main one, which a session acts for; what limits it limits the new ones too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.db import transaction

from apps.accounts.errors import AccountRestricted, InvalidAccountName, TooManyAccounts
from apps.accounts.models import TradingAccount
from apps.accounts.selectors import get_account
from apps.accounts.services import create_account, open_account
from apps.accounts.types import AccountRef
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.configuration.services import get
from apps.configuration.types import Setting
from apps.users.errors import NoTradingAccount
from matcher.protocol.enums import AccountState

log = logging.getLogger(__name__)
NAME_CHARS_MAX = 32
PER_PERSON_MAX = Setting(
    "accounts.per_person_max",
    20,
    "How many trading accounts one person may have, the main one among them; those above a lowered number stay.",
    unit="accounts",
    minimum=1,
    maximum=1_000,
)
_is_name = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,30}[A-Za-z0-9])?", re.ASCII).fullmatch
Inherit = Callable[[int, int], None]
_heirs: list[tuple[Inherit, Callable[[], object]]] = []


def register_heir(inherit: Inherit, tell: Callable[[], object]) -> None:
    """A higher room's terms go over to new accounts.

    `inherit(main, new)` writes its rows within the opening, `tell()` tells the engine once the account is open.
    """
    _heirs.append((inherit, tell))


def open_sub_account(*, user_id: int, name: str, address: str = "") -> tuple[AccountRef, bool]:
    """The person's account of that name, in any case of letters, and whether it is new.

    It waits for the engine (is_open) when that does not answer. Raises InvalidAccountName, NoTradingAccount,
    AccountRestricted, TooManyAccounts, OpeningRefused.
    """
    if _is_name(name) is None:
        raise InvalidAccountName
    with transaction.atomic():
        mine = TradingAccount.objects.filter(user_id=user_id).order_by("id")
        mine.select_for_update().first()  # one opening of a person after the other
        own = list(mine)
        known = next((row for row in own if row.name.lower() == name.lower()), None)
        account_id = _create(user_id, name, own, address).id if known is None else known.id
    if known is None or known.opened_at is None:
        _open(account_id)
    account = get_account(account_id)
    assert account is not None, "accounts are never deleted"
    return account, known is None


def _create(user_id: int, name: str, own: list[TradingAccount], address: str) -> AccountRef:
    if not own:
        raise NoTradingAccount
    if any(row.state != AccountState.ACTIVE for row in own):
        raise AccountRestricted
    most = get(PER_PERSON_MAX)
    if len(own) >= most:
        raise TooManyAccounts(limit=most)
    main = own[0]
    account = create_account(user_id=user_id, name=name, group=main.group or main.id)
    for inherit, _ in _heirs:
        inherit(main.id, account.id)
    actor = Actor(kind="user", id=str(user_id), address=address)
    record("accounts.opened", actor=actor, subject=f"accounts.account:{account.id}", after={"name": name})
    return account


def _open(account_id: int) -> None:
    """What the engine does not hear now a job tells it."""
    try:
        open_account(account_id=account_id)
    except (ServiceUnavailable, OutcomeUnclear):
        log.warning("account waits for the engine", extra={"account_id": account_id})
    else:
        for _, tell in _heirs:
            tell()
