"""DBeaver: a connection more, with an id of its own."""

from __future__ import annotations

import json

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

ID = "postgres-jdbc-18a1b2c3d4e-1a2b3c4d5e6f7081"
OLD = {
    "connections": {
        ID: {
            "provider": "postgresql",
            "name": "shop",
            "configuration": {
                "host": "h",
                "url": "jdbc:postgresql://h:5432/shop",
                "handlers": {"ssh": {"password": "x"}},
            },
        }
    }
}


def test_a_connection_more_leads_to_the_bait_and_through_nobodys_tunnel() -> None:
    after = json.loads(text_after("data-sources.json", json.dumps(OLD, indent=1), "postgres-url"))
    names = list(after["connections"])
    assert names[0] == ID
    assert names[1].startswith("postgres-jdbc-18a")
    assert len(names[1]) == len(ID)
    made = after["connections"][names[1]]
    assert "traps.example.net" in made["configuration"]["url"]
    assert "handlers" not in made["configuration"]
    assert after["connections"][ID] == OLD["connections"][ID]


def test_another_sort_of_database_has_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("data-sources.json", json.dumps(OLD), "mssql-url")
