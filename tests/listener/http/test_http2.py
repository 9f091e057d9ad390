"""HTTP/2: whole requests out of frames, whatever the client does."""

from __future__ import annotations

import h2.config
import h2.connection
import h2.events
from hypothesis import given
from hypothesis import strategies as st

from listener.http.http2 import PREFACE, Http2Session
from listener.http.message import parse
from listener.http.wire import ReadLimits

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
    (request,) = session.feed(PREFACE + bytes(9))
    assert request.message.raw == PREFACE + bytes(9)
    assert session.ended


@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_bytes_raise(noise: bytes, at: int) -> None:
    client = Client()
    client.send("/x", b"body")
    data = client.h2.data_to_send()
    list(client.session.feed(data[:at] + noise + data[at:]))
    list(client.session.end("cut off"))
    client.session.outgoing()


def test_what_follows_the_preface_must_be_settings() -> None:
    """Else a stranger's text would be taken for the beginning of a frame of megabytes, and waited for."""
    for pieces in ([PREFACE + b"and then some text"], [PREFACE, b"and then", b" some text"]):
        session = Http2Session(ReadLimits())
        seen = [request.message.error for piece in pieces for request in session.feed(piece)]
        assert session.ended
        assert seen == ["HTTP/2: the first frame is no SETTINGS frame"]


def test_the_first_bytes_are_those_of_nginx() -> None:
    """`test_http2_beside_nginx` holds them against a real one."""
    said = bytes.fromhex(
        "000012 04 00 00000000 0003 00000080 0004 00010000 0005 00ffffff 000004 08 00 00000000 7fff0000"
    )
    assert Http2Session(ReadLimits()).outgoing() == said


def test_an_error_is_told_once_and_a_first_frame_of_another_kind_not_at_all() -> None:
    going = bytes.fromhex("000008 07 00 00000000")
    for frame, times in ((bytes.fromhex("000001 04 00 00000000 00"), 1), (b"no frame at all", 0)):
        session = Http2Session(ReadLimits())
        (request,) = session.feed(PREFACE + frame)
        session.close()
        assert request.message.error
        assert session.outgoing().count(going) == times


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
