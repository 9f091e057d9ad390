"""SQL Server: the conversation in bytes, cut anywhere, and a real client against a real listener."""

from __future__ import annotations

import datetime
import decimal
import itertools
import struct
from collections.abc import Callable, Sequence
from typing import Any

import pytds
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps.mssql import MssqlConversation

FIRST = [b"\x12\x01\x00\x2f\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01\x00\x20\x00\x01\x02\x00\x21\x00\x01\xff"]
"""What clients send first."""

PRELOGIN = b"\0\0\x0b\0\x06\x01\0\x11\0\x01\xff" + b"\x0b\x00\x0c\x38\0\0" + b"\0"


def packet(kind: int, body: bytes, *, last: bool = True) -> bytes:
    return struct.pack(">BBHHBB", kind, last, 8 + len(body), 0, 1, 0) + body


def obfuscated(password: str) -> bytes:
    return bytes((byte >> 4 | (byte & 15) << 4) ^ 0xA5 for byte in password.encode("utf-16-le"))


def login7(options: int = 0, password: str = "hunter2", version: int = 0x74000004) -> bytes:
    values = ("desk-7", "app", password, "sqlcmd", "db1,1433", "", "ODBC", "", "crm")
    head, texts, at = b"", b"", 94
    for name, text in zip(("", "", "password", "", "", "", "", "", ""), values, strict=True):
        data = obfuscated(text) if name else text.encode("utf-16-le")
        head += struct.pack("<HH", at + len(texts), len(text))
        texts += data
    fixed = struct.pack("<IIIIIIBBBBiI", 94, version, 4096, 7, 4711, 0, 0xE0, options, 0, 0, -240, 1033)
    return packet(16, (fixed + head + bytes(6) + struct.pack("<HHHHHHI", 0, 0, 0, 0, 0, 0, 0)) + texts)


def batch(text: str) -> bytes:
    return packet(1, struct.pack("<I", 22) + bytes(18) + text.encode("utf-16-le"))


def text(words: str) -> bytes:
    """A value of NVARCHAR(4000)."""
    data = words.encode("utf-16-le")
    return b"\xe7\x40\x1f\x09\x04\xd0\0\x34" + struct.pack("<H", len(data)) + data


def execute_sql(statement: str, declared: str = "", *values: bytes) -> bytes:
    """A call of sp_executesql; ``values``: TYPE_INFO and TYPE_VARBYTE, one behind the other."""
    call = b"\xff\xff\x0a\0\0\0" + b"\0\0" + text(statement)
    call += b"\0\0" + text(declared) if declared else b""
    call += b"".join(b"\0\0" + value for value in values)
    return packet(3, struct.pack("<I", 22) + bytes(18) + call)


PREPARED = text("@a int, " * 490) + b"\0\0" + text("SELECT 1 /*" + "x" * 3900 + "*/")
FLOODS = [
    [
        login7(),
        *(
            packet(
                3,
                struct.pack("<I", 22)
                + bytes(18)
                + b"\xff\xff\x0b\0\0\0"
                + b"\0\1"
                + b"\x26\4\0"
                + b"\0\0"
                + PREPARED,
            )
            for _ in range(300)
        ),
    ]
]
"""Statements that are prepared by calls."""


def talk(*said: bytes, key: bytes = b"k" * 32) -> list[Step]:
    conversation = MssqlConversation(Identity(key), 1)
    return [step for data in said for step in conversation.feed(data)]


def said(steps: Sequence[Step]) -> bytes:
    """All answers without their packets' heads, which are checked."""
    out = b""
    for step in steps:
        if isinstance(step, Send):
            kind, last, size = struct.unpack(">BBH", step.data[:4])
            assert (kind, last, size) == (4, 1, len(step.data))
            out += step.data[8:]
    return out


def test_encryption_is_not_supported() -> None:
    note, say = talk(packet(18, PRELOGIN))
    assert note == Record("prelogin", {"version": "11.0.3128", "encryption": 0})
    answer = said([say])
    assert answer[:5] == b"\0\0\x0b\0\x06", "only what was asked: some clients read at fixed places"
    at = struct.unpack(">H", answer[6:8])[0]
    assert answer[at] == 2, "ENCRYPT_NOT_SUP"


def test_there_is_no_session_before_a_login() -> None:
    """The id in the packets' heads, by which scanners know the product."""
    ids = [step.data[4:6] for step in talk(packet(18, PRELOGIN), login7()) if isinstance(step, Send)]
    assert ids == [b"\0\0", struct.pack(">H", 52)]


