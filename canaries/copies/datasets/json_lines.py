"""JSON Lines: an object a line, all with their own keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from canaries.copies.datasets import DataFormat, DataTable, text
from canaries.core.errors import MintError


class JsonLines(DataFormat):
    name: ClassVar[str] = "json-lines"
    title: ClassVar[str] = "JSON Lines"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")

    def read(self, content: bytes, table: str) -> DataTable:
        if table:
            raise MintError("a file of JSON Lines has one table", hint="leave --table out")
        records, gaps, rows = list[str](), list[str](), list[dict[str, Any]]()
        columns: dict[str, None] = {}
        for number, line in enumerate(text(content).split("\n"), 1):
            if records:
                gaps[-1] += "\n"
            bare = line.strip()
            if not bare:
                if records:
                    gaps[-1] += line
                continue
            row = _object(bare, number)
            end = line.rstrip()
            records.append(end)
            gaps.append(line[len(end) :])
            rows.append(row)
            columns |= dict.fromkeys(row)
        if not rows:
            raise MintError("the data set has no rows")
        encoded = (tuple(one.encode() for one in records), tuple(gap.encode() for gap in gaps))
        return DataTable(b"", *encoded, tuple(columns), tuple(rows))

    def record(self, row: Mapping[str, Any], data: DataTable) -> bytes:
        neighbour = data.records[0].decode().strip()
        value = json.loads(neighbour)
        plain = not any(b"\\u" in record for record in data.records)
        styles = [(separators, not plain) for separators in ((",", ":"), (", ", ": "))]
        fitting = [one for one in styles if _dumped(value, *one) == neighbour]
        said = {name: row[name] for name in data.columns if name in row}
        return _dumped(said, *(fitting or styles)[0]).encode()


def _dumped(value: dict[str, Any], separators: tuple[str, str], ascii_only: bool) -> str:
    return json.dumps(value, separators=separators, ensure_ascii=ascii_only)


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise MintError(f"line {number} of the data set is no JSON") from None
    if not isinstance(value, dict):
        raise MintError(f"line {number} of the data set is no object")
    return value
