"""Parts of MQTT packets that a broker takes, and that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mqtt_packets
from listener.protocol.octets import Octets


def told(data: bytes) -> dict[int, list[object]]:
    return mqtt_packets.properties(Octets(bytes([len(data)]) + data, "big"))


@pytest.mark.parametrize(
    ("data", "bad"),
    [
        (b"", False),
        (b"\x21\0\1" + b"\x26\0\1a\0\1b" * 2, False),
        (b"\x21\0\1" * 2, True),
        (b"\x21\0\0", True),
        (b"\x27\0\0\0\0", True),
        (b"\x01\0", True),
        (b"\x0b\x81\1", True),
    ],
)
def test_properties_of_connect(data: bytes, bad: bool) -> None:
    assert mqtt_packets.not_of_connect(told(data)) is bad


def test_texts_are_shown_by_number() -> None:
    assert mqtt_packets.texts(told(b"\x26\0\1a\0\1b\x21\0\1")) == {"property_38": "a=b"}


@pytest.mark.parametrize(
    ("level", "flags", "bad"),
    [(4, 0xC2, False), (4, 0x42, True), (5, 0x42, False), (4, 0x22, True), (4, 0x0A, True), (4, 0x1E, True)],
)
def test_flags_of_connect(level: int, flags: int, bad: bool) -> None:
    assert mqtt_packets.bad_flags(level, flags) is bad


@pytest.mark.parametrize("data", [b"\xff", b"a\0", "\x85".encode(), "\uffff".encode(), b"\xed\xa0\x80"])
def test_what_is_no_text(data: bytes) -> None:
    assert not mqtt_packets.is_text(data)


def test_topics() -> None:
    assert mqtt_packets.may_be_topic(b"a/b")
    assert not any(map(mqtt_packets.may_be_topic, (b"", b"a/#", b"+/a", b"\xff")))
    assert mqtt_packets.filters(Octets(b"\0\1a\1", "big"), 1, 9) == ["a"]
    for data in (b"", b"\0\0\1", b"\0\1a\3"):
        with pytest.raises(mqtt_packets.MqttError):
            mqtt_packets.filters(Octets(data, "big"), 1, 9)


@given(st.binary(max_size=60))
def test_nothing_hostile_raises_another_error(data: bytes) -> None:
    for read in (mqtt_packets.properties, mqtt_packets.string, mqtt_packets.variable):
        try:
            read(Octets(data, "big"))
        except ValueError:
            continue


@given(st.binary(max_size=90), st.sampled_from((0x30, 0x32, 0x34, 0x3D)))
def test_a_message_is_given_without_its_topic(message: bytes, first: int) -> None:
    body = b"\0\x03a/b" + (b"\0\x07" if first & 6 else b"") + message
    said = b"\xc0\0" + bytes((first, len(body))) + body
    assert mqtt_packets.published(said) == [message]


@given(st.binary(max_size=300))
def test_no_bytes_raise_in_looking_for_messages(data: bytes) -> None:
    mqtt_packets.published(data)
