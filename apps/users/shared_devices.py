"""Whether two people seem to sit at one device: sessions from the same public address with the same program."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from datetime import datetime
from itertools import combinations

from apps.users.models import Session

SESSIONS_MAX = 50_000
PEOPLE_MAX = 20  # more behind one address is a company or a school


def get_shared_devices(user_ids: Collection[int], since: datetime) -> dict[tuple[int, int], str]:
    """Pairs of these people (the lower number first) to an `address, program` that both had a session from since then.

    Loopback and private addresses prove nothing.
    """
    rows = (
        Session.objects.filter(user_id__in=user_ids, refreshed_at__gte=since)
        .exclude(address=None)
        .exclude(user_agent="")
    )
    people: dict[tuple[str, str], set[int]] = {}
    for user_id, address, program in rows.values_list("user_id", "address", "user_agent").distinct()[:SESSIONS_MAX]:
        people.setdefault((str(address), program), set()).add(user_id)
    found: dict[tuple[int, int], str] = {}
    for (address, program), users in people.items():
        if 1 < len(users) <= PEOPLE_MAX and ipaddress.ip_address(address).is_global:
            found |= dict.fromkeys(combinations(sorted(users), 2), f"{address}, {program}")
    return found
