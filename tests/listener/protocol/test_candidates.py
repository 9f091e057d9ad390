"""Words: every string a trap noted, and every word of the raw bytes, may be a token."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence.sighting import Sighting
from listener.protocol.candidates import candidates


def sighting(raw: bytes = b"", **notes: object) -> Sighting:
    return Sighting(
        id="0" * 32, trap="redis", observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, notes=notes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "token"),
    [
        (sighting(password="s3cret-Pa55!word"), b"s3cret-Pa55!word"),
        (sighting(nested={"a": [{"b": "deep-token-1"}]}), b"deep-token-1"),
        (sighting(mail="To: <Phony.Person@Traps.example>"), b"phony.person@traps.example"),
        (sighting(host="bucket.abc123label.traps.example"), b"abc123label.traps.example"),
        (sighting(raw=b"\x00\x07AKIAABCDEFGHIJKLMNOP\x00"), b"AKIAABCDEFGHIJKLMNOP"),
        (sighting(raw=b"AUTH PLAIN " + base64.b64encode(b"\0user\0a-long-password")), b"a-long-password"),
    ],
)
def test_a_token_is_found_wherever_it_stands(seen: Sighting, token: bytes) -> None:
    assert token in candidates(seen)


@given(raw=st.binary(max_size=2000), text=st.text(max_size=200))
def test_any_bytes_give_a_bounded_list_without_doubles(raw: bytes, text: str) -> None:
    found = candidates(sighting(raw, said=text))
    assert len(found) == len(set(found)) <= 10_002
    assert all(0 < len(one) <= 2048 for one in found)
