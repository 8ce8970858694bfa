"""The repository's own source, parsed once: what the house rules look at."""

from __future__ import annotations

import ast
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("apps", "deploy", "exchange", "matcher", "tests")
GENERATED = ("/migrations/",)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, dotted name, text and tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")


@functools.cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the rooms and the root, migrations aside."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + sorted(ROOT.glob("*.py"))
    found = []
    for path in sorted(paths):
        short = path.relative_to(ROOT).as_posix()
        if any(word in f"/{short}" for word in GENERATED):
            continue
        text = path.read_text(encoding="utf-8")
        name = short.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        found.append(Module(path=short, name=name, text=text, tree=ast.parse(text, short)))
    return tuple(found)


def in_room(prefix: str) -> list[Module]:
    return [module for module in modules() if module.path.startswith(prefix)]


def imports(module: Module) -> list[tuple[int, str]]:
    """Line and full dotted name of everything imported: `from a import b` counts as `a.b`."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return found


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    depth = node.level - 1 if module.is_package else node.level
    return ".".join(filter(None, [*parts[: len(parts) - depth], node.module or ""]))


@functools.cache
def tracked_files() -> tuple[str, ...]:
    """What git holds or would hold: everything not ignored."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    result = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(line for line in result.stdout.splitlines() if (ROOT / line).is_file())
