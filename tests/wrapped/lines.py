"""Tokens and encodings that were cut into lines, cells and pieces."""

from __future__ import annotations

import json
import quopri
from collections.abc import Callable

from tests.wrapped import b64, b64url, base64_lines, cut, hexed, text_with

_BEFORE = {
    "a patch, added": b"+",
    "a patch, taken away": b"-",
    "hash": b"# ",
    "slashes": b"// ",
    "star": b" * ",
    "rem": b"REM ",
    "semicolon": b"; ",
    "dashes": b"-- ",
    "quoted": b"> ",
    "indent": b"        ",
    "bar": b"  | ",
    "percent": b"% ",
    "bang": b"! ",
    "dots": b"... ",
}


def behind(before: bytes, pieces: list[bytes]) -> bytes:
    """A line each, ``before`` in front of it."""
    return b"".join(before + piece + b"\n" for piece in pieces)


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "psql wrapped": lambda t: (
        b" id |     token      \n----+----------------\n  1 | "
        + t[:14]
        + b".\n    |."
        + t[14:28].ljust(14)
        + (b".\n    |." + t[28:].ljust(14) if t[28:] else b"")
        + b"\n(1 row)\n"
    ),
    "psql wrapped unicode": lambda t: (
        " id │     token      \n════╪════════════════\n  1 │ "
        + t[:14].decode()
        + "…\n    │…"
        + t[14:28].decode().ljust(14)
        + ("…\n    │…" + t[28:].decode().ljust(14) if t[28:] else "")
        + "\n"
    ).encode(),
    "psql expanded wrapped": lambda t: (
        b"-[ RECORD 1 ]---\nid    | 1\ntoken | " + t[:14] + b".\n      |." + t[14:] + b"\n"
    ),
    "rich table": lambda t: (
        "┃ id ┃ token      ┃ x ┃\n│ 1  │ "
        + t[:10].decode()
        + " │ a │\n│    │ "
        + t[10:20].decode()
        + " │   │\n"
        + ("│    │ " + t[20:30].decode().ljust(10) + " │   │\n" if t[20:] else "")
        + ("│    │ " + t[30:40].decode().ljust(10) + " │   │\n" if t[30:] else "")
    ).encode(),
    "grid table": lambda t: (
        b"+----+------------+---+\n| id | token      | x |\n+====+============+===+\n| 1  | "
        + t[:10]
        + b" | a |\n|    | "
        + t[10:20]
        + b" | b |\n"
        + (b"|    | " + t[20:30].ljust(10) + b" |   |\n" if t[20:] else b"")
        + (b"|    | " + t[30:40].ljust(10) + b" |   |\n" if t[30:] else b"")
        + b"+----+------------+---+\n"
    ),
    "sqlplus wrapped": lambda t: b"TOKEN\n----------\n" + b"\n".join(cut(t, 10)) + b"\n\n",
    "sqlplus wrapped cols": lambda t: (
        b"        ID TOKEN\n---------- ----------\n         1 " + b"\n           ".join(cut(t, 10)) + b"\n\n"
    ),
    "ps format-list": lambda t: b"Id    : 1\r\nToken : " + t[:9] + b"\r\n        " + t[9:] + b"\r\n",
    "mysql \\G": lambda t: b"*** 1. row ***\n   id: 1\ntoken: " + t + b"\n",
    "b64 lines numbered": lambda t: (
        b"\n".join(b"%5d  %s" % (i, part) for i, part in enumerate(base64_lines(t), 1)) + b"\n"
    ),
    "b64 lines numbered colon": lambda t: (
        b"\n".join(b"%d:%s" % (i, part) for i, part in enumerate(base64_lines(t), 1)) + b"\n"
    ),
    "b64 lines journal": lambda t: (
        b"\n".join(
            b"Nov 29 10:11:%02d web-1 app[12]: %s" % (i, part) for i, part in enumerate(base64_lines(t), 1)
        )
        + b"\n"
    ),
    "b64 lines docker ts": lambda t: (
        b"\n".join(
            b"2026-11-29T10:11:%02d.123456789Z %s" % (i, part) for i, part in enumerate(base64_lines(t), 1)
        )
        + b"\n"
    ),
    "b64 lines compose": lambda t: b"\n".join(b"web-1  | %s" % part for part in base64_lines(t)) + b"\n",
    "b64 lines json log": lambda t: (
        b"\n".join(
            json.dumps(
                {"log": part.decode() + "\n", "stream": "stdout", "time": f"2026-11-29T10:11:{i:02}Z"}
            ).encode()
            for i, part in enumerate(base64_lines(t))
        )
        + b"\n"
    ),
    "b64 lines klog": lambda t: b"\n".join(b"[pod/web-1/app] %s" % part for part in base64_lines(t)) + b"\n",
    "b64 lines cri": lambda t: (
        b"\n".join(
            b"2026-11-29T10:11:%02d.123456789Z stdout P %s" % (i, part)
            for i, part in enumerate(base64_lines(t), 1)
        )
        + b"\n"
    ),
    "b64 lines echo >>": lambda t: (
        b"\r\n".join(b"echo %s>>b.txt" % part for part in base64_lines(t)) + b"\r\n"
    ),
    "b64 lines echo q >>": lambda t: (
        b"\n".join(b"echo '%s' >> /tmp/b" % part for part in base64_lines(t)) + b"\n"
    ),
    "b64 lines echo -n": lambda t: (
        b"\n".join(b'echo -n "%s" >> /tmp/b' % part for part in base64_lines(t)) + b"\n"
    ),
    "hex echo -ne lines": lambda t: (
        b"\n".join(
            b"echo -ne '" + b"".join(b"\\x%02x" % c for c in part) + b"' >> /tmp/x" for part in cut(t, 10)
        )
        + b"\n"
    ),
    "printf lines": lambda t: b"; ".join(b"printf '%s' >> /tmp/x" % part for part in cut(t, 10)),
    "b64 backslash lines": lambda t: b"\\\n".join(base64_lines(t)),
    "b64 caret lines": lambda t: b"^\r\n".join(base64_lines(t)),
    "b64 backtick lines": lambda t: b"`\r\n".join(base64_lines(t)),
    "b64 br lines": lambda t: b"<br>\n".join(base64_lines(t)),
    "b64 br only": lambda t: b"<br />".join(base64_lines(t)),
    "b64 p lines": lambda t: b"".join(b"<p>%s</p>\n" % part for part in base64_lines(t)),
    "b64 li lines": lambda t: b"".join(b"<li>%s</li>" % part for part in base64_lines(t)),
    "b64 json array": lambda t: json.dumps([part.decode() for part in base64_lines(t)]).encode(),
    "b64 json array pretty": lambda t: json.dumps(
        [part.decode() for part in base64_lines(t)], indent=2
    ).encode(),
    "b64 yaml list": lambda t: b"k:\n" + b"".join(b"  - %s\n" % part for part in base64_lines(t)),
    "b64 array quotes": lambda t: b",\n".join(b"'%s'" % part for part in base64_lines(t)),
    "b64 vb": lambda t: b'" & _\r\n "'.join(base64_lines(t)),
    "b64 spaced 20": lambda t: b" ".join(cut(b64(text_with(t)), 20)),
    "b64 spaced 40": lambda t: b" ".join(base64_lines(t)),
    "b64 crcrlf": lambda t: b"\r\r\n".join(base64_lines(t)),
    "b64 cr": lambda t: b"\r".join(base64_lines(t)),
    "b64 tabs": lambda t: b"\t".join(base64_lines(t)),
    "b64 commas lines": lambda t: b",\n".join(base64_lines(t)),
    "b64 semicolons": lambda t: b";".join(base64_lines(t)),
    "b64 pipes": lambda t: b"|".join(base64_lines(t)),
    "b64 qp": lambda t: quopri.encodestring(b64(text_with(t) * 3)),
    "b64 dots url": lambda t: b64(t).replace(b"+", b".").replace(b"/", b"_").replace(b"=", b"-"),
    "b64 tilde": lambda t: b64(text_with(t)).replace(b"+", b"-").replace(b"/", b"~").replace(b"=", b"_"),
    "b64 lower u2028": lambda t: "\u2028".encode().join(base64_lines(t)),
    "b64 nbsp": lambda t: "\xa0".encode().join(base64_lines(t)),
    "b64 zwsp": lambda t: "\u200b".encode().join(base64_lines(t)),
    "b64 chunk cookies": lambda t: (lambda d: b"Cookie: s.0=" + d[:41] + b"; s.1=" + d[41:])(
        b64url(text_with(t))
    ),
    "b64 aspnet chunk cookies": lambda t: (
        lambda d: (
            b"Cookie: .AspNetCore.Cookies=chunks-2; .AspNetCore.CookiesC1="
            + d[:81]
            + b"; .AspNetCore.CookiesC2="
            + d[81:]
        )
    )(b64url(text_with(t))),
    "reg hex": lambda t: (
        b'"k"=hex:' + b",\\\r\n  ".join(b",".join(b"%02x" % c for c in part) for part in cut(t, 12))
    ),
    "reg hex(2)": lambda t: (
        b'"k"=hex(2):'
        + b",\\\r\n  ".join(
            b",".join(b"%02x" % c for c in part) for part in cut(t.decode().encode("utf-16le") + b"\0\0", 25)
        )
    ),
    "reg hex(2) odd": lambda t: (
        b'"k"=hex(2):'
        + b",\\\r\n  ".join(
            b",".join(b"%02x" % c for c in part) for part in cut(t.decode().encode("utf-16le") + b"\0\0", 24)
        )
    ),
    "debug.exe e": lambda t: b"\r\n".join(
        b"e 01%02x %s" % (i * 8, part.hex(" ").encode()) for i, part in enumerate(cut(t, 8))
    ),
    "hex \\x split over lines printf": lambda t: b"\n".join(
        b"printf '" + b"".join(b"\\x%02x" % c for c in part) + b"' >>f" for part in cut(t, 8)
    ),
    "hex labels with dashes": lambda t: b"-".join(cut(hexed(t), 8)),
    "ipv6 list": lambda t: b"\n".join(
        b":".join(part[i : i + 2].hex().encode() for i in range(0, len(part), 2))
        for part in cut(t + bytes(-len(t) % 16), 16)
    ),
    "mac list": lambda t: b"\n".join(
        b":".join(b"%02x" % c for c in part) for part in cut(t + bytes(-len(t) % 6), 6)
    ),
    "uuid list": lambda t: b"\n".join(
        b"%s-%s-%s-%s-%s"
        % (hexed(part[:4]), hexed(part[4:6]), hexed(part[6:8]), hexed(part[8:10]), hexed(part[10:]))
        for part in cut(t + bytes(-len(t) % 16), 16)
    ),
    "hex lines short": lambda t: b"\n".join(cut(hexed(t), 8)),
    "hex lines 2": lambda t: b"\n".join(b"%02x" % c for c in t),
    "hex csv": lambda t: b";".join(b"%02X" % c for c in t),
    "hex pipes": lambda t: b"|".join(b"%02X" % c for c in t),
    "hex wireshark |": lambda t: b"|0   |" + b"|".join(b"%02x" % c for c in t) + b"|",
    "hex snort |..|": lambda t: b'content:"|' + b" ".join(b"%02X" % c for c in t) + b'|";',
    "hex yara": lambda t: b"{ " + b" ".join(b"%02X" % c for c in t) + b" }",
    "hex elixir <<0x>>": lambda t: b"<<" + b", ".join(b"0x%02X" % c for c in t) + b">>",
    "hex clj": lambda t: b"[0x" + b" 0x".join(b"%02x" % c for c in t) + b"]",
    "hex sql x'' split": lambda t: b"X'" + hexed(t[:9]) + b"'||X'" + hexed(t[9:]) + b"'",
    "hex of utf-8 percent upper": lambda t: b"%".join([b""] + [b"%02X" % c for c in t]),
    "hex json string escaped \\\\x": lambda t: json.dumps("".join(f"\\x{c:02x}" for c in t)).encode(),
    "hex json \\\\u": lambda t: json.dumps("".join(f"\\u{c:04x}" for c in t)).encode(),
}
"""How each is made of a token."""
FORMS |= {
    f"base64 lines after {name}": lambda t, before=before: behind(before, base64_lines(t))  # type: ignore[misc]
    for name, before in _BEFORE.items()
}
FORMS |= {
    f"hex lines after {name}": lambda t, before=before: behind(before, cut(hexed(text_with(t)), 40))  # type: ignore[misc]
    for name, before in _BEFORE.items()
}
