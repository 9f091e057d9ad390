"""Tokens in dumps, databases and documents."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import struct
import zlib
from collections.abc import Callable

from tests.wrapped import b64, quoted

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "xlsx _xHHHH_": lambda t: b"<t>" + t[:8] + b"_x%04X_" % t[8] + t[9:] + b"</t>",
    "certutil -encode": lambda t: (
        b"-----BEGIN CERTIFICATE-----\r\n"
        + base64.encodebytes(t).replace(b"\n", b"\r\n")
        + b"-----END CERTIFICATE-----\r\n"
    ),
    "certutil -encodehex": lambda t: b"".join(
        b"%04x  %s  %s   %s\r\n"
        % (i, t[i : i + 8].hex(" ").encode(), t[i + 8 : i + 16].hex(" ").encode(), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "reg utf16 file": lambda t: (
        f'\ufeffWindows Registry Editor Version 5.00\r\n\r\n[HKEY_X]\r\n"k"="{t.decode()}"\r\n'
    ).encode("utf-16le"),
    "tcpdump -X": lambda t: b"".join(
        b"\t0x%04x:  %s  %s\n" % (i, t[i : i + 16].hex(" ", -2).encode().ljust(39), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "tshark -x": lambda t: b"".join(
        b"%04x  %s   %s\n" % (i, t[i : i + 16].hex(" ").encode().ljust(47), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "wireshark c array": lambda t: (
        b"char peer0_0[] = { /* Packet 1 */\n"
        + b",\n".join(b", ".join(b"0x%02x" % c for c in t[i : i + 8]) for i in range(0, len(t), 8))
        + b" };"
    ),
    "wireshark escaped string": lambda t: b"\n".join(
        b'"' + b"".join(b"\\x%02x" % c for c in t[i : i + 16]) + b'" \\' for i in range(0, len(t), 16)
    ),
    "hexyl": lambda t: "".join(
        "│{:08x}│ {} ┊ {} │{}┊{}│\n".format(
            i,
            t[i : i + 8].hex(" ").ljust(23),
            t[i + 8 : i + 16].hex(" ").ljust(23),
            t[i : i + 8].decode(),
            t[i + 8 : i + 16].decode(),
        )
        for i in range(0, len(t), 16)
    ).encode(),
    "gdb x/s": lambda t: b'0x555555556004:\t"' + t + b'"',
    "gdb x/16xb": lambda t: b"".join(
        b"0x%x:\t%s\n" % (0x7FFE3A30 + i, b"\t".join(b"0x%02x" % c for c in t[i : i + 8]))
        for i in range(0, len(t), 8)
    ),
    "gdb x/xw": lambda t: (
        lambda d: b"".join(
            b"0x%x:\t%s\n"
            % (
                0x7FFE3A30 + i,
                b"\t".join(
                    b"0x%08x" % struct.unpack("<I", d[j : j + 4])[0] for j in range(i, min(i + 16, len(d)), 4)
                ),
            )
            for i in range(0, len(d), 16)
        )
    )(t + bytes(-len(t) % 4)),
    "gdb x/c": lambda t: b"".join(
        b"0x%x:\t%s\n" % (0x7FFE3A30 + i, b"\t".join(b"%d '%c'" % (c, c) for c in t[i : i + 8]))
        for i in range(0, len(t), 8)
    ),
    "gdb char array print": lambda t: b"$1 = {" + b", ".join(b"%d '%c'" % (c, c) for c in t) + b"}",
    "gdb repeats": lambda t: b'$1 = "' + t + b"\\000\", 'a' <repeats 20 times>",
    "lldb memory read": lambda t: b"".join(
        b"0x%012x: %s  %s\n" % (0x7FFEEFBFF5C0 + i, t[i : i + 16].hex(" ").encode(), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "windbg db": lambda t: b"".join(
        b"0000002f`8c9ff8%02x  %s  %s\n"
        % (i, (t[i : i + 8].hex(" ") + "-" + t[i + 8 : i + 16].hex(" ")).encode(), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "u-boot md": lambda t: (
        lambda d: b"".join(
            b"%08x: %s    %s\n"
            % (
                0x80000000 + i,
                b" ".join(
                    b"%08x" % struct.unpack("<I", d[j : j + 4])[0] for j in range(i, min(i + 16, len(d)), 4)
                ),
                d[i : i + 16],
            )
            for i in range(0, len(d), 16)
        )
    )(t + bytes(-len(t) % 4)),
    "intel hex": lambda t: (
        b"".join(
            (lambda rec: b":" + rec.hex().upper().encode() + b"%02X\n" % (-sum(rec) & 255))(
                bytes([len(t[i : i + 16]), 0, i, 0]) + t[i : i + 16]
            )
            for i in range(0, len(t), 16)
        )
        + b":00000001FF\n"
    ),
    "S-records": lambda t: (
        b"S00600004844521B\n"
        + b"".join(
            (lambda rec: b"S1" + rec.hex().upper().encode() + b"%02X\n" % (~sum(rec) & 255))(
                bytes([len(t[i : i + 16]) + 3, 0, i]) + t[i : i + 16]
            )
            for i in range(0, len(t), 16)
        )
    ),
    "strace": lambda t: b'write(3, "' + t + b'"..., 512) = 512',
    "strace -xx": lambda t: b'write(3, "' + b"".join(b"\\x%02x" % c for c in t) + b'", 30) = 30',
    "strace -e write": lambda t: b"".join(
        b" | %05x  %s  %s |\n"
        % (i, (t[i : i + 8].hex(" ") + "  " + t[i + 8 : i + 16].hex(" ")).encode().ljust(49), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "openssl s_client msg dump": lambda t: b"".join(
        b"    %04x - %s   %s\n"
        % (i, (t[i : i + 8].hex(" ") + "-" + t[i + 8 : i + 16].hex(" ")).encode(), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "openssl asn1parse": lambda t: (
        b"    0:d=0  hl=2 l=  30 prim: OCTET STRING      [HEX DUMP]:" + t.hex().upper().encode()
    ),
    "openssl text hex": lambda t: (
        b"Signature Value:\n"
        + b"".join(
            b"        " + t[i : i + 18].hex(":").encode() + (b":" if i + 18 < len(t) else b"") + b"\n"
            for i in range(0, len(t), 18)
        )
    ),
    "dig ip hex": lambda t: b"IN TYPE65534 \\# %d " % len(t) + t.hex().upper().encode(),
    "dig txt decimal escape": lambda t: b'a.example. 60 IN TXT "' + b"".join(b"\\%03d" % c for c in t) + b'"',
    "dig txt split": lambda t: b'a.example. 60 IN TXT "' + t[:10] + b'" "' + t[10:] + b'"',
    "gpg clearsign dash": lambda t: (
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -key="
        + t
        + b"\n-----BEGIN PGP SIGNATURE-----\n"
    ),
    "objdump -s": lambda t: (
        b"Contents of section .rodata:\n"
        + b"".join(
            b" %04x %s  %s\n" % (i, t[i : i + 16].hex(" ", -4).encode().ljust(35), t[i : i + 16])
            for i in range(0, len(t), 16)
        )
    ),
    "readelf -x": lambda t: b"".join(
        b"  0x%08x %s %s\n" % (0x2000 + i, t[i : i + 16].hex(" ", -4).encode().ljust(35), t[i : i + 16])
        for i in range(0, len(t), 16)
    ),
    "sql server 0x utf16": lambda t: b"0x" + t.decode().encode("utf-16le").hex().upper().encode(),
    "oracle utl_raw": lambda t: b"UTL_RAW.CAST_TO_VARCHAR2(HEXTORAW('" + t.hex().upper().encode() + b"'))",
    "mysql char hex": lambda t: b"CHAR(" + b",".join(b"0x%02x" % c for c in t) + b")",
    "mysql concat char": lambda t: b"CONCAT(" + b",".join(b"CHAR(%d)" % c for c in t) + b")",
    "mysql unhex": lambda t: b"unhex('" + t.hex().encode() + b"')",
    "mysql b''": lambda t: b"b'" + b"".join(b"%s" % format(c, "08b").encode() for c in t) + b"'",
    "pg bytea hex": lambda t: b"E'\\\\x" + t.hex().encode() + b"'",
    "pg bytea escape all": lambda t: b"E'" + b"".join(b"\\\\%03o" % c for c in t) + b"'::bytea",
    "pg bytea escape": lambda t: b"\\000\\001" + t + b"\\377",
    "pg copy bytea": lambda t: b"1\t\\\\x" + t.hex().encode() + b"\t\\N\n",
    "pg copy binary": lambda t: (
        b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\0\1" + struct.pack(">I", len(t)) + t + b"\xff\xff"
    ),
    "pg dollar": lambda t: b"$tag$" + t + b"$tag$",
    "pg array": lambda t: b'{"a","' + t + b'","c"}',
    "pg decode b64 wrapped": lambda t: b"decode('" + base64.encodebytes(t).strip() + b"','base64')",
    "sqlite quote": lambda t: b"INSERT INTO t VALUES(1,X'" + t.hex().upper().encode() + b"');",
    "sqlite char": lambda t: b"char(" + b",".join(b"%d" % c for c in t) + b")",
    "sqlite unistr": lambda t: b"unistr('" + b"".join(b"\\u%04x" % c for c in t) + b"')",
    "mongo BinData": lambda t: b'BinData(0,"' + b64(t) + b'")',
    "mongo extended json": lambda t: json.dumps(
        {"k": {"$binary": {"base64": b64(t).decode(), "subType": "00"}}}
    ).encode(),
    "cassandra blob": lambda t: b"INSERT INTO t (k) VALUES (0x" + t.hex().encode() + b")",
    "redis cli": lambda t: b'"\\x00' + t + b'\\xff"',
    "redis rdb": lambda t: b"REDIS0009\xfe\0\0\1k" + bytes([len(t)]) + t + b"\xff",
    "redis monitor": lambda t: b'1339518083.107412 [0 127.0.0.1:60866] "auth" "' + t + b'"',
    "ldif": lambda t: b"userPassword:: " + b64(t) + b"\n",
    "ldif folded": lambda t: b"userPassword:: " + b64(t)[:20] + b"\n " + b64(t)[20:] + b"\n",
    "ldif text folded": lambda t: b"description: " + t[:10] + b"\n " + t[10:] + b"\n",
    "ldap DN escape": lambda t: (
        b"cn=" + b"".join(b"\\%02X" % c if c in b"/+=-" else bytes([c]) for c in t) + b",dc=a"
    ),
    "ldap DN hash": lambda t: b"cn=#04%02x" % len(t) + t.hex().encode() + b",dc=a",
    "ldap filter": lambda t: b"(&(uid=" + b"".join(b"\\%02x" % c for c in t) + b")(a=b))",
    "digest header": lambda t: (
        b'Authorization: Digest username="' + t + b'", realm="a", nonce="b", uri="/", response="c"'
    ),
    "digest userhash*": lambda t: b"Authorization: Digest username*=UTF-8''" + quoted(t) + b', realm="a"',
    "audit hex": lambda t: (
        b'type=EXECVE msg=audit(1.1:1): argc=2 a0="curl" a1=' + (b"K " + t).hex().upper().encode()
    ),
    "audit proctitle": lambda t: (
        b"type=PROCTITLE msg=audit(1:1): proctitle=" + (b"curl\0-u\0x:" + t).hex().upper().encode()
    ),
    "rtf hex": lambda t: b"{\\rtf1 " + b"".join(b"\\'%02x" % c for c in t) + b"}",
    "rtf unicode": lambda t: b"{\\rtf1 " + b"".join(b"\\u%d?" % c for c in t) + b"}",
    "rtf objdata hex": lambda t: (
        b"{\\*\\objdata "
        + b"\r\n".join(t.hex().encode()[i : i + 32] for i in range(0, 2 * len(t), 32))
        + b"}"
    ),
    "hex labels 60": lambda t: (
        (lambda d: b".".join(d[i : i + 60] for i in range(0, len(d), 60)))(t.hex().encode())
        + b".t.example.com"
    ),
    "hex of base64": lambda t: b64(t).hex().encode(),
    "hex of hex": lambda t: t.hex().encode().hex().encode(),
    "hex 0x comma": lambda t: b",".join(b"0x%02X" % c for c in t),
    "hex no pad 0x": lambda t: b" ".join(b"0x%x" % c for c in t),
    "hex \\x upper X": lambda t: b"".join(b"\\X%02X" % c for c in t),
    "hex groups of 4": lambda t: t.hex(" ", -2).encode(),
    "hex groups of 8": lambda t: t.hex(" ", -4).encode(),
    "hex groups of 16": lambda t: t.hex(" ", -8).encode(),
    "hex = qp no cr": lambda t: b"".join(b"=%02x" % c for c in t),
    "hex %x in angle (less)": lambda t: b"<FF>" + t + b"<00>",
    "decimal spaced": lambda t: b" ".join(b"%d" % c for c in t),
    "decimal lines": lambda t: b"\n".join(b"%d" % c for c in t),
    "decimal semicolon": lambda t: b";".join(b"%d" % c for c in t),
    "uuencode -m": lambda t: b"begin-base64 644 x\n" + base64.encodebytes(t) + b"====\n",
    "uuencode 755": lambda t: (
        b"begin 755 x.sh\n"
        + b"".join(binascii.b2a_uu(t[i : i + 45]) for i in range(0, len(t), 45))
        + b"`\nend\n"
    ),
    "uuencode 0600": lambda t: (
        b"begin 600 x\r\n"
        + b"".join(binascii.b2a_uu(t[i : i + 45]).replace(b"\n", b"\r\n") for i in range(0, len(t), 45))
        + b"`\r\nend\r\n"
    ),
    "uuencode backtick": lambda t: (
        b"begin 664 x\n"
        + b"".join(
            binascii.b2a_uu((b"\0\0\0" + t)[i : i + 45], backtick=True) for i in range(0, len(t) + 3, 45)
        )
        + b"`\nend\n"
    ),
    "pdf a85 flate": lambda t: (
        b"<< /Filter [/ASCII85Decode /FlateDecode] >>\nstream\n"
        + base64.a85encode(zlib.compress(t))
        + b"~>\nendstream"
    ),
    "pdf asciihex": lambda t: b"<< /Filter /ASCIIHexDecode >>\nstream\n" + t.hex().encode() + b">\nendstream",
    "pdf hex string": lambda t: b"BT <" + t.hex().upper().encode() + b"> Tj ET",
    "pdf utf16 string": lambda t: b"(\xfe\xff" + t.decode().encode("utf-16be") + b")",
    "pdf hex utf16": lambda t: b"/Title <FEFF" + t.decode().encode("utf-16be").hex().upper().encode() + b">",
    "pdf TJ kerned": lambda t: (
        b"BT [" + b" ".join(b"(%s)%d" % (t[i : i + 3], -20) for i in range(0, len(t), 3)) + b"] TJ ET"
    ),
    "pdf octal": lambda t: b"(" + b"".join(b"\\%03o" % c for c in t) + b") Tj",
    "pdf flate TJ": lambda t: (
        b"<< /Filter /FlateDecode >>\nstream\n"
        + zlib.compress(
            b"BT [" + b" ".join(b"(%s)%d" % (t[i : i + 3], -20) for i in range(0, len(t), 3)) + b"] TJ ET"
        )
        + b"\nendstream"
    ),
    "pdf glyph hex 2 byte": lambda t: b"BT <" + t.decode().encode("utf-16be").hex().encode() + b"> Tj ET",
    "git diff word": lambda t: b"+key=" + t + b"\n-key=x",
    "git diff color words": lambda t: b"\x1b[32m{+" + t + b"+}\x1b[m",
    "csv quoted doubled": lambda t: b'1,"a ""' + t + b'"" b"\r\n',
    "csv =": lambda t: b'="' + t + b'"',
    "excel formula concat": lambda t: b'="' + t[:9] + b'"&"' + t[9:] + b'"',
    "excel formula char": lambda t: b"=" + b"&".join(b"CHAR(%d)" % c for c in t),
    "gzip hex": lambda t: gzip.compress(t).hex().encode(),
    "gzip percent": lambda t: quoted(gzip.compress(t)),
    "gzip in 0x literal": lambda t: b"0x" + gzip.compress(t).hex().upper().encode(),
    "mysql COMPRESS()": lambda t: struct.pack("<I", len(t)) + zlib.compress(t),
    "mysql COMPRESS() hex": lambda t: b"0x" + (struct.pack("<I", len(t)) + zlib.compress(t)).hex().encode(),
    "git loose object": lambda t: zlib.compress(b"blob %d\0" % len(t) + t),
    "jpeg exif utf16": lambda t: b"\xff\xd8\xff\xe1\0\x50Exif\0\0" + t.decode().encode("utf-16le"),
    "jpeg comment": lambda t: b"\xff\xd8\xff\xfe" + struct.pack(">H", len(t) + 2) + t + b"\xff\xd9",
}
"""How each is made of a token."""