def test_the_login_is_noted_readable_before_it_is_answered() -> None:
    note, say = talk(login7())
    assert isinstance(note, Record)
    shown = note.shown
    assert (note.what, shown["user"], shown["password"]) == ("login", "app", "hunter2")
    assert (shown["host_name"], shown["database"], shown["server"]) == ("desk-7", "crm", "db1,1433")
    assert (shown["client"], shown["process"], shown["time_zone"]) == ("sqlcmd ODBC", 4711, -240)
    answer = said([say])
    assert "Microsoft SQL Server".encode("utf-16-le") in answer
    assert "database context to 'crm'".encode("utf-16-le") in answer
    assert answer[-13:-8] == b"\xfd\0\0\0\0"


def test_a_windows_login_is_noted_and_fails() -> None:
    steps = talk(login7(0x80))
    assert isinstance(steps[0], Record)
    assert steps[0].shown["response"] == ""
    assert struct.pack("<I", 18452) in said(steps)
    assert steps[-1] == Close()


def test_a_query_is_noted_and_refused() -> None:
    steps = talk(login7(), batch("select * from members"))[2:]
    assert isinstance(steps[0], Record)
    assert (steps[0].what, steps[0].shown["query"]) == ("query", "select * from members")
    assert "password" not in steps[0].shown
    assert struct.pack("<I", 229) in said(steps)
    assert "on the object 'members', database 'crm'".encode("utf-16-le") in said(steps)


def test_what_clients_begin_with_is_done() -> None:
    assert said(talk(login7(), batch("SET ANSI_NULLS ON"))[2:])[:3] == b"\xfd\0\0"
    assert struct.pack("<I", 229) in said(talk(login7(), batch("set x 1; select a from t"))[2:])
    assert struct.pack("<I", 916) in said(talk(login7(), batch("shutdown"))[2:])


def test_a_pools_question_has_a_result_also_as_a_call() -> None:
    assert said(talk(login7(), batch("SELECT 1;"))[2:]).startswith(b"\x81\x01\0")
    assert said(talk(login7(), execute_sql("select @@spid"))[2:]).startswith(b"\x81\x01\0")


def test_a_call_and_its_texts_are_noted() -> None:
    steps = talk(login7(), execute_sql("select @p, @q", "@p int, @q nvarchar(4)", b"\x26\4\0", text("x")))[2:]
    assert isinstance(steps[0], Record)
    assert {name: steps[0].shown[name] for name in ("procedure", "query", "parameters")} == {
        "procedure": "sp_executesql",
        "query": "select @p, @q",
        "parameters": [None, "x"],
    }
    assert b"\xd1\0" + struct.pack("<H", 2) + b"x\0" in said(steps), "what was bound comes back"


def test_a_call_that_cannot_be_read_is_noted_by_its_texts() -> None:
    call = b"\xff\xff\x0a\0" + "select @p".encode("utf-16-le")
    steps = talk(login7(), packet(3, struct.pack("<I", 22) + bytes(18) + call))[2:]
    assert isinstance(steps[0], Record)
    assert "select @p" in str(steps[0].shown["query"])
    assert struct.pack("<I", 916) in said(steps)


