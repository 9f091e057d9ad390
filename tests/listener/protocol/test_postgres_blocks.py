"""A block's savepoints and settings: held beside a server in `test_postgres_refusals`; here their bounds."""

from __future__ import annotations

from listener.protocol.postgres_blocks import PostgresBlock
from listener.protocol.postgres_kept import KeptSettings
from listener.protocol.sql_answers import SqlDone, SqlRefused


def run(block: PostgresBlock, words: str) -> object:
    return block.run(SqlDone("X", words=words), inside=True)


def test_savepoints_and_what_is_taken_back_are_bounded() -> None:
    kept = KeptSettings()
    block = PostgresBlock(kept)
    for number in range(2000):
        run(block, f"SAVEPOINT s{number}")
        run(block, f"SET work_mem = {number}")
    assert len(block._savepoints) == kept.mark() == 256
    assert not isinstance(run(block, "ROLLBACK TO s0"), SqlRefused)
    assert not isinstance(run(block, "ROLLBACK TO s0"), SqlRefused), "it is still there"
    block.end(committed=False)
    assert isinstance(run(block, "ROLLBACK TO s0"), SqlRefused)
    assert kept.values == {}
