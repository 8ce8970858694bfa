"""docs/roles.md from the table of roles. `python -m tests.support.role_page` writes it."""

from __future__ import annotations

from pathlib import Path

from apps.common.roles import ADMIN, AUDITOR, STAFF_ROLES
from apps.users.role_table import TABLE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
HEAD = """# Roles

Written by `python -m tests.support.role_page` from `apps/users/role_table.py`; a test compares them. A role is a group
of the same name, made by `migrate` with exactly these permissions. Staff without a role see an empty back office.

- **trader**, **market_maker**: customers. No permission in the back office.
- **support**: helps people: looks at their accounts, ends sessions, disables customers and asks for a second one to enable them.
- **compliance**: identity checks, freezes, the audit trail with addresses and e-mails.
- **risk**: markets, risk tiers, alerts and limits.
- **finance**: credits and debits by hand, balances, the insurance fund.
- **operator**: runs the house: markets halted and resumed, live settings, projections. Sees nobody's money.
- **auditor**: sees everything, changes nothing; addresses and e-mails in the trail are masked.
- **admin**: gives roles, with another, and everything that one person alone may do; approves nothing that they asked for themselves.

A superuser has every permission and every staff role: two of them start a house (`createsuperuser`, twice), give the first
two `admin` roles, and are switched off afterwards. Customers' rows are touched by whoever has the permission, colleagues'
rows by `admin` only, one's own by nobody. Staff roles are given by two of `admin`, never to
oneself; one takes them away. Nobody sets a colleague's password, and nobody moves a person's address but they themselves.

What needs a second person is told in [approvals.md](approvals.md).
"""


def page() -> str:
    lines = [HEAD, "| model | see | add | change | more |", "| --- | --- | --- | --- | --- |"]
    for label, grant in TABLE.items():
        seers = {*grant.view.split(), ADMIN, AUDITOR}
        see = "all staff" if seers == set(STAFF_ROLES) else ", ".join(role for role in STAFF_ROLES if role in seers)
        more = "; ".join(f"`{code}`: {', '.join(roles.split())}" for code, roles in grant.extra)
        if grant.delete:
            more = "; ".join(filter(None, [more, f"delete: {', '.join(grant.delete.split())}"]))
        lines.append(
            f"| {label} | {see} | {', '.join(grant.add.split())} | {', '.join(grant.change.split())} | {more} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote docs/{PAGE.name}")
