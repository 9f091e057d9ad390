"""Words of HTML and XML with tags in them: ``to<b>ken</b>``, ``<wbr>``, comments, sections of CDATA, the runs of Word.

Only what stands within a line of text is taken away: a cell or a paragraph ends a word.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_WITHIN = rb"""
    <!--[^>]{0,200}--> | <!\[CDATA\[ | \]\]>
  | <r>\s{0,9}(?:<rPr>(?:<[^<>]{1,80}>){0,12})?<t\b[^<>]{0,40}> | </t>\s{0,9}</r>
  | </?(?:a|abbr|b|bdi|bdo|big|code|del|em|font|i|ins|kbd|label|mark|nobr|q|s|samp|small|span|strike|strong|sub|sup|tt|u
        |var|wbr|nowiki|tspan|text:span|text:s|text:a|text:bookmark(?:-start|-end)?|text:soft-page-break
        |[wa]:(?!(?:p|tc|tr|tbl|tab|br|cr)[\s/>])[A-Za-z]{1,30})
    (?:[\s/][^<>]{0,500})?>
"""
_TAGS = re.compile(rb"(?:%s)++" % _WITHIN, re.VERBOSE | re.IGNORECASE)
_HYPHEN = b"noBreakHyphen"


def _sign(tags: re.Match[bytes]) -> bytes:
    return b"-" if _HYPHEN in tags[0] else b""


class InlineTagsDecoder(Decoder):
    """``AK<b>IA</b>``."""

    name = "inline tags"
    text = True
    holds = (b"<",)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        found.add(mended(layer.data, _TAGS, _sign if _HYPHEN in layer.data else b""))
