"""HTTP/2: whole requests out of frames, whatever the client does."""

from __future__ import annotations

import h2.config
import h2.connection
import h2.events
import hpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.http2 import Http2Session
from listener.http.message import parse
from listener.http.wire import ReadLimits
from listener.protocol.http2_frames import PREFACE, frame

KEY = "sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"
PSEUDO = [(":scheme", "http"), (":authority", "a.example")]


class Client:
    """h2's own client against the session."""

    def __init__(self, limits: ReadLimits = ReadLimits()) -> None:  # noqa: B008  frozen
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.session = Http2Session(limits)

    def send(self, path: str, body: bytes = b"", **more: str) -> int:
        stream = self.h2.get_next_available_stream_id()
        headers = [
            (":method", "POST" if body else "GET"),
            (":scheme", "http"),
            (":authority", "a.example"),
            (":path", path),
        ]
        self.h2.send_headers(stream, [*headers, *more.items()], end_stream=not body)
        if body:
            self.h2.send_data(stream, body, end_stream=True)
        return stream

    def seen(self) -> list[tuple[int, str, str]]:
        """(stream, target, error) of what the session made of all that was sent."""
        return [
            (one.stream, one.message.target.decode(), one.message.error)
            for one in self.session.feed(self.h2.data_to_send())
        ]

    def received(self) -> dict[int, bytes]:
        """Bodies by stream, after as many turns as it takes."""
        found: dict[int, bytes] = {}
        while data := self.session.outgoing():
            for event in self.h2.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    number = event.stream_id or 0
                    found[number] = found.get(number, b"") + (event.data or b"")
                    self.h2.acknowledge_received_data(event.flow_controlled_length or 0, number)
            list(self.session.feed(self.h2.data_to_send()))
        return found


def test_a_request_is_written_as_http_1_writes_it() -> None:
    client = Client()
    client.send("/x?q=1", b"key=value", authorization=f"Bearer {KEY}")
    (request,) = client.session.feed(client.h2.data_to_send())
    message = parse(request.message.raw)
    assert (message.method, message.target, message.version) == ("POST", "/x?q=1", "HTTP/2")
    assert message.fields["host"] == "a.example"
    assert message.fields["authorization"] == f"Bearer {KEY}"
    assert message.body == b"key=value"
    assert request.frames.startswith(PREFACE)


def test_requests_of_several_streams_are_answered_each_on_its_own_with_more_than_a_window() -> None:
    client = Client()
    streams = [client.send(f"/{number}") for number in range(3)]
    assert client.seen() == [(stream, f"/{number}", "") for number, stream in enumerate(streams)]
    bodies = {stream: bytes([stream]) * 100_000 for stream in streams}
    for stream, body in bodies.items():
        client.session.answer(stream, 200, (("Content-Type", "text/plain"), ("Connection", "close")), body)
    assert client.received() == bodies


def test_what_is_cut_off_is_a_request_with_an_error() -> None:
    client = Client()
    stream = client.h2.get_next_available_stream_id()
    client.h2.send_headers(stream, [(":method", "POST"), *PSEUDO, (":path", f"/{KEY}")])
    assert client.seen() == []
    assert client.session.begun
    (cut,) = client.session.end("the request was cut off")
    assert (cut.message.target, cut.message.error) == (f"/{KEY}".encode(), "the request was cut off")


def test_a_stream_that_is_reset_is_recorded_and_takes_no_answer() -> None:
    client = Client()
    stream = client.h2.get_next_available_stream_id()
    client.h2.send_headers(stream, [(":method", "POST"), *PSEUDO, (":path", "/x")])
    client.h2.reset_stream(stream)
    assert client.seen() == [(stream, "/x", "the stream was reset")]
    client.session.answer(stream, 200, (), b"body")


def test_a_body_is_kept_to_its_bound_and_counted() -> None:
    client = Client(ReadLimits(kept=1000))
    client.send("/x", b"x" * 5000)
    (request,) = client.session.feed(client.h2.data_to_send())
    assert len(request.message.raw) == 1000
    assert request.message.size > 5000


