"""What a rule may see in a pass: a page of each stream, read once for all rules, and who is who."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from apps.accounts.money_flow import Owner, get_owners, list_accounts_of_group
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec
from apps.users.shared_devices import get_shared_devices

R = TypeVar("R")
MARKET_MAKERS = "market_maker"
DEVICE_DAYS = 7


@dataclass(slots=True)
class Look:
    """`now_ns` is the engine time of the newest rows, `wall_ns` this machine's; `rows_max` bounds every page."""

    now_ns: int
    wall_ns: int
    rows_max: int
    specs: dict[int, InstrumentSpec] = field(default_factory=lambda: {spec.id: spec for spec in get_instruments()})
    _pages: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _owners: dict[int, Owner] = field(default_factory=dict)
    _makers: frozenset[int] | None = None
    _devices: dict[tuple[int, int], str] | None = None

    def once(self, question: Callable[..., R], *args: Any) -> R:
        """The answer, asked for only once in a pass: rules that stand at the same place share their pages."""
        key = (question, *args)
        if key not in self._pages:
            self._pages[key] = question(*args)
        answer: R = self._pages[key]
        return answer

    @property
    def makers(self) -> frozenset[int]:
        """Accounts of market makers, whom some rules leave alone."""
        if self._makers is None:
            self._makers = list_accounts_of_group(MARKET_MAKERS)
        return self._makers

    @property
    def devices(self) -> dict[tuple[int, int], str]:
        """What devices tie the people together who own the accounts asked for so far; read once."""
        if self._devices is None:
            since = datetime.fromtimestamp(self.wall_ns / 10**9, UTC) - timedelta(days=DEVICE_DAYS)
            self._devices = get_shared_devices({owner.user_id for owner in self._owners.values()}, since)
        return self._devices

    def owners(self, account_ids: set[int]) -> dict[int, Owner]:
        """Whose the accounts are; unknown ones are left out."""
        missing = sorted(account_ids - self._owners.keys())
        if missing:
            self._owners |= get_owners(missing)
            self._devices = None
        return self._owners

    def link(self, one: int, other: int) -> str:
        """What ties two accounts together, in words; empty when nothing does."""
        if one == other:
            return "one account"
        owners = self.owners({one, other})
        first, second = owners.get(one), owners.get(other)
        if first is None or second is None:
            return ""
        if first.user_id == second.user_id:
            return "one person"
        if first.group and first.group == second.group:
            return "one group"
        low, high = sorted((first.user_id, second.user_id))
        device = self.devices.get((low, high))
        return f"one device: {device}" if device else ""
