"""What a health check answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was asked; `detail` names the kind of failure and never an address or a secret."""

    name: str
    ok: bool
    detail: str = ""
