"""Tokens in mail, logs, terminals and settings."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from collections.abc import Callable

from tests.wrapped import b64, b64url, quoted, raw

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "mssql nchar": lambda t: b"+".join(b"NCHAR(0x%04X)" % c for c in t),
    "syslog json in json": lambda t: (
        b"<134>1 2026-01-01T00:00:00Z h app - - - "
        + json.dumps({"log": json.dumps({"msg": json.dumps({"k": t.decode()})})}).encode()
    ),
    "docker json log": lambda t: json.dumps(
        {"log": json.dumps({"msg": "auth " + t.decode()}) + "\n", "stream": "stdout"}
    ).encode(),
    "syslog #012": lambda t: b"<1>x: a#012b=#011" + t + b"#012c",
    "nginx log \\x22": lambda t: b'1.2.3.4 - - "POST /x" "{\\x22k\\x22:\\x22' + t + b'\\x22}"',
    'apache log \\"': lambda t: b'1.2.3.4 - - "GET /?k=\\"' + t + b'\\" HTTP/1.1" 200',
    "vis(3) ^ M-": lambda t: b"\\^A\\M-c" + t + b"\\^@",
    "journal export array": lambda t: json.dumps({"MESSAGE": list(b"\x1b[0m" + t)}).encode(),
    "journald binary field": lambda t: b"MESSAGE\n" + struct.pack("<Q", len(t)) + t + b"\n",
    "cef": lambda t: b"CEF:0|a|b|1|2|c|5|msg=x\\=" + t.replace(b"=", b"\\=") + b" suser=z",
    "gelf chunk zlib": lambda t: zlib.compress(json.dumps({"short_message": t.decode()}).encode()),
    "logfmt": lambda t: b'level=info msg="auth \\"' + t + b'\\"" x=1',
    "windows event xml": lambda t: b"<Data Name='ScriptBlockText'>$k = &apos;" + t + b"&apos;</Data>",
    "rfc2047 q": lambda t: (
        b"Subject: =?iso-8859-1?Q?key=3A_"
        + t.replace(b"_", b"=5F").replace(b"=", b"=3D" if b"=" in t else b"=")
        + b"?="
    ),
    "rfc2047 b utf-16": lambda t: b"=?UTF-16BE?B?" + b64(t.decode().encode("utf-16be")) + b"?=",
    "rfc2047 multi b split": lambda t: b"\r\n ".join(
        b"=?utf-8?B?" + b64(t[i : i + 7]) + b"?=" for i in range(0, len(t), 7)
    ),
    "rfc2047 language": lambda t: b"=?utf-8*en?Q?" + b"".join(b"=%02X" % c for c in t) + b"?=",
    "rfc2231 pieces": lambda t: b"name*0*=utf-8''" + quoted(t[:9]) + b'; name*1="' + t[9:] + b'"',
    "mail qp soft break": lambda t: (
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nkey: " + t[:9] + b"=\r\n" + t[9:]
    ),
    "mail qp spaces after soft": lambda t: b"key: " + t[:9] + b"= \t\r\n" + t[9:],
    "mail format=flowed": lambda t: (
        b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\nkey: " + t[:9] + b" \r\n" + t[9:]
    ),
    "mail quoted reply": lambda t: b">> key " + t[:9] + b"\r\n>> " + t[9:],
    "mail html part b64": lambda t: (
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"<p>" + b"".join(b"&#%d;" % c for c in t) + b"</p>")
    ),
    "imap literal": lambda t: b"a1 LOGIN {4}\r\nuser {%d}\r\n" % len(t) + t + b"\r\n",
    "imap literal+": lambda t: b"a1 LOGIN {4+}\r\nuser {%d+}\r\n" % len(t) + t + b"\r\n",
    "imap quoted": lambda t: b'a1 LOGIN "u" "' + t.replace(b"\\", b"\\\\") + b'"\r\n',
    "imap mutf7": lambda t: b"&" + b64(t.decode().encode("utf-16be")).rstrip(b"=").replace(b"/", b",") + b"-",
    "imap mutf7 half": lambda t: (
        t[:9] + b"&" + b64(t[9:].decode().encode("utf-16be")).rstrip(b"=").replace(b"/", b",") + b"-"
    ),
    "utf-7 some": lambda t: (
        t[:5] + b"+" + b64(t[5:10].decode().encode("utf-16be")).rstrip(b"=") + b"-" + t[10:]
    ),
    "smtp xtext": lambda t: (
        b"MAIL FROM:<a@b> AUTH=" + b"".join(b"+%02X" % c if c in b"+=-_/" else bytes([c]) for c in t)
    ),
    "smtp xtext all": lambda t: b"MAIL FROM:<a@b> AUTH=" + b"".join(b"+%02X" % c for c in t),
    "smtp dsn rfc822 orcpt": lambda t: (
        b"RCPT TO:<a@b> ORCPT=rfc822;" + t.replace(b"+", b"+2B").replace(b"=", b"+3D") + b"@c"
    ),
    "mbox from": lambda t: b"From a@b Mon\nSubject: x\n\n>From " + t + b"\n",
    "vcard folded": lambda t: b"BEGIN:VCARD\r\nNOTE:" + t[:12] + b"\r\n " + t[12:] + b"\r\nEND:VCARD",
    "vcard qp": lambda t: b"NOTE;ENCODING=QUOTED-PRINTABLE:" + b"".join(b"=%02X" % c for c in t),
    "ical escaped": lambda t: b"DESCRIPTION:a\\, b\\;" + t[:20] + b"\r\n " + t[20:],
    "base32 lines": lambda t: b"\n".join(base64.b32encode(t)[i : i + 32] for i in range(0, 80, 32)),
    "base32 labels 30": lambda t: (
        (lambda d: b".".join(d[i : i + 30] for i in range(0, len(d), 30)))(
            base64.b32encode(t).rstrip(b"=").lower()
        )
        + b".t.example.com"
    ),
    "b64url labels": lambda t: (
        (lambda d: b".".join(d[i : i + 30] for i in range(0, len(d), 30)))(b64url(t)) + b".t.example.com"
    ),
    "base64 space for plus": lambda t: b64(b"\xfb\xef\xbe" * 9 + t).replace(b"+", b" "),
    "base64 escaped newlines": lambda t: (
        b'k="' + b"\\n".join(b64(b"xyz " * 12 + t)[i : i + 40] for i in range(0, 110, 40)) + b'"'
    ),
    "base64 escaped slash n": lambda t: (
        b"-----BEGIN X-----\\n"
        + b"\\n".join(b64(b"xyz " * 12 + t)[i : i + 64] for i in range(0, 110, 64))
        + b"\\n-----END X-----\\n"
    ),
    "base64 percent newlines": lambda t: b"%0A".join(
        b64(b"xyz " * 12 + t)[i : i + 40] for i in range(0, 110, 40)
    ),
    "base64 string pieces py": lambda t: b"\n".join(
        b'    b"' + b64(b"xyz " * 12 + t)[i : i + 40] + b'"' for i in range(0, 110, 40)
    ),
    "base64 trail junk": lambda t: b64(t) + b"\\n",
    "base64 xml &#13;": lambda t: b"&#13;\n".join(
        b64(b"xyz " * 12 + t)[i : i + 40] for i in range(0, 110, 40)
    ),
    "base64 three times": lambda t: b64(b64(b64(t))),
    "base64 of hex": lambda t: b64(t.hex().encode()),
    "math bold": lambda t: "".join(
        chr(0x1D400 + c - 65)
        if 65 <= c < 91
        else chr(0x1D41A + c - 97)
        if 97 <= c < 123
        else chr(0x1D7CE + c - 48)
        if 48 <= c < 58
        else chr(c)
        for c in t
    ).encode(),
    "variation selectors": lambda t: "\ufe0f".join(t.decode()).encode(),
    "word joiner": lambda t: "\u2060".join(t.decode()).encode(),
    "bom in middle": lambda t: t[:9] + b"\xef\xbb\xbf" + t[9:],
    "smart quotes": lambda t: "\u201c".encode() + t + "\u201d".encode(),
    "cp1252 smart quotes": lambda t: b"\x93" + t + b"\x94",
    "overstrike bold": lambda t: b"".join(b"%c\x08%c" % (c, c) for c in t),
    "terminal osc8": lambda t: b"\x1b]8;;http://a/\x1b\\" + t[:9] + b"\x1b]8;;\x1b\\" + t[9:],
    "terminal osc title": lambda t: t[:9] + b"\x1b]0;title\x07" + t[9:],
    "terminal 256 colour": lambda t: t[:9] + b"\x1b[38;5;196m" + t[9:] + b"\x1b[0m",
    "terminal 24bit colon": lambda t: t[:9] + b"\x1b[38:2::1:2:3m" + t[9:],
    "terminal ls-like typed with backspace": lambda t: t[:9] + b"x\x08 \x08" + t[9:],
    "terminal readline bs": lambda t: t[:9] + b"x\x08" + t[9:],
    "terminal cr wrap": lambda t: t[:20] + b" \r" + t[20:],
    "terminal 80 wrap": lambda t: b"$ echo " + b"x" * 60 + b" " + t[:12] + b"\r\n" + t[12:],
    "terminal bracketed paste": lambda t: b"\x1b[200~" + t + b"\x1b[201~",
    "terminal visible caret esc": lambda t: t[:9] + b"^[[31m" + t[9:],
    "terminal \\u001b json": lambda t: json.dumps(
        {"log": t[:9].decode() + "\x1b[31m" + t[9:].decode()}
    ).encode(),
    "terminal \\x1b text": lambda t: t[:9] + b"\\x1b[31m" + t[9:],
    "terminal \\033": lambda t: t[:9] + b"\\033[31m" + t[9:],
    "asciinema": lambda t: json.dumps(
        [1.2, "o", "\x1b[1m" + t[:9].decode() + "\x1b[0m" + t[9:].decode()]
    ).encode(),
    "script typescript crlf": lambda t: b"\x1b]0;u@h\x07$ " + t + b"\x1b[K\r\n",
    "ansi to html": lambda t: t[:9] + b'<span style="color:red">' + t[9:] + b"</span>",
    "sed l": lambda t: b"key=" + t[:20] + b"\\\n" + t[20:] + b"$\n",
    "cat -A": lambda t: b"key=" + t + b"$\n",
    "box drawing table": lambda t: (f"│ a │ {t.decode()} │").encode(),
    "yaml folded": lambda t: b'k: "' + t[:9] + b"\\\n  " + t[9:] + b'"\n',
    "yaml double \\x": lambda t: b'k: "' + b"".join(b"\\x%02X" % c for c in t) + b'"',
    "yaml \\U": lambda t: b'k: "' + b"".join(b"\\U%08X" % c for c in t) + b'"',
    "yaml literal": lambda t: b"k: |\n  " + t + b"\n",
    "yaml secret b64": lambda t: b"apiVersion: v1\nkind: Secret\ndata:\n  k: " + b64(t) + b"\n",
    "Helm release": lambda t: b64(
        b64(gzip.compress(json.dumps({"chart": {"values": {"k": t.decode()}}}).encode()))
    ),
    "terraform state": lambda t: json.dumps({"outputs": {"k": {"value": t.decode()}}}).encode(),
    "terraform user_data gz": lambda t: (
        b'user_data_base64 = "' + b64(gzip.compress(b"#cloud-config\nk: " + t)) + b'"'
    ),
    "dockerconfigjson": lambda t: b64(
        json.dumps({"auths": {"r": {"auth": b64(b"u:" + t).decode()}}}).encode()
    ),
    "docker history": lambda t: b"/bin/sh -c #(nop)  ENV K=" + t,
    "toml multi": lambda t: b'k = """\\\n  ' + t[:9] + b"\\\n  " + t[9:] + b'"""',
    "ini continued": lambda t: b"k = " + t[:9] + b"\\\n" + t[9:],
    "systemd env escapes": lambda t: b'Environment="K=' + b"".join(b"\\x%02x" % c for c in t) + b'"',
    "fstab octal": lambda t: (
        b"//h/s /m cifs username=a,password="
        + b"".join(b"\\%03o" % c if c in b"-+/=_" else bytes([c]) for c in t)
    ),
    "netrc": lambda t: b"machine a login b password " + t,
    "crontab %": lambda t: b"* * * * * curl -d k=" + t.replace(b"%", b"\\%"),
    "shar": lambda t: b"sed 's/^X//' > k << 'SHAR_EOF'\nXkey=" + t + b"\nSHAR_EOF",
    "makeself": lambda t: b"#!/bin/sh\nexit 0\n" + gzip.compress(t),
    "raw deflate b64": lambda t: b64(raw(b"key=" + t)),
    "octal specials": lambda t: (
        b'"'
        + t.replace(b"-", b"\\055").replace(b"_", b"\\137").replace(b"/", b"\\057").replace(b"+", b"\\053")
        + b'"'
    ),
}
"""How each is made of a token."""
