"""Only subscriptions that were retired are told, by a tag; something is told anew only where a canary was retired."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.mint import amending, catalogue, retired_endpoints
from canaries.mint.minting import mint
from canaries.protocols.push_endpoints import retired_tag


def test_retired_ones_alone_are_told(home: Home) -> None:
    first, second = (one.canary for one in mint(home, "push-subscription", count=2))
    other = next(mint(home, "url")).canary
    amending.amend(home, [first], tags=["list:subscribers"])
    with home.store.read() as connection:
        before = retired_endpoints.marker(connection)
        assert retired_endpoints.tags(connection, home.keys.alerts) == frozenset()
    for one in (first, other):
        catalogue.retire(home, one.id)
    with home.store.read() as connection:
        assert retired_endpoints.marker(connection) != before
        found = retired_endpoints.tags(connection, home.keys.alerts)
    assert found == {retired_tag(home.keys.front, first.tokens[0].value)}
    assert retired_tag(home.keys.front, second.tokens[0].value) not in found
