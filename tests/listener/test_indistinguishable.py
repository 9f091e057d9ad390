"""A known and an unknown token get the same answer: status, headers in order, body, over many shapes of request.

Two listeners say the same things, for they have the same ``front`` key; a token minted by one is shown to both.
Whatever differed in their answers would be a difference between known and unknown.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents.queries import hits
from tests import steady

KINDS = ("url", "openai-key", "stripe-key", "github-token", "sms-gateway", "aws-key")
_VARYING = re.compile(r"[A-Za-z0-9_+/=.-]{12,}|[0-9]+")
"""Ids and times that a persona draws for each answer anew."""


@pytest.fixture
def stranger(listening: Any, tmp_path: Path, listen_on: Any) -> Any:
    """A listener that says what ``listening`` says, and has never heard of its canaries."""
    made = Home.create(tmp_path / "stranger", '[traps.http]\nbind = ["127.0.0.1:0"]\n')
    made.store.close()
    shutil.copy(listening.home / "keys" / "front", made.path / "keys" / "front")
    return listen_on(made.path)


def values(home: Home, kind: str) -> list[str]:
    """The strong tokens of one fresh canary."""
    (minted,) = mint(home, kind)
    return [token.value for token in minted.canary.tokens if not token.weak]


def shapes(token: str) -> Iterator[bytes]:
    """Ways to show a token."""
    t = token.encode()
    pair = base64.b64encode(b"user:" + t)
    form = b"a=1&token=" + t
    document = json.dumps({"key": token}).encode()

    def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
        length = (b"Content-Length: %d" % len(body),) if body else ()
        return b"\r\n".join((line, b"Host: h.example", *headers, *length, b"Connection: close", b"", body))

    yield request(b"GET /" + t + b" HTTP/1.1")
    yield request(b"GET /" + t + b"/ HTTP/1.0")
    yield request(b"HEAD /" + t + b" HTTP/1.1")
    yield request(b"OPTIONS /" + t + b" HTTP/1.1")
    yield request(b"DELETE /" + t + b"/x.gif HTTP/1.1")
    yield request(b"GET /?q=" + t + b" HTTP/1.1")
    yield request(b"GET / HTTP/1.1", b"Authorization: Bearer " + t)
    yield request(b"GET /v1/models HTTP/1.1", b"Authorization: Bearer " + t)
    yield request(b"GET /v1/balance HTTP/1.1", b"Authorization: Bearer " + t)
    yield request(b"GET /user HTTP/1.1", b"Authorization: token " + t)
    yield request(b"GET / HTTP/1.1", b"Authorization: Basic " + pair)
    yield request(b"GET / HTTP/1.1", b"Cookie: session=" + t)
    yield request(b"GET / HTTP/1.1", b"X-Api-Key: " + t)
    yield request(b"POST /login HTTP/1.1", b"Content-Type: application/x-www-form-urlencoded", body=form)
    yield request(b"POST /api HTTP/1.1", b"Content-Type: application/json", body=document)
    yield b"GET /" + t + b" HTTP/1.1\r\nbad header\r\n\r\n"
    yield b"FOO /" + t + b" HTTP/1.1\r\n\r\n"


def answer(address: tuple[str, int], data: bytes, token: str) -> tuple[str, list[str], str]:
    """Status line, headers and body without what varies."""
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        sock.sendall(data)
        found = b""
        while piece := sock.recv(65_536):
            found += piece
    head, _, body = found.decode("latin-1").replace(token, "TOKEN").partition("\r\n\r\n")
    status, *headers = [line for line in head.split("\r\n") if not line.startswith("Date: ")]
    return (
        status,
        [_VARYING.sub("*", line) for line in headers],
        _VARYING.sub("*", body),
    )


def test_live_and_unknown_tokens_get_the_same_answers(listening: Any, stranger: Any) -> None:
    home = Home.open(listening.home)
    compared = 0
    for kind in KINDS:
        for token in values(home, kind):
            for data in shapes(token):
                known, unknown = answer(listening.address, data, token), answer(stranger.address, data, token)
                assert known == unknown
                compared += 1
    assert compared >= 60
    steady.until(
        lambda: set(KINDS) <= {hit.kind for hit in hits(home)}, "the control: they are not recognised"
    )
    home.store.close()
    elsewhere = Home.open(stranger.home)
    assert not list(hits(elsewhere))
    elsewhere.store.close()
