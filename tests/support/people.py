"""People of tests who come in by the doors of the platform lane."""

from __future__ import annotations

from typing import Any

from django.test import Client

PASSWORD = "seven-Ducks-swim"
JSON = "application/json"


def bearer(pair: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {pair['access']}"}


def come_in(client: Client, email: str = "alice@example.com", password: str = PASSWORD) -> dict[str, Any]:
    """Become a person and sign in; the tokens, and as `user` what /me says."""
    form = {"email": email, "password": password}
    answer = client.post("/api/v1/auth/register", form, JSON)
    assert answer.status_code == 202, answer.content
    pair: dict[str, Any] = client.post("/api/v1/auth/login", form, JSON).json()
    return pair | {"user": client.get("/api/v1/me", headers=bearer(pair)).json()}
