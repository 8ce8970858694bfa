"""The data folder: private, complete, short enough for sockets, and held by one family."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deploy.layout import SECRET_NAMES, SOCKET_PATH_BYTES_MAX, DataFolderError, open_layout, socket_folder, take_lock


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_secrets_are_private(tmp_path: Path) -> None:
    layout = open_layout(tmp_path / "data")
    assert [mode(folder) for folder in (layout.run, layout.logs, layout.secrets)] == [0o700] * 3
    for name in SECRET_NAMES:
        assert mode(layout.secrets / name) == 0o600
        assert len((layout.secrets / name).read_text()) == 64


def test_secrets_are_made_once(tmp_path: Path) -> None:
    first = (open_layout(tmp_path).secrets / "kek_1").read_text()
    assert (open_layout(tmp_path).secrets / "kek_1").read_text() == first


def test_a_loosened_secrets_folder_is_closed_again(tmp_path: Path) -> None:
    layout = open_layout(tmp_path)
    layout.secrets.chmod(0o755)
    assert mode(open_layout(tmp_path).secrets) == 0o700


def test_sockets_stay_in_the_run_folder_while_they_fit(tmp_path: Path) -> None:
    assert socket_folder(Path("/x/run")) == Path("/x/run")


def test_a_long_path_gets_a_short_private_folder_that_is_always_the_same(tmp_path: Path) -> None:
    run = tmp_path / ("n" * 120) / "run"
    folder = socket_folder(run)
    try:
        assert len(os.fsencode(folder)) < SOCKET_PATH_BYTES_MAX
        assert mode(folder) == 0o700
        assert socket_folder(run) == folder
        folder.chmod(0o755)
        with pytest.raises(DataFolderError, match="belongs to somebody else"):
            socket_folder(run)
    finally:
        folder.rmdir()


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderError, match="cannot be used"):
        open_layout(tmp_path / "data")


def test_one_folder_holds_one_family(tmp_path: Path) -> None:
    layout = open_layout(tmp_path)
    lock = take_lock(layout)
    with pytest.raises(DataFolderError, match=f"process {os.getpid()}"):
        take_lock(layout)
    os.close(lock)
    os.close(take_lock(layout))
