"""HTTP/1 framing: exact bytes, whatever the network does to them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.wire import MessageReader, RawMessage, ReadLimits
from listener.protocol.http2_frames import HTTP2_HEAD
from listener.protocol.nginx_head import origin_form

GET = b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-oDD-CaSe: 1\r\nx-odd-case:  2 \r\n\r\n"
SIZED = b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: t\r\n\r\n"
)
STREAM = b"\r\n" + GET + SIZED + CHUNKED + b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + SIZED


def conversation(pieces: list[bytes], limits: ReadLimits | None = None) -> list[RawMessage]:
    reader = MessageReader(limits or ReadLimits())
    found = []
    for piece in pieces:
        reader.feed(piece)
        while (message := reader.next()) is not None:
            found.append(message)
            if message.error:
                return found
    last = reader.end("the request was cut off")
    return [*found, last] if last else found


def one(data: bytes, limits: ReadLimits | None = None) -> RawMessage:
    found = conversation([data], limits)
    assert len(found) == 1
    return found[0]


def test_a_request_keeps_its_bytes_order_and_case() -> None:
    message = one(GET)
    assert (message.method, message.target, message.version) == ("GET", b"/a?b=c", "1.1")
    assert message.headers == [(b"Host", b"x"), (b"X-oDD-CaSe", b"1"), (b"x-odd-case", b"2")]
    assert (message.raw, message.size, message.error) == (GET, len(GET), "")


def test_pipelined_requests_are_told_apart_to_the_byte() -> None:
    messages = conversation([STREAM])
    assert [message.method for message in messages] == ["GET", "POST", "PUT", "HEAD", "POST"]
    assert [message.body for message in messages] == [b"", b"hello", b"hello world", b"", b"hello"]
    assert b"".join(message.raw for message in messages) == STREAM


@given(st.lists(st.integers(0, len(STREAM)), max_size=12).map(sorted))
def test_however_the_network_cuts_it_the_messages_are_the_same(cuts: list[int]) -> None:
    edges = [0, *cuts, len(STREAM)]
    pieces = [STREAM[begin:end] for begin, end in itertools.pairwise(edges)]
    assert conversation(pieces) == conversation([STREAM])


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(STREAM) - 1),
            st.sampled_from(["flip", "drop", "insert"]),
            st.binary(max_size=9),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 40),
)
def test_no_bytes_raise_and_none_are_lost(changes: list[tuple[int, str, bytes]], step: int) -> None:
    data = bytearray(STREAM)
    for position, change, rubbish in changes:
        if change == "flip":
            data[position : position + 1] = bytes([data[position] ^ 0x55]) if position < len(data) else b""
        elif change == "drop":
            del data[position : position + len(rubbish)]
        else:
            data[position:position] = rubbish
    pieces = [bytes(data[begin : begin + step]) for begin in range(0, len(data), step)]
    messages = conversation(pieces)
    raw = b"".join(message.raw for message in messages)
    assert bytes(data).startswith(raw)
    if not messages or not messages[-1].error:
        assert raw == bytes(data)
    assert sum(message.size for message in messages) == len(raw)


@given(st.binary(max_size=400))
def test_rubbish_never_raises(data: bytes) -> None:
    messages = conversation([data])
    assert b"".join(message.raw for message in messages) == data[: sum(message.size for message in messages)]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"\x00\x01\x02", 400),
        (b"foo / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 20_000, 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET / HTTP/3.7\r\n\r\n", 505),
        (b"GET /" + b"a" * 70_000, 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000, 431),
    ],
)
def test_what_is_no_request_is_a_message_with_its_bytes(data: bytes, status: int) -> None:
    message = one(data)
    assert message.status == status
    assert message.error
    assert not message.keep_alive
    assert message.raw == data


@pytest.mark.parametrize("cut", range(1, 24))
def test_what_http_2_begins_with_may_come_in_pieces(cut: int) -> None:
    preface, reader = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", MessageReader(ReadLimits())
    reader.feed(preface[:cut])
    first = reader.next()
    assert (first is None) is (cut < len(HTTP2_HEAD))
    if first is None:
        reader.feed(preface[cut:])
        first = reader.next()
        assert first is not None
        assert first.raw == preface
    assert first.raw.startswith(HTTP2_HEAD)


def test_what_only_looks_like_it_is_refused_as_ever() -> None:
    for data in (b"PRI * HTTP/1", b"PRI /", b"PRI * HTTP/2.0\n"):
        assert one(data).raw == data
    assert one(b"PRI * HTTP/2.0\r\n").error == "the request was cut off"


def test_a_request_cut_off_in_its_body_keeps_what_came() -> None:
    message = one(SIZED[:-2])
    assert (message.method, message.error, message.body) == ("POST", "the request was cut off", b"hel")
    assert message.raw == SIZED[:-2]


def test_lone_line_feeds_end_lines_too() -> None:
    data = b"GET / HTTP/1.0\nHost: x\n\n"
    message = one(data)
    assert (message.error, message.raw, message.headers) == ("", data, [(b"Host", b"x")])


@pytest.mark.parametrize(
    ("version", "connection", "expected"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: close\r\n", False),
        (b"1.1", b"Connection: upgrade, Close\r\n", False),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: Keep-Alive\r\n", True),
    ],
)
def test_keep_alive(version: bytes, connection: bytes, expected: bool) -> None:
    assert one(b"GET / HTTP/" + version + b"\r\nHost: x\r\n" + connection + b"\r\n").keep_alive is expected


def test_connect_and_upgrade_are_requests_like_any_other() -> None:
    connect = one(b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n")
    assert (connect.method, connect.target, connect.keep_alive) == ("CONNECT", b"a.example:443", False)
    upgrade = one(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
    assert (upgrade.error, upgrade.keep_alive) == ("", True)


def test_what_has_come_of_a_body_can_be_had_while_it_goes_on() -> None:
    reader, head = MessageReader(ReadLimits()), b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    reader.feed(head + b"5\r\nab")
    assert reader.next() is None
    so_far = reader.so_far()
    assert (so_far.raw, so_far.body, so_far.size, so_far.error) == (
        head + b"5\r\nab",
        b"ab",
        len(head) + 5,
        "",
    )
    assert (reader.announced, reader.pending is not None) == (5, True)
    reader.feed(b"cde\r\n0\r\n\r\n")
    message = reader.next()
    assert message is not None
    assert (message.body, reader.pending, so_far.body) == (b"abcde", None, b"ab")
    assert message.raw == head + b"5\r\nabcde\r\n0\r\n\r\n"


def test_a_long_body_is_counted_and_cut() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n"
    message = one(head + b"x" * 1000, ReadLimits(kept=100))
    assert message.raw == (head + b"x" * 1000)[:100]
    assert (message.size, message.error) == (len(head) + 1000, "")
    assert len(message.body) == 100


def test_a_body_beyond_its_limit_is_not_waited_for() -> None:
    reader = MessageReader(ReadLimits(kept=100, body=1000))
    reader.feed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(20):
        reader.feed(b"64\r\n" + b"x" * 100 + b"\r\n")
        message = reader.next()
        if message is not None:
            break
    assert message is not None
    assert message.status == 413
    assert len(message.raw) == 100


def test_a_header_may_be_empty() -> None:
    assert one(b"GET / HTTP/1.1\r\nA:\r\nB: \r\n\r\n").headers == [(b"A", b""), (b"B", b"")]


def test_what_comes_behind_a_connect_can_be_had() -> None:
    reader = MessageReader(ReadLimits())
    reader.feed(b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01")
    message = reader.next()
    assert message is not None
    assert (message.method, message.target, message.keep_alive) == ("CONNECT", b"a:443", False)
    assert reader.rest() == b"\x16\x03\x01"
    assert not reader.begun


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/a?b", b"/a?b"),
        (b"http://h/a?b", b"/a?b"),
        (b"HTTPS://h", b"/"),
        (b"h:443", b"h:443"),
        (b"*", b"*"),
    ],
)
def test_the_path_of_a_target_in_absolute_form(target: bytes, path: bytes) -> None:
    assert origin_form(target) == path