def test_noise_behind_the_preface_is_kept_as_it_came() -> None:
    session = Http2Session(ReadLimits())
    noise = bytes(3) + b"\x06" + bytes(5)
    (request,) = session.feed(PREFACE + noise)
    assert request.message.raw == PREFACE + noise
    assert session.ended


@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_bytes_raise(noise: bytes, at: int) -> None:
    client = Client()
    client.send("/x", b"body")
    data = client.h2.data_to_send()
    list(client.session.feed(data[:at] + noise + data[at:]))
    list(client.session.end("cut off"))
    client.session.outgoing()


def test_text_behind_the_preface_is_waited_for_as_a_frame_and_recorded() -> None:
    """nginx takes it for the head of a frame of megabytes: nothing of it waits in memory."""
    session = Http2Session(ReadLimits())
    assert [
        one for piece in (PREFACE, b"GET /k3v9 HTTP/1.1", b"\r\n\r\n") for one in session.feed(piece)
    ] == []
    assert session.begun
    (request,) = session.end("over")
    assert b" HTTP/1.1\r\n\r\n" in request.message.raw


def test_the_first_bytes_are_those_of_nginx() -> None:
    """`test_http2_beside_nginx` holds them against a real one."""
    said = bytes.fromhex(
        "000012 04 00 00000000 0003 00000080 0004 00010000 0005 00ffffff 000004 08 00 00000000 7fff0000"
    )
    assert Http2Session(ReadLimits()).outgoing() == said


def test_an_error_is_told_once() -> None:
    session = Http2Session(ReadLimits())
    (request,) = session.feed(PREFACE + bytes.fromhex("000001 04 00 00000000 00"))
    session.close()
    assert request.message.error
    assert session.outgoing().count(bytes.fromhex("000008 07 00 00000000")) == 1


def test_what_a_client_acknowledges_behind_its_request_is_no_further_use() -> None:
    session = Http2Session(ReadLimits())
    client = h2.connection.H2Connection()
    client.initiate_connection()
    client.send_headers(
        1,
        [(":method", "GET"), (":path", "/x"), (":scheme", "https"), (":authority", "a.example")],
        end_stream=True,
    )
    assert len(list(session.feed(client.data_to_send()))) == 1
    acknowledged = bytes.fromhex("000000 04 01 00000000")
    assert [*session.feed(acknowledged), *session.end("the request was cut off")] == []


@given(st.binary(min_size=1, max_size=200))
def test_what_is_said_outside_of_requests_is_given_at_the_end(said: bytes) -> None:
    session, client = Http2Session(ReadLimits()), h2.connection.H2Connection()
    client.initiate_connection()
    client.close_connection(additional_data=said)
    assert list(session.feed(client.data_to_send())) == []
    assert next(iter(session.end("over"))).message.raw == said


ASKED = b"\x82\x86\x84\x41\x01x"
"""GET / of x."""
POSTED = b"\x83" + ASKED[1:]


def hidden(name: bytes) -> bytes:
    """The key as the value of a field, which only who undoes Huffman's code reads."""
    return bytes(hpack.Encoder().encode([(name, KEY.encode())]))


@pytest.mark.parametrize(
    "said",
    [
        frame(1, 4, 1, POSTED) + frame(0, 0, 1, b"x") + frame(1, 5, 1, hidden(b"t")),
        frame(1, 5, 1, ASKED) + frame(1, 5, 1, hidden(b"t")),
        frame(1, 5, 1, ASKED + hidden(b":foo")),
        frame(1, 5, 1, ASKED + b"\0\x04:foo\x01x" + hidden(b"a")),
        frame(1, 5, 1, ASKED + hidden(b"A")),
        frame(1, 5, 2, ASKED + hidden(b"a")),
        frame(1, 5, 1, hidden(b"a") + b"\x80"),
        frame(7, 0, 0, bytes(8)) + frame(1, 5, 1, ASKED + hidden(b"a")),
        frame(1, 5, 1, ASKED) + frame(0, 1, 1, KEY.encode()),
        frame(0, 9, 1, bytes([len(KEY) + 1]) + b"x" + KEY.encode() + b"\0"),
        frame(7, 0, 0, bytes(8) + KEY.encode()),
        frame(77, 0, 0, KEY.encode()),
        frame(1, 4, 1, POSTED) + frame(0, 0, 1, KEY.encode()) + frame(6, 0, 0, bytes(8)),
        frame(1, 4, 1, POSTED) + frame(0, 0, 1, KEY.encode()) + frame(3, 0, 1, bytes(4)),
    ],
)
def test_what_is_refused_skipped_or_reset_is_on_record(said: bytes) -> None:
    """No strictness loses a hit."""
    session = Http2Session(ReadLimits())
    found = [*session.feed(PREFACE + frame(4, 0, 0) + said), *session.end("over")]
    assert KEY.encode() in b"\n".join(request.message.raw for request in found)


