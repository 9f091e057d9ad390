"""Tables with separated columns (RFC 4180, and with semicolons, tabs or bars), the first line naming them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from canaries.copies.datasets import DataFormat, DataTable, text
from canaries.core.errors import MintError

_DELIMITERS = ",;\t|"


class SeparatedColumns(DataFormat):
    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "a table with separated columns"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".txt")

    def read(self, content: bytes, table: str) -> DataTable:
        if table:
            raise MintError("a file of separated columns has one table", hint="leave --table out")
        whole = text(content)
        first = whole.partition("\n")[0]
        delimiter = max(_DELIMITERS, key=first.count)
        lines = list(_records(whole, delimiter))
        if len(lines) < 2:
            raise MintError("the data set has no rows", hint="its first line names the columns")
        (head, head_gap, columns), *rest = lines
        columns = [name.removeprefix("\ufeff") for name in columns]
        if len(set(columns)) < len(columns):
            raise MintError("two columns of the data set have one name")
        wrong = next((number for number, one in enumerate(rest, 2) if len(one[2]) != len(columns)), None)
        if wrong is not None:
            raise MintError(f"record {wrong} of the data set has not the {len(columns)} columns of the first")
        return DataTable(
            (head + head_gap).encode(),
            tuple(record.encode() for record, _, _ in rest),
            tuple(gap.encode() for _, gap, _ in rest),
            tuple(columns),
            tuple(dict(zip(columns, values, strict=True)) for _, _, values in rest),
        )

    def record(self, row: Mapping[str, Any], data: DataTable) -> bytes:
        neighbour = data.records[0].decode()
        delimiter = max(_DELIMITERS, key=data.head.decode().partition("\n")[0].count)
        quoted = neighbour.count('"') >= 2 * len(data.columns)
        out = io.StringIO()
        writer = csv.writer(
            out,
            delimiter=delimiter,
            quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
            lineterminator="",
        )
        writer.writerow(["" if (value := row.get(name)) is None else value for name in data.columns])
        return out.getvalue().encode()


def _records(whole: str, delimiter: str) -> Iterator[tuple[str, str, list[str]]]:
    """(a record, the line ends behind it, its values); a record may have several lines."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(whole, newline=""):
            taken.append(line)
            yield line

    held: tuple[str, str, list[str]] | None = None
    try:
        for values in csv.reader(lines(), delimiter=delimiter, strict=True):
            raw = "".join(taken)
            taken.clear()
            if not values and held is not None:  # an empty line
                held = (held[0], held[1] + raw, held[2])
                continue
            if held is not None:
                yield held
            record = raw.rstrip("\r\n")
            held = (record, raw[len(record) :], values)
    except csv.Error as error:
        raise MintError(f"the data set is no table with separated columns: {error}") from None
    if held is not None:
        yield held
