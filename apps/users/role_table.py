"""What each staff role may do with which rows: one line a model, the whole truth of the admin site.

docs/roles.md is this table as a page; a model of the admin site without a line here fails the tests, and nobody but a
superuser sees it. `admin` and `auditor` look at everything that has a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.common.roles import ADMIN, AUDITOR, STAFF_ROLES


@dataclass(frozen=True, slots=True)
class Grant:
    """Roles by verb, as words in a text; `extra` are further permissions by codename."""

    view: str = ""
    add: str = ""
    change: str = ""
    delete: str = ""
    extra: tuple[tuple[str, str], ...] = ()


_EVERYBODY = " ".join(STAFF_ROLES)
_PERSONAL = "support compliance risk finance"
_PUBLIC = Grant(view=_EVERYBODY)
_OF_PEOPLE = Grant(view=_PERSONAL)

TABLE: dict[str, Grant] = {
    "audit.auditrecord": Grant(
        view="compliance",
        extra=(("export_auditrecord", "auditor compliance"), ("view_unmasked", "compliance")),
    ),
    "approvals.approvalrequest": _PUBLIC,
    "configuration.settingversion": Grant(view="compliance risk finance operator", change="risk operator admin"),
    "users.user": Grant(view=_PERSONAL, add="admin", change="support compliance admin"),
    "users.session": Grant(view="support compliance risk", change="support compliance admin"),
    "users.apikey": Grant(view="support compliance risk", change="support compliance admin"),
    "kyc.application": Grant(view="support compliance", extra=(("review_application", "compliance admin"),)),
    "kyc.kyclevel": Grant(view=_EVERYBODY, add="compliance admin"),
    "kyc.standing": _OF_PEOPLE,
    "kyc.limituse": _OF_PEOPLE,
    "kyc.screening": Grant(view="compliance"),
    "kyc.sanctionslist": Grant(view="compliance"),
    "kyc.sanctionsentry": Grant(view="compliance"),
    "kyc.submission": Grant(view="compliance operator"),
    "kyc.webhookdelivery": Grant(view="compliance operator"),
    "assets.asset": Grant(view=_EVERYBODY, add="admin", change="admin"),
    "assets.collateral": _PUBLIC,
    "instruments.instrument": Grant(view=_EVERYBODY, add="admin", change="risk operator admin"),
    "instruments.marketrules": _PUBLIC,
    "instruments.tradingstatechange": _PUBLIC,
    "instruments.instrumentsettlement": _PUBLIC,
    "accounts.tradingaccount": Grant(view=_PERSONAL, add="admin", change="compliance risk admin"),
    "accounts.balance": _OF_PEOPLE,
    "accounts.ledgerentry": _OF_PEOPLE,
    "accounts.transfer": _OF_PEOPLE,
    "accounts.conversion": _OF_PEOPLE,
    "accounts.accountmode": _OF_PEOPLE,
    "orders.order": _OF_PEOPLE,
    "orders.trade": _OF_PEOPLE,
    "orders.fill": _OF_PEOPLE,
    "positions.position": _OF_PEOPLE,
    "positions.marginchange": _OF_PEOPLE,
    "funding.fundingsettlement": _PUBLIC,
    "funding.fundingpayment": _OF_PEOPLE,
    "funding.fundingsample": _PUBLIC,
    "liquidations.liquidation": _OF_PEOPLE,
    "liquidations.liquidationstep": _OF_PEOPLE,
    "liquidations.positionmove": _OF_PEOPLE,
    "insurance.insurancefund": _PUBLIC,
    "insurance.insurancechange": Grant(view="risk finance operator"),
    "marketdata.candle": _PUBLIC,
    "marketdata.pricesample": _PUBLIC,
    "marketdata.indexreading": _PUBLIC,
    "marketdata.sourcereading": _PUBLIC,
    "marketdata.interestsample": _PUBLIC,
    "marketdata.indexsource": Grant(view=_EVERYBODY, add="risk operator admin", change="risk operator admin"),
    "marketdata.indexsettings": Grant(view=_EVERYBODY, add="risk operator admin", change="risk operator admin"),
    "risk.accountlimit": Grant(view="support compliance risk operator", change="risk admin"),
    "surveillance.alert": Grant(view="compliance risk operator", change="compliance risk admin"),
    "surveillance.riskaction": Grant(view="compliance risk operator"),
    "surveillance.rulecursor": Grant(view="risk operator"),
    "projection.cursor": Grant(view="operator"),
}


def grants() -> Iterator[tuple[str, str, str]]:
    """(role, app label, permission codename), every one that is given."""
    for label, grant in TABLE.items():
        app, model = label.split(".")
        by_code = {
            f"view_{model}": f"{grant.view} {ADMIN} {AUDITOR}",
            f"add_{model}": grant.add,
            f"change_{model}": grant.change,
            f"delete_{model}": grant.delete,
            **dict(grant.extra),
        }
        for codename, roles in by_code.items():
            for role in dict.fromkeys(roles.split()):
                yield role, app, codename
