"""Signs that typesetters write for others within a word: LaTeX's ``{-}``, ``\\textunderscore{}`` and ``\\allowbreak``,
troff's ``\\(hy``, ``\\&`` and ``\\f[B]``, AsciiDoc's ``{zwsp}``; emphasis of Markdown and bulletin boards."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_NAMED = {
    b"textunderscore": b"_", b"textendash": b"-", b"slash": b"/", b"textasciitilde": b"~", b"textbackslash": b"\\",
    b"hy": b"-", b"mi": b"-", b"ul": b"_", b"sl": b"/", b"pl": b"+", b"eq": b"=", b"en": b"-",
}  # fmt: skip
_SIGN = re.compile(
    rb"\\(?:(textunderscore|textendash|slash|textasciitilde|textbackslash)(?:\{\}|[ ]?)"
    rb"|(?:allowbreak|hspace\{0pt\}|linebreak\[0\]|nobreak|penalty0|discretionary\{\}\{\}\{\})(?:\{\}|[ ]?)"
    rb"|symbol\{([0-9]{2,3})\}|char`\\([!-~])|(?:mbox|string)\{([-_+/=])\}"
    rb"|\((hy|mi|ul|sl|pl|eq|en)|f(?:\[[A-Z]{0,2}\]|[BIRP])|[-&:](?=[\w+/-]))|\{([-_+/=]|zwsp)\}"
)
_EMPHASIS = re.compile(
    rb"(?<=\w)(\*\*|''')([\w/+-]{1,200})\1|(\*\*|''')([\w/+-]{1,200})\3(?=\w)"
    rb"|\[/?(?:b|i|u|s|code|color|size|url)(?:=[^\]\n]{1,60})?\]"
)


def _plain(match: re.Match[bytes]) -> bytes:
    if name := match[1] or match[5]:
        return _NAMED[name]
    if match[2]:
        return bytes([int(match[2]) & 0xFF])
    between = match[6] or b""
    return match[3] or match[4] or (between if len(between) == 1 else b"")


class TypesettingDecoder(Decoder):
    r"""``to{-}ken``."""

    name = "typesetting"
    text = True
    holds = (
        b"{-}", b"{+}", b"{_}", b"\\text", b"\\slash", b"\\allowb", b"\\hspace{0", b"\\symbol{", b"\\char`", b"\\mbox{",
        b"\\(hy", b"\\(ul", b"\\(mi", b"\\(pl", b"\\(sl", b"\\f[", b"\\fB", b"\\fI", b"\\&", b"\\:", b"\\-", b"{zwsp}",
        b"**", b"'''", b"[/",
    )  # fmt: skip
    reach = 2 << 10
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"\\" in data or b"{" in data:
            found.add(mended(data, _SIGN, _plain))
        if b"**" in data or b"'''" in data or b"[/" in data:
            found.add(mended(data, _EMPHASIS, lambda match: match[2] or match[4] or b""))
