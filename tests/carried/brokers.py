"""MQTT, AMQP, NATS."""

from __future__ import annotations

import base64
import json
import struct

from tests.carried import Door, anything, ascii_line, carries, short_text, text, word


def _packet(first: int, body: bytes) -> bytes:
    size, length = len(body), bytearray()
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    return bytes([first, *length, size]) + body


def _string(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def _number(size: int) -> bytes:
    return _packet(0, bytes(size))[1 : -size or None]


def _properties(data: bytes) -> bytes:
    return _number(len(data)) + data


def _connect(
    level: int = 5,
    client: bytes = b"c",
    user: bytes = b"app",
    password: bytes = b"",
    told: bytes = b"",
    will: bytes = b"",
) -> bytes:
    body = _string(b"MQTT") + bytes([level, 0xC2 | (4 if will else 0), 0, 60])
    body += _properties(told) if level == 5 else b""
    return _packet(0x10, body + _string(client) + will + _string(user) + _string(password))


def _inside(door: Door, *packets: bytes, level: int = 5) -> bytes:
    return b"".join([_connect(level, password=door.password.encode()), *packets, b"\xe0\x00"])


@carries("mqtt client id", text)
def _(data: bytes, door: Door) -> bytes:
    return _connect(4, client=data)


@carries("mqtt user", text)
def _(data: bytes, door: Door) -> bytes:
    return _connect(4, user=data)


@carries("mqtt password", anything)
def _(data: bytes, door: Door) -> bytes:
    return _connect(5, password=data)


@carries("mqtt user property", text)
def _(data: bytes, door: Door) -> bytes:
    pair = b"\x26" + _string(b"k") + _string(data)
    return _connect(told=pair + b"\x26" + _string(b"other") + _string(b"more"))


@carries("mqtt name of a user property", text)
def _(data: bytes, door: Door) -> bytes:
    return _connect(told=b"\x26" + _string(data) + _string(b"v"))


@carries("mqtt authentication data", anything)
def _(data: bytes, door: Door) -> bytes:
    return _connect(told=b"\x15" + _string(b"X-OWN") + b"\x16" + _string(data))


@carries("mqtt will", anything)
def _(data: bytes, door: Door) -> bytes:
    return _connect(will=_properties(b"") + _string(b"t") + _string(data))


@carries("mqtt will topic", text)
def _(data: bytes, door: Door) -> bytes:
    return _connect(will=_properties(b"") + _string(data) + _string(b"gone"))


@carries("mqtt will property", text)
def _(data: bytes, door: Door) -> bytes:
    told = b"\x03" + _string(data) + b"\x01\x01"
    return _connect(will=_properties(told) + _string(b"t") + _string(b"gone"))


@carries("mqtt topic", text)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0x30, _string(b"a/" + data) + b"hello"), level=4)


@carries("mqtt message", anything)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0x32, _string(b"a") + b"\0\x07" + data), level=4)


@carries("mqtt message far behind", lambda data: len(data) <= 4000, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _inside(
        door, _packet(0x30, _string(b"a") + b"\0" + b"reading 21.5\n" * 900 + b"\n" + data + b"\n")
    )


@carries("mqtt response topic", text)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0x30, _string(b"a") + _properties(b"\x08" + _string(data)) + b"x"))


@carries("mqtt correlation data", anything)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0x30, _string(b"a") + _properties(b"\x09" + _string(data)) + b"x"))


@carries("mqtt content type", text)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0x30, _string(b"a") + _properties(b"\x03" + _string(data)) + b"x"))


@carries("mqtt subscription", text)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0x82, b"\0\x01" + _string(data) + b"\0"), level=4)


@carries("mqtt property of a subscription", text, whole=False)
def _(data: bytes, door: Door) -> bytes:
    told = b"\x26" + _string(b"k") + _string(data)
    return _inside(door, _packet(0x82, b"\0\x01" + _properties(told) + _string(b"t/#") + b"\0"))


@carries("mqtt reason of a disconnect", text, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _packet(0xE0, b"\0" + _properties(b"\x1f" + _string(data))))


