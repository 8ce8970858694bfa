"""run.json: what a program may know of a family that is ready. Written whole, removed at the stop."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def read_demo(secrets: Path) -> dict[str, Any]:
    """What the seeds noted: accounts, staff, symbols, quiet_symbol."""
    found = json.loads((secrets / "demo.json").read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError("demo.json holds no object")
    return found


def facts(
    *, host: str, port: int, demo: dict[str, Any], processes: Sequence[tuple[str, int]], database: str, redis: str
) -> dict[str, Any]:
    """The contract's fields, in its order."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    base = f"http://{shown}:{port}"
    return {
        "base_url": base,
        "ws_url": f"ws://{shown}:{port}",
        "page_url": f"{base}/",
        "admin_url": f"{base}/admin/",
        "accounts": [
            {name: person[name] for name in ("email", "password", "api_key", "api_secret")}
            for person in demo["accounts"]
        ],
        "staff": demo["staff"],
        "symbols": demo["symbols"],
        "quiet_symbol": demo["quiet_symbol"],
        "processes": [{"name": name, "pid": pid} for name, pid in processes],
        "database_url": database,
        "redis_url": redis,
    }


def write(path: Path, content: dict[str, Any]) -> None:
    """Mode 600: it holds passwords."""
    draft = path.with_name(".run.json.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    draft.replace(path)
