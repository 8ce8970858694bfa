"""The family on one page: who runs, what each needs first, and how each says that it is ready."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deploy import valkey
from deploy.layout import Layout
from deploy.postgres import private_postgres
from deploy.probes import http_ok, matcher_welcome, ready_file
from deploy.process import Command, Node, Probe, Process, Step, never_skip
from deploy.stamps import ROOT, Stamp, schema_files, seed_files

# Everybody who talks to a family on one machine shares one loopback address, so the local limits hold
# a whole market and its load tests; elsewhere the compatible surface's own numbers apply.
LOCAL_LIMITS = "6000000,1000000,6000000"
# On few cores an order's way (gateway, matcher, store) goes before rows, and rows before jobs and the demo market.
BEHIND_ORDERS, BACKGROUND = 5, 10
INHERITED_BLOCKED = ("PYTHONOPTIMIZE", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class Plan:
    """The nodes of a family and the addresses of its stores."""

    nodes: tuple[Node, ...]
    database_url: str
    redis_url: str


def make_plan(layout: Layout, host: str, port: int, environ: Mapping[str, str]) -> Plan:
    """Private stores unless DATABASE_URL or REDIS_URL name outside ones."""
    nodes: list[Node] = []
    schema = Stamp(layout.run / "schema.stamp", schema_files())
    seed = Stamp(layout.run / "seed.stamp", seed_files())
    database_url, redis_url = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
    private = not database_url
    if not (layout.secrets / "demo.json").exists():
        seed.clear()
    if private:
        server = private_postgres(layout)
        database_url = server.url
        if not layout.postgres.exists():
            schema.clear()
            seed.clear()
        nodes.append(server.process())
    if not redis_url:
        redis_url = valkey.url(layout)
        nodes.append(valkey.process(layout))
    stores = tuple(node.name for node in nodes)
    env = family_environment(layout, host, port, environ) | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    make = _Maker(layout, env)
    nodes += [
        make.process("matcher", "-m", "matcher", needs=stores, wave=7, ready=matcher_welcome(env["MATCHER_URL"])),
        make.step("schema", "migrate", "--noinput", needs=stores, stamp=schema, trusted=private),
        make.step("seed", "seed_demo", needs=(*stores, "schema", "matcher"), stamp=seed, trusted=private),
    ]
    behind = (*stores, "schema", "matcher", "seed")
    if not private:
        nodes.append(make.step("sync", "sync_engine", needs=behind))
        behind = (*behind, "sync")
    nodes += _doors(make, behind, host, port)
    if private:
        late = tuple(node.name for node in nodes)
        nodes.append(make.step("sync", "sync_engine", needs=late, gating=False))
    return Plan(nodes=tuple(nodes), database_url=database_url, redis_url=redis_url)


def _doors(make: "_Maker", behind: tuple[str, ...], host: str, port: int) -> list[Node]:
    """Everything that stands between the stores and the world."""
    celery = ("celery.py", "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    beat = ("celery.py", "beat", "--pidfile=", "--schedule", str(make.layout.run / "beat-schedule"))
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    base_url = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    market = ("manage.py", "demo_market", "--base-url", base_url)
    gateway = (
        "-m", "uvicorn", "exchange.asgi:application", "--host", host, "--port", str(port), "--loop", "uvloop",
        "--http", "apps.gateway.guarded_http:GuardedHttp", "--lifespan", "on", "--no-access-log", "--no-server-header",
        "--no-proxy-headers",
        "--log-level", "warning", "--backlog", "2048", "--timeout-graceful-shutdown", "3",
        "--ws", "apps.gateway.guarded_websocket:GuardedWebSocket", "--ws-ping-interval", "180", "--ws-ping-timeout", "600",
        "--ws-max-size", "65536", "--ws-per-message-deflate", "false",
    )  # fmt: skip
    return [
        make.process("gateway", *gateway, needs=behind, wave=2, ready=http_ok(shown, port, "/health/ready")),
        make.process("projector", "manage.py", "project", needs=behind[:-1], wave=6, niceness=BEHIND_ORDERS),
        make.process("prices", "manage.py", "prices", needs=behind, wave=3),
        make.process("worker", *celery, *quiet, needs=behind, wave=4, niceness=BACKGROUND),
        make.process("beat", *beat, needs=behind, wave=5, niceness=BACKGROUND),
        make.process("demo", *market, needs=(*behind, "gateway", "prices"), wave=1, niceness=BACKGROUND),
    ]


def family_environment(layout: Layout, host: str, port: int, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables every process of a family is started with."""
    kept = {name: value for name, value in environ.items() if name not in INHERITED_BLOCKED}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "exchange.settings.local",
        "EXCHANGE_DATA": str(layout.root),
        "EXCHANGE_SECRETS": str(layout.secrets),
        "EXCHANGE_DEMO": "1",
        "EXCHANGE_LIMITS": environ.get("EXCHANGE_LIMITS", LOCAL_LIMITS),
        "EXCHANGE_HOST": host,
        "PORT": str(port),
        "MATCHER_URL": environ.get("MATCHER_URL") or f"unix://{layout.sockets / 'matcher.sock'}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), environ.get("PYTHONPATH", "")))),
    }


class _Maker:
    """Fills in what all our own processes share."""

    def __init__(self, layout: Layout, env: Mapping[str, str]) -> None:
        self.layout = layout
        self.env = env

    def command(self, name: str, *argv: str) -> Command:
        return Command(argv=(sys.executable, *argv), cwd=ROOT, env=self.env, log=self.layout.logs / f"{name}.log")

    def process(
        self,
        name: str,
        *argv: str,
        needs: tuple[str, ...],
        wave: int,
        ready: Probe | None = None,
        niceness: int = 0,
    ) -> Process:
        path = self.layout.run / f"{name}.ready"
        command = self.command(name, *argv)
        if niceness:
            command = replace(command, argv=("nice", "-n", str(niceness), *command.argv))
        return Process(
            name=name,
            command=command,
            ready=ready or ready_file(path),
            needs=needs,
            prepare=_forget(path),
            stop_wave=wave,
        )

    def step(
        self,
        name: str,
        *argv: str,
        needs: tuple[str, ...],
        stamp: Stamp | None = None,
        trusted: bool = False,
        gating: bool = True,
    ) -> Step:
        return Step(
            name=name,
            command=self.command(name, "manage.py", *argv),
            needs=needs,
            skip=stamp.is_current if stamp is not None and trusted else never_skip,
            done=stamp.write if stamp is not None and trusted else lambda: None,
            gating=gating,
        )


def _forget(path: Path) -> Callable[[], str]:
    """What an earlier life of the process said no longer counts."""

    def prepare() -> str:
        path.unlink(missing_ok=True)
        return ""

    return prepare
