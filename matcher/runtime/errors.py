"""Why a matcher process ends, each with its own exit status, so a supervisor's log says which."""

from __future__ import annotations


class MatcherStopped(Exception):  # the names say what happened, not that it is an error
    """Base: the process must end without having told anybody anything of the batch at hand."""

    exit_status = 1


class ConfigurationRefused(MatcherStopped):
    """An environment value that cannot be meant."""

    exit_status = 2


class JournalLost(MatcherStopped):
    """The journal did not confirm a commit (database gone, disk full); its outcome is unknown."""

    exit_status = 3


class Fenced(MatcherStopped):
    """Another matcher has written to this journal: this one is deposed and its batch was refused."""

    exit_status = 4


class JournalDamaged(MatcherStopped):
    """A row before the end of the journal is not what was written. `seq` is its first sequence."""

    exit_status = 5

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"journal damaged at sequence {seq}: {why}")
        self.seq = seq


class ReplayMismatch(MatcherStopped):
    """A whole row gave other events when applied again: this engine is not the one that wrote it."""

    exit_status = 6

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"replay differs at sequence {seq}: {why}")
        self.seq = seq


class EngineUntrusted(MatcherStopped):
    """The engine failed on too many commands in one life of the process."""

    exit_status = 7
