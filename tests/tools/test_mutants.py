"""The faults that `make mutants` puts in: of each rule one, the same in every run, and a list in date."""

from __future__ import annotations

import ast

import pytest

from tools import mutants

SOURCE = '''
def f(a: int = 3, *b) -> bool:
    """Not this: 1 < 2."""
    if a < 1 and not b:
        g(a + 1)
    return max(a, 2) in b


g = 5
'''


def test_each_rule_makes_its_fault() -> None:
    found = mutants.drawn("m.py", SOURCE)
    assert {one.name.removeprefix("m.py: f: ") for one in found} == {
        "a < 1 and not b -> ((a < 1) or (not b))",
        "a < 1 -> (a <= 1)",
        "not b -> (b)",
        "1 -> 2",
        "1 -> 2 (2)",
        "g(a + 1) -> pass",
        "a + 1 -> (a - 1)",
        "max(a, 2) in b -> (max(a, 2) not in b)",
        "max(a, 2) -> min(a, 2)",
        "2 -> 3",
    }
    for one in found:
        ast.parse(one.new)
        assert one.new != SOURCE


@pytest.mark.parametrize("path", mutants.TARGETS)
def test_every_drawn_fault_is_a_program(path: str) -> None:
    source = (mutants.ROOT / path).read_text("utf-8")
    found = mutants.drawn(path, source)
    assert found
    assert len({one.name for one in found}) == len(found)
    for one in found[:: max(1, len(found) // 5)]:  # `make mutants` looks at each that it puts in
        ast.parse(one.new)


@pytest.mark.parametrize("mutant", mutants.written(), ids=lambda mutant: mutant.name)
def test_every_written_fault_stands_where_the_list_says(mutant: mutants.Mutant) -> None:
    """Where the code has moved on, write the fault anew: the promise is still one."""
    source = (mutants.ROOT / mutant.path).read_text("utf-8")
    assert source.count(mutant.old) == 1
    ast.parse(source.replace(mutant.old, mutant.new))
    for tests in mutants.stages(mutant):
        assert all((mutants.ROOT / path).exists() for path in tests)


def test_every_explanation_is_of_a_fault_that_is_drawn() -> None:
    known = mutants.explained().keys()
    names = {
        one.name
        for path in mutants.TARGETS
        if any(name.startswith(f"{path}: ") for name in known)
        for one in mutants.drawn(path, (mutants.ROOT / path).read_text("utf-8"))
    }
    assert not known - names


def test_the_choice_is_the_same_in_every_run() -> None:
    first, again = (mutants.chosen(40, 1, "") for _ in range(2))
    assert first == again
    assert len(first) == 40 + len(mutants.written())
    assert mutants.chosen(40, 2, "") != first
