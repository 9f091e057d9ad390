"""The tables of watched records and of their look-ups; the rest of the schema is in `canaries.core.schema`."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table

from canaries.core.schema import metadata

watch = Table(
    "watch",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("mark", String(32), nullable=False),
    Column("since", String(27), nullable=False),
    Column("until_at", String(27), nullable=False),
    Column("ended_at", String(27), nullable=False),
    Column("sealed", LargeBinary),
    Index("watch_mark", "mark"),
)
"""Real records whose look-ups are recorded. `mark` is a keyed hash of table and key: the key itself is kept nowhere.
`ended_at` is empty while it is watched; the words are under the ``alerts`` key (listener.sensors.watches)."""

looked_up = Table(
    "looked_up",
    metadata,
    Column("statement", String(32), primary_key=True),
    Column("watch_id", String(16), primary_key=True),
    Column("entry_id", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Index("looked_up_at", "at"),
)
"""Which watched record a statement touched, once, and the *looked-up* entry that says so. `statement` is a keyed hash;
`at` is the database's clock."""
