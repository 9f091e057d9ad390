"""Statements of an intruder: the MySQL trap says of each what a real MariaDB says to a user who owns nothing.

The trap is a MySQL 8 and the server a MariaDB 10.11, of one origin: where their words or columns differ that is one of
the reasons below, and what MySQL's own reference has is what counts.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

import pymysql
import pytest

from listener.protocol.conversation import Close, Send, Step
from listener.protocol.identity import Identity
from listener.traps.mysql import MysqlConversation
from tests import steady
from tests.beside.mysql_statements import MYSQL
from tests.proxied import mariadb_with_grants

Said = tuple[object, ...]
_MYSQL = "MySQL 8 has other words, columns or privileges here than MariaDB"
_VALUES = "the value hangs on the server's settings"
_TABLES = "the trap knows no table and no routine, and denies every one"
DIFFERENCES = {
    "SELECT 'a' 'b'": _MYSQL,
    "SELECT +5": _MYSQL,
    "SELECT 9223372036854775807 + 1": _MYSQL,
    "SELECT @@tx_isolation": _MYSQL,
    "SELECT LAST_INSERT_ID(), ROW_COUNT(), FOUND_ROWS()": _MYSQL,
    "SELECT * FROM information_schema.nosuch": _MYSQL,
    "SELECT * FROM information_schema.views": _MYSQL,
    "SHOW CREATE USER": _MYSQL,
    "SHOW GRANTS": _MYSQL,
    "SELECT '{\"a\": 1}'->'$.a'": _MYSQL,
    "SELECT a->'$.b'": _MYSQL,
    "SHOW GRANTS FOR CURRENT_USER": _MYSQL,
    "SHOW GRANTS FOR CURRENT_USER()": _MYSQL,
    "SHOW PROCESSLIST": _MYSQL,
    "SHOW FULL PROCESSLIST": _MYSQL,
    "SHOW ENGINES": _MYSQL,
    "SHOW PLUGINS": _MYSQL,
    "SHOW PRIVILEGES": _MYSQL,
    "SHOW COLLATION LIKE 'utf8mb4_bin'": _MYSQL,
    "SHOW COLLATION LIKE 'ascii_general_ci'": _MYSQL,
    "SHOW MASTER STATUS": _MYSQL,
    "SHOW BINARY LOGS": _MYSQL,
    "SHOW MASTER LOGS": _MYSQL,
    "SHOW SLAVE STATUS": _MYSQL,
    "SHOW SLAVE HOSTS": _MYSQL,
    "SHOW BINLOG EVENTS": _MYSQL,
    "SHOW EVENTS": _MYSQL,
    "SHOW TABLE STATUS": _MYSQL,
    "SHOW TABLE STATUS LIKE 'members'": _MYSQL,
    "SET GLOBAL max_connections = 1": _MYSQL,
    "SET @@global.max_connections = 1": _MYSQL,
    "SET sql_log_bin = 0": _MYSQL,
    "SET PASSWORD = 'x'": _MYSQL,
    "SET PASSWORD FOR root = 'x'": _MYSQL,
    "SET ROLE nosuch": _MYSQL,
    "CREATE ROLE r": _MYSQL,
    "CREATE TABLE t": _MYSQL,
    "CREATE TABLE t AS SELECT 1": _MYSQL,
    "GRANT nosuch TO ann": _MYSQL,
    "FLUSH TABLES": _MYSQL,
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE members": _MYSQL,
    "CHANGE MASTER TO MASTER_HOST = 'x'": _MYSQL,
    "START SLAVE": _MYSQL,
    "STOP SLAVE": _MYSQL,
    "PURGE BINARY LOGS TO 'x'": _MYSQL,
    "CHECK TABLE members": _MYSQL,
    "EXPLAIN SELECT 1": _MYSQL,
    "VALUES (1)": _MYSQL,
    "TABLE members": _MYSQL,
    "HELP 'select'": _MYSQL,
    "-- x": _MYSQL,
    "/* x */": _MYSQL,
    "SELECT /*! 1 + */ 1": _MYSQL,
    "SELECT @@autocommit, @@port": _VALUES,
    "SELECT @@max_allowed_packet": _VALUES,
    "SELECT schema_name FROM information_schema.schemata": _VALUES,
    "SHOW CREATE DATABASE crm": _VALUES,
    "SHOW CREATE DATABASE mysql": _VALUES,
    "SHOW VARIABLES LIKE 'version_compile_os'": _VALUES,
    "SHOW VARIABLES LIKE 'port'": _VALUES,
    "SHOW STATUS LIKE 'Threads_connected'": _VALUES,
    "SHOW VARIABLES WHERE Variable_name = 'port'": _VALUES,
    "SHOW CHARACTER SET LIKE 'utf8mb4'": _VALUES,
    "SELECT * FROM information_schema.routines": _TABLES,
    "SHOW PROCEDURE STATUS": _TABLES,
    "SHOW FUNCTION STATUS": _TABLES,
    "SELECT * FROM information_schema.tables LIMIT 0": _MYSQL,
}
"""What the trap says otherwise, and why."""


@contextlib.contextmanager
def served() -> Iterator[int]:
    """The port of a trap's conversation, one connection at a time."""

    def send(connection: socket.socket, steps: list[Step]) -> bool:
        for step in steps:
            if isinstance(step, Send):
                connection.sendall(step.data)
            elif isinstance(step, Close):
                return False
        return True

    def serve() -> None:
        number = 0
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                number += 1
                talk = MysqlConversation(Identity(steady.key("statements")), number, starttls=False)
                with connection:
                    goes_on = send(connection, list(talk.greet()))
                    while goes_on and (data := connection.recv(65_536)):
                        goes_on = send(connection, list(talk.feed(data)))

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(steady.PATIENCE)


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """Of the trap, and of a MariaDB on which ann may call procedures."""
    with mariadb_with_grants() as port, served() as trap:
        with (
            pymysql.connect(host="127.0.0.1", port=port, user="root") as connection,
            connection.cursor() as cursor,
        ):
            for statement in (
                "CREATE DATABASE crm",
                "CREATE TABLE crm.members (id int PRIMARY KEY, name text)",
                "CREATE VIEW crm.members_v AS SELECT * FROM crm.members",
                "CREATE USER ann@'%' IDENTIFIED BY 'x'",
                "GRANT EXECUTE ON *.* TO ann@'%'",
            ):
                cursor.execute(statement)
        yield trap, port


