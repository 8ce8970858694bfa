"""The table of the engine's rules: what docs/engine.md says, which module holds to it, which tests pin it down.

`python -m tests.architecture.rules` writes docs/semantics.md. A rule is a line of docs/engine.md that begins with an
id in brackets; a module names it so in its words; a test carries `@pytest.mark.rule("...")`.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture.source import ROOT, Module, in_room

PAGE = ROOT / "docs" / "semantics.md"
SOURCE = ROOT / "docs" / "engine.md"
CORE = ROOT / "matcher" / "core"
SAYS_MIN, SAYS_MAX = 60, 180
_RULE = re.compile(r"^\[([A-Z]+-[0-9]{3})\] (.+)$")
_NAMED = re.compile(r"\[([A-Z]+-[0-9]{3})\]")
_SENTENCE_END = re.compile(r"(?<=[a-zA-Z)\]0-9`])[.;] ")
HEAD = """# The engine's rules, their modules and their tests

Written by `python -m tests.architecture.rules` from engine.md (which says each rule in full), the modules of
`matcher/core` that name a rule in their words, and the tests marked with it. Do not edit.
"""


@dataclass
class Rule:
    """One rule: its id, section and beginning; paths from the root, tests by file."""

    id: str
    section: str
    says: str
    modules: list[str] = field(default_factory=list)
    tests: dict[str, list[str]] = field(default_factory=dict)


def rules_of(text: str) -> list[Rule]:
    """The rules of the page in its order. An id that begins two lines is a fault of the page."""
    found: dict[str, Rule] = {}
    section = ""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        match = _RULE.match(line)
        if match:
            if match[1] in found:
                raise ValueError(f"{match[1]} begins two lines of the page")
            rest = itertools.takewhile(lambda more: more and not more.startswith(("[", "#")), lines[at + 1 :])
            found[match[1]] = Rule(match[1], section, beginning(" ".join([match[2], *rest])))
    return list(found.values())


def beginning(text: str) -> str:
    """The first sentence or as much of it as a line holds, cut between words."""
    plain = text.replace("*", "").strip()
    for end in _SENTENCE_END.finditer(plain):
        head = plain[: end.start()]
        if len(head) >= SAYS_MIN and head.count("(") == head.count(")"):
            plain = head
            break
    if len(plain) > SAYS_MAX:
        plain = plain[:SAYS_MAX].rsplit(" ", 1)[0].rstrip(",;:(") + " ..."
    return plain.rstrip(".:;,")


def named_in_core() -> Iterator[tuple[str, str]]:
    """(id, module) for every rule that a module or the types beside it name."""
    for path in sorted(CORE.glob("*.p*")):
        if path.suffix in {".py", ".pxd"}:
            module = path.relative_to(ROOT).with_suffix(".py").as_posix()
            for name in sorted(set(_NAMED.findall(path.read_text(encoding="utf-8")))):
                yield name, module


def marked(module: Module) -> Iterator[tuple[str, str]]:
    """(id, test) for every mark of a test file: on a test, on its class, or on the whole file."""
    whole: list[str] = []
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "pytestmark" for target in node.targets):
            whole += _ids(node.value)
    for node, above in _tests(module.tree.body, []):
        for name in dict.fromkeys([*whole, *above]):
            yield name, node.name


def _tests(
    body: list[ast.stmt], above: list[str]
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, list[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _tests(node.body, above + [name for mark in node.decorator_list for name in _ids(mark)])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node, above + [name for mark in node.decorator_list for name in _ids(mark)]


def _ids(tree: ast.expr) -> list[str]:
    """The ids that an expression's `pytest.mark.rule(...)` calls name."""
    return [
        str(argument.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule")
        for argument in node.args
        if isinstance(argument, ast.Constant)
    ]


def collect() -> tuple[list[Rule], list[str]]:
    """The rules with their modules and tests; and what names a rule that the page does not have."""
    rules = rules_of(SOURCE.read_text(encoding="utf-8"))
    by_id = {rule.id: rule for rule in rules}
    strays = []
    for name, module in named_in_core():
        if name not in by_id:
            strays.append(f"{module}: [{name}]")
        elif module not in by_id[name].modules:
            by_id[name].modules.append(module)
    for file in in_room("tests/"):
        if not file.path.rsplit("/", 1)[-1].startswith("test_"):
            continue
        for name, test in marked(file):
            if name in by_id:
                by_id[name].tests.setdefault(file.path, []).append(test)
            else:
                strays.append(f"{file.path}: {test}: {name}")
    return rules, strays


def page(rules: list[Rule]) -> str:
    """docs/semantics.md: one table a section."""
    lines = [HEAD]
    section = None
    for rule in rules:
        if rule.section != section:
            section = rule.section
            lines += ["", f"## {section}", "", "| rule | what it says | modules | tests |", "| --- | --- | --- | --- |"]
        modules = ", ".join(f"`{path.rsplit('/', 1)[-1]}`" for path in rule.modules)
        tests = "; ".join(
            f"`{path.removeprefix('tests/')}`: "
            + ", ".join(test.removeprefix("test_").replace("_", " ") for test in names)
            for path, names in rule.tests.items()
        )
        says = rule.says.replace("|", "\\|")
        lines.append(f"| {rule.id} | {says} | {modules} | {tests} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(collect()[0]), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
