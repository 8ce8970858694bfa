"""Every rule, and the settings they hang on."""

from __future__ import annotations

from apps.configuration.services import register
from apps.configuration.types import Setting
from apps.surveillance.rules.base import Rule
from apps.surveillance.rules.flow import SuddenFlow
from apps.surveillance.rules.holdings import Concentration, PassThrough
from apps.surveillance.rules.orders import CancelRatio, Spoofing
from apps.surveillance.rules.prices import IndexGap, PriceJump, StalePrice
from apps.surveillance.rules.wash import WashTrading

RULES: tuple[Rule, ...] = (
    IndexGap(),
    PriceJump(),
    StalePrice(),
    WashTrading(),
    Spoofing(),
    CancelRatio(),
    SuddenFlow(),
    Concentration(),
    PassThrough(),
)

AUTOMATIC = Setting(
    "risk.actions.automatic",
    True,
    "Whether rules may restrict, freeze or halt by themselves where their action says so; alerts and warnings go on.",
    guarded=True,
)
COOL_DOWN = Setting(
    "risk.actions.cool_down_s", 3_600, "The same thing is not done to the same account or instrument again sooner.",
    unit="s", maximum=7 * 86_400,
)  # fmt: skip
HOURLY_MAX = Setting(
    "risk.actions.hourly_max",
    10,
    "How many accounts and instruments rules may restrict, freeze or halt in an hour; the rest waits for people.",
    unit="actions",
    maximum=10_000,
    guarded=True,
)
ROWS_MAX = Setting(
    "risk.actions.rows_a_pass", 20_000, "How many rows a rule reads in one pass.", unit="rows", minimum=100,
    maximum=1_000_000,
)  # fmt: skip


def declare_settings() -> None:
    """Make all of them known; called when the app starts."""
    register(AUTOMATIC, COOL_DOWN, HOURLY_MAX, ROWS_MAX)
    for rule in RULES:
        register(*rule.settings)


def get_rule(name: str) -> Rule | None:
    return next((rule for rule in RULES if rule.name == name), None)
