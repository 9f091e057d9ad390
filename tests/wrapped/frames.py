"""Tokens in the fields of binary protocols."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable

from tests.wrapped import b64, b64url, raw


def pb(number: int, data: bytes) -> bytes:
    """A field of a protocol buffer, of less than 128 bytes."""
    return bytes([number << 3 | 2, len(data)]) + data


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "bson": lambda t: (lambda d: struct.pack("<I", len(d) + 5) + d + b"\0")(
        b"\x02k\0" + struct.pack("<I", len(t) + 1) + t + b"\0"
    ),
    "bson binary": lambda t: (lambda d: struct.pack("<I", len(d) + 5) + d + b"\0")(
        b"\x05k\0" + struct.pack("<I", len(t)) + b"\0" + t
    ),
    "grpc-web text": lambda t: b64(b"\0" + struct.pack(">I", len(pb(1, t))) + pb(1, t)),
    "grpc gzip": lambda t: (lambda d: b"\1" + struct.pack(">I", len(d)) + d)(gzip.compress(pb(1, t))),
    "protobuf nested": lambda t: pb(1, pb(2, pb(3, t) + b"\x20\x01")),
    "protobuf b64": lambda t: b64(pb(1, pb(2, t))),
    "protobuf text format": lambda t: b'k: "' + b"".join(b"\\%03o" % c for c in t) + b'"',
    "protobuf any json": lambda t: json.dumps({"@type": "x", "value": b64(pb(1, t)).decode()}).encode(),
    "thrift binary": lambda t: (
        b"\x80\1\0\1\0\0\0\4ping\0\0\0\1\x0b\0\1" + struct.pack(">I", len(t)) + t + b"\0"
    ),
    "thrift compact": lambda t: b"\x82\x21\1\4ping\x18" + bytes([len(t)]) + t + b"\0",
    "thrift json": lambda t: b'[1,"ping",1,0,{"1":{"str":"' + t + b'"}}]',
    "avro": lambda t: b"Obj\1\4\x16avro.schema\x04{}\0" + b"\x02" + bytes([len(t) * 2]) + t,
    "msgpack str8": lambda t: b"\x81\xa1k\xd9" + bytes([len(t)]) + t,
    "msgpack ext": lambda t: b"\xc7" + bytes([len(t)]) + b"\5" + t,
    "cbor tstr": lambda t: b"\xa1ak\x78" + bytes([len(t)]) + t,
    "cbor diag": lambda t: b"{1: h'" + t.hex().encode() + b"'}",
    "cbor diag b64": lambda t: b"{1: b64'" + b64url(t) + b"'}",
    "ion text": lambda t: b"{k:{{" + b64(t) + b"}}}",
    "netstring": lambda t: b"%d:" % len(t) + t + b",",
    "kafka frame": lambda t: (
        struct.pack(">IHHI", 40 + len(t), 0, 3, 1)
        + struct.pack(">H", 4)
        + b"topc"
        + struct.pack(">I", len(t))
        + t
    ),
    "kafka record varint": lambda t: (
        b"\x50\0\0\0\1" + bytes([len(t) * 2 if len(t) < 64 else 128]) + t + b"\0"
    ),
    "amf0": lambda t: b"\0\0\0\1\0\3x/y\0\2/1\0\0\0\5\x02" + struct.pack(">H", len(t)) + t,
    "amf3": lambda t: b"\x06" + bytes([len(t) * 2 + 1 if len(t) < 64 else 129]) + t,
    "wbxml": lambda t: b"\x03\1j\0\x45\x4b\x03" + t + b"\0\1\1",
    "msbin1": lambda t: b"\x40\1k\x99" + bytes([len(t)]) + t,
    "ubjson": lambda t: b"{i\1kSi" + bytes([len(t)]) + t + b"}",
    "flatbuffers": lambda t: (
        b"\x0c\0\0\0\0\0\6\0\4\0\4\0\0\0\6\0\0\0" + struct.pack("<I", len(t)) + t + b"\0"
    ),
    "kerberos ap-req": lambda t: b"\x6e\x82\1\0\x30\x82\0\xfc\xa0\3\2\1\5\x1b" + bytes([len(t)]) + t,
    "snmp v2c": lambda t: b"\x30\x30\x02\1\1\x04" + bytes([len(t)]) + t + b"\xa0\x1c\x02\x04abcd",
    "radius": lambda t: b"\1\1\0\x40" + bytes(16) + b"\1" + bytes([len(t) + 2]) + t + b"\x04\x06\x7f\0\0\1",
    "websocket permessage-deflate": lambda t: raw(t)[: -0 or None],
    "uwsgi packet": lambda t: b"\0\x40\0\0\x0c\0HTTP_X_TOKEN" + struct.pack("<H", len(t)) + t,
    "scgi": lambda t: b"70:CONTENT_LENGTH\0000\0SCGI\0001\0HTTP_K\0" + t + b"\0,",
    "ajp": lambda t: b"\x12\x34\0\x50\2\2\0\x08HTTP/1.1\0\0\1/\0" + struct.pack(">H", len(t)) + t + b"\0\xff",
    "stomp": lambda t: b"CONNECT\nlogin:a\npasscode:" + t.replace(b":", b"\\c") + b"\n\n\0",
    "stomp \\c": lambda t: b"SEND\nurl:http\\c//a/" + t + b"\n\n\0",
    "socks5 auth": lambda t: b"\1\1u" + bytes([len(t)]) + t,
    "memcached binary sasl": lambda t: (
        b"\x80\x21\0\5\0\0\0\0\0\0\0\x28\0\0\0\0\0\0\0\0\0\0\0\0PLAIN\0u\0" + t
    ),
    "rdp cookie": lambda t: b"\3\0\0\x2f\x2a\xe0\0\0\0\0\0Cookie: mstshash=" + t + b"\r\n\1\0\x08\0\3\0\0\0",
    "smb2 path utf16": lambda t: b"\xfeSMB" + bytes(60) + ("\\\\h\\" + t.decode()).encode("utf-16le"),
    "ssh agent str": lambda t: struct.pack(">I", len(t)) + t + struct.pack(">I", 3) + b"abc",
}
"""How each is made of a token."""
