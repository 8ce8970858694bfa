"""S10: secrets planted where people put them, then looked for everywhere they must not be.

A person registers with a password made for this run, signs in, makes an API key, and then sends the same secrets where
they do not belong: in queries, headers, broken bodies, as names and as tokens. Afterwards every file of the
family's data folder (database pages, journal, logs, mail; all but the folder of keys), every answer that was an
error, the metrics are searched for each secret, plain, in hex and in base64. The person's e-mail address, which is no
secret, must be found: a search that finds nothing at all has not searched.
"""

from __future__ import annotations

import base64
import json
import secrets
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.family import Family

KEPT_SECRET = {"secrets"}  # the folder of keys and of the demo's credentials, mode 700
BLOCK = 1 << 22


@dataclass
class Planter:
    """Speaks to the family and keeps what it was answered."""

    base: str
    answers: list[bytes] = field(default_factory=list)
    canaries: dict[str, str] = field(default_factory=dict)
    email: str = field(default_factory=lambda: f"control-{secrets.token_hex(8)}@example.com")

    def plant(self, name: str) -> str:
        """A new secret under this name."""
        self.canaries[name] = f"Canary{secrets.token_hex(12)}x"
        return self.canaries[name]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, decoded answer); errors are kept for the search."""
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, raw, method=method)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                told, status = answer.read(), answer.status
        except urllib.error.HTTPError as error:
            told, status = error.read(), error.code
            self.answers.append(told + str(error.headers).encode())
        return status, json.loads(told) if told[:1] in {b"{", b"["} else None


def plant(planter: Planter) -> None:
    """Everything a person types or is given once, and the same where it does not belong."""
    email, password = planter.email, planter.plant("password")
    wrong, elsewhere = planter.plant("wrong password"), planter.plant("elsewhere")
    status, _ = planter.call("POST", "/api/v1/auth/register", {"email": email, "password": password})
    assert status in {200, 201, 202}, status
    planter.call("POST", "/api/v1/auth/login", {"email": email, "password": wrong})
    status, pair = planter.call("POST", "/api/v1/auth/login", {"email": email, "password": password})
    assert status == 200, (status, pair)
    planter.canaries |= {"access token": pair["access"], "refresh token": pair["refresh"]}
    bearer = f"Bearer {pair['access']}"
    status, key = planter.call("POST", "/api/v1/api-keys", {"label": "canary"}, Authorization=bearer)
    if status == 201:
        planter.canaries["API secret"] = key["secret"]
        misuse = f"symbol=BTCUSDT&timestamp=1&signature={key['secret']}"
        planter.call("POST", f"/fapi/v1/order?{misuse}", X_MBX_APIKEY=key["key"])
        planter.call("POST", "/fapi/v1/order", misuse.encode(), X_MBX_APIKEY=key["key"])
    planter.call("GET", f"/api/v1/me?password={elsewhere}", Authorization=f"Bearer {elsewhere}")
    planter.call("GET", f"/api/v1/orders?token={elsewhere}", Authorization=f"Basic {elsewhere}")
    planter.call("POST", "/api/v1/auth/login", f'{{"email": "{email}", "password": "{elsewhere}'.encode())
    planter.call("POST", "/api/v1/auth/login", {"email": email, "password": {"nested": elsewhere}})
    planter.call("POST", "/api/v1/auth/refresh", {"refresh": elsewhere})
    planter.call("GET", "/admin/", Cookie=f"sessionid={elsewhere}", X_Api_Secret=elsewhere)
    planter.call("POST", "/admin/login/", f"username={email}&password={elsewhere}".encode())


def forms(secret: str) -> tuple[bytes, ...]:
    """How a secret may be written."""
    plain = secret.encode()
    return plain, plain.hex().encode(), base64.b64encode(plain).rstrip(b"=")


def files(folder: Path) -> Iterator[Path]:
    """Every file of the data folder but those of the kept secrets."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not KEPT_SECRET & set(path.relative_to(folder).parts):
            yield path


def hits(path: Path, wanted: dict[str, tuple[bytes, ...]]) -> set[str]:
    """Names of the secrets that the file holds; blocks overlap, so none hides at an edge."""
    found: set[str] = set()
    overlap = max(len(form) for many in wanted.values() for form in many)
    tail = b""
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            text = tail + block
            found |= {name for name, many in wanted.items() if any(form in text for form in many)}
            tail = text[-overlap:]
    return found


def search(folder: Path, planter: Planter) -> list[str]:
    """Where a secret was found: one line each."""
    wanted = {name: forms(secret) for name, secret in planter.canaries.items()}
    told: list[str] = []
    for path in files(folder):
        told += [f"{name} in {path.relative_to(folder)}" for name in sorted(hits(path, wanted))]
    with urllib.request.urlopen(f"{planter.base}/metrics", timeout=20) as answer:
        pages = {"the metrics": answer.read(), "an error's answer": b"\n".join(planter.answers)}
    for where, text in pages.items():
        told += [f"{name} in {where}" for name, many in wanted.items() if any(form in text for form in many)]
    return told


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="canary-") as scratch:
        folder = Path(scratch) / "data"
        print("canary: starting a family of its own ...", flush=True)
        with Family(folder) as family:
            planter = Planter(family.facts["base_url"])
            plant(planter)
            live = search(folder, planter)
        wanted = {name: forms(secret) for name, secret in planter.canaries.items()}
        at_rest = [f"{name} in {path.relative_to(folder)}" for path in files(folder) for name in hits(path, wanted)]
        looked = sum(1 for _ in files(folder))
        control = any(hits(path, {"control": forms(planter.email)}) for path in files(folder))
        at_rest += [f"{name} in the family's output" for name in hits(family.output, wanted)]
    found = sorted(set(live + at_rest))
    print(f"canary: {len(planter.canaries)} secrets, {looked} files, {len(planter.answers)} errors: {len(found)} hits")
    for line in found:
        print(f"canary: {line}")
    if not control:
        print("canary: the control was not found either: the search is broken")
    return 1 if found or not control else 0
