"""The database says of which kinds there is live bait, whoever minted it."""

from __future__ import annotations

from sqlalchemy import delete

from canaries.core import store
from canaries.installation.home import Home
from canaries.installation.kinds_file import LiveKinds
from canaries.mint import catalogue, live_kinds
from canaries.mint.minting import mint


def known(home: Home) -> frozenset[str] | None:
    with home.store.read() as connection:
        return live_kinds.live_kinds(connection)


def test_a_kind_is_live_from_its_first_mint_to_its_last_retirement(any_home: Home) -> None:
    first, second = (one.canary.id for one in mint(any_home, "url", count=2))
    list(mint(any_home, "stripe-key"))
    assert known(any_home) == frozenset({"url", "stripe-key"})
    catalogue.retire(any_home, first)
    assert known(any_home) == frozenset({"url", "stripe-key"})
    catalogue.retire(any_home, second)
    assert known(any_home) == frozenset({"stripe-key"})


def test_the_front_knows_of_bait_and_its_parts_when_it_is_handed_out(home: Home) -> None:
    live = LiveKinds(home.path / "front")
    assert live() == frozenset()
    list(mint(home, "env-file"))
    assert live() == known(home)
    assert {"env-file", "openai-key", "postgres-url"} <= (live() or frozenset())


def test_a_database_that_never_counted_is_looked_through(home: Home) -> None:
    (gone,) = (one.canary.id for one in mint(home, "qr"))
    list(mint(home, "url"))
    catalogue.retire(home, gone)
    with home.store.write() as connection:
        connection.execute(delete(store.meta).where(store.meta.c.name == live_kinds.NAME))
    assert known(home) is None
    list(mint(home, "stripe-key"))
    assert known(home) == frozenset({"url", "stripe-key"})
