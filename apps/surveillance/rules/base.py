"""What every rule is: a name, settings of its own, and a pass over the rows that came since the last one."""

from __future__ import annotations

from typing import Any, Protocol

from apps.configuration.services import get
from apps.configuration.types import Setting
from apps.surveillance.look import Look
from apps.surveillance.types import Pass, Response

SECOND_NS = 1_000_000_000
FIRST_LOOK_NS = 600 * SECOND_NS  # a rule that starts looks back this far
ACCOUNT_RESPONSES = (Response.OFF, Response.RECORD, Response.WARN, Response.RESTRICT, Response.FREEZE)
MARKET_RESPONSES = (Response.OFF, Response.RECORD, Response.HALT)


class Rule(Protocol):
    """Deterministic: the same rows, position and settings give the same findings. Reads only, writes nothing."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def action(self) -> Setting[str]: ...
    @property
    def settings(self) -> tuple[Setting[Any], ...]: ...

    def begin(self, look: Look) -> int:
        """The position from which a rule that never looked starts."""

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        """Look at no more than about `look.rows_max` rows."""


def action_setting(rule: str, default: Response, responses: tuple[Response, ...], text: str) -> Setting[str]:
    return Setting(
        f"risk.{rule}.action",
        str(default),
        f"{text} What follows an alert; off: the rule does not look.",
        choices=tuple(str(one) for one in responses),
        guarded=True,
    )


def number(rule: str, name: str, default: int, text: str, *, unit: str, least: int = 1, most: int) -> Setting[int]:
    return Setting(f"risk.{rule}.{name}", default, text, unit=unit, minimum=least, maximum=most)


def response_of(rule: Rule) -> Response:
    """As the settings have it now."""
    return Response(get(rule.action))
