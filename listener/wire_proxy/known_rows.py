"""The file by which a proxy knows rows and tables: keyed hashes of their keys, and salted ones of names.

A row's key (``4711``) is easily guessed: who has the file can find out which rows are in it, as can who reads the table
of a sensor in the database. It holds nothing else of the rows.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import msgspec

from canaries.core.errors import HomeError

VERSION = 1
_AGAIN = "make it again: trapline sensors proxy prepare"


class ProxiedTable(msgspec.Struct, frozen=True):
    """A table with planted or watched rows."""

    schema: str
    """Of MySQL: the database."""
    name: str
    secret: str
    """Key of `key_hash`, for this table alone: hexadecimal."""
    marks: dict[str, str]
    """Hash of a row's key to the row's mark."""
    key: str
    """The column by which rows are known."""
    places: list[str]
    """How an answer names that column, in the table and in views of it: ``DATABASE/OID/NUMBER`` (PostgreSQL),
    ``DATABASE.TABLE.COLUMN`` in lower case (MySQL)."""
    columns: list[str]
    """All of them in their order, as COPY without a list writes them."""


class KnownRows(msgspec.Struct, frozen=True):
    """All that one proxy knows."""

    version: int
    salt: str
    tables: list[ProxiedTable]
    honey: list[str]
    """`name_hash` of each table or view that nobody has a reason to read."""


def key_hash(secret: bytes, key: str) -> str:
    """32 hexadecimal digits; of a watched row it is the mark."""
    return hmac.digest(secret, key.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def name_hash(salt: str, name: str) -> str:
    """Of a table's name, whose letter case does not count."""
    return hashlib.sha256(f"{salt} {name.casefold()}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_known(path: Path) -> KnownRows:
    """The file. Raises HomeError."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=KnownRows)
        for one in found.tables:
            bytes.fromhex(one.secret)
    except (OSError, ValueError, RecursionError) as error:
        raise HomeError(f"{path} cannot be read: {error}", hint=_AGAIN) from None
    if found.version != VERSION:
        raise HomeError(f"{path} is of version {found.version}, which is not known here", hint=_AGAIN)
    return found
