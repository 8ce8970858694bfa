"""Blocks of a batch's size are kept for the next batch, where the C library takes the request."""

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import pytest

from matcher.runtime.memory import keep_freed_memory

FAULTS = """
import resource
from matcher.runtime.memory import keep_freed_memory
kept = keep_freed_memory()
for _ in range(4):
    blocks = [bytes(1 << 20) for _ in range(3)]
    del blocks
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    blocks = [bytes(1 << 20) for _ in range(3)]
    del blocks
print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_a_batch_finds_the_memory_of_the_one_before() -> None:
    ran = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True)
    kept, faults = ran.stdout.split()
    assert kept == str(hasattr(ctypes.CDLL(None), "mallopt"))
    assert kept == "False" or int(faults) < 200  # 1,800 and more when nothing is set


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert keep_freed_memory() is False
