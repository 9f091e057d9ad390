"""WebSocket: what is accepted, and what the frames carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.websocket import FrameError, FrameStream, accepted, framed, payloads

SAMPLE = [
    (b"Upgrade", b"websocket"),
    (b"Connection", b"Upgrade"),
    (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    (b"Sec-WebSocket-Version", b"13"),
]


def frame(data: bytes, mask: bytes = b"\x37\xfa\x21\x3d", opcode: int = 2) -> bytes:
    """A frame as clients send it."""
    length = len(data)
    head = bytes([0x80 | opcode])
    head += bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


def _answer(method: str, target: bytes, headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]] | None:
    return accepted(method, target, {name.lower(): value for name, value in headers})


def test_the_sample_of_the_standard() -> None:
    """RFC 6455, sections 1.2, 1.3 and 5.7."""
    answer = _answer("GET", b"/chat", [*SAMPLE, (b"Sec-WebSocket-Protocol", b"chat, superchat")])
    assert answer == [
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ("Sec-WebSocket-Protocol", "chat"),
    ]
    assert payloads(bytes.fromhex("818537fa213d7f9f4d5158")) == [b"Hello"]


@pytest.mark.parametrize("target", [b"/mqtt", b"/api/ws?x=1", b"/websocket/"])
def test_a_path_that_servers_have_for_it_is_accepted(target: bytes) -> None:
    assert _answer("GET", target, SAMPLE) is not None
    assert _answer("GET", b"/index", SAMPLE) is None
    assert _answer("POST", target, SAMPLE) is None
    assert _answer("GET", target, SAMPLE[1:]) is None


@pytest.mark.parametrize(
    "other",
    [(b"Sec-WebSocket-Key", b"abc"), (b"Sec-WebSocket-Key", b"*"), (b"Sec-WebSocket-Version", b"99")],
)
def test_what_the_usual_servers_refuse_is_not_accepted(other: tuple[bytes, bytes]) -> None:
    assert _answer("GET", b"/ws", [*SAMPLE, other]) is None
    assert _answer("GET", b"/ws", [field for field in SAMPLE if field[0] != other[0]]) is None


@given(st.lists(st.binary(max_size=300), max_size=5), st.binary(min_size=4, max_size=4))
def test_frames_are_undone(pieces: list[bytes], mask: bytes) -> None:
    whole = [b"".join(pieces)] if len(pieces) > 1 else []
    assert payloads(b"".join(frame(piece, mask) for piece in pieces) + b"\x88\x80") == pieces + whole


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert sum(map(len, payloads(data))) <= 2 * len(data)


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=2, max_size=5))
def test_fragments_are_put_together_whatever_stands_between_them(pieces: list[bytes]) -> None:
    first, *more = (frame(piece, b"mask", 0 if number else 2) for number, piece in enumerate(pieces))
    said = bytes([first[0] & 0x7F]) + first[1:]
    for one in more:
        said += frame(b"ping", b"mask", 9) + bytes([one[0] & (0xFF if one is more[-1] else 0x7F)]) + one[1:]
    assert payloads(said) == [b"".join(pieces), *[b"ping"] * len(more)]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 40))
def test_a_stream_of_frames_cut_anywhere_is_its_messages(pieces: list[bytes], width: int) -> None:
    whole = b"".join(frame(piece, opcode=2 if number == 0 else 0) for number, piece in enumerate(pieces))
    stream = FrameStream()
    said = b"".join(stream.feed(whole[at : at + width])[0] for at in range(0, len(whole), width))
    assert said == b"".join(pieces)


def test_control_frames_are_answered_and_a_close_ends_it() -> None:
    stream = FrameStream()
    assert stream.feed(frame(b"hi", opcode=9) + frame(b"", opcode=10)) == (b"", b"\x8a\2hi")
    assert stream.feed(frame(b"\x03\xe8bye", opcode=8) + frame(b"late")) == (b"", b"\x88\2\x03\xe8")
    assert stream.closed


@pytest.mark.parametrize(
    "data", [b"\x82\2hi", b"\xc2\x80", frame(b"text", opcode=1), b"\x82\xff" + b"\xff" * 8]
)
def test_what_no_client_may_send_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        FrameStream().feed(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_frames_or_a_frame_error(data: bytes) -> None:
    try:
        FrameStream().feed(data)
    except FrameError:
        return


def test_a_server_masks_nothing() -> None:
    assert framed(b"ab") == b"\x82\2ab"
    assert framed(b"a" * 300).startswith(b"\x82\x7e\x01\x2c")


@pytest.mark.parametrize("frames", [frame(b"x" * 126, opcode=9), b"\x09" + frame(b"x", opcode=9)[1:]])
def test_a_control_frame_is_short_and_whole(frames: bytes) -> None:
    with pytest.raises(FrameError):
        FrameStream().feed(frames)


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 100_000])
def test_what_a_server_sends_has_any_length(size: int) -> None:
    assert payloads(framed(b"x" * size)) == [b"x" * size]
