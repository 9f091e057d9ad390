"""Links that gateways of mail rewrite."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from urllib.parse import quote


def second(data: bytes) -> bytes:
    """Proofpoint, version 2."""
    coded = (
        quote(b"http://a.example/?t=" + quote(data, safe="").encode(), safe="")
        .replace("_", "%5F")
        .replace("-", "%2D")
        .replace("%2F", "_")
        .replace("%", "-")
    )
    return b"https://urldefense.proofpoint.com/v2/url?u=" + coded.encode() + b"&d=DwMFAg&c=x"


def third(data: bytes) -> bytes:
    """Proofpoint, version 3: what is no letter is taken out, one at a time and several at once."""
    data = quote(data, safe="/").encode()
    taken = re.findall(rb"[^A-Za-z0-9:/.]{2,65}|[^A-Za-z0-9:/.]", data)
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    link = re.sub(
        rb"[^A-Za-z0-9:/.]{2,65}|[^A-Za-z0-9:/.]",
        lambda match: b"*" if len(match[0]) == 1 else b"**" + letters[len(match[0]) - 2 : len(match[0]) - 1],
        data,
    )
    coded = base64.urlsafe_b64encode(b"".join(taken)).rstrip(b"=")
    return b"https://urldefense.com/v3/__https://a.example/?t=" + link + b"__;" + coded + b"!!AbC-xyz$"


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "Proofpoint, first": lambda data: (
        b"https://urldefense.proofpoint.com/v1/url?u=http://a.example/%3Ft%3D"
        + quote(quote(data, safe=""), safe="").encode()
        + b"&k=x"
    ),
    "Proofpoint, second": second,
    "Proofpoint, third": third,
    "Safe Links": lambda data: (
        b"https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fa.example%2F%3Ft%3D"
        + quote(quote(data, safe=""), safe="").encode()
        + b"&data=05%7C"
    ),
    "Barracuda": lambda data: (
        b"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2f%3Ft%3D"
        + quote(quote(data, safe=""), safe="").encode()
        + b"&c=E,1"
    ),
    "Cisco": lambda data: (
        b"https://secure-web.cisco.com/1aB/https%3A%2F%2Fa.example%2F%3Ft%3D"
        + quote(quote(data, safe=""), safe="").encode()
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
