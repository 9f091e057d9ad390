"""RFC 8292: its own example verifies; what is signed by nobody is said, and nothing breaks the reader."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_vapid import Vapid01, Vapid02

from canaries.protocols.push_endpoints import encoded
from listener.protocol.vapid import VapidClaim, read_vapid

KEY = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1h"
    "aWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
)
"""RFC 8292, section 2.4."""
CLAIM = VapidClaim(KEY, "mailto:push@example.com", "https://push.example.net", 1453523768)


@pytest.mark.parametrize(
    "said",
    [
        f"vapid t={TOKEN}, k={KEY}",
        f'VAPID  k="{KEY}==",t="{TOKEN}"',
        f"vapid k={KEY};t={TOKEN};x=1",
    ],
)
def test_the_standards_own_example_verifies(said: str) -> None:
    assert read_vapid(said) == CLAIM


def test_the_older_form_is_read_as_well() -> None:
    assert read_vapid(f"WebPush {TOKEN}", f"dh=abc;p256ecdsa={KEY}") == CLAIM


@pytest.mark.parametrize("maker", [Vapid01, Vapid02])
def test_what_a_real_library_signs_verifies(maker: type) -> None:
    sender = maker()
    sender.generate_keys()
    claims = {"sub": "mailto:jo@alerts.example", "aud": "https://push.alerts.test", "exp": 1_790_000_000}
    headers = sender.sign(claims)
    found = read_vapid(headers["Authorization"], headers.get("Crypto-Key", ""))
    assert found is not None
    assert (found.problem, found.subject, found.expires) == ("", "mailto:jo@alerts.example", 1_790_000_000)


@pytest.mark.parametrize("said", ["", "Basic YTpi", "vapid", "Bearer x"])
def test_where_nobody_is_named_nobody_is(said: str) -> None:
    found = read_vapid(said)
    assert found is None or found.problem


def other(head: object, claims: object = None) -> str:
    parts = [encoded(json.dumps(part).encode()) for part in (head, claims or {})]
    return f"vapid t={'.'.join(parts)}.{TOKEN.rpartition('.')[2]}, k={KEY}"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (f"vapid t={TOKEN[:-3]}AAA, k={KEY}", "not signed with the key it names"),
        (f"vapid t={TOKEN}, k={KEY[:-4]}AAAA", "cannot be read"),
        (f"vapid t={TOKEN}", "cannot be read"),
        (f"vapid k={KEY}", "its token cannot be read"),
        (f"vapid t={TOKEN}AA, k={KEY}", "cannot be read"),
        (other({"alg": "none"}), "not signed with ES256"),
        (other({"alg": "HS256"}), "not signed with ES256"),
        (other([]), "cannot be read"),
        (other({"alg": "ES256"}, {"exp": 1e300, "sub": ["x"], "aud": 5}), "not signed with the key"),
        (other({"alg": "ES256"}, ["x"]), "its token cannot be read"),
    ],
)
def test_what_is_wrong_is_said(said: str, problem: str) -> None:
    found = read_vapid(said)
    assert found is not None
    assert problem in found.problem


@given(st.text(max_size=400), st.text(max_size=100))
def test_no_header_breaks_the_reader(said: str, more: str) -> None:
    for text in (said, f"vapid {said}", f"vapid t={said}, k={more}", f"WebPush {said}"):
        found = read_vapid(text, more)
        assert found is None or found.problem


@given(
    st.dictionaries(
        st.sampled_from(["exp", "sub", "aud", "x"]),
        st.recursive(st.none() | st.floats() | st.text(), st.lists),
    )
)
def test_no_claims_break_the_reader(claims: object) -> None:
    found = read_vapid(other({"alg": "ES256"}, claims))
    assert found is not None
    assert found.problem
