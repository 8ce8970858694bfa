"""Aim: the C structs and docs/protocol.md in the repository are those of the declared words."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from matcher.protocol import generate
from matcher.protocol.records import TEXT_BYTES


def test_the_files_in_the_repository_are_fresh(capsys: Any) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().out


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "PXD", tmp_path / "records.pxd")
    monkeypatch.setattr(generate, "PAGE", tmp_path / "protocol.md")
    return tmp_path


def test_a_stale_file_is_told_by_check_and_mended_without_it(elsewhere: Path, capsys: Any) -> None:
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out == "stale records.pxd\nstale protocol.md\n"
    assert list(elsewhere.iterdir()) == []
    assert generate.main([]) == 0
    assert capsys.readouterr().out == "wrote records.pxd\nwrote protocol.md\n"
    assert generate.main(["--check"]) == 0
    page = elsewhere / "protocol.md"
    page.write_text(page.read_text() + "by hand\n")
    assert generate.main(["--check"]) == 1


def test_as_a_program_it_exits_with_what_main_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(generate.__file__, run_name="__main__")
    assert ended.value.code == 0


def test_every_record_is_asserted_by_the_compiler() -> None:
    pxd = generate.render_pxd()
    for record in generate.all_records():
        assert f"_Static_assert(sizeof({record.__name__}) == {record.WIDTH}" in pxd
    assert f"char client_order_id[{TEXT_BYTES}];" in pxd
    assert "    REJECT_MARGIN_INSUFFICIENT = 82\n" in pxd


def test_every_record_and_number_is_on_the_page() -> None:
    page = generate.render_page()
    for record in generate.all_records():
        if record.__name__ not in {"Command", "Event", "OrderImage"}:
            assert f"### {record.__name__} ({record.WIDTH} bytes" in page
    assert "82 MARGIN_INSUFFICIENT" in page
