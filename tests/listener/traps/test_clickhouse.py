"""ClickHouse: the conversation in bytes, cut anywhere, and the real driver against a real listener."""

from __future__ import annotations

import getpass
import itertools
import socket
from collections.abc import Callable, Sequence
from typing import Any

import clickhouse_driver
import pytest
from clickhouse_driver.errors import ServerException
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps.clickhouse import ClickhouseConversation

FIRST = [b"\x00\x11ClickHouse client\x15\x04\xb2\xa9\x03\x07default\x04user\x06secret"]
"""What clients send first."""


def text(value: str) -> bytes:
    assert len(value) < 128
    return bytes([len(value)]) + value.encode()


HELLO = (
    b"\0" + text("ClickHouse loot") + b"\x14\x0a\xc4\xa9\x03" + text("crm") + text("app") + text("hunter2")
)
CLIENT = (
    b"\1"
    + text("") * 3
    + b"\1"
    + text("mallory")
    + text("desk-7")
    + text("loot")
    + b"\x14\x0a\1"
    + text("")
    + b"\2"
)
SETTING = text("max_block_size") + b"\0" + text("1")
BLOCK = b"\2" + text("") + b"\1\0\2\xff\xff\xff\xff\0\0\0"
WHO = {"user": "app", "database": "crm", "client": "ClickHouse loot 20.10"}


def query(statement: str, compressed: int = 0) -> bytes:
    return b"\1" + text("id") + CLIENT + SETTING + text("") + b"\2" + bytes([compressed]) + text(statement)


def long(value: str) -> bytes:
    """A text behind a length of three bytes."""
    size = len(value.encode())
    return bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + value.encode()


def asked(statement: str, *settings: bytes) -> bytes:
    """A query of any length, with settings."""
    return b"\1" + text("id") + CLIENT + b"".join(settings) + text("") + b"\2\0" + long(statement) + BLOCK


FLOODS = [
    [HELLO, *(b"\4" * 60_000 for _ in range(4))],
    [HELLO, BLOCK * 4_000],
    [HELLO, *(asked("select " + "x" * 100_000) for _ in range(40))],
    [HELLO, *(asked("select 1", *[SETTING] * 255) for _ in range(100))],
    [HELLO, *(asked("select " + "x" * 20_000)[at : at + 1] for at in range(8_000))],
]
"""Many pings, empty blocks, long statements and settings, and one statement in crumbs."""
CUT_OFF = [[HELLO, asked("x" * 140_000)], [HELLO, b"\7"]]
"""A text that is too long, and a packet that there is not."""


def talk(*said: bytes, key: bytes = b"k" * 32) -> list[Step]:
    conversation = ClickhouseConversation(Identity(key), 1)
    return [step for data in said for step in conversation.feed(data)]


def said(steps: Sequence[Step]) -> bytes:
    return b"".join(step.data for step in steps if isinstance(step, Send))


def test_the_first_message_has_the_password_and_is_noted_before_it_is_answered() -> None:
    note, hello = talk(HELLO)
    assert note == Record("login", WHO | {"password": "hunter2"})
    assert isinstance(hello, Send)
    assert hello.data.startswith(b"\0\x0aClickHouse\x14")


def test_a_query_shows_account_and_host_name_and_is_refused() -> None:
    note, refused = talk(HELLO, query("select * from members") + BLOCK)[2:]
    shown = {"os_user": "mallory", "host_name": "desk-7", "query": "select * from members"}
    assert note == Record("query", WHO | shown)
    assert isinstance(refused, Send)
    assert refused.data.startswith(b"\2\xf1\1\0\0")
    assert b"app: Not enough privileges" in refused.data


def test_what_every_account_may_ask_is_answered() -> None:
    """Drivers and pools try a connection with a constant; blocks that are to be compressed are refused as before."""
    answer = said(talk(HELLO, query("SELECT 1") + BLOCK)[2:])
    assert answer.endswith(b"\1\1" + text("1") + text("UInt8") + b"\1" + b"\5")
    assert b"Not enough privileges" in said(talk(HELLO, query("SELECT 1", 1))[2:])
    assert said(talk(HELLO, query("SET a = 1"))[2:]) == b"\5"


