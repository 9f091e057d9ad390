"""AMQP: the conversation in bytes, cut anywhere, and real clients against a real listener."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps.amqp import AmqpConversation

FIRST = [b"AMQP\x00\x00\x09\x01"]
"""What clients send first."""

HEADER = b"AMQP\0\0\x09\x01"
LOGIN: dict[str, Any] = {"user": "app", "password": "hunter2", "client": "pika 1.4"}
CLIENT: dict[str, Any] = {"properties": {"product": "pika", "version": "1.4"}, "mechanism": "PLAIN"}


def frame(channel: int, class_id: int, method_id: int, arguments: bytes = b"") -> bytes:
    payload = struct.pack(">HH", class_id, method_id) + arguments
    return struct.pack(">BHI", 1, channel, len(payload)) + payload + b"\xce"


def short(text: str) -> bytes:
    return bytes((len(text),)) + text.encode()


def long(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def start_ok(mechanism: str = "PLAIN", response: bytes = b"\0app\0hunter2") -> bytes:
    properties = short("product") + b"S" + long(b"pika") + short("version") + b"S" + long(b"1.4")
    return frame(0, 10, 11, long(properties) + short(mechanism) + long(response) + short("en_US"))


TUNED = frame(0, 10, 31, struct.pack(">HIH", 2047, 131_072, 60))
OPENED = HEADER + start_ok() + TUNED + frame(0, 10, 40, short("prod") + bytes(2))
CHANNEL = frame(1, 20, 10, b"\0")
DECLARE = frame(1, 50, 10, b"\0\0" + short("orders") + b"\0" + bytes(4))


def published(number: int, size: int) -> bytes:
    """A message on a channel of its own, which is not whole."""
    opened = frame(number, 20, 10, b"\0") + frame(number, 60, 40, b"\0\0" + short("") + short("q") + b"\0")
    head = struct.pack(">HHQH", 60, 0, 1 << 20, 0)
    return opened + b"".join(
        struct.pack(">BHI", kind, number, len(data)) + data + b"\xce"
        for kind, data in ((2, head), (3, bytes(size)))
    )


FLOODS = [[OPENED, *(published(number, 60_000) for number in range(1, 300))]]
"""Messages that are never whole."""


def talk(*said: bytes, key: bytes = b"k" * 32, strict: bool = False) -> list[Step]:
    conversation = AmqpConversation(Identity(key, strict=strict), 1)
    return [step for data in said for step in conversation.feed(data)]


def methods(steps: list[Step]) -> list[tuple[int, int, int]]:
    """Channel, class and method of all that was said."""
    return [struct.unpack(">xHxxxxHH", step.data[:11]) for step in steps if isinstance(step, Send)]


def test_the_login_is_noted_before_the_connection_is_tuned() -> None:
    header, start, login, tune, opened, open_ok = talk(OPENED)
    assert header == Record("header", {"protocol": "00000901"})
    assert login == Record("login", LOGIN | CLIENT)
    assert opened == Record("open", LOGIN | {"database": "prod"})
    assert methods([start, tune, open_ok]) == [(0, 10, 10), (0, 10, 30), (0, 10, 41)]


def test_amqplain_is_read_too() -> None:
    response = short("LOGIN") + b"S" + long(b"app") + short("PASSWORD") + b"S" + long(b"hunter2")
    login = talk(HEADER, start_ok("AMQPLAIN", response))[2]
    assert isinstance(login, Record)
    assert login.shown.items() >= LOGIN.items()


def test_another_mechanism_is_noted_and_refused() -> None:
    _, _, login, close = talk(HEADER, start_ok("EXTERNAL", b"who"))
    assert isinstance(login, Record)
    assert login.shown["response"] == "who"
    assert close == Close()


def test_a_client_that_can_take_it_is_told_that_it_is_refused() -> None:
    """Others are left without a word, as by RabbitMQ (``authentication_failure_close``)."""
    told = short("authentication_failure_close") + b"t\x01"
    properties = short("capabilities") + b"F" + long(told)
    said = long(properties) + short("PLAIN") + long(b"\0app\0") + short("en_US")
    *_, refusal, close = talk(HEADER, frame(0, 10, 11, said), key=b"k" * 32, strict=True)
    assert (methods([refusal]), close) == ([(0, 10, 50)], Close())


def test_every_use_of_a_queue_is_noted_and_closes_the_channel() -> None:
    channel, note, refusal = talk(OPENED, frame(1, 20, 10, b"\0"), DECLARE)[6:]
    assert methods([channel, refusal]) == [(1, 20, 11), (1, 20, 40)]
    assert note == Record(
        "method", LOGIN | {"database": "prod", "command": "queue.declare", "queue": "orders"}
    )
    assert isinstance(refusal, Send)
    body = Octets(refusal.data[11:], "big")
    assert body.number(2) == 403
    assert body.next_bytes(body.number(1)) == (
        b"ACCESS_REFUSED - access to queue 'orders' in vhost 'prod' refused for user 'app'"
    )
    assert (body.number(2), body.number(2)) == (50, 10), "which method it was"


def test_a_published_message_is_refused_once_it_is_complete() -> None:
    publish = frame(1, 60, 40, b"\0\0" + short("") + short("jobs") + b"\0")
    head = struct.pack(">BHI", 2, 1, 14) + struct.pack(">HHQH", 60, 0, 6, 0) + b"\xce"
    part = struct.pack(">BHI", 3, 1, 3) + b"abc\xce"
    note, message, refusal = talk(OPENED, CHANNEL, publish + head + part + part)[7:]
    assert isinstance(note, Record)
    assert note.shown["routing_key"] == "jobs"
    assert isinstance(message, Record)
    assert message.shown["value"] == "abcabc"
    assert b"exchange 'amq.default'" in (refusal.data if isinstance(refusal, Send) else b"")
    assert len(talk(OPENED, CHANNEL, publish + head + part)[7:]) == 1, "not before"


def test_what_comes_together_with_an_error_is_taken_behind_it() -> None:
    """The client's Close-Ok ends the connection, whether or not it comes in a packet of its own."""
    close_ok = frame(0, 10, 51)
    together = talk(OPENED + DECLARE + CHANNEL + close_ok)
    assert together == talk(OPENED, DECLARE, CHANNEL, close_ok)
    assert (methods(together)[-1], together[-1]) == ((0, 10, 50), Close())


