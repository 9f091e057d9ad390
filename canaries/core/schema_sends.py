"""The table of authorised sends; the rest of the schema is in `canaries.core.schema`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from canaries.core.schema import metadata

send = Table(
    "send",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("from_at", String(27), nullable=False),
    Column("until_at", String(27), nullable=False),
    Column("copies", BigInteger, nullable=False),
    Column("sealed", LargeBinary),
)
"""Messages announced before they go out; the words are under the ``alerts`` key (listener.sensors.sends)."""
