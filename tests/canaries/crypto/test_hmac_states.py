"""HMAC from the states of a key is HMAC by the key, as the standard library computes it."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto import hmac_states


@pytest.mark.parametrize("name", ["sha256", "sha1"])
@given(key=st.binary(max_size=64), message=st.binary(max_size=200))
def test_it_is_hmac(name: hmac_states.Hash, key: bytes, message: bytes) -> None:
    held = hmac_states.states(key, name)
    assert hmac_states.digest(held, message, name) == hmac.digest(key, message, name)
    assert len(held) == 4 * hashlib.new(name).digest_size


@pytest.mark.parametrize("held", ["", "zz", "00" * 63])
def test_what_is_no_state_is_refused(held: str) -> None:
    with pytest.raises(ValueError, match=r"state|hexadecimal"):
        hmac_states.digest(held, b"")


def test_a_longer_key_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        hmac_states.states(bytes(65))


@given(
    st.lists(
        st.tuples(st.binary(max_size=64), st.sampled_from(("sha256", "sha1"))),
        unique=True,
        min_size=32,
        max_size=80,
    )
)
def test_the_states_of_many_keys_are_those_of_each(keys: list[hmac_states.SigningKey]) -> None:
    assert hmac_states.states_of_many(keys) == {one: hmac_states.states(*one) for one in keys}


def test_of_many_keys_none_may_be_too_long() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        hmac_states.states_of_many([(bytes([number]) * 65, "sha256") for number in range(40)])
