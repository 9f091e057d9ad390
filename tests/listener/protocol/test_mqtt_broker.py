"""A broker's conversation in bytes, cut anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.mqtt_broker import MqttConversation

LOGIN = {"client_id": "box", "user": "app", "password": "hunter2"}
PROPERTIES = b"\x11\0\0\0\x3c" + b"\x26\0\x01a\0\x01b" + b"\x21\0\x0a" + b"\x19\x01"


def text(value: str) -> bytes:
    return len(value).to_bytes(2, "big") + value.encode()


def packet(first: int, body: bytes) -> bytes:
    length, size = b"", len(body)
    while size > 0x7F:
        length, size = length + bytes((size & 0x7F | 0x80,)), size >> 7
    return bytes((first,)) + length + bytes((size,)) + body


def connect(level: int = 4, name: str = "MQTT", client: str = "box", will: bool = False) -> bytes:
    five = bytes((len(PROPERTIES),)) + PROPERTIES if level == 5 else b""
    body = text(name) + bytes((level, 0xC0 | 0x04 * will)) + b"\0\x3c" + five + text(client)
    if will:
        body += (b"\0" if level == 5 else b"") + text("state") + text("gone")
    return packet(0x10, body + text("app") + text("hunter2"))


def talk(*said: bytes) -> list[Step]:
    conversation = MqttConversation(Identity(b"k" * 32), 1)
    return [step for data in said for step in conversation.feed(data)]


@pytest.mark.parametrize(("level", "name"), [(3, "MQIsdp"), (4, "MQTT")])
def test_the_login_is_noted_before_it_is_accepted(level: int, name: str) -> None:
    assert talk(connect(level, name)) == [
        Record("login", LOGIN | {"protocol": level, "keep_alive": 60}),
        Send(b"\x20\x02\x00\x00"),
    ]


def test_version_5_brings_properties_and_gets_some() -> None:
    note, say = talk(connect(5))
    assert note == Record("login", LOGIN | {"protocol": 5, "keep_alive": 60, "property_38": "a=b"})
    assert say == Send(b"\x20\x09\x00\x00\x06\x22\x00\x0a\x21\x00\x14")


def test_a_client_without_a_name_is_given_one_in_version_5() -> None:
    _, say = talk(connect(5, client=""))
    assert isinstance(say, Send)
    assert b"\x12\x00\x29auto-" in say.data


@pytest.mark.parametrize("level", [4, 5])
def test_a_will_is_noted(level: int) -> None:
    note = talk(connect(level, will=True))[0]
    assert isinstance(note, Record)
    assert note.shown.items() >= (LOGIN | {"will_topic": "state", "will": "gone"}).items()


def test_other_versions_are_refused() -> None:
    assert talk(connect(9))[1:] == [Send(b"\x20\x02\x00\x01"), Close()], "as Mosquitto"
    assert talk(connect(3))[1:] == [Send(b"\x20\x02\x00\x01"), Close()], "3 is called MQIsdp"


def test_subscriptions_are_noted_and_denied() -> None:
    body = b"\0\x07" + text("plant/#") + b"\0" + text("alarm") + b"\x01"
    note, say = talk(connect(), packet(0x82, body))[2:]
    assert note == Record("subscribe", LOGIN | {"topics": ["plant/#", "alarm"]})
    assert say == Send(b"\x90\x04\x00\x07\x80\x80")
    assert talk(connect(5), packet(0x82, b"\0\x07\0" + text("a") + b"\0"))[3] == Send(
        b"\x90\x04\x00\x07\x00\x87"
    )


@pytest.mark.parametrize(("qos", "answer"), [(0, []), (1, [b"\x40\x02\0\x09"]), (2, [b"\x50\x02\0\x09"])])
def test_a_message_is_noted_and_swallowed(qos: int, answer: list[bytes]) -> None:
    number = b"\0\x09" if qos else b""
    note, *said = talk(connect(), packet(0x30 | qos << 1, text("door") + number + b"open"))[2:]
    assert note == Record("publish", LOGIN | {"topic": "door", "message": "open", "size": 4})
    assert said == [Send(data) for data in answer]


def test_the_rest_of_a_session() -> None:
    assert talk(connect(), b"\x62\x02\0\x09")[2:] == [Send(b"\x70\x02\0\x09")]
    assert talk(connect(), b"\xc0\0")[2:] == [Send(b"\xd0\0")]
    unsubscribe = talk(connect(), packet(0xA2, b"\0\x07" + text("a")))[2:]
    assert unsubscribe == [Record("unsubscribe", LOGIN | {"topics": ["a"]}), Send(b"\xb0\x02\0\x07")]
    assert talk(connect(), b"\xe0\0")[2:] == [Close()]


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1",
        connect() + connect(),
        b"\x10\xff\xff\xff\xff\x01",
        b"\x10\xff\xff\xff\x7f",
        connect() + b"\x20\x02\0\0",
        connect() + packet(0x82, b"\0\x01" + b"\0\x01a\0" * 300),
    ],
)
def test_what_is_no_conversation_ends_it(data: bytes) -> None:
    try:
        said = talk(data)
    except ValueError:
        return
    assert said[-1] == Close()


@given(cuts=st.lists(st.integers(0, 200), max_size=8), level=st.sampled_from([4, 5]))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int], level: int) -> None:
    properties = b"\0" if level == 5 else b""
    whole = connect(level, will=True) + packet(0x30, text("t") + properties + b"x" * 200) + b"\xc0\0"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    assert talk(*(whole[begin:end] for begin, end in itertools.pairwise(places))) == talk(whole)
