"""MySQL: the conversation in bytes, cut anywhere, and real clients against a real listener."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import pymysql
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mysql_auth, mysql_catalogue, sql_sessions
from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.sql_values import SqlValue
from listener.traps.mysql import MysqlConversation
from tests.every import every
from tests.listener.protocol.test_mysql_auth import encrypted

FIRST = [b"\x20\x00\x00\x01\x85\xa6\x03\x00\x00\x00\x00\x01\x21" + bytes(23) + b"root\x00\x00"]
"""What clients send first."""

FLAGS = 0x200 | 0x8000 | 0x8 | 1 << 19 | 1 << 20
HEAD = struct.pack("<IIB", FLAGS, 1 << 24, 45) + bytes(23)
OK = b"\x07\0\0%c\0\0\0\x02\0\0\0"


def packet(number: int, body: bytes) -> bytes:
    return struct.pack("<I", len(body))[:3] + bytes([number]) + body


def login(plugin: bytes = b"mysql_native_password", response: bytes = b"r" * 20) -> bytes:
    attributes = b"\x03_os\x05Linux" + b"\x0cprogram_name\x09mysqldump"
    return packet(
        1,
        HEAD + b"app\0" + bytes([len(response)]) + response + b"prod\0" + plugin + b"\0"
        + bytes([len(attributes)]) + attributes,
    )  # fmt: skip


WHO = {
    "user": "app",
    "database": "prod",
    "client": "mysqldump Linux",
    "attributes": {"_os": "Linux", "program_name": "mysqldump"},
}
CLEAR = packet(3, b"hunter2\0")


FLOODS = [
    [
        login(b"mysql_clear_password", b"hunter2\0"),
        *(packet(0, b"\x16SELECT ? /* %d " % one + b"x" * 900_000 + b" */") for one in range(16)),
        *(packet(0, b"\x16SELECT ? /* %d " % one + b"x" * 60_000 + b" */") for one in range(64)),
    ]
]
"""Long statements that are prepared."""


def talk(*said: bytes, key: bytes = b"k" * 32, starttls: bool = True) -> list[Step]:
    conversation = MysqlConversation(Identity(key), 1, starttls=starttls)
    return [*conversation.greet(), *(step for data in said for step in conversation.feed(data))]


def after_login(*commands: bytes) -> list[Step]:
    return talk(login(b"mysql_clear_password", b"hunter2\0"), *(packet(0, command) for command in commands))[
        3:
    ]


def said(steps: Sequence[Step]) -> bytes:
    return b"".join(step.data for step in steps if isinstance(step, Send))


def test_the_greeting_is_a_real_servers() -> None:
    for number in range(16):
        greeting = said(talk(key=bytes([number]) * 32))
        version, _, rest = greeting[5:].partition(b"\0")
        assert greeting[:5] == packet(0, greeting[4:])[:4] + b"\x0a"
        assert version.startswith(b"8.")
        assert rest.endswith(b"caching_sha2_password\0")
        flags = int.from_bytes(rest[13:15], "little") | int.from_bytes(rest[18:20], "little") << 16
        assert flags & 0x820 == 0x820, "TLS and compression"
    assert len({said(talk(key=bytes([number]) * 32)) for number in range(16)}) == 16


SHA2 = b"caching_sha2_password"


def test_all_of_the_password_is_asked_for_under_the_servers_key() -> None:
    greeting, proof, full, key = talk(login(SHA2, b"r" * 32), packet(3, b"\x02"))
    assert isinstance(greeting, Send)
    assert isinstance(proof, Record)
    salt = bytes.fromhex(str(proof.shown["challenge"]))
    assert salt[:8] in greeting.data
    assert salt[8:] in greeting.data
    assert proof == Record(
        "login", WHO | {"plugin": SHA2.decode(), "challenge": salt.hex(), "response": "72" * 32}
    )
    assert full == Send(packet(2, b"\x01\x04"))
    assert key == Send(packet(4, b"\x01" + mysql_auth.public_pem()))
    sealed = packet(5, encrypted(b"hunter2", salt))
    password, done = talk(login(SHA2, b"r" * 32), packet(3, b"\x02"), sealed)[4:]
    assert (password, done) == (Record("login", WHO | {"password": "hunter2"}), Send(OK % 6))


def test_who_sends_the_password_at_once_is_believed() -> None:
    password, done = talk(login(SHA2, b"r" * 32), packet(3, b"hunter2\0"))[3:]
    assert (password, done) == (Record("login", WHO | {"password": "hunter2"}), Send(OK % 4))


def test_what_is_not_encrypted_for_the_server_is_noted() -> None:
    note, _ = talk(login(SHA2, b"r" * 32), packet(3, b"\x02"), packet(5, b"x" * 256))[4:]
    assert note == Record("login", WHO | {"encrypted": (b"x" * 256).hex()})


def test_another_plugin_is_asked_to_switch() -> None:
    switch, proof, full = talk(login(b"dialog", b"r"), packet(3, b"r" * 32))[2:]
    assert isinstance(switch, Send)
    assert switch.data[4:].startswith(b"\xfe" + SHA2 + b"\0")
    assert isinstance(proof, Record)
    assert full == Send(packet(4, b"\x01\x04"))


def test_a_native_client_shows_its_scramble_and_its_user_decides() -> None:
    proof, done = talk(login())[1:]
    assert isinstance(proof, Record)
    assert proof.shown["response"] == "72" * 20
    assert done == Send(OK % 2)


def test_who_begins_in_clear_is_asked_nothing_more() -> None:
    assert talk(login(b"mysql_clear_password", b"hunter2\0"))[1:] == [
        Record("login", WHO | {"password": "hunter2"}),
        Send(OK % 2),
    ]


def test_a_client_that_cannot_switch_comes_in_all_the_same() -> None:
    body = struct.pack("<IIB", 0x200 | 0x8000, 1 << 24, 45) + bytes(23) + b"app\0\x02rr"
    note, done = talk(packet(1, body))[1:]
    assert isinstance(note, Record)
    assert note.shown["response"] == "7272"
    assert done == Send(OK % 2)


def test_tls_begins_after_its_request_and_what_came_with_it_is_handshake_only() -> None:
    request = struct.pack("<IIB", FLAGS | 0x800, 1 << 24, 45) + bytes(23)
    conversation = MysqlConversation(Identity(b"k" * 32), 1)
    list(conversation.greet())
    assert list(conversation.feed(packet(1, request) + login())) == [StartTls(login())]
    assert len(list(conversation.feed(packet(2, login()[4:])))) == 2


def test_without_tls_none_is_offered() -> None:
    greeting = said(talk(starttls=False))
    rest = greeting[5:].partition(b"\0")[2]
    assert not int.from_bytes(rest[13:15], "little") & 0x800


def test_a_query_is_noted_and_refused() -> None:
    note, refused = after_login(b"\x03select * from members")
    assert note == Record("query", WHO | {"query": "select * from members"})
    text = b"SELECT command denied to user 'app'@'localhost' for table 'members'"
    assert refused == Send(packet(1, b"\xff" + struct.pack("<H", 1142) + b"#42000" + text))


def test_a_constant_has_a_result() -> None:
    _, rows = after_login(b"\x03select 1")
    assert isinstance(rows, Send)
    assert b"\x011" in rows.data
    assert b"\xff" not in rows.data[4:5]


def test_a_prepared_statement_is_told_and_executed() -> None:
    prepared, told, executed, rows = after_login(b"\x16select 7", b"\x17\x01\0\0\0\0\x01\0\0\0")
    assert prepared == Record("prepare", WHO | {"query": "select 7"})
    assert executed == Record("execute", WHO | {"query": "select 7"})
    assert isinstance(told, Send)
    assert told.data[4:9] == b"\0\x01\0\0\0"
    assert isinstance(rows, Send)
    assert struct.pack("<q", 7) in rows.data
    assert b"#HY000Unknown prepared statement" in said(after_login(b"\x17\x09\0\0\0"))
    assert b"SELECT command denied" in said(after_login(b"\x16select * from members where id = ?"))


def test_what_is_bound_is_noted_with_null_as_null_and_comes_back() -> None:
    bind = b"\x17\x01\0\0\0\0\x01\0\0\0" + b"\x02\x01" + struct.pack("<3H", 8, 0xFD, 0xFD)
    steps = after_login(b"\x16select ? + 1, ?, upper(?)", bind + struct.pack("<q", 41) + b"\x02ab")
    note, rows = steps[2:]
    assert isinstance(note, Record)
    assert note.shown["parameters"] == ["41", None, "ab"]
    assert isinstance(rows, Send)
    assert b"\0\x08" + struct.pack("<q", 42) + b"\x02AB" in rows.data
    told = said(after_login(b"\x16select upper(?)"))
    assert b"upper(?)" in told
    assert b"Sql" not in told


def test_a_statement_that_was_never_prepared_is_unknown() -> None:
    told = said(after_login(b"\x17" + struct.pack("<IBI", 77, 0, 1)))
    assert told[4:] == b"\xff\xdb\x04#HY000Unknown prepared statement handler given to mysqld_stmt_execute"


def test_what_clients_begin_with_is_done() -> None:
    assert said(after_login(b"\x03SET AUTOCOMMIT = 0", b"\x03begin", b"\x0e", b"\x02prod")) == OK % 1 * 4


def test_a_session_command_in_front_hides_no_query() -> None:
    assert b"#42000" in said(after_login(b"\x03set @x = 1; select a from t"))


@pytest.mark.parametrize("use", [b"\x02%b", b"\x03use %b"])
def test_a_database_that_there_is_is_remembered_and_any_other_unknown(use: bytes) -> None:
    mysql, other = use % b"mysql", use % b"other"
    assert b"FUNCTION mysql.nosuch does not exist" in said(after_login(mysql, b"\x03select nosuch(1)"))
    assert b"\x0fTables_in_mysql" in said(after_login(mysql, b"\x03show tables"))
    assert b"Unknown database 'other'" in said(after_login(other))
    assert b"\x04prod" in said(after_login(other, b"\x03select database()"))
    assert b"\x04prod" in said(after_login(mysql, use % b"prod", b"\x03select database()"))
    note, _ = after_login(b"\x02other")
    assert note == Record("use", WHO | {"database": "other"})


def test_without_one_the_first_that_is_asked_for_is_the_accounts_own() -> None:
    """Bait may name its database beside the login."""
    kept: dict[str, SqlValue] = {}
    session = sql_sessions.mysql("8.0.36", ("app", "h"), "", 7, kept=kept)
    assert mysql_catalogue.used("crm", session, kept)
    session = sql_sessions.mysql("8.0.36", ("app", "h"), "", 7, kept=kept)
    assert session.values["database()"] == "crm"
    assert not mysql_catalogue.used("other", session, kept)
    assert mysql_catalogue.used("`mysql`", session, kept)
    session = sql_sessions.mysql("8.0.36", ("app", "h"), "", 7, kept=kept)
    assert mysql_catalogue.databases(session) == ["crm", *mysql_catalogue.SYSTEM]


FIRST_QUESTIONS = (
    "SELECT 1 + 1 AS solution",
    "SELECT 1+1 AS result",
    "select now()",
    "show grants",
    "show grants for current_user()",
    "SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@sql_auto_is_null, @@lower_case_table_names",
    "SELECT CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL",
    "SELECT @@session.auto_increment_increment AS a, @@init_connect AS i, @@net_write_timeout AS n, @@time_zone AS t",
    "SELECT COUNT(*) FROM information_schema.tables",
)


@every("text", FIRST_QUESTIONS)
def test_what_frameworks_ask_first_is_answered(text: str) -> None:
    assert said(after_login(b"\x03" + text.encode()))[4:5] != b"\xff"


def test_names_that_there_are_not_are_told() -> None:
    assert b"Unknown system variable 'nosuch'" in said(after_login(b"\x03select @@nosuch"))
    assert b"Unknown column 'nosuch' in 'field list'" in said(after_login(b"\x03select nosuch"))


def test_another_user_logs_in_on_the_same_connection() -> None:
    steps = after_login(b"\x11root\0\x02rrmail\0", b"r" * 32, b"hunter3\0")
    notes = [step.shown for step in steps if isinstance(step, Record)]
    assert (notes[0]["user"], notes[0]["response"]) == ("root", "7272")
    assert (notes[2]["user"], notes[2]["database"], notes[2]["password"]) == ("root", "mail", "hunter3")


def test_everybody_is_told_the_statistics() -> None:
    assert said(after_login(b"\x09"))[4:].startswith(b"Uptime: ")


def test_every_command_is_refused_and_no_file_is_ever_asked_for() -> None:
    for code in range(2, 0x20):
        if code == 0x09:  # statistics, in a bare text
            continue
        answer = said(after_login(bytes([code]) + b"\0" * 12))
        assert answer[4:5] in (b"", b"\0", b"\xff", b"\xfe"), "never 0xFB: LOCAL INFILE Request"


def test_quit_closes() -> None:
    assert after_login(b"\x01") == [Close()]


@given(cuts=st.lists(st.integers(0, 220), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = (
        login() + CLEAR + packet(0, b"\x03set names utf8") + packet(0, b"\x03select 1") + packet(0, b"\x01")
    )
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


@given(cuts=st.lists(st.integers(0, 400), max_size=8))
def test_a_client_that_compresses_is_heard_and_answered_in_kind(cuts: list[int]) -> None:
    text = b"select * from members where name = '" + b"a" * 200 + b"'"
    commands = [b"\x03" + text, b"\x0e", b"\x01"]
    first = login(b"mysql_clear_password", b"hunter2\0")
    flagged = first[:4] + struct.pack("<I", FLAGS | 0x20) + first[8:]
    whole = flagged + b"".join(
        compressed(packet(0, command), packed=number != 1) for number, command in enumerate(commands)
    )
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    steps = talk(*(whole[begin:end] for begin, end in itertools.pairwise(places)))
    query, refused, ping, done, close = steps[3:]
    assert isinstance(query, Record)
    assert query.shown["query"] == text.decode()
    assert isinstance(refused, Send)
    assert refused.data[3] == 1
    size, plain = (int.from_bytes(refused.data[at : at + 3], "little") for at in (0, 4))
    answer = zlib.decompress(refused.data[7:])
    assert (size, plain) == (len(refused.data) - 7, len(answer))
    assert b"command denied to user" in answer
    assert answer[3:5] == b"\x01\xff"
    assert isinstance(ping, Record)
    assert done == Send(b"\x0b\0\0\x01\0\0\0" + OK % 1), "too short to be compressed"
    assert close == Close()


def compressed(content: bytes, *, packed: bool) -> bytes:
    body, plain = (zlib.compress(content), len(content)) if packed else (content, 0)
    return struct.pack("<I", len(body))[:3] + b"\0" + struct.pack("<I", plain)[:3] + body


# Real clients.


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    return steal("mysql", "mysql")


def options(stolen: Any) -> str:
    """The planted option file, as if its host name led to loopback."""
    path = stolen.home.path.parent / "stolen.cnf"
    path.write_bytes(stolen.bait.files[0].content.replace(stolen.row["host"].encode(), b"127.0.0.1"))
    return f"--defaults-file={path}"


def mariadb(stolen: Any) -> str:
    return str(stolen.run("mariadb", options(stolen), "-e", "show tables; select * from members"))


def mysqldump(stolen: Any) -> str:
    return str(stolen.run("mysqldump", options(stolen), stolen.row["database"]))


def mariadb_in_clear(stolen: Any) -> str:
    return str(
        stolen.run("mariadb", options(stolen), "--skip-ssl", "-e", "show tables; select * from members")
    )


def mariadb_compressed(stolen: Any) -> str:
    return str(stolen.run("mariadb", options(stolen), "--compress", "-e", "select 1; select * from members"))


def pymysql_(stolen: Any) -> str:
    row = stolen.row
    with pytest.raises(pymysql.err.MySQLError) as caught, pymysql.connect(
        host="127.0.0.1", port=stolen.port, user=row["user"], password=row["password"], database=row["database"]
    ) as connection, connection.cursor() as cursor:  # fmt: skip
        cursor.execute("select * from members")
    return str(caught.value)


@pytest.mark.parametrize("client", [mariadb, mysqldump, mariadb_in_clear, mariadb_compressed, pymysql_])
def test_a_real_client_hands_over_its_password(stolen: Any, client: Callable[[Any], str]) -> None:
    stolen.forget()
    said = client(stolen)
    # an account without a table has nothing to dump, and is not refused
    ends = (
        ("Dump completed",) if client is mysqldump else ("Access denied for user", "command denied to user")
    )
    assert any(end in said for end in ends)
    hit = stolen.hit("login")
    assert hit.facet == "user", "the scramble comes first, with the user name of its own"
    hit = stolen.hit("login")
    assert hit.facet == "password"
    observed = hit.entry.body["observed"]
    assert observed["user"] == stolen.row["user"]
    if client is not mysqldump:  # which names its database later
        assert observed["database"] == stolen.row["database"]
    program = {"mysqldump": "mysqldump", "pymysql_": "pymysql"}.get(client.__name__, "mysql")
    assert program in observed["client"]
    assert ("tls" in observed) == (client is not mariadb_in_clear)
