"""Lines of server_audit: reads of tables, statements, and what is none."""

from __future__ import annotations

from listener.logs.mariadb_audit import MariadbAudit

READ = b"20261127 08:00:00,db1,clerk,10.0.0.9,7,42,READ,shop,subscribers_export_412,"
QUERY = b"20261127 08:00:00,db1,clerk,10.0.0.9,7,42,QUERY,shop,'SELECT a, b FROM t WHERE e=\\'x@y.test\\'',0"


def test_a_table_that_is_read() -> None:
    found = MariadbAudit().record(READ)
    assert found is not None
    assert (found.event, found.account, found.client, found.at) == (
        "read",
        "clerk",
        "10.0.0.9",
        "2026-11-27 08:00:00",
    )
    assert found.request == "shop.subscribers_export_412"
    assert found.strings == ("subscribers_export_412",)
    assert found.facts == {"server": "db1", "connection": "7", "query": "42", "database": "shop"}


def test_a_statement() -> None:
    found = MariadbAudit().record(QUERY)
    assert found is not None
    assert found.request == "SELECT a, b FROM t WHERE e=\\'x@y.test\\"
    assert not found.only_strings


def test_what_is_none() -> None:
    assert MariadbAudit().record(b"mariadbd: ready for connections") is None
    assert MariadbAudit().sound(b"\n".join([READ, b"noise", QUERY])) == 2
