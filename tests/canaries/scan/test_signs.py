"""Signs: what is wrapped in the midst of a large file is found, and ordinary text has none."""

from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan.bit_sets import all_but, runs
from canaries.scan.presence import Presence
from canaries.scan.scanner import Finding, scan
from canaries.scan.signs import _grouped, _outside, looks_wrapped
from canaries.scan.wrapped import SMALL
from tests import steady
from tests.canaries.scan.test_scanner import _ways_of_the_traps
from tests.every import every

MARKLESS = {
    "base64 in short lines": "a column of ids looks the same",
    "br": "Brotli and raw deflate have no mark, and LZMA hardly one",
    "deflate": "see br",
    "lzma": "see br",
    "ascii85 of a PDF": "a PDF is a file of its own, and opened as one",
    "list of characters": "what stands between them stands in every table",
    "chunked": "without its header a line that is a number says nothing",
    "cbor, in pieces": "one byte that is a letter in text",
    "gzip, several members": "behind a stream within a file only the next one's own beginning is known",
    "zstd, two frames": "see gzip, several members",
    "gzip, cut short": "whether it is one shows at its end",
    "zip, cut short": "it is named",
    "appended strings": "programs have as much in many places where nothing is appended",
    "chat": "such control characters stand in any binary data",
    "telnet": "see chat",
    "numbered cookies": "names with a number stand in every program",
    "text runs": "what JSON of chats and logs is made of",
    "LaTeX": "in the source of a document most of it is made of such signs",
}
"""What is found where it is a file of its own, and not in the midst of a large one."""
ROWS = b"some text line, a b c\n" * (SMALL // 20)


@every("form", _ways_of_the_traps())
def test_what_is_found_in_a_small_file_is_found_in_a_large_one(home: Home, tmp_path: Path, form: str) -> None:
    canary = next(mint(home, "stripe-key", draw=steady.draw(form))).canary
    key = next(token.value for token in canary.tokens if token.value.startswith("sk_live_")).encode()
    (tmp_path / "dump").write_bytes(ROWS + b"\n" + _ways_of_the_traps()[form](key) + b"\n" + ROWS)
    found = {one.canary for one in scan(home, [tmp_path / "dump"]) if isinstance(one, Finding)}
    assert bool(found) is (form not in MARKLESS)


@pytest.mark.parametrize(
    ("listed", "seen"),
    [
        (str(list(b"token of it")), True),
        (str(list(b"eight + 1")), True),
        (str(list(gzip.compress(b"token of it", mtime=0))), True),
        (str([value - 256 if value > 127 else value for value in gzip.compress(b"token", mtime=0)]), True),
        (", ".join(f"0x{value:02X}" for value in b"token of it").join("{}"), True),
        ("(    " + "    ,    ".join(f"0x{value:02x}" for value in b"token of it") + "    ,)", True),
        ("(1, (" + ",".join(map(str, b"token of it")) + "))", True),
        (str(list(range(1, 30))), False),
        ("[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]", False),
    ],
)
def test_a_list_is_one_of_bytes_where_they_are_text_or_something_packed(listed: str, seen: bool) -> None:
    content = ROWS + listed.encode() + ROWS
    assert bool(list(looks_wrapped(content, Presence(content)))) is seen


@given(
    st.lists(
        st.sampled_from([b"a", b" ", b"+", b"/", b"'", b"Z9" * 20, b"_" * 31, b"-" * 32, b"@[`{.:,\n"]),
        max_size=30,
    )
)
def test_runs_are_those_of_an_expression(parts: list[bytes]) -> None:
    content = b"".join(parts)
    starts, ends = runs(all_but(_outside(content), len(content)), 32)
    naive = [one.span() for one in re.finditer(rb"[A-Za-z0-9+/_-]{32,}", content)]
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == naive


@given(st.lists(st.sampled_from([b"aa ", b"aa:", b"aaaa ", b"a ", b"  "]), max_size=30))
def test_groups_are_as_far_from_each_other(parts: list[bytes]) -> None:
    content = b"".join(parts)
    marks = [place for place, code in enumerate(content) if code in b" :"]
    naive = [
        marks[at] - period + 1
        for period in (3, 5)
        for at in range(len(marks) - 5)
        if all(marks[at + number] == marks[at] + number * period for number in range(6))
    ]
    assert _grouped(_outside(content)) == [place for place in naive if place >= 0]


def test_of_signs_close_to_each_other_the_first_speaks_for_all() -> None:
    sign = b"\\u{73}"
    content = ROWS + sign.ljust(500) + sign.ljust(2_500) + sign + ROWS
    places = [place for place, _ in looks_wrapped(content, Presence(content))]
    assert places == [len(ROWS), len(ROWS) + 3_000]


@pytest.mark.parametrize(
    ("slash", "seen"), [("/", True), ("\\/", True), ("%2F", True), ("&#47;", True), ('", ', False)]
)
def test_a_beginning_that_source_code_names_needs_more_behind_it(slash: str, seen: bool) -> None:
    content = ROWS + f"H4sIA{slash}AAAAAAA ".encode() + ROWS
    assert bool(list(looks_wrapped(content, Presence(content)))) is seen


def test_base64_of_something_packed_is_a_sign() -> None:
    content = ROWS + base64.b64encode(gzip.compress(b"a token in it")) + ROWS
    assert [place for place, _ in looks_wrapped(content, Presence(content))][:1] == [len(ROWS)]
