"""Packages: the same bytes again, and nothing but a real zip is taken."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.content.packages import pack, unpack
from canaries.core.errors import MintError

MOMENT = "2026-11-22T12:00:00.000000Z"


def test_the_same_parts_give_the_same_bytes() -> None:
    parts = {"b.xml": b"2", "a.xml": b"1"}
    assert pack(parts, MOMENT) == pack(parts, MOMENT)
    assert unpack(pack(parts, MOMENT), "package") == parts


def test_the_first_part_can_be_stored_as_it_is() -> None:
    content = pack({"content.xml": b"x" * 100, "mimetype": b"application/x"}, MOMENT, stored_first="mimetype")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        first = package.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_in_one_sentence(junk: bytes) -> None:
    with pytest.raises(MintError, match="the file is no workbook"):
        unpack(junk, "workbook")


def test_a_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(9):
            package.writestr(f"{number}", b"\0" * (32 << 20))
    with pytest.raises(MintError, match="too large"):
        unpack(out.getvalue(), "workbook")
