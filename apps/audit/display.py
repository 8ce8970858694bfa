"""The trail as a person may see it: addresses and e-mails blanked unless their role says otherwise."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.audit.types import RecordRow

UNMASKED = "audit.view_unmasked"
_EMAIL = re.compile(r"([^\s@\"'<>,:;=]{1,64})@([^\s@\"'<>,:;=]{1,253})")
_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])"
)


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """Plain texts in the order of the columns of an export."""

    seq: str
    time: str
    action: str
    actor_kind: str
    actor_id: str
    address: str
    subject: str
    reason: str
    before: str
    after: str
    request_id: str


def show(row: RecordRow, *, masked: bool) -> ShownRecord:
    def text(value: str) -> str:
        return mask_text(value) if masked else value

    return ShownRecord(
        seq="" if row.seq is None else str(row.seq),
        time=shown_time(row.time_ns),
        action=row.action,
        actor_kind=row.actor.kind,
        actor_id=text(row.actor.id),
        address=mask_address(row.actor.address) if masked else row.actor.address,
        subject=text(row.subject),
        reason=text(row.reason),
        before=text(row.before),
        after=text(row.after),
        request_id=row.request_id,
    )


def shown_time(time_ns: int) -> str:
    """UTC to the microsecond."""
    moment = datetime.fromtimestamp(time_ns // 10**9, tz=UTC).replace(microsecond=time_ns // 1000 % 10**6)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def mask_text(text: str) -> str:
    """E-mails keep their first letter and the end of their domain, addresses their network."""
    return _ADDRESS.sub(lambda found: mask_address(found[0]), _EMAIL.sub(_mask_email, text))


def mask_address(address: str) -> str:
    """203.0.x.x of an IPv4 address, the first two groups of an IPv6 one; anything else as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return ".".join(address.split(".")[:2]) + ".x.x"
    return ":".join(parsed.exploded.split(":")[:2]) + ":x"


def _mask_email(found: re.Match[str]) -> str:
    return f"{found[1][0]}***@***.{found[2].rpartition('.')[2]}"
