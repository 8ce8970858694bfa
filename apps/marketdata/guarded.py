"""What of the index takes two people: its sources and how many of them must live. It decides about people's money."""

from __future__ import annotations

from apps.approvals.guarded_rows import guard
from apps.common.roles import ADMIN, OPERATOR, RISK
from apps.marketdata.index_models import IndexSettings, IndexSource

CHANGE_SOURCE, CHANGE_SETTINGS = "marketdata.index_source", "marketdata.index_settings"
ASKERS, DECIDERS = (RISK, OPERATOR, ADMIN), (RISK, ADMIN)


def register_kinds() -> None:
    guard(IndexSource, CHANGE_SOURCE, title="Change an index source", roles=DECIDERS, request_roles=ASKERS)
    guard(IndexSettings, CHANGE_SETTINGS, title="Change an index", roles=DECIDERS, request_roles=ASKERS)
