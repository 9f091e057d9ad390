"""Whether a message has the words of an authorised send, whatever differs from one recipient to the next.

Both are brought into one form (Unicode NFKC, case folded, white space as single spaces, HTML as its text). Where a name
or a code differs, the announced text has ``{name}``: there up to `GAP` characters may stand. Links are compared as they
are: another link is another message.
"""

from __future__ import annotations

import html
import re
import unicodedata

GAP = 80
"""Characters that a placeholder may stand for."""
_LONGEST = 200_000
_TAG = re.compile(
    r"<(?:style|script)\b.{0,20000}?</(?:style|script)>|<[^<>]{0,2000}>", re.DOTALL | re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\{[^{}\n]{0,40}\}")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """The one form of a text."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return _SPACE.sub(" ", folded.replace("\u200b", "")).strip()


def text_of_html(page: str) -> str:
    """What a page says; nothing where it is so long that not all of it is looked at."""
    return "" if len(page) > _LONGEST else html.unescape(_TAG.sub(" ", page[:_LONGEST]))


def has_words(announced: str) -> bool:
    """Whether something stands beside the placeholders: without that any short message would fit."""
    return bool(plain(_PLACEHOLDER.sub(" ", announced[:_LONGEST])))


def fits(announced: str, message: str) -> bool:
    """Whether ``message`` is ``announced`` with something in place of each placeholder. Linear in both.

    One that is too long to be looked at whole is not: words might stand behind a hundred thousand spaces.
    """
    if len(message) > _LONGEST:
        return False
    pieces = [plain(piece) for piece in _PLACEHOLDER.split(announced[:_LONGEST])]
    said = plain(message)
    first, *rest = pieces
    if not rest:
        return said == first
    if not said.startswith(first):
        return False
    at, (*middle, last) = len(first), rest
    for piece in middle:
        if piece:
            found = said.find(piece, at, at + GAP + len(piece) + 2)
            if found < 0:
                return False
            at = found + len(piece)
    end = len(said) - len(last)
    return at <= end <= at + (GAP + 2) * (1 + middle.count("")) and said.endswith(last)
