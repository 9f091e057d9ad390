"""The error tree: drawn in its docstring as it is, every error a sentence, two exit statuses."""

from __future__ import annotations

import inspect

import pytest

from canaries.core import errors
from canaries.core.errors import CheckError, TraplineError

ERRORS = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, TraplineError) and value.__module__ == errors.__name__
]


@pytest.mark.parametrize("kind", ERRORS)
def test_each_is_in_the_drawing_and_carries_sentence_and_hint(kind: type[TraplineError]) -> None:
    assert kind.__name__ in str(errors.__doc__)
    error = kind("it is so", hint="do this")
    assert (error.sentence, error.hint, str(error)) == ("it is so", "do this", "it is so")


@pytest.mark.parametrize("kind", ERRORS)
def test_a_failed_check_ends_with_1_everything_else_with_2(kind: type[TraplineError]) -> None:
    assert kind("x").status == (1 if issubclass(kind, CheckError) else 2)
