"""matcher/core computes the same on every machine: no float, no clock, no chance, no foreign library."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, imports, in_room

CORE = in_room("matcher/core/")
IMPURE = {
    "asyncio", "datetime", "glob", "io", "locale", "math", "multiprocessing", "os", "pathlib", "platform", "random",
    "secrets", "select", "shutil", "signal", "socket", "sqlite3", "statistics", "subprocess", "tempfile", "threading",
    "time", "uuid", "zoneinfo", "decimal", "fractions",
}  # fmt: skip
FLOATING = {"float", "double", "longdouble", "complex"}
BUILTINS_BANNED = {"float", "complex", "open", "input", "hash", "id"}


def findings(module: Module) -> Iterator[str]:
    """What the rules forbid, with its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"{node.lineno}: the float {node.value}"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"{node.lineno}: true division"
        if isinstance(node, ast.Attribute) and node.attr in FLOATING:
            yield f"{node.lineno}: the type {node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS_BANNED:
            yield f"{node.lineno}: {node.func.id}()"
        if isinstance(node, ast.For | ast.comprehension) and is_set(node.iter):
            yield f"{node.iter.lineno}: iteration over a set"


def is_set(node: ast.expr) -> bool:
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"set", "frozenset"}


def foreign(module: Module) -> Iterator[str]:
    for line, name in imports(module):
        top = name.partition(".")[0]
        own = name.startswith(("matcher.core", "matcher.protocol")) or top == "cython"
        if not own and (top not in sys.stdlib_module_names or top in IMPURE):
            yield f"{line}: import of {name}"


@pytest.mark.parametrize("module", CORE, ids=lambda module: module.path)
def test_core_module_is_pure(module: Module) -> None:
    assert [*findings(module), *foreign(module)] == []


@pytest.mark.parametrize(
    "text",
    ["x = 1.5", "x = 1 / 2", "x /= 2", "x = float(1)", "for x in {1, 2}: pass", "y = [x for x in set(z)]",
     "import time", "from random import random", "import numpy", "x: cython.double = 0", "import matcher.runtime"],
)  # fmt: skip
def test_the_rules_see_what_they_forbid(text: str) -> None:
    module = Module(path="matcher/core/sample.py", name="matcher.core.sample", text=text, tree=ast.parse(text))
    assert [*findings(module), *foreign(module)] != []
