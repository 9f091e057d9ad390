"""Tokens in messages of mail, and in links and addresses that its programs rewrite."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.wrapped import b64, b64url, quoted

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "rfc2231 out of order": lambda t: b'; name*1="' + t[9:] + b"\"; name*0*=utf-8''" + quoted(t[:9]),
    "rfc2231 interleaved": lambda t: b'a*0="' + t[:9] + b'"; b*0="x"; a*1="' + t[9:] + b'"; b*1="y"',
    "rfc2231 own lines": lambda t: (
        b'Content-Type: a/b;\r\n name*0="' + t[:9] + b'";\r\n name*1="' + t[9:] + b'"\r\n\r\n'
    ),
    "encoded words no blank": lambda t: (
        b"Subject: =?utf-8?q?"
        + b"".join(b"=%02X" % c for c in t[:9])
        + b"?==?utf-8?q?"
        + b"".join(b"=%02X" % c for c in t[9:])
        + b"?="
    ),
    "encoded word unterminated": lambda t: b"Subject: =?utf-8?B?" + b64(b"key " + t),
    "mailto linkified": lambda t: b"https://a.example/?k=" + t + b"<https://a.example/?k=" + t + b">",
    "barracuda": lambda t: (
        b"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2f%3fk%3d"
        + quoted(quoted(t))
        + b"&c=E,1,abc"
    ),
    "cisco secure-web": lambda t: (
        b"https://secure-web.cisco.com/1abcDEF/https%3A%2F%2Fa.example%2F%3Fk%3D" + quoted(t)
    ),
    "sophos": lambda t: (
        b"https://eu.protection.sophos.com?d=a.example&u=" + b64(b"https://a.example/?k=" + t) + b"&i=abc"
    ),
    "mandrill": lambda t: (
        b"https://mandrillapp.com/track/click/1/a.example?p="
        + b64url(
            json.dumps(
                {
                    "s": "x",
                    "v": 1,
                    "p": json.dumps({"u": 1, "url": "https:\\/\\/a.example\\/?k=" + t.decode()}),
                }
            ).encode()
        )
    ),
    "translate.goog": lambda t: b"https://a-example.translate.goog/p?k=" + t + b"&_x_tr_sl=auto",
    "amp cache": lambda t: b"https://a-example.cdn.ampproject.org/c/s/a.example/x/" + t,
    "mime headers utf-7": lambda t: b"=?utf-7?Q?" + b"".join(b"=%02X" % c for c in t) + b"?=",
    "html named refs": lambda t: (
        t.replace(b"-", b"&hyphen;")
        .replace(b"_", b"&lowbar;")
        .replace(b"/", b"&sol;")
        .replace(b"+", b"&plus;")
    ),
    "html named refs 2": lambda t: (
        t.replace(b"-", b"&dash;")
        .replace(b"_", b"&UnderBar;")
        .replace(b"/", b"&#47;")
        .replace(b"+", b"&#x2b;")
    ),
    "html shy": lambda t: t[:9] + b"&shy;" + t[9:15] + b"&#8203;" + t[15:18] + b"&zwnj;" + t[18:],
    "html wbr xml": lambda t: t[:9] + b"<wbr/>" + t[9:],
}
"""How each is made of a token."""
