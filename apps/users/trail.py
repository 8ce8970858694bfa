"""What people do to their own identity, in the words of the audit trail."""

from __future__ import annotations

from typing import Any

from apps.audit.services import record
from apps.audit.types import Actor
from apps.users.attempts import Place


def note(
    action: str,
    *,
    user_id: int | None = None,
    place: Place | None = None,
    reason: str = "",
    by_staff: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record `action` of the person (nobody known when None), or of the staff member who did it to them."""
    address = (place.address if place else None) or ""
    if by_staff is not None:
        actor = Actor(kind="staff", id=str(by_staff), address=address)
    elif user_id is not None:
        actor = Actor(kind="user", id=str(user_id), address=address)
    else:
        actor = Actor(kind="anonymous", id="", address=address)
    subject = f"users.user:{user_id}" if user_id is not None else ""
    record(action, actor=actor, subject=subject, reason=reason, before=before, after=after)
