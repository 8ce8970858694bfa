"""The roles of the house: names of Django's groups. Who holds which is asked here by every floor."""

from __future__ import annotations

TRADER = "trader"
MARKET_MAKER = "market_maker"
SUPPORT = "support"
COMPLIANCE = "compliance"
RISK = "risk"
FINANCE = "finance"
OPERATOR = "operator"
AUDITOR = "auditor"
ADMIN = "admin"

CUSTOMER_ROLES = (TRADER, MARKET_MAKER)
STAFF_ROLES = (SUPPORT, COMPLIANCE, RISK, FINANCE, OPERATOR, AUDITOR, ADMIN)
ROLES = CUSTOMER_ROLES + STAFF_ROLES


def roles_of(user_id: int) -> frozenset[str]:
    """The roles that count for the person now.

    Nobody inactive holds any; staff roles need the staff flag; a superuser, there to start a house, holds them all.
    """
    from django.contrib.auth import get_user_model  # noqa: PLC0415  the names above are used before models are there
    from django.contrib.auth.models import Group  # noqa: PLC0415

    person = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        return frozenset()
    if person.is_superuser:
        return frozenset(STAFF_ROLES)
    held = frozenset(Group.objects.filter(user=person, name__in=ROLES).values_list("name", flat=True))
    return held if person.is_staff else held.intersection(CUSTOMER_ROLES)