def test_a_procedure_is_refused_by_its_name_and_an_unknown_statement_by_its_handle() -> None:
    name = "sp_start_job".encode("utf-16-le")
    call = struct.pack("<H", len(name) // 2) + name + bytes(2) + b"\0\0" + text("x")
    steps = talk(login7(), packet(3, struct.pack("<I", 22) + bytes(18) + call))[2:]
    assert isinstance(steps[0], Record)
    assert (steps[0].shown["command"], steps[0].shown["parameters"]) == ("sp_start_job", ["x"])
    assert "denied on the object 'sp_start_job'".encode("utf-16-le") in said(steps)
    unknown = b"\xff\xff\x0c\0\0\0" + b"\0\0" + b"\x26\4\4" + struct.pack("<i", 77)
    out = said(talk(login7(), packet(3, struct.pack("<I", 22) + bytes(18) + unknown))[2:])
    assert struct.pack("<I", 8179) in out


def test_what_is_prepared_by_a_call_has_a_handle_by_which_it_is_executed() -> None:
    said_first = b"\xff\xff\x0d\0\0\0" + b"\0\1\x26\4\0"
    for part in (text("@P0 int"), text("select @P0"), b"\x26\4\4" + struct.pack("<i", 7)):
        said_first += b"\0\0" + part
    again = b"\xff\xff\x0c\0\0\0" + b"\0\0\x26\4\4" + struct.pack("<i", 1) + b"\0\0\x26\4\0"
    head = struct.pack("<I", 22) + bytes(18)
    steps = talk(login7(), packet(3, head + said_first), packet(3, head + again))[2:]
    notes = [step.shown for step in steps if isinstance(step, Record)]
    assert [note["parameters"] for note in notes] == [["7"], [None]]
    assert [note["query"] for note in notes] == ["select @P0"] * 2
    handle = b"\xac\0\0\0\1" + bytes(6) + b"\x26\4\4" + struct.pack("<i", 1)
    assert handle in said(steps)


@pytest.mark.parametrize(("request_", "kind"), [(5, 8), (7, 9), (8, 10)])
def test_transactions_are_gone_along_with(request_: int, kind: int) -> None:
    answer = said(
        talk(login7(), packet(14, struct.pack("<I", 22) + bytes(18) + struct.pack("<H", request_)))[2:]
    )
    assert (answer[0], answer[3]) == (0xE3, kind)


def test_a_message_in_packets_is_one_message() -> None:
    whole = login7()[8:]
    parts = packet(16, whole[:100], last=False) + packet(16, whole[100:])
    assert talk(parts) == talk(login7())


@pytest.mark.parametrize("data", [b"G", b"\0", batch("select 1"), packet(99, b"")])
def test_the_first_byte_tells_what_is_no_login(data: bytes) -> None:
    """SQL Server ends the connection without a word, and waits for no more of it."""
    with pytest.raises(ValueError, match="no TDS"):
        talk(data)


def test_installations_differ() -> None:
    assert len({said(talk(packet(18, PRELOGIN), login7(), key=bytes([n]) * 32)) for n in range(8)}) == 8


@given(cuts=st.lists(st.integers(0, 500), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = packet(18, PRELOGIN) + login7() + batch("select 1") + packet(6, b"")
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


# A real client.


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    return steal("mssql", "mssql-url")


def test_python_tds_hands_over_its_password(stolen: Any) -> None:
    row = stolen.row
    with (
        pytds.connect(
            "127.0.0.1", row["database"], row["user"], row["password"], port=stolen.port, appname="loot"
        ) as connection,
        pytest.raises(pytds.OperationalError, match="permission was denied on the object 'members'"),
    ):
        connection.cursor().execute("select * from members")
    hit = stolen.hit("login")
    assert hit.facet == "password"
    observed = hit.entry.body["observed"]
    assert (observed["user"], observed["database"]) == (row["user"], row["database"])
    assert observed["client"].startswith("loot")
    assert observed["host_name"]


def test_what_python_tds_binds_is_recorded_and_comes_back(stolen: Any) -> None:
    row, day = stolen.row, datetime.datetime(2020, 1, 2, 3, 4, 5)  # noqa: DTZ001  as clients bind it
    values = ["abc", 7, decimal.Decimal("2.5"), 1.5, day, "", "y" * 9000]
    stolen.forget()
    with pytds.connect(
        "127.0.0.1", row["database"], row["user"], row["password"], port=stolen.port, autocommit=True
    ) as connection, connection.cursor() as cursor:  # fmt: skip
        cursor.execute(f"select {', '.join(['%s'] * len(values))}", values)
        assert list(cursor.fetchone()) == values
        assert [name for name, *_ in cursor.description] == [""] * len(values)
        cursor.execute("select getdate()")
        assert isinstance(cursor.fetchone()[0], datetime.datetime)
        with pytest.raises(pytds.OperationalError, match="denied on the object 'send_mail'"):
            cursor.callproc("send_mail", ("bob", None, 7))
    called = stolen.acts(stolen.hit("login"), "rpc", 2)
    shown = {one["procedure"]: one["parameters"] for one in called}
    assert shown["sp_executesql"][:6] == ["abc", "7", "2.5", "1.5", "2020-01-02 03:04:05.000000", ""]
    assert shown["send_mail"] == ["bob", None, "7"]


def test_a_client_of_tds_71_gets_counts_and_lines_of_its_version() -> None:
    """FreeTDS set to 7.1 gave up behind its first statement."""
    steps = talk(
        packet(18, PRELOGIN),
        login7(version=0x71000001),
        packet(1, "select 1; select * from t".encode("utf-16-le")),
    )
    out = said([steps[-1]])
    assert out.startswith(b"\x81\x01\0\0\0\x09\0\x26\x04")
    assert b"\xd1\x04" + struct.pack("<i", 1) + struct.pack("<BHHI", 0xFD, 0x11, 0, 1) + b"\xaa" in out
    assert out.endswith(b"\0" + struct.pack("<H", 1) + struct.pack("<BHHI", 0xFD, 2, 0, 0))


def test_refusals_are_worded_as_by_the_server() -> None:
    for text, words in (
        (
            "exec xp_cmdshell 'id'",
            "The EXECUTE permission was denied on the object 'xp_cmdshell', database 'mssqlsystemresource'",
        ),
        ("select nosuch", "Invalid column name 'nosuch'."),
        ("select @@nosuch", 'Must declare the scalar variable "@@nosuch".'),
        ("select @P1", 'Must declare the scalar variable "@P1".'),
        ("select nosuch(1)", "'nosuch' is not a recognized built-in function name."),
    ):
        out = said(talk(packet(18, PRELOGIN), login7(), batch(text))[-1:])
        assert words.encode("utf-16-le") in out, text
