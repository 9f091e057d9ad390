"""A text on the way in."""

from __future__ import annotations

import base64

from canaries.decoders import Layer


def test_binary_is_what_no_text_is() -> None:
    assert [Layer(data).binary for data in (b"text\r\n", "ä".encode(), b"", b"a\0b", b"\xff", b"\x7f")] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_lines_of_base64_are_put_together_with_the_words_on_either_side() -> None:
    coded = base64.b64encode(bytes(range(100)))
    text = b"key: " + b"\r\n  ".join(coded[at : at + 40] for at in range(0, len(coded), 40)) + b" end"
    assert coded.rstrip(b"=") in Layer(text).joined
    assert coded.rstrip(b"=") not in Layer(text).runs


def test_lines_of_prose_are_not() -> None:
    text = b"a line of words that are no code\nanother line of the same sort\n"
    assert Layer(text).joined == b""


def test_the_text_of_what_is_none_is_its_readable_parts() -> None:
    noise = b"\xff\x00" * 50
    assert Layer("ä text\0".encode()).text == "ä text\0".encode()
    assert (
        Layer(noise + b"a line of words" + noise + b"another line" + noise).text
        == b"a line of words\nanother line"
    )
    assert Layer(noise + b"key-of-some-length" + noise).runs == [b"key-of-some-length"]
