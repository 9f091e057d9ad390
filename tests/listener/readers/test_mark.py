"""A mark and what was said with it survive every format of the log; what is none is passed over."""

from __future__ import annotations

import base64
import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from listener.readers.mark import MarkedRead, marked_reads

MARK = "0123456789abcdef" * 2
SAID = {"user": 'an "analyst"', "query": "SELECT 1,\n2 -- \x1b[31m", "port": 5, "client": None}


def message(said: object = SAID, mark: str = MARK) -> str:
    return f"{mark} {base64.b64encode(json.dumps(said).encode()).decode()}"


def test_every_format_of_the_log_gives_the_same() -> None:
    row = io.StringIO()
    csv.writer(row).writerow(["2026-11-27", "app", message(), "PL/pgSQL, line 9"])
    lines = [
        f"2026-11-27 08:00:00.123 UTC [77] app@shop LOG:  {message()}",
        json.dumps({"error_severity": "LOG", "message": message(), "statement": SAID["query"]}),
        row.getvalue(),
        f"Nov 27 08:00:00 db postgres[77]: [3-1] LOG:  {message()}",
    ]
    for line in lines:
        assert marked_reads(line.encode()) == [MarkedRead(MARK, SAID)]


def test_what_is_not_an_object_or_not_base64_is_passed_over() -> None:
    assert marked_reads(message(["a list that is long enough to be seen as one"]).encode()) == []
    assert marked_reads(f"{MARK} {'A' * 41}".encode()) == []
    assert marked_reads(("x" + message()).encode()) == []


@given(st.binary(max_size=300))
def test_no_bytes_raise(line: bytes) -> None:
    marked_reads(line)
    marked_reads(f"{MARK} ".encode() + base64.b64encode(line))
