"""Starts the nodes of a plan in order of need, keeps its processes alive, and stops them in waves.

It decides nothing about what runs: that is plan.py. A process that ends is started again after a
pause that grows from 0.1 s to 2 s; a step that fails while the family starts ends the start.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence

from deploy.console import Console
from deploy.leash import Guard
from deploy.process import Child, Node, Process, Step, log_tail

PAUSE_SECONDS_MIN = 0.1
PAUSE_SECONDS_MAX = 2.0
STEADY_SECONDS = 10.0
START_SECONDS_MAX = 120.0
START_ATTEMPTS_MAX = 12
PROBE_SECONDS = 0.04


class StartFailedError(Exception):
    """The family cannot start; the text names what failed and shows the end of its log."""


class Supervisor:
    """One family. `changed` is called whenever the set of running processes is whole again."""

    def __init__(self, nodes: Sequence[Node], console: Console, changed: Callable[[], None]) -> None:
        self.nodes = tuple(nodes)
        self.console = console
        self.changed = changed
        self.children: dict[str, Child] = {}
        self.hasten = asyncio.Event()
        self._ready = {node.name: asyncio.Event() for node in nodes}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._started = False
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._guard = Guard() if sys.platform != "linux" else None

    @property
    def pids(self) -> list[tuple[str, int]]:
        """Name and pid of every process, in the plan's order."""
        return [(node.name, self.children[node.name].pid) for node in self.nodes if node.name in self.children]

    @property
    def is_whole(self) -> bool:
        return all(self._ready[node.name].is_set() for node in self.nodes if isinstance(node, Process))

    async def start(self) -> None:
        """Returns when every process is ready and every gating step is done. Raises StartFailedError."""
        self._tasks = [asyncio.create_task(self._follow(node), name=node.name) for node in self.nodes]
        awaited = [node.name for node in self.nodes if isinstance(node, Process) or node.gating]
        whole = asyncio.create_task(self._all_ready(awaited))
        try:
            done, _ = await asyncio.wait(
                {whole, self._failed}, timeout=START_SECONDS_MAX, return_when="FIRST_COMPLETED"
            )
        finally:
            whole.cancel()
        if self._failed in done:
            self._failed.result()
        if whole not in done:
            late = [name for name in awaited if not self._ready[name].is_set()]
            logs = "\n".join(self._explain(node) for node in self.nodes if node.name in late)
            raise StartFailedError(f"not ready after {START_SECONDS_MAX:.0f} s: {', '.join(late)}\n{logs}")
        self._started = True

    async def _all_ready(self, names: Sequence[str]) -> None:
        for name in names:
            await self._ready[name].wait()

    async def stop(self) -> None:
        """End everything, one wave after the other; the stores last."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(self._stop_child(node, signal.SIGTERM, 2.0) for node in self.nodes if _is_step(node)))
        processes = [node for node in self.nodes if isinstance(node, Process)]
        for wave in sorted({node.stop_wave for node in processes}):
            members = [node for node in processes if node.stop_wave == wave]
            await asyncio.gather(*(self._stop_child(node, node.stop_signal, node.stop_seconds) for node in members))
        if self._guard is not None:
            self._guard.close()
        if not self._failed.done():
            self._failed.cancel()

    async def _stop_child(self, node: Node, number: signal.Signals, grace_s: float) -> None:
        child = self.children.get(node.name)
        if child is None:
            return
        running = child.returncode is None
        clean = await child.stop(number, grace_s, self.hasten)
        if running:
            self.console.line(node.name, "stopped" if clean else "killed: it did not stop by itself")

    async def _follow(self, node: Node) -> None:
        """One node's whole life: wait for what it needs, then run it."""
        try:
            for name in node.needs:
                await self._ready[name].wait()
            if isinstance(node, Step):
                await self._run_step(node)
            else:
                await self._keep(node)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the start must end and say so
            self._fail(f"{node.name}: {error}")

    async def _run_step(self, step: Step) -> None:
        if not await asyncio.to_thread(step.skip):
            begun = self.console.seconds
            child = await self._spawn(step)
            code = await child.wait()
            self._forget(step, child)
            if code != 0:
                if not step.gating:
                    self.console.line(step.name, f"failed with {code}; see {step.command.log}")
                    return
                self._fail(f"{step.name} failed with {code}\n{self._explain(step)}")
                return
            step.done()
            if step.gating:
                self.console.line(step.name, f"done in {self.console.seconds - begun:.1f} s")
        self._ready[step.name].set()

    async def _keep(self, process: Process) -> None:
        pause, attempts = PAUSE_SECONDS_MIN, 0
        while not self._stopping:
            remark = await asyncio.to_thread(process.prepare)
            child = await self._spawn(process)
            ended = asyncio.create_task(child.wait())
            if await self._becomes_ready(process, child, ended):
                attempts = 0
                self._announce(process, child, remark)
            code = await ended
            self._forget(process, child)
            was_ready = self._ready[process.name].is_set()
            self._ready[process.name].clear()
            if child.lived_seconds > STEADY_SECONDS:
                pause = PAUSE_SECONDS_MIN
            attempts += 0 if was_ready else 1
            if attempts > START_ATTEMPTS_MAX and not self._started:
                self._fail(f"{process.name} ended {attempts} times before it was ready\n{self._explain(process)}")
            if attempts <= 1:
                self.console.line(process.name, f"ended ({describe_end(code)}), starting again")
            await asyncio.sleep(pause)
            pause = min(PAUSE_SECONDS_MAX, pause * 2)

    async def _spawn(self, node: Node) -> Child:
        child = await Child.start(node.command)
        self.children[node.name] = child
        if self._guard is not None:
            self._guard.tell("add", child.pid)
        return child

    def _forget(self, node: Node, child: Child) -> None:
        del self.children[node.name]
        if self._guard is not None:
            self._guard.tell("drop", child.pid)

    async def _becomes_ready(self, process: Process, child: Child, ended: asyncio.Task[int]) -> bool:
        while not ended.done():
            with contextlib.suppress(OSError):
                if await asyncio.to_thread(process.ready, child.pid):
                    return not ended.done()
            await asyncio.wait({ended}, timeout=PROBE_SECONDS)
        return False

    def _announce(self, process: Process, child: Child, remark: str) -> None:
        self._ready[process.name].set()
        note = f" ({remark})" if remark else ""
        self.console.line(process.name, f"ready, process {child.pid}, {child.lived_seconds:.1f} s{note}")
        if self.is_whole:
            self.changed()

    def _fail(self, text: str) -> None:
        if not self._failed.done():
            self._failed.set_exception(StartFailedError(text))

    def _explain(self, node: Node) -> str:
        tail = log_tail(node.command.log)
        return f"--- end of {node.command.log}\n{tail}" if tail else f"--- {node.command.log} is empty"


def describe_end(code: int) -> str:
    """An exit code in words: negative ones are signals."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _is_step(node: Node) -> bool:
    return isinstance(node, Step)
