"""Codes of assets in this process: read from rows once, and again when an asset shows up that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from apps.assets.selectors import get_assets
from apps.common.rows import ask

_codes: dict[int, str] = {}


async def asset_codes(wanted: Iterable[int]) -> dict[int, str]:
    """The code of each of these assets; its number where there is no row of it."""
    numbers = list(wanted)
    if not _codes.keys() >= set(numbers):
        _codes.update({asset.id: asset.code for asset in await ask(get_assets)})
    return {number: _codes.get(number, str(number)) for number in numbers}
