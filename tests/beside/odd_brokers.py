"""What MQTT, AMQP and NATS brokers are sent that no client of theirs sends: wrong lengths, orders, versions, frames."""

from __future__ import annotations

import struct

from tests.beside.messages import connect, lines

_WRONG = (b"ann", b"not-the-password")
_RIGHT = (b"ann", b"{the-right-password-}")
_IN4, _IN5 = connect(4, login=_RIGHT), connect(5, login=_RIGHT)


def text(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value


def packet(kind: int, body: bytes) -> bytes:
    """MQTT's; at most 127 bytes."""
    return bytes([kind, len(body)]) + body


def started(level: int, flags: int, rest: bytes, name: bytes = b"MQTT") -> bytes:
    """A CONNECT with anything behind its keep-alive."""
    return packet(0x10, text(name) + bytes([level, flags, 0, 60]) + rest)


MQTT: dict[str, list[bytes]] = {
    "level 0": [connect(0, flags=2)],
    "level 6": [connect(6, flags=2)],
    "level 3 as MQTT": [connect(3, flags=2)],
    "level 4 with a bridge's bit": [connect(0x84, flags=2)],
    "MQIsdp at level 5": [connect(5, name=b"MQIsdp", flags=2)],
    "mqtt in small letters": [connect(4, name=b"mqtt", flags=2)],
    "no name": [connect(4, name=b"", flags=2)],
    "level 5, a reserved flag": [connect(5, flags=3)],
    "level 5, no client": [connect(5, flags=2, client=b"")],
    "level 5, no client and a session": [connect(5, flags=0, client=b"")],
    "level 3.1, no client": [connect(3, name=b"MQIsdp", flags=2, client=b"")],
    "level 3.1, a long client": [connect(3, name=b"MQIsdp", flags=2, client=b"c" * 30)],
    "no client, a wrong login": [connect(4, client=b"", login=_WRONG)],
    "a user without a password": [connect(4, flags=0x82, login=(b"ann",))],
    "a password without a user": [connect(4, flags=0x42, login=(b"not-the-password",))],
    "level 5, a password without a user": [connect(5, flags=0x42, login=(b"not-the-password",))],
    "an unknown user": [connect(4, login=(b"bob", b"x"))],
    "an empty user": [connect(4, login=(b"", b"x"))],
    "an empty password": [connect(4, login=(b"ann", b""))],
    "a user that is not there": [connect(4, flags=0xC2)],
    "no UTF-8": [connect(4, client=b"\xff\xfe", login=_WRONG)],
    "a NUL in the client": [connect(4, client=b"a\0b", login=_WRONG)],
    "a user of no UTF-8": [connect(4, login=(b"\xff", b"x"))],
    "a will's flag without a will": [started(4, 0x06, text(b"c"))],
    "a will's quality without its flag": [started(4, 0x0A, text(b"c"))],
    "a will's retention without its flag": [started(4, 0x22, text(b"c"))],
    "a will with a wildcard": [started(4, 0xC6, text(b"c") + text(b"a/#") + text(b"x") + text(b"ann") + text(b"x"))],
    "a will without a topic": [started(4, 0xC6, text(b"c") + text(b"") + text(b"x") + text(b"ann") + text(b"x"))],
    "a will": [started(4, 0xC6, text(b"c") + text(b"a") + text(b"x") + text(b"ann") + text(b"x"))],
    "more behind the login": [started(4, 0xC2, text(b"c") + text(b"ann") + text(b"x") + b"more")],
    "a CONNECT without a body": [b"\x10\0"],
    "a CONNECT cut short": [packet(0x10, b"\0\4MQTT")],
    "a CONNECT with flags": [b"\x11" + _IN4[1:]],
    "level 5, properties cut short": [started(5, 2, b"\x05\x11")],
    "level 5, an unknown property": [started(5, 2, b"\x02\x7f\x00" + text(b"c"))],
    "level 5, a property of another packet": [started(5, 2, b"\x02\x01\x00" + text(b"c"))],
    "level 5, a property twice": [started(5, 2, b"\x06\x21\0\1\x21\0\1" + text(b"c"))],
    "level 5, receive maximum 0": [started(5, 2, b"\x03\x21\0\0" + text(b"c"))],
    "level 5, maximum size 0": [started(5, 2, b"\x05\x27\0\0\0\0" + text(b"c"))],
    "level 5, a mechanism": [started(5, 2, b"\x08\x15" + text(b"PLAIN") + text(b"c"))],
    "level 5, data of no mechanism": [started(5, 2, b"\x04\x16" + text(b"x") + text(b"c"))],
    "an authentication first": [packet(0xF0, b"\0\0")],
    "an acknowledgement first": [b"\x20\2\0\0"],
    "in pieces": [_IN4[:1], _IN4[1:9], _IN4[9:]],
    "a ping behind it": [_IN4 + b"\xc0\0"],
    "leaving, inside": [_IN4, b"\xe0\0"],
    "level 5, inside": [_IN5],
    "level 5, leaving": [_IN5, b"\xe0\0"],
    "level 5, leaving with a reason": [_IN5, b"\xe0\2\x04\0"],
    "CONNECT twice": [_IN4, _IN4],
    "level 5, CONNECT twice": [_IN5, _IN5],
    "a ping with a body": [_IN4, b"\xc0\1x"],
    "a ping with flags": [_IN4, b"\xc1\0"],
    "a packet of no type, inside": [_IN4, b"\0\0"],
    "level 5, a packet of no type, inside": [_IN5, b"\0\0"],
    "a CONNACK, inside": [_IN4, b"\x20\2\0\0"],
    "level 5, a CONNACK, inside": [_IN5, b"\x20\2\0\0"],
    "a subscription with wrong flags": [_IN4, b"\x80\x06\0\1\0\1a\0"],
    "a subscription without a topic": [_IN4, b"\x82\x02\0\1"],
    "a subscription to nothing": [_IN4, b"\x82\x05\0\1\0\0\0"],
    "a subscription of quality 3": [_IN4, b"\x82\x06\0\1\0\1a\3"],
    "a subscription numbered 0": [_IN4, b"\x82\x06\0\0\0\1a\0"],
    "level 5, a subscription with wrong flags": [_IN5, b"\x80\x07\0\1\0\0\1a\0"],
    "level 5, a subscription without a topic": [_IN5, b"\x82\x03\0\1\0"],
    "level 5, a subscription to nothing": [_IN5, b"\x82\x06\0\1\0\0\0\0"],
    "level 5, a subscription of quality 3": [_IN5, b"\x82\x07\0\1\0\0\1a\3"],
    "level 5, a subscription numbered 0": [_IN5, b"\x82\x07\0\0\0\0\1a\0"],
    "level 5, a message to nothing": [_IN5, b"\x30\x04\0\0\0x"],
    "an end of nothing": [_IN4, b"\xa2\x02\0\1"],
    "an end with wrong flags": [_IN4, b"\xa0\x05\0\1\0\1a"],
    "a message cut short": [_IN4, b"\x30\x01\0"],
    "a message of quality 1, numbered 0": [_IN4, b"\x32\x06\0\1a\0\0x"],
    "a message of quality 3": [_IN4, b"\x36\x06\0\1a\0\1x"],
    "a message to nothing": [_IN4, b"\x30\x03\0\0x"],
    "a message to a wildcard": [_IN4, b"\x30\x04\0\1#x"],
    "level 5, a message to a wildcard": [_IN5, b"\x30\x05\0\1#\0x"],
    "level 5, a message of quality 3": [_IN5, b"\x36\x07\0\1a\0\1\0x"],
    "a message that is too long": [_IN4, b"\x30\xff\xff\xff\xff"],
    "a release of nothing": [_IN4, b"\x62\2\0\7"],
    "an acknowledgement of nothing": [_IN4, b"\x40\2\0\7", b"\xc0\0"],
}  # fmt: skip


def frame(kind: int, channel: int, payload: bytes, end: bytes = b"\xce") -> bytes:
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + end


def method(channel: int, number: tuple[int, int], body: bytes = b"") -> bytes:
    return frame(1, channel, struct.pack(">HH", *number) + body)


def short(value: bytes) -> bytes:
    return bytes([len(value)]) + value


def start_ok(mechanism: bytes, response: bytes, locale: bytes = b"en_US", properties: bytes = b"") -> bytes:
    body = struct.pack(">I", len(properties)) + properties + short(mechanism)
    return method(0, (10, 11), body + struct.pack(">I", len(response)) + response + short(locale))


_HEADER = b"AMQP\0\0\x09\1"
_BAD = start_ok(b"PLAIN", b"\0ann\0not-the-password")
_GOOD = start_ok(b"PLAIN", b"\0ann\0{the-right-password-}")
_TUNE_OK = method(0, (10, 31), struct.pack(">HIH", 2047, 131_072, 60))
_OPEN = method(0, (10, 40), short(b"/") + b"\0\0")
_LOGIN = [_HEADER, _GOOD]
_OPENED = [*_LOGIN, _TUNE_OK + _OPEN]
_CHANNEL = [*_OPENED, method(1, (20, 10), b"\0")]
_DECLARE = method(1, (50, 10), b"\0\0" + short(b"q") + b"\0" + bytes(4))
_EXCHANGE = method(1, (40, 10), b"\0\0" + short(b"e") + short(b"fanout") + b"\0" + bytes(4))
AMQP: dict[str, list[bytes]] = {
    "half a header": [b"AMQP"],
    "version 0-9": [b"AMQP\1\1\0\x09"],
    "version 0-10": [b"AMQP\1\1\0\x0a"],
    "TLS of 1.0": [b"AMQP\2\1\0\0"],
    "version 9": [b"AMQP\0\0\x09\x09"],
    "small letters": [b"amqp\0\0\x09\1"],
    "a header in pieces": [_HEADER[:3], _HEADER[3:]],
    "a header twice": [_HEADER, _HEADER],
    "the wrong password": [_HEADER, _BAD],
    "an unknown user": [_HEADER, start_ok(b"PLAIN", b"\0bob\0x")],
    "no password": [_HEADER, start_ok(b"PLAIN", b"\0ann\0")],
    "an empty response": [_HEADER, start_ok(b"PLAIN", b"")],
    "a response of another form": [_HEADER, start_ok(b"PLAIN", b"nonsense")],
    "one NUL": [_HEADER, start_ok(b"PLAIN", b"ann\0x")],
    "for another user": [_HEADER, start_ok(b"PLAIN", b"bob\0ann\0x")],
    "an unknown mechanism": [_HEADER, start_ok(b"FOO", b"x")],
    "EXTERNAL": [_HEADER, start_ok(b"EXTERNAL", b"")],
    "no mechanism": [_HEADER, start_ok(b"", b"")],
    "AMQPLAIN, wrong": [_HEADER, start_ok(b"AMQPLAIN", b"\x05LOGINS\0\0\0\x03ann\x08PASSWORDS\0\0\0\1x")],
    "AMQPLAIN without a password": [_HEADER, start_ok(b"AMQPLAIN", b"\x05LOGINS\0\0\0\x03ann")],
    "AMQPLAIN, nothing": [_HEADER, start_ok(b"AMQPLAIN", b"")],
    "failures told": [_HEADER, start_ok(b"PLAIN", b"\0ann\0x", properties=b"\x0ccapabilitiesF\0\0\0\x1e"
        b"\x1cauthentication_failure_closet\1")],
    "a header and a login at once": [_HEADER + _BAD],
    "a heartbeat first": [_HEADER, frame(8, 0, b"")],
    "a frame of no type": [_HEADER, frame(9, 0, b"abcd")],
    "a body first": [_HEADER, frame(3, 1, b"abcd")],
    "a header of contents first": [_HEADER, frame(2, 1, bytes(14))],
    "no end of a frame": [_HEADER, frame(1, 0, b"\0\x0a\0\x0b", b"\0")],
    "a method that is cut": [_HEADER, frame(1, 0, b"\0\x0a")],
    "a method that there is not": [_HEADER, method(0, (99, 99))],
    "a frame of 200000": [_HEADER, struct.pack(">BHI", 1, 0, 200_000)],
    "a frame of 4 GiB": [_HEADER, struct.pack(">BHI", 1, 0, 0xFFFF_FFFF)],
    "opening first": [_HEADER, _OPEN],
    "a channel first": [_HEADER, method(1, (20, 10), b"\0")],
    "leaving first": [_HEADER, method(0, (10, 50), struct.pack(">H", 200) + short(b"bye") + bytes(4))],
    "inside": _LOGIN,
    "opening before tuning": [*_LOGIN, _OPEN],
    "a second login": [*_LOGIN, _GOOD],
    "a size that is too large": [*_LOGIN, method(0, (10, 31), struct.pack(">HIH", 2047, 900_000, 60))],
    "a size that is too small": [*_LOGIN, method(0, (10, 31), struct.pack(">HIH", 2047, 100, 60))],
    "more channels than there are": [*_LOGIN, method(0, (10, 31), struct.pack(">HIH", 9999, 131_072, 60))],
    "no limit of channels": [*_LOGIN, method(0, (10, 31), struct.pack(">HIH", 0, 131_072, 60))],
    "no limit of size": [*_LOGIN, method(0, (10, 31), struct.pack(">HIH", 2047, 0, 60))],
    "a heartbeat, inside": [*_OPENED, frame(8, 0, b"")],
    "after leaving": [*_OPENED, method(0, (10, 50), struct.pack(">H", 200) + short(b"bye") + bytes(4)), _OPEN],
    "an exchange that may be": [*_CHANNEL, _EXCHANGE.replace(b"fanout\0", b"fanout\1")],
    "transactions": [*_CHANNEL, method(1, (90, 10)), method(1, (90, 20)), method(1, (90, 30))],
    "a commit of nothing": [*_CHANNEL, method(1, (90, 20))],
    "after an error": [*_OPENED, _DECLARE, method(1, (20, 10), b"\0"), method(0, (10, 51))],
    "a message to nowhere": [*_CHANNEL, method(1, (60, 40), b"\0\0" + short(b"") + short(b"q") + b"\0")],
    "a message": [*_CHANNEL, method(1, (60, 40), b"\0\0" + short(b"") + short(b"q") + b"\0")
        + frame(2, 1, struct.pack(">HHQH", 60, 0, 2, 0)) + frame(3, 1, b"hi")],
    "asking for a message": [*_CHANNEL, method(1, (60, 70), b"\0\0" + short(b"q") + b"\0")],
    "consuming": [*_CHANNEL, method(1, (60, 20), b"\0\0" + short(b"q") + short(b"") + b"\0" + bytes(4))],
    "binding": [*_CHANNEL, method(1, (50, 20), b"\0\0" + short(b"q") + short(b"e") + short(b"k") + b"\0" + bytes(4))],
    "purging": [*_CHANNEL, method(1, (50, 30), b"\0\0" + short(b"q") + b"\0")],
    "deleting": [*_CHANNEL, method(1, (50, 40), b"\0\0" + short(b"q") + b"\0")],
    "deleting an exchange": [*_CHANNEL, method(1, (40, 20), b"\0\0" + short(b"e") + b"\0")],
    "a queue without a name": [*_CHANNEL, method(1, (50, 10), b"\0\0" + short(b"") + b"\0" + bytes(4))],
    "a queue of the broker": [*_CHANNEL, method(1, (50, 10), b"\0\0" + short(b"amq.q") + b"\0" + bytes(4))],
    "acknowledging nothing": [*_CHANNEL, method(1, (60, 80), bytes(9))],
    "cancelling nothing": [*_CHANNEL, method(1, (60, 30), short(b"c") + b"\0")],
    "a flow": [*_CHANNEL, method(1, (20, 20), b"\1")],
    "a flow that stops": [*_CHANNEL, method(1, (20, 20), b"\0")],
    "no such virtual host": [*_LOGIN, _TUNE_OK + method(0, (10, 40), short(b"nope") + b"\0\0")],
    "an empty virtual host": [*_LOGIN, _TUNE_OK + method(0, (10, 40), short(b"") + b"\0\0")],
    "opened": _OPENED,
    "leaving": [*_OPENED, method(0, (10, 50), struct.pack(">H", 200) + short(b"bye") + bytes(4))],
    "opening twice": [*_OPENED, _OPEN],
    "a method of no connection": [*_OPENED, method(0, (10, 99))],
    "a channel's method on none": [*_OPENED, method(0, (20, 10), b"\0")],
    "a channel that is not open": [*_OPENED, _DECLARE],
    "a channel too many": [*_OPENED, method(4000, (20, 10), b"\0")],
    "a channel": _CHANNEL,
    "a channel twice": [*_CHANNEL, method(1, (20, 10), b"\0")],
    "a channel shut": [*_CHANNEL, method(1, (20, 40), struct.pack(">H", 200) + b"\0" + bytes(4))],
    "a queue": [*_CHANNEL, _DECLARE],
    "a queue that may be": [*_CHANNEL, method(1, (50, 10), b"\0\0" + short(b"q") + b"\1" + bytes(4))],
    "an exchange": [*_CHANNEL, _EXCHANGE],
    "a method of no channel": [*_CHANNEL, method(1, (99, 99))],
    "a connection's method on a channel": [*_CHANNEL, method(1, (10, 40), short(b"/") + b"\0\0")],
    "a transaction": [*_CHANNEL, method(1, (90, 10))],
    "confirms": [*_CHANNEL, method(1, (85, 10), b"\0")],
    "a quality": [*_CHANNEL, method(1, (60, 10), bytes(7))],
    "a heartbeat on a channel": [*_CHANNEL, frame(8, 1, b"")],
    "a body without a message": [*_CHANNEL, frame(3, 1, b"x")],
    "no end of a frame, inside": [*_CHANNEL, frame(1, 1, b"\0\x14\0\x0a", b"\0")],
    "a frame that is too long, inside": [*_CHANNEL, struct.pack(">BHI", 1, 1, 200_000)],
}  # fmt: skip
_NATS = b'CONNECT {"user":"ann","pass":"{the-right-password-}","verbose":false}\r\n'
NATS: dict[str, list[bytes]] = {
    "pipelined": [b"PING\r\nPING\r\nFOO\r\n"],
    "pipelined, inside": [_NATS + b"PING\r\nSUB a 1\r\nPING\r\n"],
    "in pieces": [_NATS[:9], _NATS[9:], b"PI", b"NG\r\n"],
    "bare line feeds": [b"PING\n"],
    "small letters": lines("ping", "connect {}"),
    "a long line": [b"P" * 5000],
    "a long operation": [b"CONNECT " + b"x" * 5000 + b"\r\n"],
    "TLS": [bytes.fromhex("1603010005010000010303")],
    "no text": [b"\0\1\2\3\r\n"],
    "a token": lines('CONNECT {"auth_token":"nope"}'),
    "a signature": lines('CONNECT {"jwt":"x","sig":"y","nkey":"z"}'),
    "an unknown user": lines('CONNECT {"user":"bob","pass":"x"}'),
    "TLS wanted": lines('CONNECT {"tls_required":true}'),
    "protocol 9": lines('CONNECT {"user":"ann","pass":"x","protocol":9}'),
    "an error": lines("-ERR x"),
    "OK": lines("+OK"),
    "headers first": [b"HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n"],
    "a message without a subject": [_NATS, *lines("PUB")],
    "a message of no size": [_NATS, *lines("PUB a x")],
    "a message of a size below 0": [_NATS, *lines("PUB a -1")],
    "a subscription without an id": [_NATS, *lines("SUB a")],
    "a subscription of many words": [_NATS, *lines("SUB a b c d")],
    "an end of nothing": [_NATS, *lines("UNSUB 9", "UNSUB", "PING")],
    "headers, inside": [_NATS, b"HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n"],
    "headers longer than all": [_NATS, b"HPUB a 20 14\r\nNATS/1.0\r\n\r\nhi\r\n"],
    "an information, inside": [_NATS, *lines("INFO {}")],
    "a pong, inside": [_NATS, *lines("PONG", "PING")],
}  # fmt: skip
