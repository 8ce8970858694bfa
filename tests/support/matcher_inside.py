"""A matcher inside the test's own loop: real journal, real sockets, the naive engine; no process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Self

from matcher.runtime.journal import Journal, open_journal
from matcher.runtime.metrics import Metrics
from matcher.runtime.ports import EngineClass
from matcher.runtime.replay import Recovered, recover
from matcher.runtime.sequencer import Sequencer
from matcher.runtime.settings import Settings
from matcher.runtime.snapshot import open_snapshots
from matcher.runtime.transport import Server
from tests.reference.engine import ReferenceEngine


class MatcherInside:
    """`async with MatcherInside(folder) as matcher:` then connect to `matcher.url`."""

    def __init__(self, folder: Path, *, engine_class: EngineClass = ReferenceEngine, **settings: int) -> None:
        self.url = f"unix://{folder}/m.sock"
        self.settings = replace(Settings(f"sqlite:///{folder}/journal.sqlite3", self.url), **settings)  # type: ignore[arg-type]
        self.engine_class = engine_class
        self.metrics = Metrics()
        self.fatal: list[BaseException] = []

    async def __aenter__(self) -> Self:
        self.journal: Journal = open_journal(self.settings.journal_url)
        self._snapshots = open_snapshots(self.settings.journal_url)
        self.server = Server(self.settings, self.metrics, self.fatal.append)
        self.sequencer = Sequencer(
            self._recover(),
            self.journal,
            rebuild=self._recover,
            release=self.server.release,
            metrics=self.metrics,
            batch_commands_max=self.settings.batch_commands_max,
        )
        await self.server.start(self.sequencer)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.stop()
        self._snapshots.close()
        self.journal.close()

    def _recover(self) -> Recovered:
        return recover(self.journal, self._snapshots, self.engine_class)
