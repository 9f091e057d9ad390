"""SASL's exchanges, message by message."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.sasl import SaslError, SaslExchange, SaslLogin


def b64(text: bytes) -> bytes:
    return base64.b64encode(text)


def test_plain_with_an_initial_response_needs_one_message() -> None:
    assert SaslExchange(b"plain").respond(b64(b"\0ann\0s3cret")) == SaslLogin("ann", "s3cret", "PLAIN")


def test_plain_without_one_is_asked_for_it() -> None:
    exchange = SaslExchange(b"PLAIN")
    assert exchange.respond(None) == b""
    assert exchange.respond(b64(b"boss\0ann\0s3cret")) == SaslLogin("ann", "s3cret", "PLAIN", "boss")


def test_who_acts_as_himself_is_named_once() -> None:
    login = SaslExchange(b"PLAIN").respond(b64(b"ann\0ann\0s3cret"))
    assert isinstance(login, SaslLogin)
    assert login.shown() == {"user": "ann", "password": "s3cret", "mechanism": "PLAIN"}


@pytest.mark.parametrize("initial", [True, False])
def test_login_asks_for_both(initial: bool) -> None:
    exchange = SaslExchange(b"LOGIN")
    if not initial:
        assert exchange.respond(None) == b64(b"Username:")
    assert exchange.respond(b64(b"ann")) == b64(b"Password:")
    assert exchange.user == "ann"
    assert exchange.respond(b64(b"s3cret")) == SaslLogin("ann", "s3cret", "LOGIN")


def test_an_empty_password_may_be_written_as_an_equals_sign() -> None:
    exchange = SaslExchange(b"LOGIN")
    exchange.respond(b64(b"ann"))
    assert exchange.respond(b"=") == SaslLogin("ann", "", "LOGIN")


@pytest.mark.parametrize("mechanism", [b"CRAM-MD5", b"SCRAM-SHA-256", b"NTLM", b"", b"\xff"])
def test_nothing_that_hides_the_password_is_taken(mechanism: bytes) -> None:
    with pytest.raises(SaslError, match="unknown mechanism"):
        SaslExchange(mechanism)


@pytest.mark.parametrize(
    ("response", "why"),
    [(b"*", "given up"), (b"###", "base64"), (b64(b"ann\0s3cret"), "PLAIN"), (b64(b"a\0b\0c\0d"), "PLAIN")],
)
def test_what_is_no_login_is_refused(response: bytes, why: str) -> None:
    with pytest.raises(SaslError, match=why):
        SaslExchange(b"PLAIN").respond(response)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4), st.sampled_from([b"PLAIN", b"LOGIN"]))
def test_any_responses_end_in_a_login_or_one_error(responses: list[bytes], mechanism: bytes) -> None:
    exchange = SaslExchange(mechanism)
    with contextlib.suppress(SaslError):
        for response in responses:
            if isinstance(exchange.respond(response), SaslLogin):
                break
