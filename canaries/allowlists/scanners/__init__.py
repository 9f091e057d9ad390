"""The contract of a secret scanner: one file in this folder reads its report and writes its allow-list."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from canaries.core.errors import ScanError

FOLDER = __name__

SHORTEST = 12
"""Characters; a shorter string is one that many secrets share, such as the prefix of a service's keys."""


@dataclass(frozen=True, slots=True)
class ReportedSecret:
    """One finding of a scanner's report."""

    path: str
    """Of the file, as the report has it."""
    line: int
    """The first one, from 1."""
    last: int
    """The last one; the same where the secret is in one line."""
    rule: str
    """What the scanner calls it."""
    is_secret: Callable[[str], bool] = field(repr=False)
    """Whether a string is what was found. Reports hold it in clear, hashed, or as two columns."""
    record: Mapping[str, Any] = field(repr=False)
    """The report's own words, for `SecretScanner.write`."""
    secret: str = field(default="", repr=False)
    """What was found, where the report has it in clear."""
    group: str = ""
    """Findings of one group share an entry, wherever they are; empty: it has its own."""
    columns: tuple[int, int] | None = None
    """Where it begins in its first line and ends in its last, from 0, where the report has neither text nor hash."""


class SecretScanner(ABC):
    """One program that looks for secrets. Holds no state."""

    name: ClassVar[str]
    """As in ``trapline allowlist NAME``."""
    report: ClassVar[str]
    """The command that makes the report."""
    whole_files: ClassVar[bool] = False
    """Whether its allow-list can leave out files only, not findings."""

    @abstractmethod
    def read(self, report: bytes) -> list[ReportedSecret]:
        """What the scanner found. Raises ScanError where this is no such report."""

    @abstractmethod
    def write(self, planted: Sequence[ReportedSecret], report: bytes, kept: str) -> str:
        """The allow-list of these findings, with the entries of ``kept``, which is another one or empty.

        No bait in clear. Raises ScanError where ``kept`` is no such list.
        """


def parsed(text: bytes | str, what: str) -> Any:
    """JSON. Raises ScanError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ScanError(f"this is not {what}: it is no JSON") from None


def listed(value: object, what: str) -> list[Mapping[str, Any]]:
    """A list of objects. Raises ScanError."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ScanError(f"this is not {what}")
    return value


def text(record: Mapping[str, Any], name: str, what: str) -> str:
    """A string of a record. Raises ScanError."""
    value = record.get(name)
    if not isinstance(value, str):
        raise ScanError(f"this is not {what}: a finding has no {name}")
    return value


def one_line(value: str) -> bool:
    """Whether it can be a line of a list: a file's name may hold line ends, and would bring lines of its own."""
    return len(value.splitlines()) == 1


def number(record: Mapping[str, Any], name: str, what: str) -> int:
    """A number of a record. Raises ScanError."""
    value = record.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ScanError(f"this is not {what}: a finding has no {name}")
    return value
