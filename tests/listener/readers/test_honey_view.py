"""The view on a real server: whoever looks is seen, superusers and counts too, and nobody real is in it."""

from __future__ import annotations

import pytest

from listener.sensors import database_readers
from tests.subscribers import Subscribers


@pytest.mark.parametrize("user", ["analyst", "postgres"])
def test_every_look_is_seen_with_all_its_rows(shop: Subscribers, user: str) -> None:
    before = shop.cluster.schema(shop.database)
    found = database_readers.install(shop.home, shop.url, name="honey-view", accepted=("dumps",))
    [view] = [one.split()[-1] for one in found.plan.down if "VIEW" in one]
    shop.say("SELECT * FROM subscribers", user)
    assert shop.seen() == []
    assert shop.say(f"SELECT count(*) FROM {view}", user) == [(len(shop.people),)]
    hits = shop.seen()
    assert {hit.canary for hit in hits} == set(shop.people)
    assert {hit.body["observed"]["reported"]["account"] for hit in hits} == {user}
    [state] = database_readers.check(shop.home)
    assert state.problems == ()
    database_readers.uninstall(shop.home, shop.url)
    assert shop.cluster.schema(shop.database) == before
