"""What goes out stays within the windows and frames that the client has."""

from __future__ import annotations

import pytest

from listener.http.http2_outbox import Http2Outbox
from listener.protocol import http2_frames as law
from listener.protocol.http2_frames import FramePiece, Http2Error


def piece(kind: int, data: bytes, stream: int = 0, flags: int = 0) -> FramePiece:
    return FramePiece(kind, flags, stream, len(data), data, whole=True)


def settings(name: int, value: int) -> FramePiece:
    return piece(law.SETTINGS, name.to_bytes(2, "big") + value.to_bytes(4, "big"))


def frames(box: Http2Outbox) -> list[tuple[int, int, int]]:
    """(kind, flags, length) of what was said since the last call."""
    said, found = box.taken(), []
    while said:
        length = int.from_bytes(said[:3], "big")
        found.append((said[3], said[4], length))
        said = said[9 + length :]
    return found


def answered(box: Http2Outbox, body: bytes, *, early: bool = False) -> None:
    stream = box.streams[1] = box.open(1, ended=not early)
    stream.early = early
    box.answer(stream, 200, [("Connection", "close")], body)


def test_a_body_goes_in_pieces_as_there_is_room() -> None:
    box = Http2Outbox()
    box.settings(settings(4, 10))
    frames(box)
    answered(box, b"x" * 20_000)
    assert frames(box) == [(law.HEADERS, law.END_BLOCK, 1), (law.DATA, 0, 10)]
    box.window(piece(law.WINDOW, (10_000).to_bytes(4, "big"), 1))
    box.flow()
    assert frames(box) == [(law.DATA, 0, 8192), (law.DATA, 0, 1808)]
    box.settings(settings(4, 50_000))
    box.flow()
    assert frames(box) == [(law.SETTINGS, law.ACK, 0), (law.DATA, 0, 8192), (law.DATA, law.END_STREAM, 1798)]
    assert box.streams == {}


def test_who_was_answered_before_the_body_is_told_to_send_no_more() -> None:
    box = Http2Outbox()
    frames(box)
    answered(box, b"", early=True)
    assert frames(box) == [(law.HEADERS, law.END_BLOCK | law.END_STREAM, 1), (law.RESET, 0, 4)]


def test_the_way_out_is_told_once() -> None:
    box = Http2Outbox()
    frames(box)
    box.go(law.NONE)
    box.go(law.PROTOCOL)
    assert frames(box) == [(law.GOAWAY, 0, 8)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (settings(4, 1 << 31), law.FLOW),
        (settings(2, 2), law.PROTOCOL),
        (settings(5, 1), law.PROTOCOL),
        (piece(law.WINDOW, bytes(4)), law.PROTOCOL),
        (piece(law.WINDOW, b"\x7f\xff\xff\xff"), law.FLOW),
    ],
)
def test_what_is_no_setting_and_no_window(said: FramePiece, code: int) -> None:
    box = Http2Outbox()
    with pytest.raises(Http2Error) as found:
        (box.settings if said.kind == law.SETTINGS else box.window)(said)
    assert found.value.code == code