@carries("mqtt packet behind a refusal", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _connect(4, password=b"wrong") + _packet(0x30, _string(b"a") + data)


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


def _method(channel: int, number: tuple[int, int], body: bytes) -> bytes:
    return _frame(1, channel, struct.pack(">HH", *number) + body)


def _long(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _short(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _table(*fields: tuple[bytes, bytes]) -> bytes:
    return _long(b"".join(_short(name) + value for name, value in fields))


def _start(told: bytes, mechanism: bytes, response: bytes) -> bytes:
    return b"AMQP\0\0\x09\x01" + _method(
        0, (10, 11), told + _short(mechanism) + _long(response) + _short(b"en_US")
    )


def _opened(door: Door, *frames: bytes, vhost: bytes = b"/") -> bytes:
    start = _start(_table(), b"PLAIN", b"\0app\0" + door.password.encode())
    tune = _method(0, (10, 31), struct.pack(">HIH", 100, 131_072, 60))
    opening = _method(0, (10, 40), _short(vhost) + b"\0\0")
    return b"".join([start, tune, opening, _method(1, (20, 10), b"\0"), *frames])


_PUBLISH = _method(1, (60, 40), b"\0\0" + _short(b"") + _short(b"q") + b"\0")


@carries("amqp client property", anything)
def _(data: bytes, door: Door) -> bytes:
    told = _table((b"product", b"S" + _long(b"x")), (b"note", b"S" + _long(data)))
    return _start(told, b"PLAIN", b"\0bob\0wrong")


@carries("amqp client property in a list in a table", anything)
def _(data: bytes, door: Door) -> bytes:
    deep = b"F" + _table((b"k", b"A" + _long(b"S" + _long(b"x") + b"x" + _long(data))))
    return _start(_table((b"note", deep)), b"PLAIN", b"\0bob\0wrong")


@carries("amqp name of a client property", short_text)
def _(data: bytes, door: Door) -> bytes:
    return _start(_table((data, b"t\x01")), b"PLAIN", b"\0bob\0wrong")


@carries("amqp user", lambda data: anything(data) and b"\0" not in data)
def _(data: bytes, door: Door) -> bytes:
    return _start(_table(), b"PLAIN", b"\0" + data + b"\0x")


@carries("amqp password in a table", anything)
def _(data: bytes, door: Door) -> bytes:
    fields = _table((b"LOGIN", b"S" + _long(b"bob")), (b"PASSWORD", b"S" + _long(data)))
    return _start(_table(), b"AMQPLAIN", fields[4:])


@carries("amqp unknown mechanism", anything)
def _(data: bytes, door: Door) -> bytes:
    return _start(_table(), b"X-OWN", data)


@carries("amqp vhost", short_text)
def _(data: bytes, door: Door) -> bytes:
    return _opened(door, vhost=data)


@carries("amqp queue", short_text)
def _(data: bytes, door: Door) -> bytes:
    return _opened(door, _method(1, (50, 10), b"\0\0" + _short(data) + b"\0" + _table()))


@carries("amqp argument of a queue", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _opened(
        door, _method(1, (50, 10), b"\0\0" + _short(b"q") + b"\0" + _table((b"x", b"S" + _long(data))))
    )


@carries("amqp consumer tag", short_text)
def _(data: bytes, door: Door) -> bytes:
    return _opened(door, _method(1, (60, 20), b"\0\0" + _short(b"q") + _short(data) + b"\0" + _table()))


@carries("amqp routing key", short_text)
def _(data: bytes, door: Door) -> bytes:
    publish = _method(1, (60, 40), b"\0\0" + _short(b"") + _short(data) + b"\0")
    return _opened(door, publish, _frame(2, 1, struct.pack(">HHQH", 60, 0, 1, 0)), _frame(3, 1, b"x"))


@carries("amqp header of a message", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    head = struct.pack(">HHQH", 60, 0, 5, 0x2000) + _table((b"k", b"S" + _long(data)))
    return _opened(door, _PUBLISH, _frame(2, 1, head), _frame(3, 1, b"hello"))


@carries("amqp message", anything)
def _(data: bytes, door: Door) -> bytes:
    return _opened(
        door, _PUBLISH, _frame(2, 1, struct.pack(">HHQH", 60, 0, len(data), 0)), _frame(3, 1, data)
    )


@carries("amqp message in two frames", anything)
def _(data: bytes, door: Door) -> bytes:
    cut, head = len(data) // 2, struct.pack(">HHQH", 60, 0, len(data), 0)
    return _opened(door, _PUBLISH, _frame(2, 1, head), _frame(3, 1, data[:cut]), _frame(3, 1, data[cut:]))


@carries("amqp long message, cut late", lambda data: len(data) <= 4000, whole=False)
def _(data: bytes, door: Door) -> bytes:
    before, cut = b"reading 21.5\n" * 4000, len(data) // 2
    head = struct.pack(">HHQH", 60, 0, len(before) + len(data), 0)
    return _opened(
        door, _PUBLISH, _frame(2, 1, head), _frame(3, 1, before + data[:cut]), _frame(3, 1, data[cut:])
    )


@carries("amqp frame that none expects", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _opened(door, _frame(3, 1, data))


def _nats(door: Door, *lines: bytes) -> bytes:
    told = {"user": "app", "pass": door.password, "headers": True}
    return b"CONNECT " + json.dumps(told).encode() + b"\r\n" + b"".join(lines)


@carries("nats token", text)
def _(data: bytes, door: Door) -> bytes:
    return b"CONNECT " + json.dumps({"auth_token": data.decode()}).encode() + b"\r\n"


@carries("nats field that no server knows", text)
def _(data: bytes, door: Door) -> bytes:
    told = {"user": "bob", "pass": "x", "x-note": {"a": [data.decode()]}}
    return b"CONNECT " + json.dumps(told).encode() + b"\r\n"


@carries("nats name", text)
def _(data: bytes, door: Door) -> bytes:
    return b"CONNECT " + json.dumps({"user": "bob", "name": data.decode()}).encode() + b"\r\n"


@carries("nats subject", word)
def _(data: bytes, door: Door) -> bytes:
    return _nats(door, b"SUB " + data + b" 1\r\n")


@carries("nats queue group", word)
def _(data: bytes, door: Door) -> bytes:
    return _nats(door, b"SUB a " + data + b" 1\r\n")


@carries("nats message", anything)
def _(data: bytes, door: Door) -> bytes:
    return _nats(door, b"PUB a %d\r\n%s\r\n" % (len(data), data))


@carries("nats header", ascii_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    head = b"NATS/1.0\r\nX-Note: " + data + b"\r\n\r\n"
    return _nats(door, b"HPUB a %d %d\r\n%shello\r\n" % (len(head), len(head) + 5, head))


@carries("nats message before a login", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"PUB a %d\r\n%s\r\n" % (len(data), data)


@carries("nats jwt", ascii_line)
def _(data: bytes, door: Door) -> bytes:
    told = {"jwt": data.decode(), "sig": base64.b64encode(b"s" * 64).decode(), "nkey": ""}
    return b"CONNECT " + json.dumps(told).encode() + b"\r\n"
