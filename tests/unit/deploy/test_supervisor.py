"""The supervisor with small real processes: order, readiness, restarts, waves, haste, and no survivor."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.console import Console
from deploy.probes import ready_file
from deploy.process import Command, Node, Process, Step
from deploy.supervisor import StartFailedError, Supervisor
from tests.support.pace import PATIENCE_S, bar

ROOT = Path(__file__).resolve().parents[3]
SERVE = """
    import os, pathlib, signal, sys, time
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    def end(*_):
        with (folder / "ends").open("a") as file:
            file.write(name + chr(10))
        sys.exit(0)
    signal.signal(signal.SIGTERM, end)
    with (folder / "starts").open("a") as file:
        file.write(name + chr(10))
    (folder / f"{name}.ready").write_text(str(os.getpid()))
    time.sleep(60)
"""
STUBBORN = SERVE.replace("signal.signal(signal.SIGTERM, end)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")


def command(folder: Path, name: str, code: str) -> Command:
    argv = (sys.executable, "-c", textwrap.dedent(code), str(folder), name)
    return Command(argv=argv, cwd=folder, env=dict(os.environ), log=folder / f"{name}.log")


def server(folder: Path, name: str, *needs: str, code: str = SERVE, wave: int = 0, grace: float = 5.0) -> Process:
    ready = ready_file(folder / f"{name}.ready")
    return Process(
        name=name, command=command(folder, name, code), ready=ready, needs=needs, stop_wave=wave, stop_seconds=grace
    )


def supervisor(*nodes: Node, changed: Callable[[], None] = lambda: None) -> Supervisor:
    return Supervisor(nodes, Console(), changed)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(question: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    give_up = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < give_up
        await asyncio.sleep(0.02)


async def test_nodes_start_in_order_of_need_and_stop_in_waves(tmp_path: Path) -> None:
    family = supervisor(
        server(tmp_path, "door", "work", "store", wave=1),
        Step(name="work", command=command(tmp_path, "work", "print(1)"), needs=("store",)),
        server(tmp_path, "store", wave=9),
    )
    await family.start()
    assert (tmp_path / "starts").read_text().split() == ["store", "door"]
    pids = dict(family.pids)
    assert list(pids) == ["door", "store"]
    await family.stop()
    assert (tmp_path / "ends").read_text().split() == ["door", "store"]
    assert not any(alive(pid) for pid in pids.values())


async def test_a_killed_process_is_started_again_and_told(tmp_path: Path) -> None:
    changes: list[int] = []
    family = supervisor(server(tmp_path, "one"), changed=lambda: changes.append(1))
    await family.start()
    first = dict(family.pids)["one"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: len(changes) == 2)
    assert dict(family.pids)["one"] != first
    await family.stop()


async def test_a_step_that_fails_ends_the_start_with_its_log(tmp_path: Path) -> None:
    family = supervisor(Step(name="work", command=command(tmp_path, "work", "raise SystemExit('no such table')")))
    with pytest.raises(StartFailedError, match="(?s)work failed with 1.*no such table"):
        await family.start()
    await family.stop()


async def test_a_step_that_may_be_skipped_is_not_run(tmp_path: Path) -> None:
    step = Step(name="work", command=command(tmp_path, "work", "raise SystemExit(1)"), skip=lambda: True)
    family = supervisor(step, server(tmp_path, "one", "work"))
    await family.start()
    await family.stop()


async def test_a_process_that_never_gets_ready_ends_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.supervisor.START_ATTEMPTS_MAX", 1)
    family = supervisor(server(tmp_path, "one", code="raise SystemExit('port in use')"))
    with pytest.raises(StartFailedError, match="(?s)one ended 2 times.*port in use"):
        await family.start()
    await family.stop()


async def test_a_process_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    family = supervisor(server(tmp_path, "one", code=STUBBORN, grace=0.2))
    await family.start()
    pid = dict(family.pids)["one"]
    await family.stop()
    assert not alive(pid)


async def test_haste_cuts_the_grace_short(tmp_path: Path) -> None:
    family = supervisor(server(tmp_path, "one", code=STUBBORN, grace=300.0))
    await family.start()
    family.hasten.set()
    begun = time.monotonic()
    await family.stop()
    assert time.monotonic() - begun < bar(5.0)


async def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    code = SERVE.replace("time.sleep(60)", "import subprocess; subprocess.run(['sleep', '321'])")
    family = supervisor(server(tmp_path, "one", code=code))
    await family.start()
    pid = dict(family.pids)["one"]
    await until(lambda: bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    grandchild = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not alive(grandchild))
    await family.stop()


def test_the_supervisors_own_death_ends_its_children(tmp_path: Path) -> None:
    program = f"""
        import asyncio, sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from tests.unit.deploy.test_supervisor import server, supervisor
        async def main():
            family = supervisor(server(Path(sys.argv[1]), "one"))
            await family.start()
            print(dict(family.pids)["one"], flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """
    argv = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        pid = next(int(line) for line in lines if line.strip().isdigit())
        process.kill()
    give_up = time.monotonic() + PATIENCE_S
    while alive(pid):
        assert time.monotonic() < give_up
        time.sleep(0.02)
