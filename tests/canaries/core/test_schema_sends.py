"""The table of sends is made with the others, in a new database and in one of before."""

from __future__ import annotations

from sqlalchemy import inspect

from canaries.core import migrations
from canaries.core.schema_sends import send
from canaries.installation.home import Home


def test_it_is_made_with_the_others_and_added_where_it_is_missing(any_home: Home) -> None:
    with any_home.store.write() as connection:
        assert send.name in inspect(connection).get_table_names()
        connection.exec_driver_sql("DROP TABLE send")
        migrations.add_what_is_missing(connection)
        assert send.name in inspect(connection).get_table_names()
