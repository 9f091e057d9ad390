"""Words of HTML and XML with tags in them: ``to<b>ken</b>``, ``<wbr>``, comments, sections of CDATA, the runs of Word.

Only what stands within a line of text is taken away: a cell or a paragraph ends a word.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_WITHIN = rb"""
    <!--[^>]{0,200}--> | <!\[CDATA\[ | \]\]>
  | </?(?:a|abbr|b|bdi|bdo|big|code|del|em|font|i|ins|kbd|label|mark|nobr|q|s|samp|small|span|strike|strong|sub|sup|tt|u
        |var|wbr|tspan|text:span|text:s|text:a
        |[wa]:(?!(?:p|tc|tr|tbl|tab|br|cr)[\s/>])[A-Za-z]{1,30})
    (?:[\s/][^<>]{0,500})?>
"""
_TAGS = re.compile(rb"(?:%s)++" % _WITHIN, re.VERBOSE | re.IGNORECASE)


class InlineTagsDecoder(Decoder):
    """``AK<b>IA</b>``."""

    name = "inline tags"
    text = True
    holds = (b"<",)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        found.add(mended(layer.data, _TAGS))
