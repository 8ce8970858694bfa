"""The guard of systems without a kernel leash: it outlives the supervisor and ends what it was told of."""

from __future__ import annotations

import io
import subprocess

from deploy.leash import Guard, end_groups, watch
from tests.support.pace import PATIENCE_S


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sleep", "60"], start_new_session=True)


def test_the_guard_remembers_what_is_still_held() -> None:
    assert watch(io.StringIO("add 11\nadd 12\ndrop 11\n")) == {12}


def test_groups_are_ended_and_gone_ones_are_no_matter() -> None:
    child = sleeper()
    end_groups({child.pid, 4_000_000}, grace_s=0.05)
    assert child.wait(timeout=PATIENCE_S) != 0


def test_when_the_pipe_breaks_the_guard_ends_the_children() -> None:
    child = sleeper()
    guard = Guard()
    guard.tell("add", child.pid)
    guard.close()
    assert child.wait(timeout=PATIENCE_S) != 0, "it had slept to the end of its minute"


def test_an_orderly_end_leaves_others_alone() -> None:
    child = sleeper()
    guard = Guard()
    guard.tell("add", child.pid)
    guard.tell("drop", child.pid)
    guard.close()
    assert child.poll() is None
    child.kill()
    child.wait()
