"""Who the staff member behind a request of the admin site is, as the trail names them."""

from __future__ import annotations

from django.http import HttpRequest

from apps.audit.types import Actor

REASON = "audit_reason"  # the field of the site's forms in which staff say why


def staff_actor(request: HttpRequest) -> Actor:
    """The signed-in person with the address they came from; anonymous when nobody is signed in."""
    address = request.META.get("REMOTE_ADDR") or ""
    if not request.user.is_authenticated:
        return Actor("anonymous", "", address)
    return Actor("staff", str(request.user.pk), address)
