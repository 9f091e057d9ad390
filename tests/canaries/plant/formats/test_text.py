"""Text and bytes: what is put in fits the file; what was there stays."""

from __future__ import annotations

import codecs
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.plant.formats._text import Splice, document, spliced

NAME = PurePath("notes.txt")
TEXT = st.text(alphabet="ab\n\r\xe9\u20ac", max_size=20)


@given(TEXT, TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]), st.floats(0, 1))
def test_a_splice_lands_between_the_characters_it_was_meant_for(
    text: str, added: str, encoding: str, where: float
) -> None:
    raw = text.encode(encoding)
    opened = document(NAME, raw)
    at = int(where * len(opened.text))
    after = opened.with_splices([Splice(at, added.replace("\r", ""))])
    clean = added.replace("\r", "")
    assert after.text == opened.text[:at] + clean + opened.text[at:] or "\r" in text
    made = opened.bytes_of([Splice(at, clean)])
    assert spliced(raw, made)[: made[0].at] == raw[: made[0].at]
    assert spliced(raw, made)[made[0].at + len(made[0].added) :] == raw[made[0].at :]


def test_line_ends_and_mark_are_the_files() -> None:
    opened = document(NAME, codecs.BOM_UTF16_LE + "a\r\nb\r\n".encode("utf-16-le"))
    (made,) = opened.bytes_of([Splice(2, "x\n")])
    assert made.added == "x\r\n".encode("utf-16-le")
    assert made.at == 2 + 6


def test_an_eight_bit_file_takes_no_letters_it_might_not_have() -> None:
    opened = document(NAME, b"caf\xe9\n")
    assert opened.bytes_of([Splice(5, "x\n")])[0].at == 5
    with pytest.raises(PlantError, match="cannot hold"):
        opened.bytes_of([Splice(5, "\u20ac")])


@pytest.mark.parametrize("raw", [b"\0", b"%PDF-1.7", b"PK\x03\x04", codecs.BOM_UTF8 + b"\xff"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(PlantError) as refused:
        document(NAME, raw)
    assert refused.value.hint
