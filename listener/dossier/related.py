"""Entries that a case needs though they name other cases: exports that held its canaries, and the copies they are in.

Of an export of another case no more is shown than who, when, for whom, and which canaries of this case it held: nothing
says which case it was of. Of a scan that found other canaries too, not where they lay. The rest is held back, in every
version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from canaries.ledger import parts
from listener.dossier import verify
from listener.dossier.scope import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

OF_AN_EXPORT = frozenset({"by", "for", "to"})
OF_A_SCAN = frozenset({"by", "copies", "found", "unread"})
"""What is shown of an export of another case, and of a scan that found other canaries too, beside the open part."""

Related = tuple[str, frozenset[str] | None]
"""An entry, and the names of the parts that are shown of it; None: all."""
NOTHING: frozenset[str] = frozenset()
"""Shown of an export whose open part names its case, as entries from before that was a part: it is withheld."""


def related(connection: Connection, home: Home, scope: Scope, own: set[str]) -> Iterator[Related]:
    """Entries beside those of the case, ``own``. Raises LedgerError."""
    for entry in home.reader.entries(connection, "exported"):
        if entry.id not in own and not scope.canaries.isdisjoint(entry.body.get("canaries", ())):
            held = parts.of_canaries(entry.line, scope.canaries)
            yield entry.id, OF_AN_EXPORT | held if held else NOTHING
    yield from _copies(connection, home, scope)


def _copies(connection: Connection, home: Home, scope: Scope) -> Iterator[Related]:
    """The editions that canaries of the case are of, the copies these are in, and what scans said of the editions.

    Of a coin row, which half of all copies have, only the edition.
    """
    issued = {str(entry.body["edition"]): entry for entry in home.reader.entries(connection, "issued")}
    if not issued:
        return
    editions, copies = set(), set()
    for entry in home.reader.entries(connection, "copied"):
        if not scope.canaries.isdisjoint(verify.copied_canaries(entry.body)):
            editions.add(str(entry.body["edition"]))
            copies.add(str(entry.body["copy"]))
            yield entry.id, None
    for name, edition in issued.items():
        if name in editions or not scope.canaries.isdisjoint(edition.body["coin_rows"]):
            editions.add(name)
            yield edition.id, None
    for kind in ("delivered", "withdrawn"):
        for entry in home.reader.entries(connection, kind):
            if str(entry.body["copy"]) in copies:
                yield entry.id, None
    for entry in home.reader.entries(connection, "scanned"):
        if any(one["edition"] in editions for one in entry.body.get("copies", ())):
            yield entry.id, None if _of_the_case(entry.body, scope) else OF_A_SCAN


def _of_the_case(body: Mapping[str, Any], scope: Scope) -> bool:
    """Whether a scan found canaries of the case alone. What it says of a further edition lists none."""
    found = {one["canary"] for one in body["findings"]}
    return bool(found) and found <= scope.canaries
