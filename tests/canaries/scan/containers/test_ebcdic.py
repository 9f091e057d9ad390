"""Text of mainframes: in lines, and in records of a fixed length; other languages and chance are not taken for it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Member, Packed
from canaries.scan.containers.ebcdic import EbcdicContainer
from canaries.scan.dumps import Piece, read_pieces
from tests import steady

NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4"
TEXT = b"id,name\n" + b"".join(b"%d,someone %d\n" % (n, n * 7919) for n in range(300)) + NEEDLE + b"\n"


def _in(page: str, data: bytes) -> bytes:
    return data.decode("latin-1").encode(page)


def _records(data: bytes) -> bytes:
    return b"".join(line.ljust(80).decode("latin-1").encode("cp037") for line in data.splitlines())


PACKERS: dict[str, object] = {}
"""It holds text alone, and no other container."""
FORMS: dict[str, Callable[[bytes], bytes]] = {
    **{f"EBCDIC, {page}": partial(_in, page) for page in ("cp037", "cp500")},
    "EBCDIC, records": _records,
}


@pytest.mark.parametrize("form", FORMS)
def test_text_is_read_packed_too(tmp_path: Path, form: str) -> None:
    (tmp_path / "dump").write_bytes(gzip.compress(FORMS[form](TEXT)))
    (result, *more) = [one for one in read_pieces(tmp_path / "dump") if one.path.endswith("!cp037")]
    assert not more
    assert isinstance(result, Piece)
    assert NEEDLE in result.content


@given(st.binary(max_size=300))
def test_any_bytes_are_given_one_for_one(content: bytes) -> None:
    members = EbcdicContainer().members(Packed(BytesIO(content)))
    assert {len(one.stream.read()) for one in members if isinstance(one, Member)} == {len(content)}


@pytest.mark.parametrize("page", ["cp037", "cp500", "cp1140"])
def test_signs_that_the_pages_have_elsewhere_are_read(page: str) -> None:
    text = "EMPLOYEE 000123 MEYER, ANNA anna!meyer[1]|x@alerts.example SALARY 5300.00\n" * 3
    source = Packed(BytesIO(text.encode(page)))
    assert EbcdicContainer().fits(source.head)
    read = [one.stream.read() for one in EbcdicContainer().members(source) if isinstance(one, Member)]
    assert text.splitlines()[0].encode() in b"\n".join(read)


@pytest.mark.parametrize(
    "content",
    [
        "Съешь же ещё этих мягких французских булок да выпей чаю ".encode() * 9,
        "いろはにほへとちりぬるをわかよたれそつねならむ".encode() * 9,
        "敏捷的棕色狐狸跳过了懒狗敏捷的棕色狐狸".encode() * 9,
        "Съешь же ещё этих мягких французских булок ".encode("cp1251") * 9,
        "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία ".encode("iso8859-7") * 9,
        bytes(range(256)) * 4,
        b"\x03\xd9\xa2\x9a" + bytes(1020),
        steady.draw("ebcdic")(1024),
        b"\xff\xd8\xff\xe0" + bytes(500),
    ],
    ids=range(9),
)
def test_nothing_else_is_taken_for_it(content: bytes) -> None:
    assert not EbcdicContainer().fits(content[:1024])
