"""MQTT over WebSocket on the web trap: the broker answers within frames, and what is done is one story."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest

from listener.http.reading import read_request
from listener.incidents import queries
from tests import steady

ASKING = (
    b"GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: %b\r\n\r\n"
)
CONNECT = b"\x10\x26\0\4MQTT\x04\xc2\0<\0\1c\0\3app" + struct.pack(">H", 18) + b"s3cret-Pa55word-of"


def frame(data: bytes, code: int = 2) -> bytes:
    mask = b"\x37\xfa\x21\x3d"
    return (
        bytes([0x80 | code, 0x80 | len(data)])
        + mask
        + bytes(one ^ mask[at % 4] for at, one in enumerate(data))
    )


def granted(front: Any, protocol: bytes = b"mqtt") -> socket.socket:
    sock: socket.socket = front.connect()
    sock.sendall(ASKING % protocol)
    said = b""
    while b"\r\n\r\n" not in said:
        said += sock.recv(4096)
    assert said.startswith(b"HTTP/1.1 101 "), said
    assert b"Sec-WebSocket-Protocol: " + protocol in said
    return sock


def those(front: Any, before: int, count: int) -> list[Any]:
    """The sightings behind a number of them, when there are so many."""

    def enough() -> list[Any]:
        found: list[Any] = front.sightings()[before:]
        return found if len(found) >= count else []

    return steady.until(enough, f"not {count} sightings")


@pytest.mark.parametrize("protocol", [b"mqtt", b"mqttv3.1"])
def test_a_broker_answers_within_frames_and_each_deed_is_recorded(front: Any, protocol: bytes) -> None:
    before = len(front.sightings())
    with granted(front, protocol) as sock:
        sock.sendall(frame(CONNECT))
        assert sock.recv(100) == b"\x82\x04\x20\x02\0\0", "CONNACK"
        sock.sendall(frame(b"\x82\x0b\0\1\0\6alarms\0"))
        assert sock.recv(100) == b"\x82\x05\x90\x03\0\1\x80", "SUBACK that refuses"
        sock.sendall(frame(b"\x32\x0c\0\5alarm\0\2off"))
        assert sock.recv(100) == b"\x82\x04\x40\x02\0\2", "PUBACK"
        sock.sendall(frame(b"hi", 9) + frame(struct.pack(">H", 1000), 8))
        assert sock.recv(100) == b"\x8a\x02hi\x88\x02\x03\xe8", "a pong, and the end"
    sightings = those(front, before, 4)
    assert [one.answer for one in sightings[1:4]] == [
        "websocket login",
        "websocket subscribe",
        "websocket publish",
    ]
    assert len({one.connection for one in sightings}) == 1
    login, publish = read_request(sightings[1]), read_request(sightings[3])
    seen: Any = publish.observed
    assert b"s3cret-Pa55word-of" in login.candidates
    assert login.observed["host"] == "x"
    assert (seen["request"], seen["topic"], seen["message"]) == ("publish", "alarm", "off")


def test_packets_cut_anywhere_are_put_together(front: Any) -> None:
    with granted(front) as sock:
        said = b"".join(frame(CONNECT[at : at + 5], 2 if at == 0 else 0) for at in range(0, len(CONNECT), 5))
        for at in range(0, len(said), 7):
            sock.sendall(said[at : at + 7])
        assert sock.recv(100) == b"\x82\x04\x20\x02\0\0"


@pytest.mark.parametrize(
    "data", [b"\x82\x02hi", frame(b"hi", 1), frame(b"GET / HTTP/1.1"), b"\x82\xff" + b"\xff" * 8]
)
def test_what_is_no_mqtt_ends_it_and_is_on_record(front: Any, data: bytes) -> None:
    before = len(front.sightings())
    with granted(front) as sock:
        sock.sendall(data)
        assert sock.recv(100) == b""
    sightings = those(front, before, 2)
    assert sightings[1].answer == "websocket unreadable"
    assert sightings[1].raw.endswith(data)


def test_whoever_goes_in_the_middle_of_a_packet_is_on_record(front: Any) -> None:
    before = len(front.sightings())
    with granted(front) as sock:
        sock.sendall(frame(CONNECT)[:20])
    sightings = those(front, before, 2)
    assert sightings[1].answer == "websocket unfinished"


@pytest.fixture(scope="module")
def theft(steal: Callable[..., Any]) -> Any:
    return steal("http", "mqtt-credentials")


def deed(theft: Any, login: queries.Hit, request: str) -> dict[str, Any]:
    """What was done behind the login, whether its bytes came by themselves or with those of another deed."""

    def done() -> dict[str, Any] | None:
        for hit in queries.hits(theft.home, canary=theft.canary.id, parts=True):
            body = hit.entry.body
            if body.get("follows") == login.id and body["observed"].get("request") == request:
                return dict(body["observed"])
        return None

    return steady.until(done, f"no {request}") or {}


@pytest.mark.parametrize("version", [4, 5])
def test_paho_over_websockets_is_one_story(theft: Any, version: int) -> None:
    mqtt: Any = pytest.importorskip("paho.mqtt.client")
    theft.forget()
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id="paho-box", protocol=version, transport="websockets"
    )
    client.username_pw_set(theft.row["user"], theft.row["password"])
    client.connect("127.0.0.1", theft.port)
    client.loop_start()
    client.subscribe("alarms/#")
    client.publish("alarm", "on", qos=1).wait_for_publish(steady.PATIENCE)
    client.disconnect()
    client.loop_stop()
    login = theft.hit("login")
    assert (login.facet, login.entry.body["observed"]["client_id"]) == ("password", "paho-box")
    assert deed(theft, login, "publish")["message"] == "on"
    assert deed(theft, login, "subscribe")["topics"] == ["alarms/#"]


def test_of_pings_without_end_little_is_kept_and_all_are_counted(front: Any) -> None:
    before = len(front.sightings())
    ping = frame(b"p" * 125, 9)
    with granted(front) as sock:
        for _ in range(40):
            sock.sendall(ping * 100)
            left = 100 * (len(ping) - 4)  # a pong has no mask
            while left:
                left -= len(sock.recv(left))
    last = those(front, before, 2)[1]
    assert last.answer == "websocket unfinished"
    assert last.size - last.raw.index(ping) == 40 * 100 * len(ping)
    assert len(last.raw) < 300_000
