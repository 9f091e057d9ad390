"""Lines out of bytes, and logins over them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.lines import LONGEST_LINE, LoginConversation, printable
from listener.protocol.sasl import SaslError


class Echo(LoginConversation):
    """Says each line again; ``auth M`` begins an exchange, ``tls`` TLS, ``bye`` ends it."""

    def greet(self) -> Iterable[Step]:
        return ()

    def welcome(self) -> bytes:
        return b"welcome\r\n"

    def unwelcome(self, problem: SaslError) -> bytes:
        return b"no: %s\r\n" % str(problem).encode()

    def line(self, line: bytes) -> Iterator[Step]:
        word, _, rest = line.partition(b" ")
        if word == b"auth":
            mechanism, _, response = rest.partition(b" ")
            yield from self.authenticate(mechanism, response or None)
        elif word == b"tls":
            yield from self.upgrade(b"go\r\n")
        elif word == b"bye":
            yield Close()
        else:
            yield Send(line + b"\r\n")


def talk(*said: bytes) -> list[Step]:
    conversation = Echo(Identity(b"k" * 32), 1)
    return [step for data in said for step in conversation.feed(data)]


def test_a_line_ends_with_or_without_a_carriage_return() -> None:
    assert talk(b"one\r\ntwo\nthr", b"ee\r", b"\n") == [
        Send(b"one\r\n"),
        Send(b"two\r\n"),
        Send(b"three\r\n"),
    ]


@given(
    st.lists(st.sampled_from([b"x", b"auth LOGIN", b"YW5u", b"auth PLAIN", b"AGFubgBzMw==", b"*", b"bye"])),
    st.data(),
)
def test_however_the_bytes_are_cut_the_conversation_is_the_same(
    lines: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(line + b"\r\n" for line in lines)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=8))
    places = sorted({0, len(whole), *cuts})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    together = talk(whole) if whole else []
    if Close() in together:  # nobody feeds a conversation that has ended
        assert talk(*parts)[: len(together)] == together
    else:
        assert talk(*parts) == together


def test_a_line_without_an_end_is_not_kept() -> None:
    with pytest.raises(ValueError, match="does not end"):
        talk(b"x" * LONGEST_LINE, b"xx")


def test_what_stands_behind_the_command_for_tls_is_dropped() -> None:
    conversation = Echo(Identity(b"k" * 32), 1)
    assert list(conversation.feed(b"tls\r\nsmuggled\r\n")) == [Send(b"go\r\n"), StartTls()]
    assert conversation.secure
    assert list(conversation.feed(b"inside\r\n")) == [Send(b"inside\r\n")]


def test_what_stands_behind_the_end_is_not_answered() -> None:
    assert talk(b"bye\r\nmore\r\n") == [Close()]


def test_each_part_of_a_login_is_noted_before_it_is_answered() -> None:
    login = {"user": "ann", "password": "s3", "mechanism": "LOGIN"}
    assert talk(b"auth LOGIN\r\nYW5u\r\nczM=\r\n") == [
        Send(b"+ VXNlcm5hbWU6\r\n"),
        Record("user", {"user": "ann", "mechanism": "LOGIN"}),
        Send(b"+ UGFzc3dvcmQ6\r\n"),
        Record("login", login),
        Send(b"welcome\r\n"),
    ]


def test_a_login_that_fails_is_noted_with_what_was_sent() -> None:
    assert talk(b"auth CRAM-MD5 eA==\r\nx\r\n") == [
        Record("login failed", {"mechanism": "CRAM-MD5", "response": "eA=="}),
        Send(b"no: unknown mechanism\r\n"),
        Send(b"x\r\n"),
    ]
    assert talk(b"auth LOGIN YW5u\r\n*\r\n")[2:] == [
        Record("login failed", {"mechanism": "LOGIN", "user": "ann", "response": "*"}),
        Send(b"no: given up\r\n"),
    ]


def test_later_notes_carry_the_login() -> None:
    conversation = Echo(Identity(b"k" * 32), 1)
    assert conversation.note("x", a=1) == Record("x", {"a": 1})
    list(conversation.feed(b"auth PLAIN AGFubgBzMw==\r\n"))
    assert conversation.note("x", a=1).shown == {
        "a": 1,
        "user": "ann",
        "password": "s3",
        "mechanism": "PLAIN",
    }


@given(st.binary(max_size=300))
def test_an_echo_is_one_line_of_ascii(text: bytes) -> None:
    shown = printable(text)
    assert len(shown) <= 200
    assert shown.decode("ascii").isprintable()
