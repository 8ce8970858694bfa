"""The access matrix: its table, the people and keys of its columns, and what each cell has to answer."""

from __future__ import annotations

import functools
import hmac
import http.client
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.support.lane_family import ROOT, LaneFamily
from tests.support.pace import PATIENCE_S

TABLE = ROOT / "tests" / "vectors" / "access.txt"
STAFF = ("support", "compliance", "risk", "finance", "operator", "auditor", "admin")
PASSWORD = "seven-Ducks-swim"
# What ends or locks the caller's session: asked last, each with a session of its own.
ENDING = ("POST /api/v1/auth/logout", "DELETE /api/v1/me/sessions", "POST /api/v1/me/close", "POST /api/v1/me/freeze")
NOBODYS = {"account_id": "2147483000", "key": "x" * 64, "symbol": "LTCUSDT", "asset": "USDT", "provider": "nobody"}
KEY_REFUSED, SIGNATURE_MISSING = {-2014, -2015, -1022}, "signature"
ADMITTED, REFUSED, NO_ACCOUNT, HOOK = "admitted", "refused", "no account", "hook"

PEOPLE = f"""
import json
from apps.accounts.services import register_trader
from apps.audit.types import SYSTEM
from apps.users.api_keys import create_api_key
from apps.users.roles import set_roles
from apps.users.services import register_user
dora = register_trader(email="dora@example.com", password="{PASSWORD}")
register_trader(email="leaving-dora@example.com", password="{PASSWORD}")
for name in {STAFF!r}:
    for email in (name, "leaving-" + name):
        person = register_user(email=email + "@example.com", password="{PASSWORD}")
        set_roles(user_id=person.id, roles=[name], actor=SYSTEM, reason="hired")
made = {{name: create_api_key(user_id=dora.id, label=name, permissions=rights)
        for name, rights in (("read", ("read",)), ("full", ("read", "trade")))}}
print(json.dumps({{name: [one.row.key, one.secret] for name, one in made.items()}}))
"""


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    kind: str
    right: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def address(self, **known: str) -> str:
        """The path with what is known put in, and what is nobody's for the rest."""
        texts = {**NOBODYS, **known}
        return re.sub(r"\{(\w+)\}", lambda found: texts.get(found[1], _nobodys(found[1])), self.path)


def _nobodys(name: str) -> str:
    return "99999999" if name in {"order_id", "passkey_id"} else "00000000-0000-4000-8000-000000000000"


def table(path: Path = TABLE) -> list[Operation]:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [Operation(method, path, kind, (rest or [""])[0]) for method, path, kind, *rest in rows]


@dataclass(slots=True)
class Caller:
    """One column: what it sends, and whether it is a person or a key."""

    name: str
    kind: str
    headers: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    rights: tuple[str, ...] = ()

    def expected(self, one: Operation) -> str:
        if one.kind in {"open", "hook"}:
            return ADMITTED if one.kind == "open" else HOOK
        if one.kind == "person":
            return ADMITTED if self.kind in {"user", "staff"} else REFUSED
        if self.kind in {"user", "staff"}:
            own = ADMITTED if self.kind == "user" else NO_ACCOUNT
            return own if one.kind == "both" else REFUSED
        if self.kind == "stranger" or one.right not in self.rights:
            return REFUSED
        return ADMITTED if one.kind == "key" or self.kind == "signed key" else REFUSED


class House:
    """A family with the matrix's people in it, asked over one connection."""

    def __init__(self, lane: LaneFamily) -> None:
        self.lane, self.asked = lane, 0
        self.link = http.client.HTTPConnection("127.0.0.1", lane.port, timeout=PATIENCE_S)
        argv = [sys.executable, "-c", f"import django; django.setup()\n{PEOPLE}"]
        done = subprocess.run(argv, cwd=ROOT, env=lane.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        self.keys = json.loads(done.stdout.splitlines()[-1])

    def log_in(self, email: str, password: str = PASSWORD) -> dict[str, str]:
        body = {"email": email, "password": password}
        status, answer = self.ask("POST", "/api/v1/auth/login", {}, body)
        assert status == 200, answer
        return {"Authorization": f"Bearer {answer['access']}"}

    @functools.cached_property
    def callers(self) -> list[Caller]:
        """Every column; each person signs in once."""
        (read, read_secret), (full, full_secret) = self.keys["read"], self.keys["full"]
        both = ("read", "trade")
        return [
            Caller("anonymous", "stranger"),
            Caller("bad token", "stranger", {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}),
            Caller("unknown key", "stranger", {"X-MBX-APIKEY": "z" * 64}, full_secret),
            Caller("user", "user", self.log_in("dora@example.com")),
            Caller("key to read", "signed key", {"X-MBX-APIKEY": read}, read_secret, ("read",)),
            Caller("key to trade", "signed key", {"X-MBX-APIKEY": full}, full_secret, both),
            Caller("key unsigned", "key", {"X-MBX-APIKEY": full}, "", both),
            Caller("key badly signed", "key", {"X-MBX-APIKEY": full}, read_secret, both),
            *(Caller(name, "staff", self.log_in(f"{name}@example.com")) for name in STAFF),
        ]

    def ask(
        self, method: str, address: str, headers: dict[str, str], body: object = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and decoded answer; a list or nothing is an empty dict."""
        data = None if body is None else json.dumps(body)
        sent = headers if data is None else {**headers, "Content-Type": "application/json"}
        try:
            self.link.request(method, address, data, sent)
            answer = self.link.getresponse()
            raw = answer.read()
        except (http.client.HTTPException, OSError):  # the server ended the idle connection
            self.link.close()
            self.link.request(method, address, data, sent)
            answer = self.link.getresponse()
            raw = answer.read()
        found = json.loads(raw or b"null")
        return answer.status, found if isinstance(found, dict) else {}

    def call(self, one: Operation, caller: Caller, **known: str) -> tuple[int, dict[str, Any]]:
        """Status and answer; a gateway that is too busy to look at the door is asked again."""
        end = time.monotonic() + PATIENCE_S
        while True:
            status, answer = self._call(one, caller, **known)
            if status != 503 or time.monotonic() > end:
                return status, answer
            time.sleep(0.1)

    def _call(self, one: Operation, caller: Caller, **known: str) -> tuple[int, dict[str, Any]]:
        address = one.address(**known)
        if caller.secret:
            self.asked += 1  # no two requests of a key may be the same
            query = urlencode({"timestamp": time.time_ns() // 1_000_000, "recvWindow": 5_000 + self.asked})
            signature = hmac.digest(caller.secret.encode(), query.encode(), "sha256").hex()
            address = f"{address}?{query}&signature={signature}"
        body = None if one.method == "GET" or caller.secret or one.path.startswith("/fapi") else {}
        return self.ask(one.method, address, caller.headers, body)


def outcome(status: int, answer: dict[str, Any]) -> str:
    """What happened at the door, whatever happened behind it."""
    about_signature = SIGNATURE_MISSING in str(answer.get("msg", answer.get("message", ""))).lower()
    if status == 401 or answer.get("code") in KEY_REFUSED or (status == 400 and about_signature):
        return REFUSED
    if status == 403 and "account" in str(answer).lower() and "STEP" not in str(answer):
        return NO_ACCOUNT
    return ADMITTED if status < 500 and status not in {405, 418, 429} else f"{status} {answer}"