def test_a_key_that_is_too_long_for_nginx_is_on_record() -> None:
    long = KEY.encode() * 200
    session, writer = Http2Session(ReadLimits()), hpack.Encoder()
    block = writer.encode([(b":method", b"GET"), (b"authorization", long)])
    (request,) = session.feed(PREFACE + frame(4, 0, 0) + frame(1, 5, 1, block))
    assert b"authorization: " + long in request.message.raw
    assert session.ended


def test_a_body_is_waited_for_although_nginx_would_not_read_it() -> None:
    session = Http2Session(ReadLimits())
    assert list(session.feed(PREFACE + frame(4, 0, 0) + frame(1, 4, 1, POSTED))) == []
    assert session.holds
    session.outgoing()
    (request,) = session.feed(frame(0, 1, 1, KEY.encode()))
    assert request.message.body == KEY.encode()
    session.answer(1, 404, [], b"")
    assert session.outgoing().endswith(frame(3, 0, 1, bytes(4)))  # it takes no more of it
    (overdue,) = [*session.feed(frame(1, 4, 3, POSTED)), *session.overdue()]
    assert (overdue.stream, overdue.message.error, session.holds) == (3, "", False)


def test_a_body_that_is_passed_on_is_asked_for() -> None:
    session = Http2Session(ReadLimits(), lambda message: message.target == b"/")
    list(session.feed(PREFACE + frame(4, 0, 0) + frame(1, 4, 1, POSTED)))
    assert session.outgoing().endswith(frame(8, 0, 1, (0x7FFFFFFF - 65_536).to_bytes(4, "big")))
    assert not session.holds


def test_who_takes_too_long_is_told_so() -> None:
    for said, told in (
        (b"", frame(7, 0, 0, bytes(8))),
        (bytes(5), frame(7, 0, 0, bytes(4) + b"\0\0\0\1")),
        (frame(1, 4, 1, POSTED), frame(3, 0, 1, b"\0\0\0\1") + frame(7, 0, 0, b"\0\0\0\1" + bytes(4))),
    ):
        session = Http2Session(ReadLimits())
        list(session.feed(PREFACE + frame(4, 0, 0) + said))
        session.outgoing()
        session.close()
        assert session.outgoing() == told


def test_a_flood_of_what_is_no_content_ends_the_connection() -> None:
    session = Http2Session(ReadLimits())
    list(session.feed(PREFACE))
    for _ in range(100):
        list(session.feed(frame(77, 0, 0, bytes(200_000))))
        if session.ended:
            break
    assert session.outgoing().endswith(frame(7, 0, 0, bytes(8)))


def test_of_many_bodies_at_once_little_is_kept() -> None:
    session = Http2Session(ReadLimits(kept=10_000), lambda _: True)
    said = PREFACE + frame(4, 0, 0, b"")
    encoder = hpack.Encoder()
    for number in range(1, 201, 2):
        said += frame(1, 4, number, encoder.encode([(":method", "POST"), (":path", "/"), *PSEUDO]))
        said += frame(0, 0, number, b"x" * 5000)
    assert list(session.feed(said)) == []
    kept = [len(one.message.body) for one in session.end("")]
    assert len(kept) == 100
    assert sum(kept) == 40_000
