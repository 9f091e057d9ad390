"""Tokens in what is compressed, and in records of other programs."""

from __future__ import annotations

import base64
import gzip
import json
import lzma
import plistlib
import struct
import zlib
from collections.abc import Callable

from tests.wrapped import b64, b64url, base64_lines, cut, hexed, quoted, raw, text_with


def lz4block(data: bytes) -> bytes:
    """One sequence of literals (lz4_Block_format.md)."""
    rest = len(data) - 15
    return (
        b"\xf0" + b"\xff" * (rest // 255) + bytes([rest % 255]) if rest >= 0 else bytes([len(data) << 4])
    ) + data


def dnsmsg(labels: list[bytes]) -> bytes:
    """A question with a name of these labels."""
    return (
        b"\x12\x34\1\0\0\1\0\0\0\0\0\0"
        + b"".join(bytes([len(label)]) + label for label in labels)
        + b"\0\0\1\0\1"
    )


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "snappy framed raw chunk": lambda t: (
        b"\xff\x06\x00\x00sNaPpY\x01" + struct.pack("<I", len(t) + 4)[:3] + b"crc!" + t
    ),
    "lz4 frame": lambda t: (
        b"\x04\x22\x4d\x18\x40\x40\xc0"
        + struct.pack("<I", len(lz4block(text_with(t))))
        + lz4block(text_with(t))
        + bytes(4)
    ),
    "mozlz4": lambda t: b"mozLz40\0" + struct.pack("<I", len(text_with(t))) + lz4block(text_with(t)),
    "lz4 block java": lambda t: (
        b"LZ4Block\x26"
        + struct.pack("<III", len(lz4block(text_with(t))), len(text_with(t)), 0)
        + lz4block(text_with(t))
    ),
    "lzip": lambda t: (
        b"LZIP\x01\x17"
        + lzma.compress(
            text_with(t) * 3, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 23}]
        )
        + bytes(20)
    ),
    "git pack": lambda t: b"PACK\0\0\0\2\0\0\0\1" + b"\xb0\x06" + zlib.compress(text_with(t)) + bytes(20),
    "git pack many": lambda t: (
        b"PACK\0\0\0\2\0\0\0\3"
        + b"".join(b"\xb0\x06" + zlib.compress(b"blob %d other text" % i * 9) for i in range(2))
        + b"\xb0\x06"
        + zlib.compress(text_with(t))
        + bytes(20)
    ),
    "git receive-pack": lambda t: (
        b"00940000000000000000000000000000000000000000 "
        + b"a" * 40
        + b" refs/heads/main\0 report-status side-band-64k agent=git/2.39.20000PACK\0\0\0\2\0\0\0\1\xb0\x06"
        + zlib.compress(text_with(t))
        + bytes(20)
    ),
    "lumberjack": lambda t: (
        b"2W\0\0\0\12C" + struct.pack(">I", len(zlib.compress(text_with(t)))) + zlib.compress(text_with(t))
    ),
    "opcompressed zlib": lambda t: (
        struct.pack("<IIIIIIB", 99, 1, 0, 2012, 2013, 200, 2) + zlib.compress(text_with(t))
    ),
    "mysql compressed packet": lambda t: (
        struct.pack("<I", len(zlib.compress(text_with(t))))[:3]
        + b"\0"
        + struct.pack("<I", len(text_with(t)))[:3]
        + zlib.compress(text_with(t))
    ),
    "gzip then base64 lines prefixed": lambda t: b"".join(
        b"+%s\n" % part for part in cut(b64(gzip.compress(text_with(t))), 40)
    ),
    "permessage-deflate no final": lambda t: (
        lambda p: (p.compress(text_with(t)) + p.flush(zlib.Z_SYNC_FLUSH))[:-4]
    )(zlib.compressobj(wbits=-15)),
    "zlib preset level 3 head 7801.. in text": lambda t: (
        b"some text in front of it that is long enough to be more than sixty-four bytes of it all\n"
        + zlib.compress(text_with(t))
    ),
    "telnet iac nop": lambda t: b"PASS " + t[:9] + b"\xff\xf1" + t[9:] + b"\r\n",
    "telnet iac do": lambda t: b"PASS " + t[:9] + b"\xff\xfd\x18" + t[9:] + b"\r\n",
    "telnet iac ip dm": lambda t: b"\xff\xf4\xff\xf2PASS " + t + b"\r\n",
    "telnet sb": lambda t: t[:9] + b"\xff\xfa\x18\0xterm\xff\xf0" + t[9:],
    "telnet cr nul": lambda t: b"login\r\0" + t + b"\r\0",
    "bplist": lambda t: plistlib.dumps({"k": t.decode()}, fmt=plistlib.FMT_BINARY),
    "typedstream": lambda t: (
        b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x08NSString\x01\x94\x84\x01+"
        + bytes([len(t)])
        + t
        + b"\x86\x84"
    ),
    "smile": lambda t: (
        b":)\n\x01\xfa\x80k"
        + (bytes([0x60 + len(t) - 33]) if 33 <= len(t) <= 64 else bytes([0x40 + len(t) - 1]))
        + t
        + b"\xfb"
    ),
    "ruby marshal": lambda t: b'\x04\x08{\x06I"\x06k\x06:\x06ETI"' + bytes([len(t) + 5]) + t + b"\x06;\0T",
    "python marshal": lambda t: b"\xe3\0\0\0z" + bytes([len(t)]) + t,
    "python marshal Z": lambda t: b"\xfaZ" + bytes([len(t)]) + t + b"\xda\x01a",
    "fix": lambda t: b"8=FIX.4.4\x019=5\x01554=" + t + b"\x0110=000\x01",
    "resp3 streamed": lambda t: (
        b"$?\r\n;9\r\n" + t[:9] + b"\r\n;%d\r\n" % (len(t) - 9) + t[9:] + b"\r\n;0\r\n"
    ),
    "dns b32 wire": lambda t: dnsmsg(
        [*cut(base64.b32encode(text_with(t)).rstrip(b"=").lower(), 60), b"t", b"example", b"com"]
    ),
    "dns b64 wire": lambda t: dnsmsg([*cut(b64url(text_with(t)), 60), b"t", b"example", b"com"]),
    "dns hex wire": lambda t: dnsmsg([*cut(hexed(t), 30), b"t", b"example", b"com"]),
    "xor {xor}": lambda t: b'password="{xor}' + b64(bytes(c ^ 0x5F for c in t)) + b'"',
    "gpg literal": lambda t: b"\xcb" + bytes([len(t) + 6]) + b"b\0\0\0\0\0" + t,
    "pgp armor lines": lambda t: (
        b"-----BEGIN PGP MESSAGE-----\n\n"
        + base64.encodebytes(b"\xa3\1" + raw(b"\xcb\x20b\0\0\0\0\0" + t))
        + b"=abcd\n-----END PGP MESSAGE-----\n"
    ),
    "ansible b64 gz zip payload": lambda t: (
        b"ANSIBALLZ_PARAMS=" + json.dumps(json.dumps({"k": t.decode()})).encode()
    ),
    "hexdump b64 of utf16 gz": lambda t: b64(gzip.compress(t.decode().encode("utf-16le"))),
    "telegram export": lambda t: json.dumps(
        {"text": ["see ", {"type": "code", "text": t.decode()}, " end"]}
    ).encode(),
    "quill delta split": lambda t: json.dumps(
        {"ops": [{"insert": t[:9].decode(), "attributes": {"bold": True}}, {"insert": t[9:].decode()}]}
    ).encode(),
    "slate split": lambda t: json.dumps(
        {"children": [{"text": t[:9].decode()}, {"text": t[9:].decode(), "bold": True}]}
    ).encode(),
    "adf split": lambda t: json.dumps(
        {
            "type": "text",
            "content": [
                {"type": "text", "text": t[:9].decode()},
                {"type": "text", "text": t[9:].decode(), "marks": [{"type": "strong"}]},
            ],
        }
    ).encode(),
    "jupyter source": lambda t: json.dumps({"source": ["k = 'x'\n", "k = '" + t.decode() + "'\n"]}).encode(),
    "ipynb split b64": lambda t: json.dumps(
        {"image/png": [part.decode() + "\n" for part in base64_lines(t)]}, indent=1
    ).encode(),
    "openai stream": lambda t: b"".join(
        b'data: {"choices":[{"delta":{"content":%s}}]}\n\n' % json.dumps(p.decode()).encode()
        for p in cut(t, 4)
    ),
    "graphql escaped block": lambda t: json.dumps({"query": '{a(k:"\\u0022' + t.decode() + '")}'}).encode(),
    "css content url": lambda t: b"background:url(data:text/plain;base64," + b64(text_with(t)) + b")",
    "svg data utf8": lambda t: (
        b'url("data:image/svg+xml;utf8,' + quoted(b"<svg><text>" + t + b"</text></svg>") + b'")'
    ),
    "data url charset": lambda t: (
        b"data:text/plain;charset=utf-16;base64," + b64(t.decode().encode("utf-16"))
    ),
    "url userinfo double": lambda t: b"https://u:" + quoted(quoted(t)) + b"@h/",
    "url + spaces": lambda t: b"a=" + quoted(b"x y " + t).replace(b"%20", b"+"),
    "url semicolon": lambda t: b"a=1;k=" + quoted(t) + b";b=2",
    "intent url": lambda t: (
        b"intent://x#Intent;S.browser_fallback_url=" + quoted(b"https://a/?k=" + quoted(t)) + b";end"
    ),
    "gopher url": lambda t: (
        b"gopher://127.0.0.1:6379/_" + quoted(b"*2\r\n$4\r\nAUTH\r\n$%d\r\n" % len(t) + t + b"\r\n")
    ),
    "dict url": lambda t: b"dict://127.0.0.1:6379/AUTH:" + quoted(t),
    "ssrf double": lambda t: (
        b"/fetch?u=" + quoted(b"gopher://127.0.0.1:6379/_" + quoted(b"AUTH " + t + b"\r\n"))
    ),
    "java class modified utf8": lambda t: (
        b"\xca\xfe\xba\xbe\0\0\0\x34\0\2\1" + struct.pack(">H", len(t)) + t + b"\7"
    ),
    "excel biff": lambda t: b"\xfc\0\x30\0\1\0\0\0\1\0\0\0" + struct.pack("<HB", len(t), 0) + t,
    "numpy U": lambda t: b"\x93NUMPY\1\0\x36\0{'descr': '<U30'}\n" + t.decode().encode("utf-32le"),
    "parquet plain": lambda t: b"PAR1" + struct.pack("<I", len(t)) + t + b"\x15",
    "leveldb log": lambda t: (
        b"\x01\x02\x03\x04" + struct.pack("<HB", len(t) + 4, 1) + b"\1\1k" + bytes([len(t)]) + t
    ),
    "whatsapp export": lambda t: ("[29/11/2026, 10:00:00] Bob: \u200e" + t.decode() + "\u200e").encode(),
    "rtl marks": lambda t: ("\u202a" + t.decode() + "\u202c").encode(),
    "nbsp around": lambda t: "\xa0".encode() + t + "\xa0".encode(),
    "latin1 nbsp": lambda t: b"\xa0" + t + b"\xa0",
    "ideographic space": lambda t: "　".encode() + t + "　".encode(),
    "en dash": lambda t: t.replace(b"-", "\u2013".encode()),
    "smart ellipsis quotes": lambda t: "\u2018".encode() + t + "\u2019".encode(),
    "circled": lambda t: "".join(
        chr(0x24B6 + c - 65) if 65 <= c < 91 else chr(0x24D0 + c - 97) if 97 <= c < 123 else chr(c) for c in t
    ).encode(),
    "git quoted path": lambda t: b'diff --git "a/\\303\\244' + t + b'" "b/x"',
    "pax header": lambda t: b"%d path=" % (len(t) + 9) + t + b"\n",
    "sqlite3 .dump replace": lambda t: b"INSERT INTO t VALUES(replace('a\\n" + t + b"','\\n',char(10)));",
    "mysql --xml": lambda t: b'<field name="k">' + t + b"</field>",
    "mysqldump hex-blob": lambda t: b"(1,0x" + t.hex().upper().encode() + b")",
    "pg_dump inserts U": lambda t: b"E'\\\\001" + t + b"'",
    "pg escape bytea text": lambda t: b"".join(b"\\\\%03o" % c for c in t),
    "csv escape backslash": lambda t: b"1,a\\," + t + b"\\,b",
    "ldif base64 wrapped 76": lambda t: b"k:: " + b"\n ".join(cut(b64(text_with(t)), 72)) + b"\n",
    "netscape cookies": lambda t: b"a.example\tTRUE\t/\tFALSE\t0\tk\t" + t,
    "chrome json export": lambda t: json.dumps([{"name": "k", "value": t.decode()}]).encode(),
    "windows clip html": lambda t: (
        b"Version:0.9\r\nStartHTML:0000000105\r\n<html><!--StartFragment-->"
        + t
        + b"<!--EndFragment--></html>"
    ),
}
"""How each is made of a token."""
