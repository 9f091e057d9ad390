"""Every decoder: what it undoes is found, alone and under any two others; nothing raises; hostile input is bounded."""

from __future__ import annotations

import ast
import base64
import gzip
import random
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core import plugins
from canaries.decoders import (
    FOLDER,
    USUAL,
    Decoder,
    DecodingBudget,
    DecodingLimits,
    _unpacking,
    candidates,
    unwrap,
)
from tests.every import every, in_part_and_whole

TOKENS = (
    b"Zk39aXQ7vT2mLw8RtYb4",
    b"sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4",
    b"wJ/lrXUt+nFEMI/K7MDENGbPxRfiCYzzQ8pL1s3d",
)


NAMES = plugins.module_names(FOLDER)
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {}
SHORT_TEXT_ONLY: set[str] = set()
"""Wrappings of a protocol's field that holds nothing else: a user's name, a password."""
WORDS_ONLY: set[str] = set()
"""Those of a text without a space in it."""
for _name in NAMES:
    _module = import_module(f"tests.canaries.decoders.test_{_name}")
    WRAPPERS |= _module.WRAPPERS
    WORDS_ONLY |= getattr(_module, "WORDS_ONLY", set())
    SHORT_TEXT_ONLY |= getattr(_module, "SHORT_TEXT_ONLY", set()) | WORDS_ONLY


def found(data: bytes, budget: DecodingBudget | None = None) -> set[bytes]:
    budget = budget or DecodingBudget(USUAL, len(data))
    return {one for layer in unwrap(data, budget) for one in candidates(layer)}


def wrapped(token: bytes, *names: str) -> bytes | None:
    """``token`` in the wrappings, innermost first; None where one cannot hold what the others gave."""
    for name in names:
        if name in SHORT_TEXT_ONLY and (
            len(token) > 127 or not (token.isascii() and token.decode().isprintable())
        ):
            return None
        if name in WORDS_ONLY and b" " in token:
            return None
        token = WRAPPERS[name](token)
    return token


def test_every_decoder_is_tried() -> None:
    ways = set()
    for names in [(name,) for name in WRAPPERS] + [("gzip", "latin-1")]:
        data = wrapped(TOKENS[2], *names)
        assert data is not None
        ways |= {one for layer in unwrap(data, DecodingBudget(USUAL, len(data))) for one in layer.way}
    assert ways == set(plugins.classes(FOLDER, Decoder))


@every("token", TOKENS)
@every("name", WRAPPERS)
def test_what_is_wrapped_once_is_found(name: str, token: bytes) -> None:
    data = wrapped(token, name)
    assert data is not None
    assert token in found(data)
    assert token[:-1] + b"5" not in found(data)


def lost_in(outer: str, inside: Iterable[str]) -> list[str]:
    """Those of ``inside`` whose wrapping is not seen through once it lies in ``outer``."""
    return [
        inner
        for inner in inside
        if (data := wrapped(TOKENS[1], inner, outer)) is not None and TOKENS[1] not in found(data)
    ]


@in_part_and_whole
@every("outer", WRAPPERS)
def test_what_is_wrapped_in_any_two_is_found(outer: str, whole: bool) -> None:
    """One pair in so many, others for each that is outside; `make soak` looks at all."""
    names, share = list(WRAPPERS), 8 if whole else 40
    assert lost_in(outer, names[names.index(outer) % share :: share]) == []


@pytest.mark.soak
@every("outer", WRAPPERS)
def test_every_pair_of_wrappings_is_found(outer: str) -> None:
    assert lost_in(outer, WRAPPERS) == []


