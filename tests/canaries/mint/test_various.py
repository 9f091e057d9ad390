"""Many canaries that differ, in the order they were asked for, each made again from its record."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.various import VariousOrder, mint_various, preview
from tests import steady


def test_each_has_its_own_recipient_options_and_seed(home: Home) -> None:
    orders = [
        VariousOrder("A", "one", {"locale": "de_DE"}, seed=steady.key("A")),
        VariousOrder("B", "two", {"locale": "fr_FR"}),
    ]
    now = home.now()
    first, second = mint_various(home, "user", orders, now=now)
    assert first.bait == preview(home, "user", orders[0], now)
    assert [one.canary.recipient for one in (first, second)] == ["A", "B"]
    assert [one.canary.row["locale"] for one in (first, second)] == ["de_DE", "fr_FR"]
    for one in (first, second):
        assert catalogue.bait(home, catalogue.find(home, one.canary.id)) == one.bait
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "minted")
    assert entry.body["count"] == 2


def test_a_file_of_the_operators_own_is_marked(home: Home) -> None:
    order = VariousOrder("A", "", source=b"<html><body>x</body></html>")
    (made,) = mint_various(home, "html", [order], now=home.now())
    assert b"<body>x<img" in made.bait.files[0].content
    assert len(made.canary.source) == 64
