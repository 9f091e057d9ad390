"""What a MySQL server says to a statement that it does not run, as its error reference has it; and COM_STATISTICS."""

from __future__ import annotations

import struct

from canaries.crypto.seeded_random import SeededRandom
from listener.protocol.sql_answers import SqlRefused

ANYTHING = SqlRefused("", "SELECT")
"""Something that names nothing."""
_NEEDED = {
    "DESCRIBE": "SELECT",
    "DESC": "SELECT",
    "EXPLAIN": "SELECT",
    "TRUNCATE": "DROP",
    "SHOW": "SELECT",
    "SHOW CREATE": "SHOW",
    "TABLE": "SELECT",
    "WITH": "SELECT",
    "ANALYZE": "SELECT, INSERT",
    "OPTIMIZE": "SELECT, INSERT",
    "REPAIR": "SELECT, INSERT",
    "CHECK": "SELECT",
    "CHECKSUM": "SELECT",
}
"""What a statement needs where that is not called as it is."""


def error(number: int, state: str, message: str) -> bytes:
    """One ERR_Packet."""
    return struct.pack("<BH", 0xFF, number) + b"#" + state.encode() + message.encode()


TOO_LONG = error(3024, "HY000", "Query execution was interrupted, maximum statement execution time exceeded")


def no_database(name: str) -> bytes:
    """There is none of this name."""
    return error(1049, "42000", f"Unknown database '{name[:64]}'")


NO_STATEMENT = error(1243, "HY000", "Unknown prepared statement handler given to mysqld_stmt_execute")


def refusal(refused: SqlRefused, user: str, host: str, database: str) -> bytes:
    """By what it names: errors 1142, 1054, 1193, 1305; where it names nothing, 1044 and 1046."""
    name, where, who = refused.table[:64], database[:64], f"'{user[:80]}'@'{host}'"
    if refused.sort == "effort":
        return TOO_LONG
    if refused.sort == "column":
        return error(1054, "42S22", f"Unknown column '{name}' in 'field list'")
    if refused.sort == "variable":
        return error(1193, "HY000", f"Unknown system variable '{name}'")
    if refused.sort == "function":
        within = f"{where}." if where and "." not in name else ""
        return error(1305, "42000", f"FUNCTION {within}{name} does not exist")
    if refused.table:
        verb = _NEEDED.get(refused.verb, refused.verb)
        table = refused.table.rpartition(".")[2][:64]
        return error(1142, "42000", f"{verb} command denied to user {who} for table '{table}'")
    if not database:
        return error(1046, "3D000", "No database selected")
    return error(1044, "42000", f"Access denied for user {who} to database '{where}'")


_DAY = 86_400


def statistics(stream: SeededRandom, micros: int) -> bytes:
    """What every account is told of the server, which was started some weeks ago at most. ``micros``: now."""
    period = stream.between("statistics:period", 20, 90) * _DAY
    uptime = (micros // 1_000_000 + stream.between("statistics:begin", 0, period)) % period + 60
    asked, opened = (
        uptime * stream.between("statistics:rate", 2, 40) // 100 + 40,
        stream.between("statistics:opened", 140, 900),
    )
    rate = f"{asked * 1000 // uptime // 1000}.{asked * 1000 // uptime % 1000:03}"
    return (
        f"Uptime: {uptime}  Threads: 2  Questions: {asked}  Slow queries: 0  Opens: {opened}  Flush tables: 3"
        f"  Open tables: {opened - stream.between('statistics:shut', 20, 80)}  Queries per second avg: {rate}"
    ).encode()
