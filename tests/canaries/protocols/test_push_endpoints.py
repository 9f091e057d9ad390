"""Endpoints that the front tells from made-up ones, and keys that only who has the ``lookup`` key can make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.protocols import push_endpoints
from canaries.protocols.push_endpoints import decoded, encoded, endpoint_token, genuine, subscription_keys
from tests import steady

FRONT, OTHER, LOOKUP = steady.key("front"), steady.key("other"), steady.key("lookup")
TOKEN = endpoint_token(FRONT, 1_790_000_000, steady.key("drawn", push_endpoints.DRAWN))


def test_a_token_has_the_form_of_mozillas() -> None:
    assert TOKEN.startswith("gAAAAABq")
    assert len(decoded(TOKEN)) == 1 + 8 + 16 + 80 + 32


def test_only_its_own_installation_takes_a_token_for_its_own() -> None:
    assert genuine(FRONT, TOKEN)
    assert not genuine(OTHER, TOKEN)
    for number in range(0, len(TOKEN), 7):
        other = "A" if TOKEN[number] != "A" else "B"
        assert not genuine(FRONT, TOKEN[:number] + other + TOKEN[number + 1 :])


@given(st.text(max_size=300))
def test_what_is_no_token_is_none(text: str) -> None:
    assert not genuine(FRONT, text)
    assert push_endpoints.token_of(text) == ""


def test_keys_follow_from_the_token_and_the_lookup_key_alone() -> None:
    keys = subscription_keys(LOOKUP, TOKEN)
    assert (len(keys.public), keys.public[0], len(keys.auth)) == (65, 4, 16)
    again = subscription_keys.__wrapped__(LOOKUP, TOKEN)
    assert (again.public, again.auth) == (keys.public, keys.auth)
    for other in (subscription_keys(FRONT, TOKEN), subscription_keys(LOOKUP, TOKEN[:-1])):
        assert other.public != keys.public
        assert other.auth != keys.auth
    assert keys.auth.hex() not in repr(keys)
    assert "EllipticCurvePrivateKey" not in repr(keys)


def test_a_retired_endpoint_is_known_by_a_tag_that_does_not_show_it() -> None:
    tag = push_endpoints.retired_tag(FRONT, TOKEN)
    assert len(tag) == 22
    assert tag not in TOKEN
    assert tag not in (
        push_endpoints.retired_tag(OTHER, TOKEN),
        push_endpoints.retired_tag(FRONT, TOKEN[:-1]),
    )


def test_the_token_is_found_behind_whatever_stands_before() -> None:
    for before in ("", "/q7f3k29xk2m5v8w1z4y6c", "/gateway/push/1f"):
        assert push_endpoints.token_of(f"{before}/wpush/v2/{TOKEN}") == TOKEN
    for path in (f"/wpush/v3/{TOKEN}", f"/wpush/v2/{TOKEN}/x", "/wpush/v2/", f"/wpush/v2/{TOKEN}\n"):
        assert push_endpoints.token_of(path) == ""


@given(st.binary(max_size=80))
def test_base64url_both_ways(data: bytes) -> None:
    assert decoded(encoded(data)) == data
    assert "=" not in encoded(data)


@pytest.mark.parametrize("text", ["a", "ab+/", "a b", "äöü", "ab=c"])
def test_what_is_no_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decoded(text)
