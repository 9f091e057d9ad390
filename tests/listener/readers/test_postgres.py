"""Questions to a real catalogue, and text that no setting of the server reads otherwise."""

from __future__ import annotations

import pytest

from canaries.plant.rows import table
from listener.readers._postgres import column, literal, quoted, scalar, server_warnings, strong_roles, version
from tests.subscribers import Subscribers


@pytest.mark.parametrize("text", ["it's", "a\\'b", "\\", "'; DROP TABLE x; --", "%s %(a)s {}"])
def test_text_is_read_as_it_was(shared_shop: Subscribers, text: str) -> None:
    for setting in ("on", "off"):
        query = f"SET standard_conforming_strings = {setting}; SELECT {literal(text)}"
        with shared_shop.cluster.connect(shared_shop.database) as connection:
            done = connection.execute(query.encode())
            while done.nextset():
                pass
            assert done.fetchone() == (text,)


def test_the_catalogue_is_asked(shared_shop: Subscribers) -> None:
    with table.opened(table.address(shared_shop.url)) as connection:
        assert version(connection) >= 150_000
        assert quoted(connection, "", "Strange Name", "id") == '"Strange Name".id'
        assert scalar(connection, "SELECT :n + 1", n=2) == 3
        assert scalar(connection, "SELECT 1 WHERE false") is None
        assert column(connection, "SELECT generate_series(1, 2)") == ["1", "2"]
        assert strong_roles(connection) == ["postgres"]
        assert server_warnings(connection) == []
        connection.exec_driver_sql("SET log_min_messages = 'panic'")
        assert "log_min_messages is panic" in server_warnings(connection)[0]
