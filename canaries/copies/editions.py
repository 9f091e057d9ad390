"""Editions as the ledger has them: what was issued, to whom, which rows make each copy, and what became of it.

Nothing else remembers them. The *issued* entry says how an edition is made, a *copied* entry for each recipient which
canaries and which files are in that copy; each can be shown without the others. *delivered* and *withdrawn* follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from canaries.core.errors import NotFoundError

if TYPE_CHECKING:
    from canaries.installation.home import Home

ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class IssuedCopy:
    """One recipient's copy."""

    id: str
    """16 hexadecimal characters."""
    number: int
    """From 0, in the order of the recipients."""
    recipient: str
    private: tuple[str, ...]
    """Ids of the canaries that are in this copy alone."""
    pairs: tuple[tuple[str, int], ...]
    """(canary, number of the other copy that has it)."""
    coins: int
    """Bit i: whether the edition's coin row i is in it."""
    files: tuple[tuple[str, str], ...]
    """(path, SHA-256) of each."""
    entry: str
    """Id of its *copied* entry."""
    delivered: tuple[str, ...] = ()
    """When (RFC 3339) it was handed over."""
    withdrawn: str = ""
    """When it was withdrawn; empty: it was not."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A data or document set as it was issued."""

    id: str
    """16 hexadecimal characters."""
    name: str
    at: str
    """RFC 3339: when it was committed to in the ledger."""
    entry: str
    """Id of its *issued* entry."""
    source: str
    """``data`` or ``documents``."""
    said: Mapping[str, Any]
    """The rest of that entry: sizes, level, hash of the source."""
    coin_rows: tuple[str, ...]
    """Canaries of the coin rows, in the order of the bits."""
    copies: tuple[IssuedCopy, ...] = field(default=(), repr=False)

    @property
    def private(self) -> int:
        """Private rows of each copy."""
        return int(self.said["private"])

    @property
    def pair(self) -> int:
        """Rows of each pair of recipients."""
        return int(self.said["pair"])


def editions(home: Home) -> list[Edition]:
    """All, oldest first. Raises LedgerError, StoreError."""
    with home.store.read() as connection:
        issued = list(home.reader.entries(connection, "issued"))
        if not issued:
            return []
        copied = list(home.reader.entries(connection, "copied"))
        delivered = list(home.reader.entries(connection, "delivered"))
        withdrawn = {str(one.body["copy"]): one.at for one in home.reader.entries(connection, "withdrawn")}
    handed: dict[str, list[str]] = {}
    for one in delivered:
        handed.setdefault(str(one.body["copy"]), []).append(one.at)
    copies: dict[str, list[IssuedCopy]] = {}
    for one in copied:
        copy_id = str(one.body["copy"])
        copies.setdefault(str(one.body["edition"]), []).append(
            _copy(one.body, one.id, tuple(handed.get(copy_id, ())), withdrawn.get(copy_id, ""))
        )
    return [
        Edition(
            id=str(one.body["edition"]),
            name=str(one.body["name"]),
            at=one.at,
            entry=one.id,
            source=str(one.body["source"]),
            said=one.body,
            coin_rows=tuple(one.body["coin_rows"]),
            copies=tuple(sorted(copies.get(str(one.body["edition"]), ()), key=lambda copy: copy.number)),
        )
        for one in issued
    ]


def _copy(body: Mapping[str, Any], entry: str, delivered: tuple[str, ...], withdrawn: str) -> IssuedCopy:
    return IssuedCopy(
        id=str(body["copy"]),
        number=int(body["number"]),
        recipient=str(body["recipient"]),
        private=tuple(body["private"]),
        pairs=tuple((canary, int(other)) for canary, other in body["pairs"]),
        coins=int(body["coins"] or "0", 16),
        files=tuple((path, digest) for path, digest in body["files"]),
        entry=entry,
        delivered=delivered,
        withdrawn=withdrawn,
    )


def find(home: Home, name: str) -> Edition:
    """By its id, its beginning, or its name where one alone has that. Raises NotFoundError."""
    known = editions(home)
    found = [one for one in known if one.id == name] or [
        one for one in known if one.name == name or (len(name) >= 4 and one.id.startswith(name))
    ]
    if len(found) != 1:
        what = "there is no edition" if not found else "more than one edition is"
        raise NotFoundError(f"{what} called {name!r}", hint="see: trapline copies list")
    return found[0]


def copy_for(edition: Edition, recipient: str) -> IssuedCopy:
    """The copy of a recipient, or with this id. Raises NotFoundError."""
    for one in edition.copies:
        if recipient in (one.recipient, one.id):
            return one
    raise NotFoundError(
        f"edition {edition.id} has no copy for {recipient!r}", hint=f"see: trapline copies show {edition.id}"
    )


def deliver(home: Home, copy: IssuedCopy, edition: Edition, receipt: bytes, note: str) -> str:
    """That a copy was handed over, and the SHA-256 of the signed receipt, where there is one; the entry's id."""
    import hashlib

    digest = hashlib.sha256(receipt).hexdigest() if receipt else ""
    return _record(home, "delivered", edition, copy, {"receipt_sha256": digest, "note": note})


def withdraw(home: Home, copy: IssuedCopy, edition: Edition, reason: str) -> str:
    """That a recipient is no longer to have their copy; a leak of it is named all the same. Raises NotFoundError where
    it was withdrawn before."""
    if copy.withdrawn:
        raise NotFoundError(f"the copy of {copy.recipient!r} was withdrawn at {copy.withdrawn}")
    return _record(home, "withdrawn", edition, copy, {"reason": reason})


def _record(
    home: Home,
    kind: Literal["delivered", "withdrawn"],
    edition: Edition,
    copy: IssuedCopy,
    more: Mapping[str, str],
) -> str:
    body = {"edition": edition.id, "copy": copy.id, "recipient": copy.recipient, **more}
    with home.store.write() as connection:
        return home.writer.record(connection, kind, home.now(), home.operator, body)
