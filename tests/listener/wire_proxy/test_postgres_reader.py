"""Statements and their answers are put together in every order that the protocol allows; anything else is unread."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.postgres_messages import message
from listener.wire_proxy.known_rows import VERSION, KnownRows, ProxiedTable, key_hash
from listener.wire_proxy.postgres_reader import PostgresReader
from listener.wire_proxy.recogniser import Recogniser
from listener.wire_proxy.session import WireSession

SECRET = "5e" * 32
PEOPLE = ProxiedTable(
    *(
        "public",
        "people",
        SECRET,
        {key_hash(bytes.fromhex(SECRET), str(key)): f"mark-{key}" for key in (7, 8)},
    ),
    *("id", ["shop/1/1"], ["id", "name"]),
)
KNOWN = KnownRows(VERSION, "s", [PEOPLE], [])
READY, COMPLETE = message(b"Z", b"I"), message(b"C", b"SELECT 1\0")
COLUMNS = message(b"T", b"\0\1id\0" + struct.pack(">IHIHIH", 1, 1, 23, 4, 0xFFFFFFFF, 0))


def reader(start: bytes = b"\0\3\0\0user\0anna\0database\0shop\0\0") -> PostgresReader:
    made = PostgresReader(Recogniser("postgresql", KNOWN, None), WireSession("10.0.0.5", 1), lambda: "now")
    made.begin(start)
    made.server(message(b"R", b"\0\0\0\x0aSCRAM-SHA-256\0\0"))
    made.client(message(b"p", b"SCRAM-SHA-256\0 a secret"))
    made.server(message(b"R", b"\0\0\0\0") + message(b"S", b"application_name\0crm\0") + READY)
    return made


def row(*values: bytes) -> bytes:
    fields = b"".join(struct.pack(">I", len(one)) + one for one in values)
    return message(b"D", struct.pack(">H", len(values)) + fields)


def bind(*parameters: bytes, portal: bytes = b"", statement: bytes = b"", forms: bytes = b"\0\0") -> bytes:
    fields = b"".join(struct.pack(">I", len(one)) + one for one in parameters)
    return message(
        b"B", portal + b"\0" + statement + b"\0\0\0" + struct.pack(">H", len(parameters)) + fields + forms
    )


def parse(text: bytes, name: bytes = b"") -> bytes:
    return message(b"P", name + b"\0" + text + b"\0\0\0")


DESCRIBE, EXECUTE, SYNC = message(b"D", b"P\0"), message(b"E", b"\0\0\0\0\0"), message(b"S", b"")
ONE, TWO = message(b"1", b""), message(b"2", b"")


def test_who_it_is() -> None:
    session = reader().session
    assert (session.user, session.database, session.method, session.application) == (
        *("anna", "shop", "scram", "crm"),
    )
    assert reader(b"\0\3\0\0user\0anna\0\0").session.database == "anna"
    said = reader(b"\0\3\0\0user\0a\0options\0-c trapline.reason=case7\0\0").session
    assert said.reason == "case7"
    assert "replication" in reader(b"\0\3\0\0user\0a\0replication\0database\0\0").unread


def test_each_of_several_pipelined_statements_has_its_own_rows() -> None:
    made = reader()
    for text in (b"SELECT 1", b"SELECT id FROM people", b"SELECT id FROM people LIMIT 1"):
        made.client(parse(text) + bind() + DESCRIBE + EXECUTE)
    made.client(SYNC)
    none = message(b"T", b"\0\1?\0" + bytes(18))
    made.server(ONE + TWO + none + row(b"7") + COMPLETE)
    made.server(ONE + TWO + COLUMNS + row(b"7") + row(b"9") + COMPLETE)
    made.server(ONE + TWO + COLUMNS + row(b"8") + COMPLETE + READY)
    assert [(one.text, one.marks) for one in made.take(now=False)] == [
        ("SELECT id FROM people", ["mark-7"]),
        ("SELECT id FROM people LIMIT 1", ["mark-8"]),
    ]


def test_behind_an_error_all_until_the_sync_is_passed_over() -> None:
    made = reader()
    made.client(parse(b"SELECT broken FROM people") + bind() + DESCRIBE + EXECUTE + SYNC)
    made.client(parse(b"SELECT id FROM people") + bind() + DESCRIBE + EXECUTE + SYNC)
    made.server(message(b"E", b"SERROR\0C42703\0\0") + READY)
    made.server(ONE + TWO + COLUMNS + row(b"7") + COMPLETE + READY)
    [one] = made.take(now=False)
    assert (one.text, one.marks, one.failed) == ("SELECT id FROM people", ["mark-7"], "")


def test_a_statement_described_once_and_bound_with_binary_results() -> None:
    made = reader()
    made.client(parse(b"SELECT id FROM people WHERE id = $1", b"s1") + message(b"D", b"Ss1\0") + SYNC)
    made.server(ONE + message(b"t", b"\0\1\0\0\0\x17") + COLUMNS + READY)
    made.client(bind(b"7", statement=b"s1", forms=b"\0\1\0\1") + EXECUTE + SYNC)
    made.server(TWO + row(b"\0\0\0\7") + COMPLETE + READY)
    assert [one.marks for one in made.take(now=False)] == [["mark-7"]]


def test_a_portal_that_is_fetched_by_and_by_is_one_statement() -> None:
    made = reader()
    made.client(parse(b"SELECT id FROM people") + bind(portal=b"p") + message(b"D", b"Pp\0"))
    made.client(message(b"E", b"p\0\0\0\0\1") + SYNC)
    made.server(ONE + TWO + COLUMNS + row(b"7") + message(b"s", b"") + READY)
    made.client(message(b"E", b"p\0\0\0\0\1") + SYNC)
    made.server(row(b"8") + COMPLETE + READY)
    found = made.take(now=False)
    assert [(one.marks, one.began) for one in found] == [(["mark-7"], "now"), (["mark-8"], "now")]


def test_several_statements_in_one_text_and_copy_into_the_database() -> None:
    made = reader()
    made.client(message(b"Q", b"SELECT 7; SELECT id FROM people; COPY x FROM STDIN\0"))
    made.server(message(b"T", b"\0\1?\0" + bytes(18)) + row(b"7") + COMPLETE + COLUMNS + row(b"8") + COMPLETE)
    made.server(message(b"G", b"\0\0\0"))
    made.client(message(b"d", b"rows") + message(b"c", b""))
    made.server(message(b"C", b"COPY 1\0") + READY)
    assert [one.marks for one in made.take(now=False)] == [["mark-8"]]
    # in the extended protocol the server passes over the Sync that came before the copied rows
    made.client(parse(b"COPY x FROM STDIN") + bind() + EXECUTE + SYNC)
    made.server(ONE + TWO + message(b"G", b"\0\0\0"))
    made.client(message(b"d", b"rows") + message(b"c", b"") + SYNC)
    made.server(message(b"C", b"COPY 1\0") + READY)
    made.client(message(b"Q", b"SELECT id FROM people\0"))
    made.server(COLUMNS + row(b"8") + COMPLETE + READY)
    assert [one.text for one in made.take(now=False)] == ["SELECT id FROM people"]


def test_copied_rows_that_are_cut_anywhere() -> None:
    made = reader()
    made.client(message(b"Q", b"COPY people TO STDOUT\0"))
    made.server(message(b"H", b"\0\0\2\0\0\0\0"))
    for part in (b"7\tAn", b"na\n9\tBo", b"\n8\tCleo\n"):
        made.server(message(b"d", part))
    made.server(message(b"c", b"") + message(b"C", b"COPY 3\0") + READY)
    assert [one.marks for one in made.take(now=False)] == [["mark-7", "mark-8"]]


CONVERSATION = (
    (True, parse(b"SELECT id FROM people") + bind() + DESCRIBE + EXECUTE + SYNC),
    (False, ONE + TWO + COLUMNS + row(b"7") + row(b"8") + COMPLETE + READY),
    (True, message(b"Q", b"SELECT name FROM people WHERE id = 8\0")),
    (False, message(b"T", b"\0\1n\0" + bytes(18)) + row(b"Bo") + COMPLETE + READY),
)


@given(st.lists(st.integers(0, 400), max_size=30))
def test_however_the_bytes_are_cut_the_same_is_told(places: list[int]) -> None:
    made = reader()
    for client, data in CONVERSATION:
        ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
        for begin, end in zip([0, *ends], ends, strict=False):
            (made.client if client else made.server)(data[begin:end])
    assert [one.marks for one in made.take(now=False)] == [["mark-7", "mark-8"], ["mark-8"]]


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(b"PBEDCSQTZ123nstIHGWdcRSK"), st.binary(max_size=40)),
        max_size=40,
    )
)
def test_messages_in_any_order_and_of_any_content_raise_nothing(
    messages: list[tuple[bool, int, bytes]],
) -> None:
    made = reader()
    for client, kind, body in messages:
        (made.client if client else made.server)(message(bytes([kind]), body))
    made.take(now=True)


def test_a_client_that_waits_for_no_answer_is_unread_at_a_bound() -> None:
    made = reader()
    made.client(SYNC * 2_000)
    assert "not understood" in made.unread


@pytest.mark.parametrize("data", [b"", b"\0\3", b"\xff" * 40])
def test_a_start_that_is_none_raises_nothing(data: bytes) -> None:
    reader(data)
