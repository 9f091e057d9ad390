"""Addresses of mail within other addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "bounce": lambda data: b"MAIL FROM:<bounces+17=" + data + b"=a.example@list.example.com>",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
WORDS_ONLY = {"bounce"}


@pytest.mark.parametrize(
    "written",
    [
        b"MAIL FROM:<bounces+anna.meier=mail.example.org@list.example.com>",
        b"MAIL FROM:<list-return-1234-anna.meier=mail.example.org@list.example.com>",
        b"<SRS0=HHH=TT=mail.example.org=anna.meier@forward.example.com>",
        b"<SRS1=HHH=forward.example.com==HHH=TT=mail.example.org=anna.meier@other.example.com>",
        b"<prvs=1234abcdef=anna.meier@mail.example.org>",
        b"<anna.meier%mail.example.org@relay.example.com>",
        b"<IMCEAINVALID-anna+2Emeier+40mail+2Eexample+2Eorg@exchange.example.com>",
    ],
)
def test_senders_that_programs_write(written: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    assert any(b"anna.meier@mail.example.org" in text.split() for text in texts(written))


def test_an_address_as_it_is_gives_nothing() -> None:
    written = b"a=b From: anna.meier@mail.example.org, 50% of bob@example.org"
    layers = unwrap(written, DecodingBudget(USUAL, len(written)))
    assert not any("rewritten address" in layer.way for layer in layers)
