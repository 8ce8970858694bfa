"""Every rule of docs/engine.md has a module that names it and a test that carries it; the table of them is fresh."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import rules
from tests.architecture.source import Module


def test_every_rule_has_a_module() -> None:
    assert [rule.id for rule in rules.collect()[0] if not rule.modules] == []


def test_every_rule_has_a_test() -> None:
    assert [rule.id for rule in rules.collect()[0] if not rule.tests] == []


def test_no_word_names_a_rule_that_is_not_there() -> None:
    assert rules.collect()[1] == []


def test_the_table_is_fresh() -> None:
    is_fresh = rules.PAGE.read_text(encoding="utf-8") == rules.page(rules.collect()[0])
    assert is_fresh, "write docs/semantics.md anew: python -m tests.architecture.rules"


def test_a_rule_is_a_line_that_begins_with_its_id() -> None:
    text = "## Money\n[MON-001] **Deposit**: amount 1..9 (NO).\nsee [MON-002].\n[MON-003] Short.\n\nNo rule.\n"
    found = rules.rules_of(text)
    assert [(rule.id, rule.section, rule.says) for rule in found] == [
        ("MON-001", "Money", "Deposit: amount 1..9 (NO). see [MON-002]"),
        ("MON-003", "Money", "Short"),
    ]
    with pytest.raises(ValueError, match="MON-003"):
        rules.rules_of(text + "[MON-003] Again.\n")


def test_marks_are_read_from_tests_classes_and_files() -> None:
    text = """
pytestmark = [pytest.mark.rule("A-001"), pytest.mark.stores]
@pytest.mark.rule("B-001", "B-002")
def test_one(): ...
@pytest.mark.rule("C-001")
class TestMore:
    @pytest.mark.rule("D-001")
    def test_two(self): ...
@pytest.mark.rule("E-001")
def helper(): ...
"""
    module = Module(path="tests/test_sample.py", name="tests.test_sample", text=text, tree=ast.parse(text))
    assert list(rules.marked(module)) == [
        ("A-001", "test_one"), ("B-001", "test_one"), ("B-002", "test_one"),
        ("A-001", "test_two"), ("C-001", "test_two"), ("D-001", "test_two"),
    ]  # fmt: skip
