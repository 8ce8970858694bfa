"""Where settings come from: environment variables and the folder of secrets.

Decides nothing but defaults; production.py says what may not be missing.
"""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent
SOCKET_PATH_BYTES_MAX = 100
SECRET_NAMES = ("secret_key", "jwt_key", "kek_1", "audit_key", "kyc_provider_key")


def flag(name: str) -> bool:
    return os.environ.get(name, "0").strip().lower() in {"1", "true", "yes", "on"}


def kyc_default_level(default: int) -> int:
    """`EXCHANGE_KYC_DEFAULT_LEVEL`: the level of people without one. Raises ImproperlyConfigured for no level of ours."""
    text = os.environ.get("EXCHANGE_KYC_DEFAULT_LEVEL", str(default)).strip()
    if text not in {"0", "1", "2", "3"}:
        raise ImproperlyConfigured("EXCHANGE_KYC_DEFAULT_LEVEL: must be a level from 0 to 3")
    return int(text)


def text_list(name: str) -> list[str]:
    """A comma-separated variable without its empty parts."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def data_folder() -> Path:
    """`EXCHANGE_DATA` with the folders we write to; relative paths count from the repository."""
    folder = ROOT / os.environ.get("EXCHANGE_DATA", ".data")
    for part in ("run", "static"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return folder


def own_origin() -> str:
    """Where a family on this machine is found: its host and port."""
    host = os.environ.get("EXCHANGE_HOST", "") or "127.0.0.1"
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{os.environ.get('PORT', '') or '8000'}"


def secrets_folder(data: Path) -> Path:
    return ROOT / os.environ.get("EXCHANGE_SECRETS", str(data / "secrets"))


def read_secret(folder: Path, name: str, *, shortest: int = 32) -> str:
    """The secret's text. Raises ImproperlyConfigured naming the file when it is missing or short."""
    path = folder / name
    try:
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"EXCHANGE_SECRETS: {name} cannot be read ({type(error).__name__})") from None
    if len(value) < shortest:
        raise ImproperlyConfigured(f"EXCHANGE_SECRETS: {name} is shorter than {shortest} characters")
    return value


def make_missing_secrets(folder: Path) -> None:
    """Make the secrets that are not there yet, mode 600; two processes may do this at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in SECRET_NAMES:
        path = folder / name
        if path.exists():
            continue
        handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()


def database(data: Path) -> dict[str, Any]:
    """Django's entry for `DATABASE_URL`; SQLite in the data folder by default."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data / 'exchange.sqlite3'}"
    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return config


def default_matcher_url(data: Path) -> str:
    """The matcher's own rule: a socket in the data folder, or a short stand-in when its path passes the limit."""
    data = data.absolute()
    path = data / "run" / "matcher.sock"
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES_MAX:
        name = hashlib.blake2b(os.fsencode(data), digest_size=8).hexdigest()
        path = Path(tempfile.gettempdir()) / f"exchange-{name}" / "matcher.sock"
    return f"unix://{path}"


def celery_broker(redis_url: str) -> str:
    """Celery's spelling of a Redis URL; without one, jobs stay in the process's memory."""
    if not redis_url:
        return "memory://"
    return redis_url.replace("unix://", "redis+socket://", 1)


def throttle_rates(rates: dict[str, str]) -> dict[str, str]:
    """The platform lane's rates, `EXCHANGE_THROTTLE_TIMES` times as many: for tests that are one address."""
    times = int(os.environ.get("EXCHANGE_THROTTLE_TIMES", "1"))
    pairs = ((scope, rate.partition("/")) for scope, rate in rates.items())
    return {scope: f"{int(number) * times}/{span}" for scope, (number, _, span) in pairs}
