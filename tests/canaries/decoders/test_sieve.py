"""The sieve: whatever passes for plain gives nothing in any decoder that is not asked because of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core import plugins
from canaries.decoders import (
    FOLDER,
    USUAL,
    Decoder,
    DecodingBudget,
    Found,
    Layer,
    candidates,
    candidates_of_plain,
    holds_nothing,
    unwrap,
)
from canaries.decoders._sieve import PLAIN, is_plain

DECODERS = [decoder() for decoder in plugins.classes(FOLDER, Decoder).values()]  # type: ignore[type-abstract]
PIECES = (
    b"wp-admin /index.php / . - _ ? ~ -- /v2/url?u= /v3/__ DATA BZh QUJD MFRGG NFZ4 ABCDEF deadbeef abcdef12 12345678 "
    b"61.62.63. 0x61 0x62. 616263 login api v1 5\n"
).split()


def given_by(decoders: list[Decoder], data: bytes) -> list[bytes]:
    layer = Layer(data)
    found = Found(layer, DecodingBudget(USUAL, len(data)))
    for decoder in decoders:
        decoder.decode(layer, found)
    return [one.data for one in found.layers]


@given(st.one_of(st.text(PLAIN.decode(), max_size=200), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_no_sieved_decoder_finds_anything_in_plain_text(text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    if is_plain(data):
        assert given_by([one for one in DECODERS if one.sieved], data) == []
    if holds_nothing(data):
        assert given_by(DECODERS, data) == []
        assert [layer.data for layer in unwrap(data, DecodingBudget(USUAL, len(data)))] == [data]
        assert candidates_of_plain(data) == candidates(Layer(data))


@pytest.mark.parametrize(
    "data",
    [
        b"/index.php?Zk39aXQ7vT2m",
        b"wp-admin?x/abcdefghijkl~m",
        b"/a.b-c_d/e~f.html/",
        b"Zk39aXQ7vT2m",
        b"/x",
    ],
)
def test_a_plain_text_is_cut_as_any_text_is(data: bytes) -> None:
    assert is_plain(data)
    assert candidates_of_plain(data) == candidates(Layer(data))


def test_a_plain_text_that_gives_something_holds_something() -> None:
    numbers = b".".join(b"byte%d" % code for code in range(65, 80))
    assert is_plain(numbers)
    assert not holds_nothing(numbers)
    assert holds_nothing(b"/k62fdb6e2c7d1f6d4a61a/"), "two letters of it are such a mark"


def test_many_drawn_texts_of_words_and_of_pieces_of_encodings() -> None:
    luck, plain = random.Random(3), 0
    for _ in range(4000):
        data = b"".join(luck.choice(PIECES) for _ in range(luck.randint(1, 14)))
        if is_plain(data):
            plain += 1
            assert given_by([one for one in DECODERS if one.sieved], data) == [], data
    assert plain > 400


@pytest.mark.parametrize(
    "data",
    [b"/", b"/wp-login.php", b"/.env", b"/api/v1/users", b"/k62fb6e2c7d1f6d4a61a0/", b"/a-b_c~d.html", b""],
)
def test_what_scanners_ask_for_is_plain(data: bytes) -> None:
    assert is_plain(data)
    assert holds_nothing(data)


@pytest.mark.parametrize(
    "data",
    [
        b"/dG9rZW46IGFiY2RlZmdo",  # base64
        b"/1234567890123456",  # digits alone are base64 of something
        b"/6b3173656372657431323334",  # hexadecimal
        b"/0x61.0x62.0x63.0x64.0x65.0x66.0x67.0x68.0x69.0x6a.0x6b.0x6c",
        b"/mfrggzdfmztwq2lknnwg23tp",  # base32
        b"/a%2Fb",
        b"/a=b",
        b"/a b",
        b"/caf\xc3\xa9",
        b"/" + b"a/" * 600,
    ],
)
def test_what_may_be_an_encoding_is_not(data: bytes) -> None:
    assert not is_plain(data)


def test_a_decoder_that_does_not_know_of_the_sieve_is_asked() -> None:
    link = b"/v2/url?u=http-3A__k3v9.example"
    assert is_plain(b"/v2/url?x")
    assert holds_nothing(b"/v2/url?x")
    assert not holds_nothing(link)
    found = unwrap(link, DecodingBudget(USUAL, 40))
    assert b"http://k3v9.example" in {one for layer in found for one in candidates(layer)}
