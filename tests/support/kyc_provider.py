"""A verification provider of our own: `python -m tests.support.kyc_provider <key file>`, a process that speaks HTTP.

It takes submissions that are signed, keeps them in memory, and calls back when told to. Its first line of output is its
port. `POST /control/tell` with `{"url", "events": [...]}` makes it sign and deliver each event in that order;
`{"repeat": true}` sends the very same bytes and headers of the last delivery again. It answers with the statuses it got.
"""

from __future__ import annotations

import http.client
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from apps.kyc.signing import is_signed, sign
from tests.support.pace import PATIENCE_S


class Provider(BaseHTTPRequestHandler):
    key = b""
    submissions: dict[str, dict[str, Any]] = {}
    last: tuple[str, str, bytes, dict[str, str]] | None = None
    is_away = False

    def log_message(self, *_: Any) -> None:
        """Quiet: the output is the port's."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/control/tell":
            return self.answer(200, self.tell(json.loads(body)))
        if self.path == "/control/away":
            Provider.is_away = json.loads(body)["away"]
            return self.answer(200, {})
        if not self.may(body):
            return None
        if self.path == "/submissions":
            facts = json.loads(body)
            self.submissions.setdefault(facts["reference"], {**facts, "files": {}, "is_complete": False})
        else:
            self.submissions[self.path.split("/")[2]]["is_complete"] = True
        return self.answer(200, {})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.may(body):
            _, _, reference, _, document = self.path.split("/")
            self.submissions[reference]["files"][document] = [self.headers["Content-Type"], len(body), body[:8].hex()]
            self.answer(200, {})

    def do_GET(self) -> None:
        self.answer(200, self.submissions)

    def may(self, body: bytes) -> bool:
        if Provider.is_away:
            self.answer(503, {})
        elif not is_signed(self.key, self.headers, self.command, self.path, body):
            self.answer(401, {})
        else:
            return True
        return False

    def tell(self, wanted: dict[str, Any]) -> list[list[Any]]:
        if wanted.get("repeat"):
            assert Provider.last is not None
            return [self.deliver(*Provider.last)]
        answers = []
        for event in wanted["events"]:
            body, url = json.dumps(event).encode(), wanted["url"]
            headers = sign(self.key, "POST", urlsplit(url).path, body, now_ms=wanted.get("now_ms"))
            Provider.last = (url, "POST", body, headers)
            answers.append(self.deliver(*Provider.last))
        return answers

    def deliver(self, url: str, method: str, body: bytes, headers: dict[str, str]) -> list[Any]:
        parts = urlsplit(url)
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
        link.request(method, parts.path, body, {"Content-Type": "application/json", **headers})
        answer = link.getresponse()
        found = [answer.status, json.loads(answer.read() or b"null")]
        link.close()
        return found

    def answer(self, status: int, body: Any) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    Provider.key = Path(sys.argv[1]).read_text().strip().encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_port, flush=True)
    server.serve_forever()
