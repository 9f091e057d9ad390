"""One law asked of many things is one test that lists every offender."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

_SHOWN = 20
"""So many offenders are shown with what they did; of the others the number."""


in_part_and_whole = pytest.mark.parametrize(
    "whole", [pytest.param(False, id="part"), pytest.param(True, id="whole", marks=pytest.mark.rehearsal)]
)
"""A law over products of many things: ``make test`` holds it for a fixed part, in which each of them is once
(``whole`` is False), ``make rehearse`` for all."""


def every(name: str, values: Iterable[Any], show: Callable[[Any], object] = str) -> Callable[..., Any]:
    """The test is run for each of ``values`` as its argument ``name`` and fails once, with all that broke the law.

    Fixtures are made once for all of them, but for ``monkeypatch``: what one value changed is undone before the next.
    """
    kept = list(values)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def law(**fixtures: Any) -> None:
            assert kept, f"there is no {name} to try"
            broken = []
            for value in kept:
                try:
                    with pytest.MonkeyPatch.context() as patch:
                        given = {**fixtures, "monkeypatch": patch} if "monkeypatch" in fixtures else fixtures
                        test(**given, **{name: value})
                except Exception as error:  # noqa: BLE001  an error is as bad as a broken assertion
                    broken.append(f"{show(value)}: {type(error).__name__}: {error}")
            more = f"\nand {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
            assert not broken, f"{len(broken)} of {len(kept)}:\n" + "\n".join(broken[:_SHOWN]) + more

        own = inspect.signature(test)
        left = [one for one in own.parameters.values() if one.name != name]
        law.__signature__ = own.replace(parameters=left)  # type: ignore[attr-defined]
        del law.__wrapped__  # type: ignore[attr-defined]
        return law

    return decorate
