"""Bait that another machine minted, and a kind whose last canary was retired, reach the front within a second."""

from __future__ import annotations

from sqlalchemy import delete

from canaries.core import store
from canaries.installation import kinds_file
from canaries.installation.home import Home
from canaries.installation.kinds_file import LiveKinds
from canaries.mint import catalogue, live_kinds
from canaries.mint.minting import mint
from canaries.protocols.push_endpoints import retired_tag
from listener.ingest.kinds_watch import KindsWatch


def test_what_the_database_says_counts(home: Home) -> None:
    folder = home.path / "front"
    live, watch = LiveKinds(folder), KindsWatch(home)
    (minted,) = mint(home, "url")
    with kinds_file.settled(folder) as found:
        found.append(frozenset())  # as where another machine has minted it
    watch.look()
    assert live() == frozenset({"url"})
    catalogue.retire(home, minted.canary.id)
    watch.look()
    assert live() == frozenset()


def test_a_home_of_an_earlier_version_is_counted_once(home: Home) -> None:
    list(mint(home, "url"))
    with home.store.write() as connection:
        connection.execute(delete(store.meta).where(store.meta.c.name == live_kinds.NAME))
    (home.path / "front" / kinds_file.FILE).unlink()
    kinds_file.create(home.path / "front", None)
    live = LiveKinds(home.path / "front")
    assert live() is None
    KindsWatch(home).look()
    assert live() == frozenset({"url"})
    with home.store.read() as connection:
        assert live_kinds.live_kinds(connection) == frozenset({"url"})


def test_a_file_that_is_not_made_yet_is_waited_for(home: Home) -> None:
    (home.path / "front" / kinds_file.FILE).unlink()
    KindsWatch(home).look()
    assert not (home.path / "front" / kinds_file.FILE).exists()


def test_retired_push_endpoints_are_told_by_their_tags(home: Home) -> None:
    folder = home.path / "front"
    watch = KindsWatch(home)
    watch.look()
    assert not (folder / kinds_file.RETIRED).exists(), "the supervisor makes it"
    kinds_file.create(folder, frozenset(), kinds_file.RETIRED)
    retired = LiveKinds(folder, kinds_file.RETIRED)
    first, second = (one.canary for one in mint(home, "push-subscription", count=2))
    watch.look()
    assert retired() == frozenset()
    for number, one in enumerate((first, second), 1):
        catalogue.retire(home, one.id)
        watch.look()
        found = retired()
        assert found is not None
        assert len(found) == number
        assert retired_tag(home.keys.front, one.tokens[0].value) in found
