"""The rows beside those of a real cluster."""

from __future__ import annotations

import psycopg

from listener.protocol.postgres_listed import BESIDE, TABLES
from tests.every import every
from tests.postgres_cluster import PostgresCluster

_DRAWN = {"oid", "datfrozenxid"}
"""Of a cluster and its release's build, not of PostgreSQL 15."""


@every("table", TABLES)
def test_each_row_is_one_of_a_real_cluster(cluster: PostgresCluster, table: str) -> None:
    schema = "information_schema" if table == "schemata" else "pg_catalog"
    with cluster.connect("postgres") as connection:
        cursor = psycopg.RawCursor(connection)
        cursor.execute(f"SELECT * FROM {schema}.{table}".encode())
        assert cursor.description is not None
        columns = [column.name for column in cursor.description]
        result = cursor.pgresult
        assert result is not None
        theirs = [
            {
                name: None if (value := result.get_value(row, column)) is None else value.decode()
                for column, name in enumerate(columns)
                if name not in _DRAWN
            }
            for row in range(result.ntuples)
        ]
    listed = list(TABLES[table]("postgres", "postgres"))
    assert [list(row) for row in listed] == [columns] * len(listed)
    for row in listed:
        ours = {
            name: None if value is None else str(value) for name, value in row.items() if name not in _DRAWN
        }
        assert ours in theirs


def test_a_role_and_a_database_of_the_login_are_among_them() -> None:
    assert [row["rolname"] for row in TABLES["pg_roles"]("ann", "crm")][-1] == "ann"
    assert [row["datname"] for row in TABLES["pg_database"]("ann", "crm")][-1] == "crm"
    numbers = [row["oid"] for row in TABLES["pg_roles"]("ann", "crm")]
    assert len(numbers) == len(set(numbers))


def test_what_is_joined_has_names_of_its_own_table() -> None:
    assert {table for table, _ in BESIDE} <= set(TABLES)
