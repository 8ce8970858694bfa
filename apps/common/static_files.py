"""Static files through WhiteNoise, answered whole, and as they are on the disk now.

Under ASGI Django would read WhiteNoise's file iterator in one go anyway, after a warning for each file. WhiteNoise
remembers each file's size and date from the start: a file changed since would be cut off or padded, and never expire.
"""

from __future__ import annotations

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    def __init__(self, *args: Any, **options: Any) -> None:
        self._known: dict[str, tuple[str, int, int]] = {}  # address -> path, date in ns, size
        super().__init__(*args, **options)

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info in self._known:
            self._renew(request.path_info)
        return super().__call__(request)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: dict[str, os.stat_result] | None = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        found = (stat_cache or {}).get(path) or os.stat(path)  # noqa: PTH116 -- what WhiteNoise keeps
        self._known[url] = (path, found.st_mtime_ns, found.st_size)

    def _renew(self, url: str) -> None:
        """Read a file's facts again when it changed; forget one that is gone."""
        path, changed_ns, size = self._known[url]
        try:
            found = os.stat(path)  # noqa: PTH116
        except OSError:
            del self._known[url]
            self.files.pop(url, None)
            return
        if (found.st_mtime_ns, found.st_size) != (changed_ns, size):
            self.add_file_to_dictionary(url, path)

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, a part of it, or 304; headers are WhiteNoise's."""
        found = static_file.get_response(request.method, request.META)
        if found.file is None:
            content = b""
        else:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["content-type"]
        for name, value in found.headers:
            response[name] = value
        return response
