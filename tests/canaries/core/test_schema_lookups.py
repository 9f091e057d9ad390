"""A watched record is touched by one statement once."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from canaries.core import store
from canaries.installation.home import Home


def test_a_statement_has_a_record_once(home: Home) -> None:
    row = {"statement": "a" * 32, "watch_id": "b" * 16, "entry_id": "c" * 32, "at": home.now()}
    with home.store.write() as connection:
        connection.execute(insert(store.looked_up).values(**row))
    with pytest.raises(IntegrityError), home.store.write() as connection:
        connection.execute(insert(store.looked_up).values(**row | {"entry_id": "d" * 32}))
