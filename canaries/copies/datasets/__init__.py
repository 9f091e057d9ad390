"""The contract of a data format: one file in this folder reads one form of table and writes records into it.

All old bytes stay as they are: a copy is the operator's file with records put between its own. A file that cannot be
read as a whole is refused.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar

from canaries.core.errors import MintError
from canaries.core.plugins import classes

FOLDER = __name__


@dataclass(frozen=True, slots=True)
class DataTable:
    """A data set cut into its records, and what they say."""

    head: bytes
    """What stands before the first record."""
    records: tuple[bytes, ...]
    """Each without what separates it from the next."""
    gaps: tuple[bytes, ...]
    """What stands behind each; behind the last one the end of the file."""
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    """What each record says, by column: text, numbers, truth values, None, and in JSON lists and objects."""

    @property
    def between(self) -> bytes:
        """What usually stands between two records."""
        return Counter(self.gaps[:-1]).most_common(1)[0][0] if len(self.gaps) > 1 else b"\n"

    def with_records(self, added: Sequence[tuple[int, bytes]]) -> bytes:
        """The file with records put before those with these numbers; ``len(records)``: behind the last one."""
        before = defaultdict[int, list[bytes]](list)
        for place, record in added:
            before[place].append(record)
        out, between = [self.head], self.between
        for number, (record, gap) in enumerate(zip(self.records, self.gaps, strict=True)):
            out += [piece for fresh in before.get(number, ()) for piece in (fresh, between)]
            out.append(record)
            if number + 1 == len(self.records):
                out += [piece for fresh in before.get(number + 1, ()) for piece in (between, fresh)]
            out.append(gap)
        return b"".join(out)


class DataFormat(ABC):
    """One form of a table in a file."""

    name: ClassVar[str]
    title: ClassVar[str]
    """For messages and lists."""
    suffixes: ClassVar[tuple[str, ...]]
    """Of file names, in lower case, with the dot."""

    @abstractmethod
    def read(self, content: bytes, table: str) -> DataTable:
        """The data set; ``table``: which of several, or empty. Raises MintError naming what cannot be read."""

    @abstractmethod
    def record(self, row: Mapping[str, Any], data: DataTable) -> bytes:
        """A row as its neighbours are written."""


def of(path: PurePath) -> DataFormat:
    """By the file's name. Raises MintError where none fits."""
    known = classes(FOLDER, DataFormat)  # type: ignore[type-abstract]
    for one in known.values():
        if path.suffix.lower() in one.suffixes:
            return one()
    suffixes = ", ".join(sorted(suffix for one in known.values() for suffix in one.suffixes))
    raise MintError(f"{path.name} is of no form that copies can be made of", hint=f"known are: {suffixes}")


def text(content: bytes) -> str:
    """UTF-8, with a byte order mark or without. Raises MintError."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise MintError("the data set is not UTF-8", hint="convert it first: iconv -t UTF-8") from None
