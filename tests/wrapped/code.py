"""Tokens in source code and in what programs print of their values."""

from __future__ import annotations

import gzip
import json
import pickle
import struct
import urllib.parse
from collections.abc import Callable

from tests.wrapped import b64

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "shell ansi-c": lambda t: b"export K=$'" + b"".join(b"\\x%02x" % c for c in t) + b"'",
    "bash printf octal no slash": lambda t: b"printf '" + b"".join(b"\\%o" % c for c in t) + b"'",
    "shell single quote concat": lambda t: b"K='" + t[:5] + b"''" + t[5:] + b"'",
    "shell backslash newline": lambda t: b"curl -H 'a: b' \\\n  -d " + t[:9] + b"\\\n" + t[9:],
    "shell empty quotes": lambda t: b"echo " + t[:9] + b"''" + t[9:17] + b'""' + t[17:],
    "declare -p": lambda t: b'declare -x K="' + t + b'"',
    "environ block": lambda t: b"PATH=/bin\0K=" + t + b"\0HOME=/\0",
    "ps encodedcommand": lambda t: (
        b"powershell -EncodedCommand "
        + b64(b"$k='".decode().encode("utf-16le") + t.decode().encode("utf-16le") + "'".encode("utf-16le"))
    ),
    "ps enc gzip": lambda t: (
        b"powershell -e "
        + b64(
            b"IEX(New-Object IO.StreamReader(...FromBase64String('%s')".replace(
                b"%s", b64(gzip.compress(b"$k='" + t + b"'"))
            )
            .decode()
            .encode("utf-16le")
        )
    ),
    "ps char array join": lambda t: b"-join([char[]](" + b",".join(b"%d" % c for c in t) + b"))",
    "ps char hex": lambda t: b"+".join(b"[char]0x%02x" % c for c in t),
    "ps unicode escape `u{}": lambda t: b'"' + b"".join(b"`u{%x}" % c for c in t) + b'"',
    "ps format-hex": lambda t: (
        b"           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\r\n\r\n"
        + b"".join(
            b"%08X   %s  %s\r\n" % (i, t[i : i + 16].hex(" ").upper().ljust(47).encode(), t[i : i + 16])
            for i in range(0, len(t), 16)
        )
    ),
    "clixml": lambda t: (
        b'#< CLIXML\r\n<Objs><S S="Error">' + b"".join(b"_x%04X_" % c for c in t) + b"</S></Objs>"
    ),
    "batch caret newline": lambda t: b"set K=" + t[:8] + b"^\r\n" + t[8:],
    "node inspect buffer": lambda t: b"<Buffer " + t.hex(" ").encode() + b">",
    "python bytes repr": lambda t: repr(b"\0\xff" + t).encode(),
    "python list of ints": lambda t: repr(list(t)).encode(),
    "python bytearray list cols": lambda t: b"".join(
        b"%4d,%s" % (c, b"\n" if i % 8 == 7 else b"") for i, c in enumerate(t)
    ),
    "python array('B')": lambda t: b"array('B', " + repr(list(t)).encode() + b")",
    "python pickle p2 bytes": lambda t: pickle.dumps({"k": t}, 2),
    "python pickle p4": lambda t: pickle.dumps({"k": t.decode(), "l": [t]}, 4),
    "python repr of repr": lambda t: repr(repr(b"\xff'\"" + t)).encode(),
    "python textwrap triple": lambda t: b'k = (\n    "' + t[:9] + b'"\n    "' + t[9:] + b'"\n)',
    "python fstring concat": lambda t: b"k = f'" + t[:9] + b"' f\"" + t[9:] + b'"',
    "python join list": lambda t: b"k = ''.join([" + b", ".join(b"'%c'" % c for c in t) + b"])",
    "python chr list": lambda t: b"''.join(map(chr, [" + b",".join(b"%d" % c for c in t) + b"]))",
    "python hex list": lambda t: repr([hex(c) for c in t]).encode(),
    "rails 5.2 message": lambda t: (
        b"_s="
        + urllib.parse.quote(
            b64(
                json.dumps(
                    {
                        "_rails": {
                            "message": b64(json.dumps(t.decode()).encode()).decode(),
                            "exp": None,
                            "pur": "cookie.s",
                        }
                    }
                ).encode()
            )
        ).encode()
        + b"--abc123"
    ),
    "php session decode": lambda t: b'user|s:%d:"' % len(t) + t + b'";',
    "php pack wddx": lambda t: (
        b"<wddxPacket version='1.0'><data><string>" + t + b"</string></data></wddxPacket>"
    ),
    "php str dotted": lambda t: b"$k = '" + t[:7] + b"' . '" + t[7:15] + b"' . \"" + t[15:] + b'";',
    "laravel unencrypted json b64": lambda t: (
        b"laravel_session="
        + urllib.parse.quote(
            b64(json.dumps({"iv": "a", "value": b64(b's:30:"' + t + b'";').decode(), "mac": "b"}).encode())
        ).encode()
    ),
    "perl q concat": lambda t: b"my $k = '" + t[:7] + b"'\n  . '" + t[7:] + b"';",
    "java properties": lambda t: b"k=" + b"".join(b"\\u%04x" % c for c in t),
    "java properties continued": lambda t: b"k=" + t[:9] + b"\\\n    " + t[9:],
    "java properties escaped": lambda t: b"k=" + t.replace(b"=", b"\\=").replace(b":", b"\\:"),
    "java serialized": lambda t: b"\xac\xed\0\5t" + struct.pack(">H", len(t)) + t,
    "java serialized b64": lambda t: b64(b"\xac\xed\0\5t" + struct.pack(">H", len(t)) + t),
    "java string concat": lambda t: b'String k = "' + t[:8] + b'"\n    + "' + t[8:] + b'";',
    "java byte array": lambda t: b"new byte[] {" + b", ".join(b"(byte)0x%02x" % c for c in t) + b"}",
    "java byte array dec cast": lambda t: b"new byte[] {" + b", ".join(b"(byte) %d" % c for c in t) + b"}",
    "java char array": lambda t: b"new char[] {" + b", ".join(b"'%c'" % c for c in t) + b"}",
    "go []byte literal": lambda t: b"[]byte{" + b", ".join(b"0x%x" % c for c in t) + b"}",
    "rust debug vec": lambda t: b"[" + b", ".join(b"%d" % c for c in t) + b"]",
    "rust debug vec pretty": lambda t: b"[\n" + b"".join(b"    %d,\n" % c for c in t) + b"]",
    "rust debug vec hex": lambda t: b"[" + b", ".join(b"%x" % c for c in t) + b"]",
    "rust bytes escape": lambda t: b'b"' + t + b'\\xff\\0"',
    "rust string continuation": lambda t: b'let k = "' + t[:9] + b"\\\n         " + t[9:] + b'";',
    "rust concat!": lambda t: b'concat!("' + t[:9] + b'", "' + t[9:] + b'")',
    "erlang binary": lambda t: b"<<" + b",".join(b"%d" % c for c in t) + b">>",
    "erlang etf": lambda t: b"\x83m" + struct.pack(">I", len(t)) + t,
    "elixir inspect charlist": lambda t: b'~c"' + t + b'"',
    "lua decimal escapes": lambda t: b'k = "' + b"".join(b"\\%d" % c for c in t) + b'"',
    "lua decimal escapes 3": lambda t: b'k = "' + b"".join(b"\\%03d" % c for c in t) + b'"',
    "lua concat": lambda t: b'k = "' + t[:7] + b'" .. "' + t[7:] + b'"',
    "vb concat chr": lambda t: b" & ".join(b"Chr(%d)" % c for c in t),
    "vb concat continued": lambda t: b'k = "' + t[:7] + b'" & _\r\n    "' + t[7:] + b'"',
    "vb &H": lambda t: b" & ".join(b"Chr(&H%02X)" % c for c in t),
    "vb doubled": lambda t: b'k = "x""' + t + b'"""',
    "js fromCharCode": lambda t: b"String.fromCharCode(" + b",".join(b"%d" % c for c in t) + b")",
    "js fromCharCode hex": lambda t: b"String.fromCharCode(" + b",".join(b"0x%x" % c for c in t) + b")",
    "js array join": lambda t: b"['" + t[:7] + b"','" + t[7:14] + b"','" + t[14:] + b"'].join('')",
    "js \\u{} braces": lambda t: b'"' + b"".join(b"\\u{%05x}" % c for c in t) + b'"',
    "js octal one digit": lambda t: b"'" + b"".join(b"\\%o" % c for c in t) + b"'",
    "js atob": lambda t: b'atob("' + b64(t) + b'")',
    "js split atob": lambda t: b'atob("' + b64(t)[:12] + b'" + "' + b64(t)[12:] + b'")',
    "js source map": lambda t: b'{"version":3,"sourcesContent":["const k=\\"' + t + b'\\""]}',
    "c hex strings concat": lambda t: b'char k[] = "' + b"".join(b'\\x%02x""' % c for c in t) + b'";',
    "c array chars": lambda t: b"char k[] = {" + b", ".join(b"'%c'" % c for c in t) + b", 0};",
    "c string continued": lambda t: b'char *k = "' + t[:9] + b"\\\n" + t[9:] + b'";',
    "c trigraph/octal": lambda t: b'"' + b"".join(b'\\%o""' % c for c in t) + b'"',
    "asm .byte": lambda t: b"\n".join(
        b"\t.byte\t" + b",".join(b"0x%x" % c for c in t[i : i + 8]) for i in range(0, len(t), 8)
    ),
    "asm .byte dec": lambda t: b"\n".join(b"\t.byte\t%d" % c for c in t),
    "asm .byte hex lines": lambda t: b"\n".join(b"\t.byte 0x%02x" % c for c in t),
    "asm db h": lambda t: b"\n".join(
        b"db " + b",".join(b"0%02Xh" % c for c in t[i : i + 8]) for i in range(0, len(t), 8)
    ),
    "swift [UInt8]": lambda t: b"[UInt8](" + repr(list(t)).encode() + b")",
    "NSData description": lambda t: b"<" + t.hex(" ", -4).encode() + b">",
    "NSData ios13": lambda t: b"{length = %d, bytes = 0x" % len(t) + t.hex(" ", -4).encode() + b"}",
    "openstep plist": lambda t: b"{ k = <" + t.hex(" ", -4).encode() + b">; }",
    "haskell show": lambda t: b'"\\1234\\&' + t + b'"',
    "haskell decimal": lambda t: b'"' + b"".join(b"\\%d" % c for c in t) + b'"',
    "hex h suffix": lambda t: b" ".join(b"%02Xh" % c for c in t),
    "hex $ pascal": lambda t: b",".join(b"$%02X" % c for c in t),
    "delphi #": lambda t: b"".join(b"#%d" % c for c in t),
    "hex & amp (VB)": lambda t: b",".join(b"&H%02X" % c for c in t),
    "verilog 8'h": lambda t: b", ".join(b"8'h%02x" % c for c in t),
    "octal 0o": lambda t: b", ".join(b"0o%o" % c for c in t),
    "binary 0b": lambda t: b", ".join(b"0b" + format(c, "08b").encode() for c in t),
}
"""How each is made of a token."""