def said(port: int, *statements: str) -> Said:
    """What a server says to the last of these: rows, what was done, or an error."""
    with pymysql.connect(
        host="127.0.0.1", port=port, user="ann", password="x", database="crm", autocommit=None, ssl_disabled=True
    ) as connection:  # fmt: skip
        answer: Said = ()
        for statement in statements:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    columns = tuple(column[0] for column in cursor.description or ())
                    rows = tuple(tuple(map(_shown, row)) for row in cursor.fetchall()) if columns else ()
                    if "processlist" in statement:
                        rows = tuple(
                            dict.fromkeys(rows)
                        )  # connections that are just being closed stand there too
                    answer = ("rows", columns, rows) if columns else ("done",)
            except pymysql.err.MySQLError as problem:
                answer = ("error", problem.args[0], _normal(str(problem.args[-1])))
        return answer


def _shown(value: object) -> str:
    told = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return re.sub(r"\bann@[\w.%]+", "ann@HOST", told)


def _normal(text: str) -> str:
    """Without what the two products call otherwise: tables, clauses, themselves."""
    text = re.sub(r"for table `\w+`\.`(\w+)`", r"for table '\1'", text)
    text = re.sub(r"'@'[^']*'", "'@'HOST'", text).replace("in 'SELECT'", "in 'field list'")
    return text.replace("' in SELECT", "' in field list").replace("MariaDB server", "MySQL server")


def test_every_statement_is_answered_as_a_real_server_answers_it(ports: tuple[int, int]) -> None:
    trap, server = ports
    strange = {}
    for statement in MYSQL:
        ours, theirs = said(trap, statement), said(server, statement)
        if ours != theirs:
            strange[statement] = (ours, theirs)
    assert {one: told for one, told in strange.items() if one not in DIFFERENCES} == {}
    assert set(DIFFERENCES) == set(strange), "strike it off"


@pytest.mark.parametrize(
    "statements",
    [
        ("SET @a = 41", "SELECT @a + 1"),
        ("SET sql_mode = ''", "SELECT @@sql_mode"),
        ("SET autocommit = 0", "SELECT @@autocommit"),
        ("SET NAMES latin1", "SELECT @@character_set_client"),
        ("PREPARE s FROM 'SELECT 7'", "EXECUTE s"),
        ("PREPARE s FROM 'SELECT 7'", "DEALLOCATE PREPARE s", "EXECUTE s"),
        ("PREPARE s FROM 'SELECT * FROM members'",),
        ("SELECT 5 INTO @a", "SELECT @a IS NULL"),
        ("PREPARE s FROM 'SELECT ? + ?'", "SET @a = 2, @b = 40", "EXECUTE s USING @a, @b"),
        ("PREPARE s FROM 'SELECT ?'", "SET @a = 'it''s'", "EXECUTE s USING @a"),
        ("PREPARE s FROM 'SELECT ?'", "EXECUTE s USING @nosuch"),
        ("PREPARE s FROM 'SELECT ?, ''?'''", "SET @a = 1", "EXECUTE s USING @a"),
        ("PREPARE s FROM 'SELECT ?, '?''",),
        ("PREPARE s FROM 'SELECT ?'", "EXECUTE s"),
        ("PREPARE s FROM 'SELECT 1'", "SET @a = 1", "EXECUTE s USING @a"),
        ("PREPARE s FROM 'SELECT ? FROM members'", "EXECUTE s"),
        ("EXECUTE nosuch USING @a",),
        ("SAVEPOINT a", "ROLLBACK TO a"),
        ("BEGIN", "SAVEPOINT a", "ROLLBACK TO SAVEPOINT A"),
        ("BEGIN", "SAVEPOINT a", "SAVEPOINT b", "ROLLBACK TO a", "ROLLBACK TO b"),
        ("BEGIN", "SAVEPOINT a", "SAVEPOINT b", "RELEASE SAVEPOINT a", "RELEASE SAVEPOINT b"),
        ("BEGIN", "SAVEPOINT a", "COMMIT", "ROLLBACK TO a"),
        ("START TRANSACTION", "SAVEPOINT `a b`", "ROLLBACK WORK TO `A B`"),
        ("SET autocommit = 0", "SAVEPOINT a", "ROLLBACK TO a"),
        ("BEGIN", "SAVEPOINT a", "BEGIN", "ROLLBACK TO a"),
    ],
)
def test_what_was_said_before_holds(ports: tuple[int, int], statements: tuple[str, ...]) -> None:
    trap, server = ports
    assert said(trap, *statements) == said(server, *statements)


def test_numbers_are_numbers_for_clients(ports: tuple[int, int]) -> None:
    """As a driver reads them: an integer, a decimal, a floating point number, NULL."""
    for port in ports:
        login = {"user": "ann", "password": "x", "ssl_disabled": True}
        with (
            pymysql.connect(host="127.0.0.1", port=port, **login) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1, 1.50, 1e1, NULL, 'a'")
            row = cursor.fetchone()
        assert [type(value).__name__ for value in row] == ["int", "Decimal", "float", "NoneType", "str"]
