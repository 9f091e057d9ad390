"""The index: finds what it knows and nothing else, lists no bait, and a file that was changed is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import ScanError
from canaries.crypto.token_tags import tagger
from canaries.scan import index as index_module
from canaries.scan.index import ScanIndex
from canaries.scan.spellings import PersonWord, Spelling

KEY = bytes(range(32))
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-@."


def made(*texts: str, folds: bool = False) -> ScanIndex:
    index = ScanIndex(KEY)
    index.add(
        (f"{number:016x}", [Spelling(text.encode(), "plain", "secret", folds, weak=False)])
        for number, text in enumerate(texts)
    )
    return index


@given(
    st.lists(st.text(ALPHABET, min_size=16, max_size=60), min_size=1, max_size=12, unique=True),
    st.text(ALPHABET, max_size=50),
    st.text(ALPHABET, max_size=50),
)
def test_a_string_is_found_wherever_it_stands_glued_to_others_too(
    texts: list[str], left: str, right: str
) -> None:
    content = (left + texts[0] + right).encode()
    found = [one for one in made(*texts).matches(content) if one.canary == "0" * 16]
    assert content.index(texts[0].encode()) in [one.place for one in found]
    assert all(content[one.place : one.place + one.length] == texts[0].encode() for one in found)


def test_thousands_with_one_beginning_are_told_apart() -> None:
    texts = [f"https://shop.example/r/{number:024x}" for number in range(0, 30_000_000, 10_007)]
    index = made(*texts)
    for number in (0, 1, len(texts) - 1):
        assert [one.canary for one in index.matches(f"<{texts[number]}>".encode())] == [f"{number:016x}"]
    assert not list(index.matches(b"https://shop.example/r/" + b"f" * 24))


def test_case_counts_but_where_it_does_not() -> None:
    assert not list(made("AbCdEfGhIjKlMnOp").matches(b"abcdefghijklmnop"))
    assert list(made("anna@mail.example.org", folds=True).matches(b"Anna@Mail.Example.ORG"))


def test_the_file_is_the_index(tmp_path: Path) -> None:
    index = made("Zk39aXQ7vT2mLw8RtYb4", "wJ/lrXUt+nFEMI/K7MDE")
    index.through = 7
    index_module.write(index, tmp_path / "index")
    again = index_module.read(tmp_path / "index")
    assert again.dump() == index.dump()
    assert again.through == 7
    assert [one.canary for one in again.matches(b"x=Zk39aXQ7vT2mLw8RtYb4")] == ["0" * 16]
    again.add([("f" * 16, [Spelling(b"another-string-here", "plain", "secret", folds=False, weak=False)])])
    assert len(list(again.matches(b"another-string-here Zk39aXQ7vT2mLw8RtYb4"))) == 2


def test_words_are_the_facets_of_which_all_stand_there(tmp_path: Path) -> None:
    written = [
        ("first_name", 0, b"maria"), ("first_name", 0, "josé".encode()), ("first_name", 1, b"maria"),
        ("first_name", 1, b"jose"), ("last_name", 0, b"paz"), ("city", 0, b"bad"), ("city", 0, b"aue"),
    ]  # fmt: skip
    index = made("Zk39aXQ7vT2mLw8RtYb4")
    index.add([("f" * 16, [PersonWord(text, facet, variant) for facet, variant, text in written])])
    index_module.write(index, tmp_path / "index")
    again, tag = index_module.read(tmp_path / "index"), tagger(KEY)
    assert again.dump() == index.dump()
    assert b"maria" not in index.dump()

    def facets(owner: int, said: str) -> list[str]:
        return again.facets_of(owner, {tag(one.encode()) for one in said.split()})

    assert facets(1, "maria jose paz") == ["first_name", "last_name"]
    assert facets(1, "josé maria aue bad") == ["first_name", "city"]
    assert facets(1, "maria bad") == []
    assert facets(0, "maria jose paz") == facets(1, "") == []


@pytest.mark.parametrize("row", [(1, 0, 0, bytes(16)), (0, 3, 0, bytes(16))])
def test_words_of_nobody_and_of_no_facet_are_refused(row: tuple[int, int, int, bytes]) -> None:
    index = made("Zk39aXQ7vT2mLw8RtYb4")
    index.words = np.array([row], index_module._WORD_ROW)
    with pytest.raises(ScanError):
        ScanIndex.load(index.dump())


def test_the_file_lists_no_bait() -> None:
    """Of no string more stands in it than an anchor of 32 bits and a tag under its key."""
    text = "Zk39aXQ7vT2mLw8RtYb4"
    content = made(text).dump()
    assert not any(text[start : start + 4].encode() in content for start in range(len(text) - 3))


@given(st.data())
def test_a_changed_file_is_refused(data: st.DataObject) -> None:
    content = bytearray(made("Zk39aXQ7vT2mLw8RtYb4").dump())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ScanError):
        ScanIndex.load(bytes(content))


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_a_file_that_was_made_up_is_refused_or_finds_without_harm(rows: bytes, words: bytes) -> None:
    """With the right digest, as whoever knows the form can make it."""
    import hashlib

    sizes = (index_module._ROW.itemsize, index_module._WORD_ROW.itemsize)
    counts = [len(some) // size for some, size in zip((rows, words), sizes, strict=True)]
    head = b'{"key":"%b","through":0,"rows":%d,"words":%d,"canaries":["00"],"names":[["a","b"]]}' % (
        KEY.hex().encode(),
        counts[0],
        counts[1],
    )
    kept = (some[: count * size] for some, count, size in zip((rows, words), counts, sizes, strict=True))
    body = index_module._MAGIC + head + b"\n" + b"".join(kept)
    try:
        index = ScanIndex.load(body + hashlib.sha256(body).digest())
    except ScanError:
        return
    list(index.matches(b"any content at all"))
    index.facets_of(0, {bytes(16)})


@pytest.mark.parametrize("content", [b"", b"hello", b"trapline scan index 1\n"])
def test_what_is_no_index_is_refused(content: bytes) -> None:
    with pytest.raises(ScanError):
        ScanIndex.load(content)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match="cannot be read"):
        index_module.read(tmp_path / "none")
    with pytest.raises(ScanError, match="cannot be written"):
        index_module.write(made("Zk39aXQ7vT2mLw8RtYb4"), tmp_path / "none" / "index")


def test_a_device_is_no_index() -> None:
    with pytest.raises(ScanError, match="is no file"):
        index_module.read(Path("/dev/zero"))
