"""NATS: the conversation in bytes, cut anywhere, and the real client against a real listener."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import nats
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps.nats import NatsConversation
from tests import steady

FIRST = [b'CONNECT {"user":"a","pass":"b","verbose":false}\r\nPING\r\n']
"""What clients send first."""

POKE = b"PING\r\n"
"""What makes it say who it is."""

CONNECT = (
    b'CONNECT {"user":"app","pass":"hunter2","lang":"python3","version":"2.1","verbose":false}\r\nPING\r\n'
)
WHO = {"user": "app", "client": "python3 2.1"}
FLOODS = [
    [CONNECT, b"PING\r\n" * 4_000],
    [CONNECT, *(b"SUB %d.%s %d\r\n" % (one, b"s" * 4000, one) for one in range(1000))],
    [CONNECT, *(b"PUB a 1000000\r\n" + bytes(1_000_000) + b"\r\n" for _ in range(12))],
    [CONNECT, b"PUB a 8000\r\n", *(b"x" for _ in range(8_000))],
    [CONNECT, *(b'CONNECT {"name":"%s"}\r\n' % (b"x" * 4000) for _ in range(1000))],
]
"""Many commands, subscriptions and messages, one in crumbs, and names again and again."""
CUT_OFF = [[CONNECT, b"SUB " + b"x" * 5000], [CONNECT, b"PUB a 1048577\r\n"]]
"""max_control_line and max_payload."""


def talk(*said: bytes, key: bytes = b"k" * 32) -> list[Step]:
    conversation = NatsConversation(Identity(key), 1)
    return [*conversation.greet(), *(step for data in said for step in conversation.feed(data))]


def said(steps: Sequence[Step]) -> bytes:
    return b"".join(step.data for step in steps if isinstance(step, Send))


def test_the_server_introduces_itself() -> None:
    info = said(talk())
    assert info.startswith(b"INFO {")
    told = json.loads(info[5:])
    assert (told["auth_required"], len(told["server_id"])) == (True, 56)
    assert len({said(talk(key=bytes([number]) * 32)) for number in range(8)}) == 8


def test_the_login_is_noted_before_the_ping_is_answered() -> None:
    assert talk(CONNECT)[1:] == [Record("login", WHO | {"password": "hunter2"}), Send(b"PONG\r\n")]


def test_a_token_is_a_login_too() -> None:
    note, ok = talk(b'CONNECT {"auth_token":"s3cr3t","verbose":true}\r\n')[1:]
    assert note == Record("login", {"token": "s3cr3t"})
    assert ok == Send(b"+OK\r\n")


def test_an_operation_that_is_none_ends_the_conversation() -> None:
    assert talk(b"GET / HTTP/1.1\r\n")[-2:] == [Send(b"-ERR 'Authorization Violation'\r\n"), Close()]
    assert talk(CONNECT, b"LOOT\r\n")[-2:] == [Send(b"-ERR 'Unknown Protocol Operation'\r\n"), Close()]


def test_what_is_published_is_noted_and_forbidden() -> None:
    note, refused = talk(CONNECT, b"PUB orders.new 5\r\nhello\r\n")[3:]
    assert note == Record("command", WHO | {"command": ["PUB", "orders.new", "5"], "value": "hello"})
    assert refused == Send(b"-ERR 'Permissions Violation for Publish to \"orders.new\"'\r\n")


def test_subscriptions_are_forbidden_and_nothing_breaks_out_of_our_answer() -> None:
    refused = talk(CONNECT, b'SUB a"\x07\x1b.> 1\r\n')[-1]
    assert refused == Send(b"-ERR 'Permissions Violation for Subscription to \"a.>\"'\r\n")


def test_what_cannot_be_read_is_not_gone_along_with() -> None:
    with pytest.raises((ValueError, TypeError)):
        talk(b"CONNECT [1]\r\n")
    assert talk(b"x" * 70_000)[-1] == Close()
    assert talk(CONNECT, b"PING" * 2_000)[-1] == Close()


@given(cuts=st.lists(st.integers(0, 160), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = CONNECT + b"PUB a 7\r\nPING\r\nx\r\nSUB b 1\r\n"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


def test_nats_py_hands_over_its_password(steal: Callable[..., Any]) -> None:
    stolen = steal("nats", "nats-url")

    async def loot() -> Exception:
        """Publish something; the error that comes back."""
        failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

        async def remember(problem: Exception) -> None:
            failed.set_result(problem)

        client = await nats.connect(stolen.local_url, allow_reconnect=False, error_cb=remember, name="loot")
        try:
            await client.publish("orders.new", b"hello")
            return await asyncio.wait_for(failed, steady.PATIENCE)
        finally:
            await client.close()

    assert "permissions violation" in str(asyncio.run(loot())).lower()
    hit = stolen.hit("login")
    assert hit.facet == "password"
    observed = hit.entry.body["observed"]
    assert (observed["user"], observed["client"].split()[:2]) == (stolen.row["user"], ["loot", "python3"])
