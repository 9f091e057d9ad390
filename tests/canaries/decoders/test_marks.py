"""Which decoders are asked: by marks, which those of text have in what is readable."""

from __future__ import annotations

from canaries.decoders import _marks
from canaries.decoders._layer import Layer

TABLE = _marks()


def asked(data: bytes) -> set[str]:
    layer = Layer(data)
    return {one.name for one in TABLE.asked(layer, layer.text)}


def test_each_is_asked_about_what_has_its_mark_alone_and_among_much_else() -> None:
    for before in (b"", b"the quick brown fox, " * 1000):
        for decoder in (*TABLE.always, *TABLE.binary):
            for mark in decoder.holds:
                if mark.isascii() and mark.decode().isprintable():
                    assert decoder.name in asked(before + b"% \xc3\xbc" + mark + b" and more")


def test_marks_of_text_are_looked_for_in_what_is_readable() -> None:
    others = {one.name for one in (*TABLE.always, *TABLE.binary)}
    tried = 0
    for _, group in TABLE.in_text:
        for mark, decoders in group:
            names = {one.name for one in decoders} - others
            if not 2 <= len(mark) <= 3 or not mark.isascii() or not mark.decode().isprintable():
                continue
            assert not names & asked(b"\xff\x00" * 20 + mark + b"\x00\xff" * 20)
            assert names <= asked(
                b"\xff\x00" * 20 + b"in a readable line, " + mark + b" and more\x00" + b"\xff" * 40
            )
            tried += 1
    assert tried > 20


def test_plain_text_is_for_those_that_want_it() -> None:
    plain = b"orders/2024/index.html"
    assert asked(plain) == {one.name for one in TABLE.asked_of_plain(plain)}
