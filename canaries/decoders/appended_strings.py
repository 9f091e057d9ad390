"""Strings that a program appends one after the other: ``s = s & "ken"`` of Visual Basic, ``k += 'ken'``,
``$k .= "ken"``,
``.append("ken")``, ``strcat(k, "ken")``, ``K+=ken`` and ``echo ken >> file`` of shells, ``set K=%K%ken``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_NAME = rb"[$@]?[A-Za-z_][A-Za-z0-9_.]{0,40}"
_JOINT = re.compile(
    rb"""
    ["'`] \s{0,9}+ \)? \s{0,9}+ ;? \s{0,60}+
    (?:
        (?:set\s)? (?P<name>%(name)s) \s{0,4}+
            (?: [-+.&~]=  | =\s{0,4}+ (?P=name) \s{0,4}+ (?:[+.&~]{1,2}|\|\|) ) \s{0,4}+
      | (?:%(name)s)? \s{0,60}+ \.\s{0,4}+ (?:append|concat|write|print) \s?\( \s{0,9}+
      | str(?:n?cat|lcat) \s?\( \s{0,4}+ [\w>.-]{1,40} , \s{0,9}+
      | >>? \s{0,4}+ [^\s;&|<>]{1,100}+ [ \t]{0,4}+ (?:[;&]{1,2}|\r?\n) \s{0,20}+
            (?:echo|printf) [ ] (?:-[A-Za-z]{1,3}[ ])? (?:["']%%s["'][ ])?
    )
    [NnbBfFrRuU]? ["'`]
  | \r?\n [ \t]{0,20}+ (?:set[ ]"? (?P<shell>[A-Za-z_]\w{0,40}) = %% (?P=shell) %% | [A-Za-z_]\w{0,40} \+= (?=[\w/+]))
    """
    % {b"name": _NAME},
    re.VERBOSE | re.IGNORECASE,
)
"""From the end of one string to the beginning of what is appended to it."""
_AGAIN = re.compile(rb"= ?([$@]?\w{1,40}) ?(?:[+.&~]{1,2}|\|\|) ?[NnbBfFrRuU]?[\"'`]")
_OFTEN = (b' + "', b' & "', b" + N'", b" . '", b"=%", b"+=")
"""Marks that stand in many programs where nothing is appended: then more is looked for."""
_ASSIGNED = re.compile(rb"\n[ \t]{0,20}(?:[A-Za-z_]\w{0,40}\+=[\w/+]|set \"?\w{1,40}=%)", re.IGNORECASE)


_SURE = (
    b'+= "', b"+= '", b'.= "', b".= '", b'&= "', b"+= N'", b'+="', b"+='", b'ppend("', b"ppend('", b'oncat("',
    b"oncat('", b"cat(", b'" >>', b"' >>", b'">>', b"'>>",
)  # fmt: skip


class AppendedStringsDecoder(Decoder):
    """``k = "to"``, ``k += "ken"``."""

    name = "appended strings"
    guesses = True
    text = True
    holds = (*_SURE, *_OFTEN)
    reach = 2 << 10
    signs = ((b" .= ", rb" \.= ?[\"']"),)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if any(mark in data for mark in _SURE) or _AGAIN.search(data) or _ASSIGNED.search(data):
            found.add(mended(data, _JOINT))
