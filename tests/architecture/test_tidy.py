"""House rules that no linter holds: sizes, empty package files, no reach-arounds, nothing left for later."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import ROOT, Module, modules, tracked_files

MODULE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|work|home)/[a-z]")
FULL_PACKAGE_FILES = {"exchange/__init__.py"}
TEXT_ENDINGS = (".py", ".pxd", ".md", ".toml", ".sh", ".yaml", ".yml", ".html", ".js", ".css", ".lock", ".json")


def long_functions(module: Module) -> list[str]:
    return [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES_MAX
    ]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_module_keeps_the_house_rules(module: Module) -> None:
    assert module.text.count("\n") <= MODULE_LINES_MAX
    assert long_functions(module) == []
    assert "utils" not in module.path.rsplit("/", 1)[-1]
    reach_arounds = [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "get_model" and ast.unparse(node.value).endswith("apps")
    ]
    assert reach_arounds == [], "models of another app are asked for through its selectors"


def test_package_files_are_empty() -> None:
    full = {module.path for module in modules() if module.is_package and module.text.strip()}
    assert full <= FULL_PACKAGE_FILES


def test_nothing_is_left_for_later_and_no_machine_is_named() -> None:
    found = []
    for path in tracked_files():
        if not path.endswith(TEXT_ENDINGS):
            continue
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1):
            if LATER.search(line) or MACHINE_PATHS.search(line):
                found.append(f"{path}:{number}: {line.strip()[:80]}")
    assert found == []


def test_every_test_file_holds_a_test() -> None:
    hollow = [
        module.path
        for module in modules()
        if module.path.rsplit("/", 1)[-1].startswith("test_")
        and not re.search(r"def test_|class Test|TestCase", module.text)
    ]
    assert hollow == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    pattern = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail)|unittest\.skip")
    own = "tests/architecture/test_tidy.py"
    assert [m.path for m in modules() if m.path.startswith("tests/") and m.path != own and pattern.search(m.text)] == []
