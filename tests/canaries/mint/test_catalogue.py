"""Records: found by id or its beginning, revealed for a reason, retired once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import LedgerError, MintError, NotFoundError
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import catalogue, minting
from tests import steady


@pytest.fixture
def canary(home: Home) -> Canary:
    return next(iter(minting.mint(home, "url", memo="wiki page"))).canary


def test_it_is_found_by_an_unambiguous_beginning(home: Home, canary: Canary) -> None:
    assert catalogue.find(home, canary.id[:8]) == canary


@pytest.mark.parametrize("wrong", ["ffffffffffffffff", "abc", "", "%", "______"])
def test_what_does_not_exist_is_not_found(home: Home, canary: Canary, wrong: str) -> None:
    if canary.id.startswith(wrong) and wrong:
        return
    with pytest.raises(NotFoundError):
        catalogue.find(home, wrong)


def test_a_beginning_that_fits_two_is_refused(home: Home, canary: Canary) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.canary).values(id="aaaaaaaa00000001"))
    other = next(iter(minting.mint(home, "url"))).canary
    with home.store.write() as connection:
        query = update(store.canary).where(store.canary.c.id == other.id)
        connection.execute(query.values(id="aaaaaaaa00000002"))
    with pytest.raises(NotFoundError, match="more than one"):
        catalogue.find(home, "aaaaaaaa")


def test_the_listing_shows_no_bait(home: Home, canary: Canary) -> None:
    (line,) = catalogue.listing(home)
    assert (line.id, line.kind, line.memo, line.hits, line.placements) == (
        canary.id,
        "url",
        "wiki page",
        0,
        0,
    )
    assert all(token.value not in str(line) for token in canary.tokens)


def test_revealing_needs_a_reason_and_leaves_an_entry(home: Home, canary: Canary) -> None:
    with pytest.raises(MintError, match="needs a reason"):
        catalogue.reveal(home, canary.id, "  ")
    assert catalogue.reveal(home, canary.id, "moving it to another wiki").tokens == canary.tokens
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "revealed")
    assert entry.body == {"canary": canary.id, "reason": "moving it to another wiki"}
    assert entry.by == home.operator


def test_retiring_happens_once_and_is_an_entry(home: Home, canary: Canary) -> None:
    catalogue.retire(home, canary.id, "service shut down")
    assert catalogue.summary(home, canary.id).retired_at
    with pytest.raises(NotFoundError, match="already retired"):
        catalogue.retire(home, canary.id)
    with home.store.read() as connection:
        assert [entry.body["reason"] for entry in home.reader.entries(connection, "retired")] == [
            "service shut down"
        ]


def test_a_record_moved_to_another_row_does_not_open(home: Home, canary: Canary) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.canary).values(id="0123456789abcdef"))
    with pytest.raises(LedgerError, match="does not open"):
        catalogue.find(home, "0123456789abcdef")


def test_a_kind_that_would_make_another_bait_now_says_so(
    home: Home, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAPLINE_BAIT_BASE_URL", "http://127.0.0.1:9999")
    moved = Home.open(home.path)
    with pytest.raises(MintError, match="would now make another bait"):
        catalogue.bait(moved, canary)
    moved.store.close()


def test_bait_of_before_the_sieve_is_made_again_as_it_was(home: Home) -> None:
    (minted,) = minting.mint(home, "redis-url", draw=steady.draw("before the sieve"))
    kind, now = minting.kind("redis-url"), minted.canary
    order = minting.order(home, bytes.fromhex(now.seed), now.created_at, "", "", sieved=False)
    old = kind.mint(order, kind.Options())
    before = replace(now, tokens=old.tokens, text=old.text)
    assert old != minted.bait, "else this shows nothing"
    assert catalogue.bait(home, before) == old


def test_bait_from_before_a_default_changed_is_made_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A MySQL login of an earlier version, with a usual user name, is not taken for a changed one."""
    from canaries.kinds.mysql import Mysql, MysqlOptions

    with monkeypatch.context() as earlier:
        earlier.setattr(MysqlOptions.__init__, "__defaults__", ("", "", 0, False))
        (minted,) = minting.mint(home, "mysql")
        assert "v-token" not in minted.bait.row["user"]
    assert catalogue.bait(home, catalogue.find(home, minted.canary.id)) == minted.bait
    (newer,) = minting.mint(home, "mysql")
    assert "v-token" in newer.bait.row["user"]
    assert catalogue.bait(home, catalogue.find(home, newer.canary.id)) == newer.bait
    monkeypatch.setattr(Mysql, "earlier_defaults", {})
    with pytest.raises(MintError):
        catalogue.bait(home, catalogue.find(home, minted.canary.id))
