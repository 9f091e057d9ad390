"""Redis: the conversation in bytes, rubbish of every sort, and a real client against a real listener."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from canaries.installation.home import Home
from canaries.mint import minting
from listener.incidents import queries
from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps.redis import RedisConversation
from tests import steady
from tests.programs import needs

FIRST = [b"*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$6\r\nsecret\r\n"]
"""What clients send first."""

POKE = b"INFO\r\n"
"""What makes it say who it is."""


FLOODS = [[FIRST[0], b"*1024\r\n", *(b"$16000\r\n" + b"x" * 16_000 + b"\r\n" for _ in range(15))]]
"""A command that is never whole."""


def talk(*said: bytes) -> list[Step]:
    conversation = RedisConversation(Identity(b"k" * 32), 1)
    return [step for data in said for step in conversation.feed(data)]


def of(kind: type[Step], steps: list[Step]) -> list[Step]:
    return [step for step in steps if isinstance(step, kind)]


def command(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def test_auth_is_noted_before_it_is_answered() -> None:
    assert talk(command(b"AUTH", b"app", b"hunter2")) == [
        Record("login", {"user": "app", "password": "hunter2"}),
        Send(b"+OK\r\n"),
    ]


WEB = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (WEB, {16: b"-ERR wrong number of arguments for 'get' command\r\n"}),
        (b"PING\r\n*1\r\n$5\r\nHost:\r\nPING\r\n", {6: b"-NOAUTH Authentication required.\r\n"}),
    ],
)
def test_a_browsers_word_takes_back_what_was_not_sent_yet_and_nothing_more(
    said: bytes, answers: dict[int, bytes]
) -> None:
    """Each cut, as Redis 7.0.15 answers it: line by line, but only once all that came is done."""
    [(answered, line)] = answers.items()
    end = said.lower().index(b"host:") + said[said.lower().index(b"host:") :].index(b"\n") + 1
    for at in range(1, len(said)):
        steps = talk(said[:at], said[at:]) if at < end else talk(said)
        given = b"".join(step.data for step in steps if isinstance(step, Send))
        assert given == (line if answered <= at < end else b""), at
        assert steps[-1] == Close()


def test_nothing_behind_quit_is_done() -> None:
    assert talk(b"QUIT\r\nHost: x\r\nPING\r\n") == [Record("quit"), Send(b"+OK\r\n"), Close()]


def test_a_password_alone_is_the_default_users() -> None:
    assert talk(b"AUTH hunter2\r\n")[0] == Record("login", {"user": "default", "password": "hunter2"})


def test_hello_3_with_auth_answers_a_map() -> None:
    note, say = talk(command(b"HELLO", b"3", b"AUTH", b"app", b"hunter2"))
    assert note == Record("login", {"user": "app", "password": "hunter2"})
    assert isinstance(say, Send)
    assert say.data.startswith(b"%7\r\n$6\r\nserver\r\n")


def test_every_command_is_noted_and_refused_politely() -> None:
    note, say = talk(command(b"AUTH", b"hunter2"), command(b"KEYS", b"*"))[2:]
    assert note == Record("command", {"command": ["KEYS", "*"]})
    assert say == Send(b"-NOPERM this user has no permissions to run the 'keys' command\r\n")


@pytest.mark.parametrize("words", [(b"PING",), (b"KEYS", b"*"), (b"CLIENT", b"SETNAME", b"a")])
def test_before_a_login_nothing_is_answered_and_all_is_noted(words: tuple[bytes, ...]) -> None:
    note, say = talk(command(*words))
    assert note == Record("command", {"command": [word.decode() for word in words]})
    assert say == Send(b"-NOAUTH Authentication required.\r\n")
    assert talk(command(b"HELLO", b"3"))[1].data.startswith(b"-NOAUTH HELLO must be called")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ((b"FOO", b"bar"), b"-ERR unknown command 'FOO', with args beginning with: 'bar' \r\n"),
        ((b"SELECT", b"99"), b"-ERR DB index is out of range\r\n"),
        ((b"SELECT", b"1"), b"+OK\r\n"),
        ((b"PING",), b"+PONG\r\n"),
        ((b"PING", b"hey"), b"$3\r\nhey\r\n"),
    ],
)
def test_a_login_is_answered_as_by_a_real_server(words: tuple[bytes, ...], answer: bytes) -> None:
    assert talk(command(b"AUTH", b"hunter2"), command(*words))[-1] == Send(answer)


def test_what_the_client_sends_never_breaks_out_of_our_answer() -> None:
    _, say = talk(command(b"X\r\n+OK\r\n", b"y"))
    assert isinstance(say, Send)
    assert say.data.count(b"\r\n") == 1


def test_quit_closes() -> None:
    assert talk(b"QUIT\r\n")[-1] == Close()


@given(cuts=st.lists(st.integers(0, 80), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = command(b"AUTH", b"app", b"hunter2") + command(b"PING") + b"GET secret\r\n"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    for kind in (Record, Send, Close):  # answers go out together, behind all that is noted of one packet
        assert of(kind, talk(*parts)) == of(kind, talk(whole))


@needs("redis-cli")
def test_a_real_client_hands_over_its_password(home: Home, listen: Callable[..., Any]) -> None:
    bait = next(iter(minting.mint(home, "postgres-url")))
    password = next(token.value for token in bait.canary.tokens if token.facet == "password")
    running = listen(home, TRAPLINE_TRAPS_REDIS_BIND="127.0.0.1:0")
    port = running.addresses["redis"][0].rpartition(":")[2]
    done = subprocess.run(
        ["redis-cli", "-p", port, "--no-auth-warning", "--user", "app", "--pass", password, "KEYS", "*"],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert "NOPERM" in done.stdout + done.stderr
    hits = steady.until(lambda: list(queries.hits(home)))
    assert (hits[0].trap, hits[0].facet, hits[0].canary) == ("redis", "password", bait.canary.id)


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    return steal("redis", "redis-url")


def test_redis_cli_hands_over_a_stolen_urls_password(stolen: Any) -> None:
    stolen.forget()
    assert "NOPERM" in stolen.run("redis-cli", "-u", stolen.local_url, "KEYS", "*")
    hit = stolen.hit("login")
    assert (hit.facet, hit.entry.body["observed"]["user"]) == ("password", stolen.row["user"])


def test_redis_py_hands_over_a_stolen_urls_password(stolen: Any) -> None:
    stolen.forget()
    with redis.Redis.from_url(stolen.local_url) as client, pytest.raises(redis.exceptions.NoPermissionError):
        client.get("session:1")
    hit = stolen.hit("login")
    assert (hit.facet, hit.entry.body["observed"]["user"]) == ("password", stolen.row["user"])


def test_a_command_that_is_too_long_altogether_ends_the_connection_without_a_word() -> None:
    word = b"$16000\r\n" + b"x" * 16_000 + b"\r\n"
    steps = talk(FIRST[0], b"*1024\r\n", *[word] * 20)
    assert steps[-1] == Close()
    assert of(Send, steps) == [Send(b"+OK\r\n")]
