"""What the traps' decoders undo is undone in dumps as well, in small files and in the middle of large ones."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.presence import Presence
from canaries.scan.run_heads import worth
from canaries.scan.views import views
from canaries.scan.wrapped import SMALL, Unwrapping
from tests import steady

NEEDLE = b"sk_live_Zk39aXQ7vT2mLw8RtYb4Pq1sNdGhJk"
TEXT = (
    b"id,email,key\n" + b"".join(b"%d,person%d@example.org,-\n" % (n, n) for n in range(60)) + NEEDLE + b"\n"
)
PLAIN = b"some text line, a b c\n" * (SMALL // 20)
FORMS: dict[str, bytes] = {
    "base64 twice": base64.b64encode(base64.b64encode(NEEDLE)),
    "base64 of utf-16, as PowerShell takes it": base64.b64encode(NEEDLE.decode().encode("utf-16-le")),
    "base64 of gzip in json in json": json.dumps(
        json.dumps({"a": base64.b64encode(gzip.compress(TEXT)).decode()})
    ).encode(),
    "base64 of gzip, slashes escaped": base64.b64encode(gzip.compress(TEXT)).replace(b"/", b"\\/"),
    "base64 of gzip in a url": quote(base64.b64encode(gzip.compress(TEXT)), safe="").encode(),
    "base64 of gzip, wrapped": base64.encodebytes(gzip.compress(TEXT)),
    "hexadecimal of gzip, as PostgreSQL": b"1\t\\\\x" + gzip.compress(TEXT).hex().encode() + b"\n",
    "hexadecimal of gzip, as MySQL": b"(1,0x" + gzip.compress(TEXT).hex().upper().encode() + b")",
    "hexadecimal with colons": NEEDLE.hex(":").encode(),
    "hexadecimal, as hexdump -C": b"".join(
        b"%08x  %s  %s  |.|\n"
        % (at, NEEDLE[at : at + 8].hex(" ").encode(), NEEDLE[at + 8 : at + 16].hex(" ").encode())
        for at in range(0, len(NEEDLE), 16)
    ),
    "a list of bytes": json.dumps({"type": "Buffer", "data": list(NEEDLE)}).encode(),
    "base32": base64.b32encode(NEEDLE),
}


def _seen(content: bytes) -> bool:
    texts = [content, *(text.content for text in Unwrapping(content, Presence(content)).texts())]
    return any(NEEDLE in view.content for text in texts for view in views(text, Presence(text)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", [b"", PLAIN])
def test_each_form_is_undone(form: str, around: bytes) -> None:
    assert NEEDLE not in FORMS[form]
    assert _seen(around + b"\n" + FORMS[form] + b"\n" + around)


def test_the_place_is_where_the_wrapping_begins() -> None:
    content = PLAIN + b"k: " + FORMS["base32"]
    (text,) = (one for one in Unwrapping(content, Presence(content)).texts() if NEEDLE in one.content)
    assert text.form == "base32"
    assert text.place == len(PLAIN) + 3


def test_hashes_ids_and_words_are_not_decoded() -> None:
    chance = steady.draw("wrapped")
    assert not worth(chance(20).hex().encode())
    assert not worth(b"aVeryLongNameOfAFunctionThatSomebodyWrote")
    assert not list(Unwrapping(PLAIN, Presence(PLAIN)).texts())


@given(content=st.binary(max_size=400))
def test_any_bytes_are_survived(content: bytes) -> None:
    assert all(text.content != content for text in Unwrapping(content, Presence(content)).texts())


def test_a_dump_of_bytes_over_many_lines_is_undone_to_its_end() -> None:
    text = b"".join(b"%d,someone %d\n" % (n, n * 7919) for n in range(600)) + NEEDLE
    lines = (text[at : at + 16].hex(" ") for at in range(0, len(text), 16))
    assert _seen("".join(f"{n * 16:08x}  {line}  |.|\n" for n, line in enumerate(lines)).encode())


@pytest.mark.parametrize("form", ["{:d},", "{:d}, ", "0x{:02x},", "{:d} , "], ids=repr)
def test_a_list_of_bytes_is_found_among_other_commas(form: str) -> None:
    row = b"INSERT INTO users VALUES (17,'somebody at example.org','a word or two');\n"
    listed = "".join(form.format(code) for code in NEEDLE).rstrip(", ")
    content = row * (SMALL // 20) + b"key = [" + listed.encode() + b"]\n" + row * 20
    assert any(NEEDLE in text.content for text in Unwrapping(content, Presence(content)).texts())
