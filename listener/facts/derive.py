"""Runs every source of facts over a hit. One that fails costs its own fact only, and says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from listener.evidence.derived import Facts
from listener.facts import Source, Use

if TYPE_CHECKING:
    from canaries.installation.home import Home


class _Broken(Source):
    """Stands for a source that could not start (a damaged data file), so that every hit says so."""

    name = ""

    def __init__(self, home: Path, name: str, order: int, error: Exception) -> None:
        super().__init__(home)
        self.name, self.order, self._error = name, order, error  # type: ignore[misc]  # one instance, one name

    def derive(self, use: Use, facts: Facts) -> Mapping[str, object] | None:
        raise self._error


def load(home: Home) -> list[Source]:
    """One instance of each source, in order; one that cannot start fails for every hit, with its reason."""
    from canaries.core import plugins
    from listener.facts import FOLDER

    found = plugins.classes(FOLDER, Source).values()  # type: ignore[type-abstract]
    return sorted(
        (_start(source, home.path) for source in found), key=lambda source: (source.order, source.name)
    )


def _start(source: type[Source], home: Path) -> Source:
    try:
        return source(home)
    except Exception as error:  # noqa: BLE001  a source, perhaps a stranger's, must not keep the back from starting
        return _Broken(home, source.name, source.order, error)


def say_data_problems(home: Home, say: Callable[[str], None]) -> None:
    """Say at the start what is wrong with the network data: refused, missing, changed, old. A sentence each."""
    from canaries.core.clock import parse_rfc3339
    from listener.network_data.datasets import problems

    for sentence in problems(home.path, parse_rfc3339(home.now()).date()):
        say(f"network data: {sentence}")


def broken(sources: Sequence[Source]) -> list[str]:
    """The names of those that could not start."""
    return [source.name for source in sources if isinstance(source, _Broken)]


def derive_all(sources: Sequence[Source], use: Use) -> tuple[Facts, dict[str, str]]:
    """(facts by source name, reasons by the names of the sources that failed).

    A reason is the exception's type only: its message may quote what the visitor sent. Facts may be shared between
    hits: nobody changes them.
    """
    found: dict[str, Mapping[str, object]] = {}
    facts = cast(Facts, found)  # a source writes under its own name, also one that the shape does not know
    failed: dict[str, str] = {}
    for source in sources:
        try:
            fact = source.derive(use, facts)
        except Exception as error:  # noqa: BLE001  whatever a visitor's bytes set off in one source stays there
            failed[source.name] = type(error).__name__
            continue
        if fact is not None:
            found[source.name] = fact
    return facts, failed