def test_a_closed_channel_says_nothing_until_it_is_opened_again() -> None:
    assert talk(OPENED, CHANNEL, DECLARE, DECLARE)[9:] == []
    again = talk(OPENED, CHANNEL, DECLARE, frame(1, 20, 41), CHANNEL, DECLARE)[10:]
    assert methods(again) == [(1, 20, 11), (1, 20, 40)]


def test_a_polite_end_and_heartbeats() -> None:
    heartbeat = b"\x08\0\0\0\0\0\0\xce"
    assert talk(OPENED, heartbeat)[6:] == [Send(heartbeat)]
    ended = talk(OPENED, frame(0, 10, 50, bytes(7)), CHANNEL)[6:]
    assert methods(ended) == [(0, 10, 51)], "and nothing is answered any more"


def test_other_versions_are_told_ours() -> None:
    """4.2.2: the header that the server would have liked, then the end."""
    sasl = b"AMQP\x03\x01\x00\x00"
    assert talk(sasl) == [Record("header", {"protocol": "03010000"}), Send(HEADER), Close()]


@pytest.mark.parametrize(
    "data",
    [
        HEADER + struct.pack(">BHI", 1, 0, 131_073),
        HEADER + struct.pack(">BHI", 1, 0, 4) + b"\0\x0a\0\x28\0",
        HEADER + frame(0, 10, 40, short("/")),
    ],
)
def test_what_is_no_conversation_ends_it(data: bytes) -> None:
    with pytest.raises(ValueError):
        talk(data)


@given(cuts=st.lists(st.integers(0, 300), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = OPENED + frame(1, 20, 10, b"\0") + DECLARE
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    assert talk(*(whole[begin:end] for begin, end in itertools.pairwise(places))) == talk(whole)


def test_release_and_node_are_the_installations_own() -> None:
    said = {talk(HEADER, key=bytes((n,)) * 32)[1] for n in range(12)}
    assert len(said) == 12
    assert talk(HEADER)[1] == talk(HEADER)[1]


@pytest.fixture(scope="module")
def theft(steal: Callable[..., Any]) -> Any:
    return steal("amqp", "amqp-url")


def test_pika_hands_over_its_password_and_what_it_wanted(theft: Any) -> None:
    pika = pytest.importorskip("pika")
    connection = pika.BlockingConnection(pika.URLParameters(theft.local_url))
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
        connection.channel().queue_declare("orders")
    connection.close()
    login = theft.hit("login")
    assert login.facet == "password"
    assert login.entry.body["observed"]["user"] == theft.row["user"]
    assert login.entry.body["observed"]["client"].startswith("Pika Python Client Library")
    assert theft.hit("method").entry.body["observed"]["queue"] == "orders"


def test_amqp_publish_hands_over_its_password(theft: Any) -> None:
    theft.run("amqp-publish", f"--url={theft.local_url}", "-r", "jobs", "-b", "hello")
    assert theft.hit("login").entry.body["observed"]["password"] == theft.row["password"]
    assert theft.hit("method").entry.body["observed"]["routing_key"] == "jobs"
