"""What a table says of a phony person beside its tokens: the name in parts, the address, the date of birth.

None of it is a person's alone. `canaries.scan.company` says how much of it has to stand together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

_BETWEEN = (",", ", ", ";", "\t", "|", '","', '";"', "','", "', '")
"""What stands between two fields of a row: CSV, COPY, SQL."""
_NAMES = ('", "last_name": "', '","last_name":"', '", "lastName": "', '","lastName":"')
"""The same where each field has its name (RFC 8259)."""
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d")
_SELDOM = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "\u0131": "i", "þ": "th"}
)
"""Letters that are not an ASCII letter with a mark."""
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
"""Letters that stand for two where somebody cannot write them."""

WORD_FACETS = ("first_name", "last_name", "city")
"""What may stand anywhere in a row, too short to be looked for by itself."""
PART_OF = {"email": "mailbox"}
"""What stands within another facet, and is not told beside it."""
PersonMark = tuple[str, str, str]
"""Facet, form, text; upper and lower case are the same."""


def person_marks(row: Mapping[str, object]) -> Iterator[PersonMark]:
    """Of the fields that ``row``, a phony person's, has."""
    said = {name: value for name, value in row.items() if isinstance(value, str) and value}
    yield from _names(said.get("first_name", ""), said.get("last_name", ""))
    if street := said.get("street"):
        yield from (("street", "plain", text) for text in dict.fromkeys((street.lower(), *latin(street))))
    yield from _cities(said.get("postcode", ""), said.get("city", ""))
    try:
        born = date.fromisoformat(said.get("birth_date", ""))
    except ValueError:
        return
    for form in _DATES:
        yield "birth_date", "plain" if form == _DATES[0] else "reformatted", born.strftime(form)


def latin(text: str) -> tuple[str, ...]:
    """In ASCII, as old systems keep it: ``Jörg`` as ``jorg`` and as ``joerg``, ``Weiß`` as ``weiss``."""
    lower = text.lower()
    found = (lower, lower.translate(_GERMAN))
    plain = (unicodedata.normalize("NFKD", one.translate(_SELDOM)) for one in found)
    return tuple(dict.fromkeys(one.encode("ascii", "ignore").decode() for one in plain))


def address_marks(address: str) -> Iterator[PersonMark]:
    """Of an e-mail address what is left of it without its domain, and without what stands behind a plus."""
    mailbox, at, domain = address.partition("@")
    if at:
        yield "mailbox", "no domain", mailbox
        if "+" in mailbox:
            yield "mailbox", "untagged", f"{mailbox.partition('+')[0]}@{domain}"


def _names(first: str, last: str) -> Iterator[PersonMark]:
    if not first or not last:
        return
    for one, other in dict.fromkeys(((first, last), *zip(latin(first), latin(last), strict=False))):
        yield "name", "reordered", f"{other} {one}"
        for between, (left, right) in product(_BETWEEN, ((one, other), (other, one))):
            yield "name", "in fields", f"{left}{between}{right}"
        for between in _NAMES:
            yield "name", "in fields", f"{one}{between}{other}"


def _cities(postcode: str, city: str) -> Iterator[PersonMark]:
    """The city where it is long enough by itself, else with its postcode."""
    for one in dict.fromkeys((city, *latin(city))):
        if len(one) >= 8:
            yield "city", "plain", one
        elif one and postcode:
            for between, (left, right) in product((" ", *_BETWEEN), ((postcode, one), (one, postcode))):
                yield "city", "in fields", f"{left}{between}{right}"
