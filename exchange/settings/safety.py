"""What may not be in production: each danger is refused at the start, by the name of the setting it comes from."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from exchange.settings.environment import flag, read_secret, text_list

NEEDED = (
    "DATABASE_URL",
    "REDIS_URL",
    "EXCHANGE_SECRETS",
    "EXCHANGE_ORIGIN",
    "EXCHANGE_SMTP_HOST",
    "EXCHANGE_MAIL_FROM",
)
SWITCHES = {
    "DJANGO_DEBUG": "DEBUG may not be on in production",
    "EXCHANGE_DEMO": "demo data may not be seeded in production",
    "APPROVALS_SELF_SERVICE": "nobody allows their own requests in production",
}
SECRETS = ("secret_key", "jwt_key", "audit_key")
KEK_DISTINCT_BYTES = 16  # of 32 random ones about 30 differ
SECRET_DISTINCT_CHARS = 12
_DEFAULTS = re.compile(r"django-insecure|change.?me|secret.?key|password|example|default|test", re.IGNORECASE)


def refuse_unsafe_environment() -> None:
    """Switches, what must be set, hosts, origins, proxies, limits. Raises ImproperlyConfigured."""
    for name, why in SWITCHES.items():
        if flag(name):
            raise ImproperlyConfigured(f"{name}: {why}")
    if "EXCHANGE_ADMIN_SECOND_FACTOR" in os.environ and not flag("EXCHANGE_ADMIN_SECOND_FACTOR"):
        raise ImproperlyConfigured("EXCHANGE_ADMIN_SECOND_FACTOR: staff sign in with a second factor in production")
    if os.environ.get("EXCHANGE_KYC_DEFAULT_LEVEL", "0") not in {"", "0"}:
        raise ImproperlyConfigured("EXCHANGE_KYC_DEFAULT_LEVEL: unverified people have level 0 in production")
    if not os.environ.get("EXCHANGE_KYC_PROVIDER_URL", "https://").startswith("https://"):
        raise ImproperlyConfigured("EXCHANGE_KYC_PROVIDER_URL: documents go over https alone")
    for name in NEEDED:
        if not os.environ.get(name):
            raise ImproperlyConfigured(f"{name}: must be set in production")
    if ":memory:" in os.environ["DATABASE_URL"]:
        raise ImproperlyConfigured("DATABASE_URL: a database in memory forgets everything")
    hosts = text_list("ALLOWED_HOSTS")
    if not hosts or any("*" in host for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS: must name the hosts served, and never *")
    for name in ("EXCHANGE_ORIGIN", "EXCHANGE_CORS_ORIGINS", "CSRF_TRUSTED_ORIGINS"):
        for origin in text_list(name):
            _refuse_loose_origin(name, origin)
    _refuse_loose_proxies()
    limits = os.environ.get("EXCHANGE_LIMITS", "")
    if limits and not re.fullmatch(r"[1-9][0-9]*(,[1-9][0-9]*){2}((,[1-9][0-9]*){2})?", limits, re.ASCII):
        raise ImproperlyConfigured("EXCHANGE_LIMITS: three or five whole numbers above 0, with commas")


def _refuse_loose_origin(name: str, origin: str) -> None:
    parts = urlsplit(origin)
    if "*" in origin or parts.scheme != "https" or not parts.hostname or parts.path or parts.query or parts.username:
        raise ImproperlyConfigured(
            f"{name}: {origin[:80]!r} must be an origin like https://app.example.com, and never *"
        )


def _refuse_loose_proxies() -> None:
    hops = os.environ.get("EXCHANGE_PROXIES", "0")
    if not hops.isascii() or not hops.isdigit():
        raise ImproperlyConfigured("EXCHANGE_PROXIES: must be a number")
    listed = text_list("EXCHANGE_TRUSTED_PROXIES")
    if int(hops) and not listed:
        raise ImproperlyConfigured("EXCHANGE_TRUSTED_PROXIES: must name the networks of the EXCHANGE_PROXIES in front")
    for text in listed:
        try:
            network = ipaddress.ip_network(text)
        except ValueError as error:
            raise ImproperlyConfigured(f"EXCHANGE_TRUSTED_PROXIES: {error}") from None
        if network.prefixlen == 0:
            raise ImproperlyConfigured(f"EXCHANGE_TRUSTED_PROXIES: {text} is everybody")


def refuse_unsafe_secrets(folder: Path, first_kek: str) -> None:
    """Missing, short, guessable, shared or readable secrets. Raises ImproperlyConfigured naming the file."""
    values = {name: read_secret(folder, name) for name in SECRETS}
    for name, value in values.items():
        if _DEFAULTS.search(value) or len(set(value)) < SECRET_DISTINCT_CHARS:
            raise ImproperlyConfigured(f"EXCHANGE_SECRETS: {name} can be guessed; make a random one")
    if len(set(values.values())) < len(values):
        raise ImproperlyConfigured(f"EXCHANGE_SECRETS: {', '.join(SECRETS)} must differ from each other")
    current = folder / "kek_current"
    kek_id = current.read_text(encoding="ascii").strip() if current.exists() else first_kek
    read_secret(folder, f"kek_{kek_id}")
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.stat().st_mode & stat.S_IRWXO:
            raise ImproperlyConfigured(f"EXCHANGE_SECRETS: {path.name} can be read by everybody; chmod 600")
        if path.name.startswith("kek_") and path != current:
            _refuse_weak_kek(path)


def _refuse_weak_kek(path: Path) -> None:
    text = path.read_text(encoding="ascii").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        try:
            key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except binascii.Error:
            key = b""
    if len(key) != 32 or len(set(key)) < KEK_DISTINCT_BYTES:
        raise ImproperlyConfigured(f"EXCHANGE_SECRETS: {path.name} is no key of 32 random bytes")


def refuse_memory_stores(caches: Mapping[str, Any], layers: Mapping[str, Any], broker: str) -> None:
    """What processes share must not be in one process's memory. Raises ImproperlyConfigured."""
    for name, cache in caches.items():
        if "locmem" in cache["BACKEND"] or "dummy" in cache["BACKEND"]:
            raise ImproperlyConfigured(f"CACHES: {name} is in memory; every process would count for itself")
    for name, layer in layers.items():
        if "InMemory" in layer["BACKEND"]:
            raise ImproperlyConfigured(f"CHANNEL_LAYERS: {name} is in memory; no other process would hear")
    if broker.startswith("memory"):
        raise ImproperlyConfigured("CELERY_BROKER_URL: jobs are in memory; no worker would see them")
