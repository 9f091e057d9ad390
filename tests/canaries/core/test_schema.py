"""The tables: what tells of bait or of visitors is sealed, what is asked for often is indexed."""

from __future__ import annotations

from sqlalchemy import LargeBinary

from canaries.core import schema

CLEAR_BINARY = {"digest", "invitation", "body", "hash", "head", "tag", "source_tag", "reply"}
CLEAR_BINARY |= {"credential", "public_key"}  # the public halves of operators' passkeys
"""Binary columns that are no boxes: hashes with a nonce, keyed tags, slow keyed tags, time stamps of hashes."""


def test_every_binary_column_is_a_box_or_a_keyed_hash() -> None:
    for table in schema.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                assert column.name in CLEAR_BINARY | {"sealed", "label", "amended", "progress"}, (
                    f"{table.name}.{column.name}"
                )


def test_no_column_is_named_for_what_must_not_lie_in_clear() -> None:
    names = {column.name for table in schema.metadata.tables.values() for column in table.columns}
    assert not names & {
        "ip",
        "address",
        "peer",
        "port",
        "memo",
        "recipient",
        "user_agent",
        "token",
        "secret",
        "raw",
    }


def test_a_hit_can_be_taken_in_once_only() -> None:
    (once,) = [index for index in schema.hit.indexes if index.name == "hit_once"]
    assert once.unique
    assert [column.name for column in once.columns] == ["sighting", "canary_id"]
