"""The crash drill plays to its end on a stage of its own, leaves nothing behind and says so when there is no stage."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from deploy.stamps import ROOT
from tests.support.pace import PATIENCE_S

DRILL = [sys.executable, "-m", "deploy.crash"]


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name != "DATA"} | {"TMPDIR": str(folder)} | more


def test_the_drill_liquidates_drains_the_fund_and_deleverages(tmp_path: Path) -> None:
    done = subprocess.run(
        DRILL, cwd=ROOT, env=environ(tmp_path), capture_output=True, text=True, timeout=5 * PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("takes over", "deleveraged: Dora, rank 1", "all books agree", "Everything happened as it should"):
        assert words in done.stdout
    assert list(tmp_path.glob("crash-*")) == []


def test_a_data_folder_without_a_family_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        DRILL, cwd=ROOT, env=environ(tmp_path, DATA=str(tmp_path)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no family runs" in done.stderr
