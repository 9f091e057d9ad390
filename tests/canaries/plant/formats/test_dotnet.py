""".NET's settings: a database is a connection string."""

from __future__ import annotations

import json

import pytest

from canaries.plant.formats._dotnet import connection_string
from canaries.plant.formats._values import role_of, values_of
from tests.canaries.plant.formats.forms import bait, text_after

SQL = ("mssql-url", "postgres-url", "mysql")
OLD = {
    "appsettings.json": ['{"ApiKey": "x"}', '{"ConnectionStrings": {"Redis": "localhost:6379"}}'],
    "web.config": ['<configuration><appSettings><add key="ApiKey" value="x"/></appSettings></configuration>'],
}


@pytest.mark.parametrize("kind", SQL)
@pytest.mark.parametrize(("name", "old"), [(name, old) for name, texts in OLD.items() for old in texts])
def test_no_database_is_a_url_there(kind: str, name: str, old: str) -> None:
    after = text_after(name, old, kind)
    values = values_of(kind, bait(kind))
    assert "://" not in after
    assert connection_string(values) in after
    assert role_of("", connection_string(values)) == "connection"
    assert all(
        values.roles[role] in connection_string(values) for role in ("host", "user", "password", "database")
    )


def test_one_that_is_there_is_the_form_of_the_next() -> None:
    old = {
        "ConnectionStrings": {
            "Shop": "Data Source=a,1433;Initial Catalog=b;User ID=c;Password=d;Encrypt=True"
        }
    }
    held = json.loads(text_after("appsettings.json", json.dumps(old), "mssql-url"))["ConnectionStrings"]
    (made,) = (text for name, text in held.items() if name != "Shop")
    assert [part.partition("=")[0] for part in made.split(";")] == [
        "Data Source",
        "Initial Catalog",
        "User ID",
        "Password",
        "Encrypt",
    ]


def test_what_is_no_database_has_no_connection_string() -> None:
    assert not connection_string(values_of("redis-url", bait("redis-url")))
    assert "redis://" in text_after("appsettings.json", '{"ApiKey": "x"}', "redis-url")