def compositions(number: int, of: int, seed: int) -> list[tuple[str, ...]]:
    """``number`` different compositions ``of`` so many wrappings, innermost first, the same for the same ``seed``."""
    names = list(WRAPPERS)
    places = random.Random(seed).sample(range(len(names) ** of), number)
    return [
        tuple(names[place // len(names) ** digit % len(names)] for digit in range(of)) for place in places
    ]


@in_part_and_whole
def test_what_is_wrapped_in_any_three_is_found(whole: bool) -> None:
    """A fixed draw of the million compositions; `make soak` looks at more."""
    drawn = compositions(960 if whole else 200, 3, seed=0)
    tried = [(names, data) for names in drawn if (data := wrapped(TOKENS[0], *names)) is not None]
    lost = [names for names, data in tried if TOKENS[0] not in found(data)]
    assert len(tried) > len(drawn) / 2
    assert lost == []


@given(st.binary(max_size=2000))
def test_no_bytes_raise(data: bytes) -> None:
    found(data)


@given(
    st.lists(st.sampled_from(sorted(WRAPPERS)), min_size=1, max_size=3), st.binary(max_size=300), st.data()
)
def test_wrappings_that_were_damaged_raise_nothing(
    names: list[str], noise: bytes, data: st.DataObject
) -> None:
    whole = wrapped(TOKENS[0], *names) or b""
    at = data.draw(st.integers(0, len(whole)))
    found(whole[:at] + noise + whole[at + len(noise) :])


MEGABYTE = 1 << 20


def repeated(piece: bytes) -> bytes:
    return piece * (MEGABYTE // len(piece))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "noise": lambda: random.Random(1).randbytes(MEGABYTE),
    "random base64": lambda: base64.b64encode(random.Random(1).randbytes(MEGABYTE * 3 // 4)),
    "random tokens": lambda: b"".join(
        base64.b64encode(random.Random(number).randbytes(24)) + b"\n" for number in range(MEGABYTE // 33)
    ),
    "a bomb of gzip": lambda: gzip.compress(bytes(64 * MEGABYTE)),
    "many empty members": lambda: gzip.compress(b"") * (MEGABYTE // 20),
    "pieces of cbor without an end": lambda: repeated(b"\x5f\x41")[:-1] + b"\xff\0",
    "one end of many strings in pieces": lambda: repeated(b"\x5f\x41") + b"\xff\0",
    "archives in archives": lambda: nested(gzip.compress),
    "base64 in base64": lambda: nested(base64.b64encode),
    "many boundaries": lambda: b"".join(b"\n--%x\r\nA: b\r\n\r\n" % number for number in range(MEGABYTE // 20)),
    **{
        repr(piece): partial(repeated, piece)
        for piece in (
            b"%25", b"%41", b'"', b'\\"', b"\\", b"'\\", b"&amp;", b"&#", b"<", b"[{", b"\n", b"=", b"=?a?q?",
            b"=?a?q?a?= ",
            b"/v3/__", b"/v3/__a__;aaaa!", b"61 ", b"1,", b"12345678901 ", b"\x1f\x8b\x08", b"PK\x03\x04", b"x\x9c",
            b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"a.", b"a", b"1\r\na\r\n", b"aaaaaaaaaaaa/",
            b"a.b.c.d.e.f.gaaa@", b"NTLMSSP\0\3\0\0\0", b"\n--a\r\nA:", b"0123456789abcdef", b"a=b&",
            b"\x04\x22\x4d\x18", b"mozLz40\0", b"LZ4Block\x20aaaa", b"\xff\x06\0\0sNaPpY\0\xff\xff", b"\x82SNAPPY\0",
            b"LZIP\1\x10", b"LZFu", b"\xff\xff\0\0\xff\xff\0\0LZFu", b"\x0c\0\0\0\0\0\0\0MELA", b"{xor}aaaaaaaa",
            b"\0", b"\xc2\x80", b"$?\r\n;1\r\n", b"|" * 1000 + b"\n",
            b'%41&#65;\\x41=41"a" a=1&b=2\0\xc2\x80',
        )
    },
}  # fmt: skip
"""A megabyte each of what parsers stumble over."""


def nested(wrap: Callable[[bytes], bytes]) -> bytes:
    """A megabyte of ``wrap`` in itself, with a copy of each step."""
    data = b"a secret of little use"
    while len(data) < MEGABYTE:
        data = wrap(data) + data
    return data[:MEGABYTE]


@every("name", HOSTILE)
def test_hostile_input_costs_bounded_work_and_memory(name: str) -> None:
    """The work is a count, so this holds on every machine; that it goes with the time is what `make bench` shows."""
    data = HOSTILE[name]()
    limits = DecodingLimits(produced=MEGABYTE, produced_each=2, work=16 * MEGABYTE, work_each=32)
    budget = DecodingBudget(limits, len(data))
    produced = sum(len(layer.data) for layer in unwrap(data, budget) if layer.way and not layer.whole)
    assert produced <= MEGABYTE + 2 * len(data)
    assert budget.work >= 0


@pytest.mark.parametrize("piece", [b"\x1f\x8b\x08", b"x\x9c", b"x\xda"])
def test_what_a_decompressor_is_fed_is_work(piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header that never ends takes in all that follows: at each of many starts, that would be the square."""
    fed = 0

    def counted(program: _unpacking.Inflater, data: bytes, most: int) -> bytes:
        nonlocal fed
        fed += len(data)
        return decompress(program, data, most)

    decompress = _unpacking.Inflater.decompress
    monkeypatch.setattr(_unpacking.Inflater, "decompress", counted)
    data = repeated(piece)
    budget = DecodingBudget(USUAL, len(data))
    before = budget.work
    assert list(unwrap(data, budget))
    assert 0 < fed <= before - budget.work


def test_a_bound_that_was_reached_is_named() -> None:
    budget = DecodingBudget(DecodingLimits(produced=1000, produced_each=0), 10)
    assert list(unwrap(gzip.compress(b"some text " * 1000), budget))
    assert budget.reached == ("bytes",)
    budget = DecodingBudget(DecodingLimits(depth=1), 10)
    assert list(unwrap(base64.b64encode(base64.b64encode(b"some text, and more of it")), budget))
    assert "depth" in budget.reached
    budget = DecodingBudget(DecodingLimits(work=20_000, work_each=0), 10)
    assert [layer.way for layer in unwrap(b"%41" * 100, budget)] == [()]
    assert "work" in budget.reached


def test_the_last_word_of_a_megabyte_is_seen() -> None:
    rows = b"".join(b"%d,user%d@example.com,some text\n" % (number, number) for number in range(25_000))
    data = rows + TOKENS[0]
    budget = DecodingBudget(USUAL, len(data))
    assert TOKENS[0] in found(data, budget)
    assert budget.reached == ()


def test_a_mark_says_where_the_outermost_wrapping_begins() -> None:
    data = b"first line\nkey: " + base64.b64encode(b"a%20text%20of%20some%20length") + b"\n"
    layers = [
        layer for layer in unwrap(data, DecodingBudget(USUAL, len(data))) if layer.way[:1] == ("base64",)
    ]
    assert layers
    assert {data.find(layer.mark) for layer in layers} == {data.index(b"YSUy")}


@pytest.mark.soak
def test_many_more_compositions_of_three_are_found() -> None:
    drawn = compositions(20_000, 3, 99)
    tried = [(names, data) for names in drawn if (data := wrapped(TOKENS[2], *names)) is not None]
    lost = [names for names, data in tried if TOKENS[2] not in found(data)]
    assert len(lost) <= len(tried) // 1000, lost[:20]


def test_no_decoder_knows_another_by_its_name() -> None:
    """One that comes later, from a third party too, is treated as those that are here."""
    names = {kind.__module__: kind.name for kind in plugins.classes(FOLDER, Decoder).values()}
    for module, own in names.items():
        tree = ast.parse(Path(str(import_module(module).__file__)).read_text("utf-8"))
        words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert not words & (set(names.values()) - {own}), module
