"""The filter file that sensors hold: salted hashes of the tokens of all canaries that are in service."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core import files, store
from canaries.core.errors import HomeError
from canaries.core.model import Canary
from canaries.crypto.token_tags import normal, tagger
from canaries.mint import catalogue
from canaries.mint.minting import OWN_RANKS, next_epoch
from listener.hook.filter_file import filter_bytes
from listener.hook.values import weak

if TYPE_CHECKING:
    from canaries.installation.home import Home

GUESSABLE = ("user_name", "phone")
"""Facets that a filter holds where it is asked for: they accuse nobody on their own."""
_RANK = OWN_RANKS
"""Of these tokens in the index: weaker than every other one."""


def write_filter(home: Home, path: Path, *, guessable: bool = False) -> int:
    """Write the filter; how many strings are in it. Needs the vault's key; an entry says that it was made.

    ``guessable``: with user names and telephone numbers, which the listener then recognises in reports of sensors, and
    nowhere else. Raises HomeError.
    """
    values: set[bytes] = set()
    more: list[tuple[bytes, str, str]] = []
    for canary in _in_service(home):
        for token in canary.tokens:
            if not token.weak:
                values.add(normal(token.value, folds=token.folds))
            elif guessable and token.facet in GUESSABLE:
                more.append((weak(token.facet, token.value), canary.id, token.facet))
    values.update(value for value, _, _ in more)
    content = filter_bytes(values, weak=guessable)
    body = {
        "section": "sensors",
        "filter": hashlib.sha256(content).hexdigest(),
        "strings": len(values),
        "guessable": guessable,
    }
    said = home.act("setting", body)
    try:
        _put(path, content)
    except OSError as error:
        raise HomeError(f"{path} cannot be written: {error.strerror}") from error
    with home.store.write() as connection:
        _index(home, connection, more)
        home.writer.put(connection, said)
    return len(values)


def _put(path: Path, content: bytes) -> None:
    """In place of what is there, with its owner and mode: the program that reads it is seldom the listener's user."""
    before = path.stat() if path.exists() else None
    with files.draft(path) as file:
        file.write(content)
        if before is not None:
            if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))


def _in_service(home: Home) -> Iterator[Canary]:
    table = store.canary
    query = select(table).where(table.c.sealed.is_not(None), table.c.retired_at == "")
    with home.store.read() as connection:
        for row in connection.execution_options(yield_per=1000).execute(query):
            yield catalogue.open_record(home, row)


def _index(home: Home, connection: Connection, more: list[tuple[bytes, str, str]]) -> None:
    """What only sensors may report. Two canaries with one user name: the first has it."""
    tag, table = tagger(home.keys.lookup), store.token
    rows = {tag(value): (canary, facet) for value, canary, facet in reversed(more)}
    tags = sorted(rows)
    known: set[bytes] = set()
    for start in range(0, len(tags), 500):
        part = tags[start : start + 500]
        known.update(connection.execute(select(table.c.tag).where(table.c.tag.in_(part))).scalars())
    fresh = [one for one in tags if one not in known]
    if fresh:
        epoch = next_epoch(connection)
        home.store.bulk(connection, table, [(one, *rows[one], _RANK, epoch) for one in fresh])
