"""Shells' histories: a command more, between commands, at a time between theirs."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import bait, planted, text_after

KINDS = ("mysql", "postgres-url", "redis-url", "mongodb-url", "stripe-key", "aws-key", "ftp-credentials")


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_is_one_that_a_shell_takes(kind: str) -> None:
    old = "cd shop\nls\ngit status\nls\n"
    (made,) = set(text_after(".bash_history", old, kind).splitlines()) - set(old.splitlines())
    said = shlex.split(made)
    assert said[0] in ("mysql", "psql", "redis-cli", "mongosh", "export")
    assert any(token.value in made for token in bait(kind).tokens)


@pytest.mark.parametrize("shape", ["#{0}\n{1}\n", ": {0}:0;{1}\n"])
@given(steps=st.lists(st.integers(2, 9000), min_size=2, max_size=8), many=st.booleans())
def test_times_stay_in_their_order_and_commands_whole(shape: str, steps: list[int], many: bool) -> None:
    times = [1_700_000_000 + sum(steps[: n + 1]) for n in range(len(steps))]
    broken = "for i in 1; do{}\n  psql{}\ndone".format(*(("\\", "\\") if ";" in shape else ("", "")))
    old = "".join(shape.format(time, broken if many else "psql x") for time in times)
    old += shape.format(times[-1] + steps[0], "ls") + shape.format(times[-1] + steps[0] + 1, "pwd")
    after = text_after(".zsh_history" if ";" in shape else ".bash_history", old, "postgres-url")
    assert after.count(broken if many else "psql x\n") == len(times)
    found = [int(time) for time in re.findall(r"(?m)^(?:#|: )(\d+)", after)]
    assert found == sorted(found)
    assert len(found) == len(times) + 3
    assert after.endswith("ls\n" + shape.format(times[-1] + steps[0] + 1, "pwd"))


def test_the_operator_is_told_what_repeating_it_does() -> None:
    composed, _ = planted(".bash_history", b"ls\npwd\n", "mysql")
    assert "fires it" in composed.remarks[0]


def test_what_no_command_takes_is_refused() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(".bash_history", "ls\npwd\n", "url")
