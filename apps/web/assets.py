"""Finds the chart library inside its installed package, so that the page needs no network and no copy in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

CHART = "lightweight-charts.js"
PREFIX = "vendor"


class ChartLibraryFinder(BaseFinder):
    """Serves `vendor/lightweight-charts.js` from the litecharts wheel."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=str(files("litecharts") / "js"))
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]  # collectstatic reads it from the instance

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.storage.path(CHART) if path == f"{PREFIX}/{CHART}" else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        yield CHART, self.storage
