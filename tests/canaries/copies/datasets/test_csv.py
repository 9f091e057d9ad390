"""Separated columns: every dialect comes back as it was."""

from __future__ import annotations

import pytest

from canaries.copies.datasets.csv import SeparatedColumns
from canaries.core.errors import MintError


@pytest.mark.parametrize(
    ("content", "fresh"),
    [
        (b"a,b\n1,2\n3,4", b"5,6"),
        (b"a;b\r\n1;2\r\n", b"5;6"),
        (b"a\tb\n1\t2\n", b"5\t6"),
        (b'"a","b"\n"1","2"\n"3","4"\n\n', b'"5","6"'),
        (b'\xef\xbb\xbfa|b\n"x\ny"|2\n3|4\n', b"5|6"),
    ],
)
def test_a_record_is_written_as_its_neighbours(content: bytes, fresh: bytes) -> None:
    data = SeparatedColumns().read(content, "")
    assert data.columns == ("a", "b")
    assert SeparatedColumns().record({"a": "5", "b": "6"}, data) == fresh
    assert data.with_records([]) == content
    assert fresh in data.with_records([(len(data.records), fresh)])


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"a,a\n1,2\n", b"a,b\n1\n", b'a,b\n"1,2\n'])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(MintError):
        SeparatedColumns().read(content, "")


def test_a_table_name_is_refused() -> None:
    with pytest.raises(MintError, match="one table"):
        SeparatedColumns().read(b"a,b\n1,2\n", "users")
