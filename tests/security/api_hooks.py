"""Hooks that schemathesis loads: who is calling, and how many calls there were.

Read from the environment: SECURITY_BASE, SECURITY_EMAIL, SECURITY_PASSWORD, SECURITY_KEY, SECURITY_SECRET,
SECURITY_COUNT (a file).
"""

from __future__ import annotations

import atexit
import hmac
import json
import os
import secrets
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import schemathesis

_lock = threading.Lock()
_state = {"calls": 0}
_tokens: dict[str, str] = {}


def ask(path: str, form: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{os.environ['SECURITY_BASE']}/api/v1/auth/{path}",
        json.dumps(form).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def sign_in(who: str) -> str:
    """A fresh access token: the demo trader's, or that of a spare person made for it."""
    form = {"email": os.environ["SECURITY_EMAIL"], "password": os.environ["SECURITY_PASSWORD"]}
    if who == "spare":
        form = {"email": f"spare-{secrets.token_hex(6)}@example.com", "password": secrets.token_urlsafe(16)}
        ask("register", form)
    return str(ask("login", form)["access"])


def caller_of(path: str) -> str:
    """What may end a session, or a person's access, is asked by the spare person."""
    return "spare" if path.endswith("/auth/logout") or "/me/" in path else "trader"


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Sign every call: with the bearer token, or with the API key where the compatible surface asks for it."""
    who = caller_of(case.path)
    with _lock:
        _state["calls"] += 1
        if who not in _tokens:
            _tokens[who] = sign_in(who)
        token = _tokens[who]
    headers = dict(case.headers or {})
    if case.path.startswith("/api/"):
        headers["Authorization"] = f"Bearer {token}"
    else:
        headers["X-MBX-APIKEY"] = os.environ["SECURITY_KEY"]
        case.query = signed(case.query or {})
    case.headers = headers


def signed(query: dict[str, Any]) -> dict[str, Any]:
    """The query with a good timestamp, window and signature."""
    bare = {name: value for name, value in query.items() if name not in {"signature", "timestamp", "recvWindow"}}
    bare["timestamp"] = str(int(time.time() * 1000))
    text = urlencode(bare, doseq=True)
    return bare | {"signature": hmac.digest(os.environ["SECURITY_SECRET"].encode(), text.encode(), "sha256").hex()}


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """A dead session is replaced before the next call."""
    if response.status_code == 401:
        with _lock:
            _tokens.pop(caller_of(case.path), None)


def _tell() -> None:
    Path(os.environ["SECURITY_COUNT"]).write_text(str(_state["calls"]))


atexit.register(_tell)
