"""What a person sees: a line for each slow step, then where everything is."""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any


class Console:
    """Lines stamped with the seconds since the start."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def line(self, name: str, text: str) -> None:
        print(f"[{self.seconds:6.1f} s] {name:<10} {text}", flush=True)

    def trouble(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def banner(self, facts: Mapping[str, Any], logs: str, mails: str) -> None:
        """The page, the people and the processes of a family that is ready."""
        width = max((len(person["email"]) for person in facts["accounts"]), default=0)
        rows = [
            "",
            f"  The exchange is open ({self.seconds:.1f} s).  Ctrl-C closes it.",
            "",
            f"  page      {facts['page_url']}",
            f"  admin     {facts['admin_url']}   {_login(facts['staff'])}",
            f"  API       {facts['base_url']}/fapi/v1   {facts['base_url']}/api/v1/docs",
            f"  sockets   {facts['ws_url']}/ws",
            f"  mails     files in {mails}",
            f"  markets   {', '.join(facts['symbols'])}   quiet: {facts['quiet_symbol']}",
            "",
            "  demo accounts (1,000,000 USDT each)",
        ]
        for person in facts["accounts"]:
            rows.append(f"    {person['email']:<{width}}  password {person['password']}")
            rows.append(f"    {'':<{width}}  key {person['api_key']}")
            rows.append(f"    {'':<{width}}  secret {person['api_secret']}")
        rows += ["", "  what runs where", *_table(facts["processes"]), f"    logs in {logs}", ""]
        print("\n".join(rows), flush=True)


def _login(person: Mapping[str, Any] | None) -> str:
    return f"{person['email']} / {person['password']}" if person else ""


def _table(processes: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [f"{process['name']} {process['pid']}" for process in processes]
    return ["    " + "   ".join(cells[start : start + 5]) for start in range(0, len(cells), 5)]
