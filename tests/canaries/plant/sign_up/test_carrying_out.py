"""Steps are carried out in their order, and one that does not succeed is told without a value in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.plant.sign_up.carrying_out import UnreachableError, carry_out
from canaries.plant.sign_up.recipe import Step

SECRET = "tulip-anchor"
WRITE = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"


def python(code: str, **more: object) -> Step:
    return Step(command=(sys.executable, "-c", code), **more)  # type: ignore[arg-type]


def test_what_one_takes_the_next_one_has(tmp_path: Path) -> None:
    first = python("print('id=7')", take={"number": r"id=(\d)"})
    second = Step(
        command=(
            sys.executable,
            "-c",
            "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())",
            str(tmp_path / "x"),
        ),
        stdin="{number} {secret}",
    )
    carry_out([first, second], {"secret": SECRET})
    assert (tmp_path / "x").read_text() == f"7 {SECRET}"


def test_what_fails_says_no_value() -> None:
    steps = {
        "ended with status 3": python("import sys; sys.exit(3)", stdin="{secret}"),
        "finds nothing": python("print(1)", take={"x": "(2)"}, stdin="{secret}"),
        "cannot be run": Step(command=("/no/such/program", "{secret}")),
        "cannot be asked": Step(url="http://127.0.0.1:1/{secret}"),
        "environment variable": Step(url="http://127.0.0.1:1/{env:NO_SUCH_VARIABLE}"),
    }
    for said, step in steps.items():
        with pytest.raises(PlantError, match=said) as refused:
            carry_out([step], {"secret": SECRET})
        assert SECRET not in refused.value.sentence
        unreachable = said in ("cannot be run", "cannot be asked", "environment variable")
        assert isinstance(refused.value, UnreachableError) is unreachable
