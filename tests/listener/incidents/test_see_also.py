"""A crowd's tag is no shared source; see `test_regroup` for what is."""

from __future__ import annotations

from sqlalchemy import insert

from canaries.core import store
from canaries.installation.home import Home
from listener.incidents.see_also import see_also

AT = "2026-11-22T12:00:00.000000Z"


def test_what_stands_for_many_links_nothing(home: Home) -> None:
    crowd = bytes(8) + b"crowd..."
    tags = {"one": crowd, "two": crowd, "three": b"\1" * 16, "four": b"\1" * 16}
    rows = [
        {"id": name, "canary_id": name, "facet": "path", "trap": "http", "observed_at": AT, "sighting": name}
        | {"source_tag": tag, "incident_id": name, "derived_id": name}
        for name, tag in tags.items()
    ]
    with home.store.write() as connection:
        connection.execute(insert(store.hit), rows)
        assert see_also(connection, "one") == ()
        (link,) = see_also(connection, "three")
    assert link.incident == "four"
    assert "several people may use one address" in link.why


def test_it_looks_at_what_is_shared_and_not_at_every_pair(home: Home) -> None:
    """Counted in steps of SQLite's machine: two incidents of 1,500 hits each have 2,250,000 pairs."""
    rows = [
        {"id": f"{number}", "canary_id": "one", "facet": "path", "trap": "http", "observed_at": AT}
        | {
            "sighting": f"{number}",
            "source_tag": b"\1" * 16,
            "incident_id": f"{number % 2}",
            "derived_id": "x",
        }
        for number in range(3_000)
    ]
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1_000

    with home.store.write() as connection:
        connection.execute(insert(store.hit), rows)
        connection.connection.driver_connection.set_progress_handler(step, 1_000)  # type: ignore[union-attr]
        found = see_also(connection, "1")
        connection.connection.driver_connection.set_progress_handler(None, 0)  # type: ignore[union-attr]
    assert [one.incident for one in found] == ["0", "0"]
    assert steps < 1_000_000
