"""The tables of a new database are those that the schema describes."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect

from canaries.core.schema import metadata
from canaries.core.schema_tables import create_tables


def test_they_are_what_sqlalchemy_makes_of_the_schema() -> None:
    made = []
    for create in (metadata.create_all, create_tables, create_tables):
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            create(connection)
            made.append(
                set(connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").fetchall())
            )
        engine.dispose()
    assert made[0] == made[1] == made[2]


def test_postgresql_gets_the_same_tables_with_their_columns_and_indexes(postgres_url: str) -> None:
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    seen = []
    with engine.connect() as connection:
        for create in (metadata.create_all, create_tables):
            create(connection)
            found = inspect(connection)
            seen.append(
                {
                    name: (
                        [(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(name)],
                        sorted((str(one["name"]), one["unique"]) for one in found.get_indexes(name)),
                        found.get_pk_constraint(name)["constrained_columns"],
                    )
                    for name in found.get_table_names()
                }
            )
            connection.rollback()
    engine.dispose()
    assert seen[0] == seen[1] != {}
