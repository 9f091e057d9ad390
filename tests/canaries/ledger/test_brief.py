"""Entries without their lists: what lists of deeds show is the same, of both versions; a changed line is refused."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger import brief, parts
from canaries.ledger.sealer import LogSealer
from canaries.mint import catalogue
from canaries.mint.minting import mint


@pytest.fixture
def ids(home: Home) -> list[str]:
    """Of entries: canaries minted, one revealed and one retired."""
    made = [one.canary.id for one in mint(home, "url", count=3)]
    catalogue.reveal(home, made[0], "a reason")
    catalogue.retire(home, made[1], "not needed")
    LogSealer(home).seal_once()
    with home.store.read() as connection:
        return list(connection.execute(select(store.entry.c.id).order_by(store.entry.c.id)).scalars())


def test_all_but_the_list_is_as_in_the_whole_entry(home: Home, ids: list[str]) -> None:
    with home.store.read() as connection:
        whole, short = home.reader.fetch(connection, ids), brief.fetch(home.reader, connection, ids)
    assert short.keys() == whole.keys() == set(ids)
    cut = 0
    for one in ids:
        found, entry = short[one], whole[one]
        body = {name: value for name, value in entry.body.items() if name != brief.LIST}
        cut += body != entry.body
        assert (found.kind, found.at, found.by, found.seq) == (entry.kind, entry.at, entry.by, entry.seq)
        assert (found.body, found.allowed) == (body, entry.allowed)
    assert cut == 1, "the minted entry has a list"


def test_a_field_is_cut_out_of_both_versions_of_a_line() -> None:
    first = b'{"at":"now","body":{"canaries":[["a","b"]],"count":1},"by":"ann","entry":"minted","id":"0"}'
    cut = msgspec.json.decode(brief.without(first, "canaries"))
    assert cut == {**msgspec.json.decode(first), "body": {"count": 1}}
    assert brief.without(first, "other") == first
    second = (
        b'["minted","-","-","00"]\t{"at":"now","body":{"canaries":[1],"count":1},"entry":"minted","id":"0",'
        b'"parts":["by"],"v":2}\t{"by":"ann"}'
    )
    value = parts.merged(brief.without(second, "canaries"))
    assert (value["body"], value["by"]) == ({"count": 1}, "ann")


def test_a_line_that_was_changed_is_refused(home: Home, ids: list[str]) -> None:
    other = home.writer.seal(b'{"body":{}}', ids[0])
    with home.store.write() as connection:
        connection.execute(update(store.entry).where(store.entry.c.id == ids[0]).values(sealed=other))
    with home.store.read() as connection, pytest.raises(LedgerError, match="leaf hash"):
        brief.fetch(home.reader, connection, ids)


def test_a_page_opens_as_many_bytes_as_fit_and_one_entry_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "MOST_BYTES", 10)
    assert brief.fitting([4, None, 6, 1]) == 3
    assert brief.fitting([11, 1]) == brief.fitting([]) == 1
    assert brief.fitting([None] * 5) == 5