def test_the_data_behind_a_query_is_skipped_compressed_or_not() -> None:
    packed = b"\2" + text("") + bytes(16) + b"\x82" + (9 + 3).to_bytes(4, "little") + bytes(4) + b"xyz"
    for whole in (query("a") + BLOCK, query("b", 1) + packed):
        assert said(talk(HELLO, whole, b"\4"))[-1:] == b"\4", "the ping behind it is answered"


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.0\r\n"])
def test_a_web_browser_is_told_which_port_is_meant(data: bytes) -> None:
    noted, sent, closed = talk(data)
    assert noted == Record("http")
    assert isinstance(sent, Send)
    assert sent.data.startswith(
        b"HTTP/1.0 400 Bad Request\r\n\r\nPort 9000 is for clickhouse-client program.\r\n"
    )
    assert closed == Close()


def test_a_first_packet_that_is_no_hello_is_told_so() -> None:
    """As every error of a login: TCPHandler sends what it would log, then closes."""
    for data in (b"HEAD / HTTP/1.1\r\n", b"\r\n\r\n", b"\1"):
        noted, sent, closed = talk(data)
        assert noted == Record("unreadable")
        assert isinstance(sent, Send)
        assert sent.data[:5] == b"\2\x65\0\0\0"
        assert b"\x10DB::NetException\x2fDB::NetException: Unexpected packet from client\0\0" in sent.data
        assert closed == Close()


@pytest.mark.parametrize("data", [HELLO + b"\x63", b"\xff" * 12, HELLO + BLOCK[:-1] + b"\1"])
def test_what_is_no_packet_is_not_gone_along_with(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"hello|packet|number|empty"):
        talk(data)


class Copied(bytearray):
    """A buffer that counts how often all of it is copied."""

    times = 0

    def __bytes__(self) -> bytes:
        type(self).times += 1
        return bytes(self[:])


def test_many_packets_that_come_at_once_are_copied_once() -> None:
    conversation = ClickhouseConversation(Identity(b"k" * 32), 1)
    list(conversation.feed(HELLO))
    conversation._buffer = Copied()
    assert len(list(conversation.feed(b"\4" * 10_000))) == 10_000
    assert Copied.times == 1


def test_a_packet_without_end_is_not_waited_for() -> None:
    with pytest.raises(ValueError, match="wanted"):
        talk(b"\0\x80\x80\x08" + b"x" * 131_072 + b"\x80\x80\x08x")


def test_installations_differ() -> None:
    assert len({said(talk(HELLO, key=bytes([number]) * 32)) for number in range(8)}) > 6


@given(cuts=st.lists(st.integers(0, 220), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = HELLO + query("select 1") + BLOCK + b"\4" + query("select 2") + BLOCK
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    return steal("clickhouse", "clickhouse-native-url")


@pytest.mark.parametrize("query_string", ["", "?secure=1&verify=0"])
def test_clickhouse_driver_hands_over_its_password(stolen: Any, query_string: str) -> None:
    stolen.forget()
    client = clickhouse_driver.Client.from_url(stolen.local_url + query_string)
    with pytest.raises(ServerException, match="Not enough privileges"):
        client.execute("select * from members")
    assert client.execute("select 2, 1 + 299, version(), null, currentUser()")[0][:2] == (2, 300)
    listed = [name for (name,) in client.execute("show databases")]
    assert listed == sorted(listed)
    assert {"INFORMATION_SCHEMA", "information_schema", "system"} < set(listed)
    client.disconnect()
    hit = stolen.hit("login")
    assert hit.facet == "password"
    assert hit.entry.body["observed"]["user"] == stolen.row["user"]
    assert ("tls" in hit.entry.body["observed"]) == bool(query_string)


def test_a_unique_user_makes_the_query_a_hit_too(steal: Callable[..., Any]) -> None:
    stolen = steal("clickhouse", "clickhouse-native-url", unique_user="true")
    client = clickhouse_driver.Client.from_url(stolen.local_url)
    with pytest.raises(ServerException):
        client.execute("select * from members")
    client.disconnect()
    hit = stolen.hit("query")
    assert hit.facet == "user"
    observed = hit.entry.body["observed"]
    assert (observed["os_user"], observed["host_name"]) == (getpass.getuser(), socket.gethostname())
    assert observed["query"] == "select * from members"


def test_a_packet_that_comes_byte_by_byte_is_looked_at_field_by_field() -> None:
    conversation = ClickhouseConversation(Identity(b"k" * 32), 1)
    assert list(conversation.feed(HELLO))
    begun = b"\1" + b"\xa0\x8d\x06" + b"x" * 100_000
    assert not list(conversation.feed(begun[:50_000]))
    looked = conversation._wanted
    for at in range(50_000, 50_100):
        assert not list(conversation.feed(begun[at : at + 1]))
        assert conversation._wanted == looked
