"""PostgreSQL: the conversation in bytes, cut anywhere, and real clients against a real listener."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import certifi
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps.postgres import PostgresConversation

FIRST = [b"\x00\x00\x00\x08\x04\xd2\x16\x2f", b"\x00\x00\x00\x17\x00\x03\x00\x00user\x00app\x00\x00"]
"""What clients send first."""

SSL_REQUEST, GSSAPI_REQUEST = struct.pack(">II", 8, 80877103), struct.pack(">II", 8, 80877104)
CANCEL = struct.pack(">IIII", 16, 80877102, 4711, 99)
ASK = Send(b"R\0\0\0\x08\0\0\0\x03")
IDLE = b"Z\0\0\0\x05I"


def startup(version: int = 196608, **values: str) -> bytes:
    body = b"".join(f"{name}\0{value}\0".encode() for name, value in values.items()) + b"\0"
    return struct.pack(">II", 8 + len(body), version) + body


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">I", 4 + len(body)) + body


LOGIN = startup(user="app", database="crm", application_name="psql") + message(b"p", b"hunter2\0")
WHO = {"user": "app", "database": "crm", "client": "psql"}


MARKED = b" /* " + b"x" * 900_000 + b" */\0\0\0"
FLOODS = [
    [
        LOGIN,
        *[message(b"Q", b"SELECT " + b",".join([b"pg_get_userbyid(oid)"] * 90) + b" FROM pg_roles\0")] * 50,
    ],
    [LOGIN, *[message(b"Q", b"SELECT oid FROM pg_roles WHERE " + b"oid+1=2 and " * 160 + b"true\0")] * 50],
    [LOGIN, *(message(b"P", b"%d" % one + b"n" * 900_000 + b"\0SELECT $1\0\0\0") for one in range(16))],
    [LOGIN, *(message(b"P", b"%d\0SELECT $1" % one + MARKED) for one in range(16))],
    [
        LOGIN,
        message(b"Q", b"BEGIN\0") + message(b"P", b"\0SELECT $1\0\0\0"),
        *(
            message(b"B", b"%d\0\0\0\0\0\x01\0\0\xff\xff" % one + b"x" * 65_535 + b"\0\0")
            for one in range(200)
        ),
    ],
]
"""Long names, long statements, long values."""


def talk(*said: bytes, key: bytes = b"k" * 32, starttls: bool = True) -> list[Step]:
    conversation = PostgresConversation(Identity(key), 1, starttls=starttls)
    return [step for data in said for step in conversation.feed(data)]


def after_login(*said: bytes) -> list[Step]:
    return talk(LOGIN, *said)[4:]


def said(steps: Sequence[Step]) -> bytes:
    return b"".join(step.data for step in steps if isinstance(step, Send))


def test_the_password_is_asked_for_in_clear_and_noted_before_it_is_answered() -> None:
    first, ask, login, welcome = talk(LOGIN)
    assert first == Record(
        "startup",
        {**WHO, "parameters": {"user": "app", "database": "crm", "application_name": "psql"}},
    )
    assert ask == ASK
    assert login == Record("login", {**WHO, "password": "hunter2"})
    assert isinstance(welcome, Send)
    assert welcome.data.startswith(b"R\0\0\0\x08\0\0\0\0S")
    assert welcome.data.endswith(IDLE)
    for told in (b"server_version\0", b"session_authorization\0app\0", b"application_name\0psql\0"):
        assert told in welcome.data


def test_the_database_is_the_users_where_none_is_named() -> None:
    note = talk(startup(user="app"))[0]
    assert isinstance(note, Record)
    assert note.shown["database"] == "app"


def test_tls_is_granted_once_and_nothing_said_in_clear_counts_inside() -> None:
    conversation = PostgresConversation(Identity(b"k" * 32), 1)
    assert list(conversation.feed(SSL_REQUEST + LOGIN)) == [Send(b"S"), StartTls()]
    *_, refused, ended = conversation.feed(SSL_REQUEST)
    assert isinstance(refused, Send)
    assert b"unsupported frontend protocol 1234.5679" in refused.data
    assert ended == Close()
    assert len(list(conversation.feed(LOGIN))) == 4


def test_encryption_that_is_not_there_is_declined() -> None:
    assert talk(GSSAPI_REQUEST) == [Send(b"N")]
    assert talk(SSL_REQUEST, LOGIN, starttls=False)[0] == Send(b"N")


def test_a_cancel_request_gets_no_answer() -> None:
    assert talk(CANCEL) == [Record("cancel", {"process": 4711}), Close()]


def test_a_newer_protocol_is_negotiated_down() -> None:
    _, negotiate, ask = talk(startup(196610, user="app", **{"_pq_.wish": "1"}))
    assert negotiate == Send(message(b"v", struct.pack(">II", 3 << 16, 1) + b"_pq_.wish\0"))
    assert ask == ASK


def test_without_a_user_nobody_comes_in() -> None:
    steps = talk(startup(database="crm"))
    assert b"C28000\0" in said(steps)
    assert steps[-1] == Close()


def test_a_query_is_noted_and_refused() -> None:
    note, refused = after_login(message(b"Q", b"select * from members\0"))
    assert note == Record("query", {**WHO, "query": "select * from members"})
    assert isinstance(refused, Send)
    assert b"SERROR\0VERROR\0C42501\0Mpermission denied" in refused.data
    assert refused.data.endswith(IDLE)


def test_what_clients_begin_with_is_done_and_a_transaction_fails_like_one() -> None:
    steps = after_login(*(message(b"Q", text) for text in (b"begin\0", b"select a from t\0", b"commit;\0")))
    done, refused, ended = (step.data for step in steps if isinstance(step, Send))
    assert done == b"C\0\0\0\x0aBEGIN\0Z\0\0\0\x05T"
    assert refused.endswith(b"Z\0\0\0\x05E")
    assert ended == b"C\0\0\0\x0dROLLBACK\0" + IDLE


def test_a_session_command_in_front_hides_no_query() -> None:
    assert b"C42501\0" in said(after_login(message(b"Q", b"set work_mem = 1; select a from t\0")))


def test_a_constant_has_a_result_in_both_protocols() -> None:
    simple = said(after_login(message(b"Q", b"select 1\0")))
    assert simple.startswith(b"T")
    assert simple.endswith(b"C\0\0\0\x0dSELECT 1\0" + IDLE)
    bind = message(b"B", b"\0\0" + b"\0\0" + b"\0\0" + b"\0\x01\0\x01")
    parts = (message(b"P", b"\0select 1\0\0\0"), bind, message(b"D", b"P\0"), message(b"E", bytes(5)))
    extended = said(after_login(*parts, message(b"S", b"")))
    assert b"D\0\0\0\x0e\0\x01\0\0\0\x04\0\0\0\x01" in extended, "a binary integer"
    assert extended.endswith(IDLE)


def test_an_extended_query_shows_its_values_and_is_skipped_to_the_sync() -> None:
    bind = b"\0\0" + struct.pack(">HHi", 0, 2, -1) + struct.pack(">i", 6) + b"secret" + b"\0\0"
    steps = after_login(
        message(b"P", b"\0select a from t where b = $1\0\0\0")
        + message(b"B", bind)
        + message(b"E", b"\0\0\0\0\0")
        + message(b"S", b"")
    )
    assert steps[0] == Record("query", {**WHO, "query": "select a from t where b = $1"})
    assert steps[2] == Record("bind", {**WHO, "parameters": [None, "secret"]})
    assert said(steps).count(b"C42501\0") == 1
    assert said(steps).endswith(IDLE)


def test_a_statement_of_a_table_is_described_before_it_is_refused() -> None:
    """So that a client that asks first what it is to bind does bind it: pgx, tokio-postgres, asyncpg."""
    steps = after_login(
        message(b"P", b"s\0SELECT email, a.phone FROM members a WHERE id = $1::int AND b = $2\0\0\0")
        + message(b"D", b"Ss\0") + message(b"S", b"")
    )  # fmt: skip
    assert b"t\0\0\0\x0e\0\x02\0\0\0\x17\0\0\0\x19" in said(steps)
    assert b"email\0" in said(steps)
    assert b"phone\0" in said(steps)
    assert b"C42501" not in said(steps)


def test_what_pools_and_frameworks_ask_first_is_answered() -> None:
    for text in (
        "SELECT 1+1 AS result",
        "SELECT NOW()",
        "SELECT pg_advisory_unlock_all();\nCLOSE ALL;\nUNLISTEN *;\nRESET ALL;",
        "SELECT pg_catalog.set_config('search_path', '', false);",
        "SELECT * FROM current_schema()",
        "SELECT count(*) FROM (SELECT 1) AS t",
        "SHOW data_directory_mode",
    ):
        assert b"C42501" not in said(after_login(message(b"Q", text.encode() + b"\0"))), text
    for text, refused in (
        ("copy members to stdout", b"table members"),
        ("begin; declare c no scroll cursor for select * from members", b"table members"),
        ("select pg_read_file('x')", b"function pg_read_file"),
    ):
        assert b"permission denied for " + refused in said(after_login(message(b"Q", text.encode() + b"\0")))
    assert b"must be owner of table members" in said(after_login(message(b"Q", b"drop table members\0")))
    assert b'column "nosuch" does not exist' in said(after_login(message(b"Q", b"select nosuch\0")))


def test_an_extended_session_command_is_done() -> None:
    steps = after_login(
        message(b"P", b"\0BEGIN\0\0\0") + message(b"B", bytes(8)) + message(b"D", b"P\0") + message(b"E", bytes(5))
        + message(b"S", b"")
    )  # fmt: skip
    assert said(steps) == b"1\0\0\0\x042\0\0\0\x04n\0\0\0\x04C\0\0\0\x0aBEGIN\0Z\0\0\0\x05T"


def test_terminate_closes() -> None:
    assert after_login(message(b"X", b"")) == [Close()]


@pytest.mark.parametrize(
    "bytes_",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03"],
)
def test_what_is_no_login_is_not_gone_along_with(bytes_: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        talk(bytes_)


def test_installations_differ() -> None:
    assert len({said(talk(LOGIN, key=bytes([number]) * 32)) for number in range(8)}) == 8


@given(cuts=st.lists(st.integers(0, 220), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = (
        GSSAPI_REQUEST
        + LOGIN
        + message(b"Q", b"begin\0")
        + message(b"P", b"\0select $1\0\0\0")
        + message(b"S", b"")
    )
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


# Real clients.


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    return steal("postgres", "postgres-url")


def psql(stolen: Any) -> str:
    return str(stolen.run("psql", stolen.local_url, "-c", "select * from members"))


def pg_dump(stolen: Any) -> str:
    return str(stolen.run("pg_dump", stolen.local_url))


def pg_dump_in_clear(stolen: Any) -> str:
    return str(stolen.run("pg_dump", stolen.local_url + "?sslmode=disable"))


def psycopg3(stolen: Any) -> str:
    url = stolen.local_url + "?application_name=psycopg3"
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
        connection.execute("select * from members where name = %s", ("anna",))
    return str(caught.value)


@pytest.mark.parametrize("client", [psql, pg_dump, pg_dump_in_clear, psycopg3])
def test_a_real_client_hands_over_its_password(stolen: Any, client: Callable[[Any], str]) -> None:
    stolen.forget()
    assert "permission denied" in client(stolen)
    hit = stolen.hit("login")
    assert hit.facet == "password"
    observed = hit.entry.body["observed"]
    assert observed["user"] == stolen.row["user"]
    assert observed["database"] == stolen.row["database"]
    assert observed["client"] == client.__name__.removesuffix("_in_clear")
    tls = observed.get("tls")
    assert (tls is None) == (client is pg_dump_in_clear)
    assert tls is None or tls["ja4"].startswith("t13"), "the ClientHello behind SSLRequest is kept"


def test_what_psql_and_drivers_list_is_there(stolen: Any) -> None:
    user, database = stolen.row["user"], stolen.row["database"]
    told = stolen.run("psql", stolen.local_url, "-c", r"\l", "-c", r"\du", "-c", r"\dn+", "-c", r"\dx")
    for name in (database, "template0", "template1", user, "Superuser", "pg_database_owner", "plpgsql"):
        assert name in told
    with psycopg.connect(stolen.local_url) as connection:
        asked = "SELECT datname, datallowconn FROM pg_database WHERE datname = %s"
        assert connection.execute(asked, (database,)).fetchall() == [(database, True)]
        assert connection.execute(asked, ("nosuch",)).fetchall() == []
        own = "SELECT rolname FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(own).fetchall() == [(user,)]


def test_a_client_that_refuses_our_certificate_has_shown_the_host(stolen: Any, tmp_path: Path) -> None:
    stolen.forget()
    roots = tmp_path / "roots.pem"
    roots.write_text(stolen.home.ca_pem)
    other = stolen.row["url"] + f"?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={certifi.where()}"
    assert "certificate verify failed" in stolen.run("psql", other)
    hit = stolen.hit("handshake")
    assert (hit.facet, hit.entry.body["tls"]["sni"]) == ("host", stolen.row["host"])
    assert hit.entry.body["tls"]["error"]
    # and one that trusts the installation's own CA goes on, by name
    ours = stolen.row["url"] + f"?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={roots}"
    assert "permission denied" in stolen.run("psql", ours, "-c", "select a from t")
    assert stolen.hit("login").facet == "password"


def test_a_stolen_password_file_is_used_by_libpq_itself(steal: Callable[..., Any]) -> None:
    stolen = steal("postgres", "pgpass")
    home = stolen.home.path.parent
    for file in stolen.bait.files:
        (home / file.path).write_bytes(file.content)
        (home / file.path).chmod(file.mode)
    said = stolen.run("pg_dump", f"service={stolen.row['service']} hostaddr=127.0.0.1")
    assert "permission denied" in said
    hit = stolen.hit("login")
    assert (hit.facet, hit.entry.body["observed"]["client"]) == ("password", "pg_dump")
    assert hit.entry.body["facets"] == ["password", "host"]


def test_what_is_set_is_told_before_the_server_is_ready() -> None:
    steps = after_login(
        message(b"Q", b"SET application_name = 'loot'\0"), message(b"Q", b"SHOW application_name\0")
    )
    done = message(b"C", b"SET\0") + message(b"S", b"application_name\0loot\0") + IDLE
    assert steps[1] == Send(done)
    assert b"\0\0\0\x04loot" in said(steps[2:])


def test_the_clients_own_settings_are_told_back_at_the_login() -> None:
    own = startup(user="app", DateStyle="German", TimeZone="Europe/Berlin") + message(b"p", b"hunter2\0")
    welcome = said(talk(own))
    assert message(b"S", b"DateStyle\0German, DMY\0") in welcome
    assert message(b"S", b"TimeZone\0Europe/Berlin\0") in welcome


def test_nothing_is_divided_by_zero() -> None:
    answer = said(after_login(message(b"Q", b"SELECT 1/0\0")))
    assert b"C22012\0Mdivision by zero\0Fint.c\0L869\0Rint4div\0" in answer
    parsed = after_login(message(b"P", b"\0SELECT 7 % 0\0\0\0"))
    assert said(parsed) == message(b"1", b""), "it is computed when it is run"
