"""RFC 8291: its own example is read; whatever else comes is refused with a sentence that holds nothing of it."""

from __future__ import annotations

import struct

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from canaries.protocols.push_endpoints import SubscriptionKeys, decoded, encoded, subscription_keys
from listener.protocol.web_push import PushMessageError, read_push_message
from tests import steady

EXAMPLE = SubscriptionKeys(
    ec.derive_private_key(
        int.from_bytes(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()
    ),
    decoded("BTBZMqHH6r4Tts7J_aSIgg"),
)
"""RFC 8291, section 5 and appendix A."""
BODY = decoded(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEYS = subscription_keys(steady.key("lookup"), "a token")


def sealed(content: bytes, keys: SubscriptionKeys = KEYS, size: int = 4096) -> bytes:
    """As another implementation encrypts it."""
    ephemeral = ec.derive_private_key(int.from_bytes(steady.key("sender"), "big") >> 8, ec.SECP256R1())
    body: bytes = http_ece.encrypt(
        content, steady.key("salt", 16), private_key=ephemeral, dh=keys.public, auth_secret=keys.auth,
        rs=size, version="aes128gcm",
    )  # fmt: skip
    return body


def test_the_standards_own_example_is_read() -> None:
    assert encoded(EXAMPLE.public) == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    found = read_push_message(BODY, EXAMPLE)
    assert found.content == b"When I grow up, I want to be a watermelon"
    assert encoded(found.sender_key) == (
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    )


@given(st.binary(min_size=1, max_size=3900))
def test_what_another_implementation_encrypts_is_read(content: bytes) -> None:
    assert read_push_message(sealed(content), KEYS).content == content


def test_padding_is_taken_away() -> None:
    """RFC 8188, section 2: a two and zeros behind the content; zeros of the content itself stay."""
    assert read_push_message(sealed(b"text\0\0"), KEYS).content == b"text\0\0"


HEAD = steady.key("salt", 16) + struct.pack(">LB", 4096, 65)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "too short"),
        (BODY[:20], "too short"),
        (BODY[:86], "not one whole record"),
        (BODY[:-1], "not encrypted to this subscription"),
        (BODY + b"x", "not encrypted to this subscription"),
        (BODY[:16] + struct.pack(">LB", 4096, 0) + BODY[21:], "names no key"),
        (BODY[:16] + struct.pack(">LB", 4096, 255) + BODY[21:], "names no key"),
        (BODY[:16] + struct.pack(">LB", 17, 65) + BODY[21:], "not one whole record"),
        (BODY[:16] + struct.pack(">LB", 20, 65) + BODY[21:], "not one whole record"),
        (HEAD + b"\4" + b"\1" * 64 + b"x" * 40, "its sender's key is none"),
        (HEAD + b"\0" * 65 + b"x" * 40, "its sender's key is none"),
        (sealed(b"a word to somebody else", KEYS), "not encrypted to this subscription"),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(PushMessageError, match=why) as caught:
        read_push_message(body, EXAMPLE)
    assert "word" not in str(caught.value)


def test_more_than_one_record_is_refused() -> None:
    with pytest.raises(PushMessageError, match="not one whole record"):
        read_push_message(sealed(b"x" * 300, size=100), KEYS)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    with pytest.raises(PushMessageError):
        read_push_message(body, KEYS)


@given(st.binary(max_size=64), st.integers(0, 200), st.integers(1, 255))
def test_no_changed_byte_passes(content: bytes, place: int, change: int) -> None:
    body = bytearray(sealed(content))
    body[place % len(body)] ^= change
    if place % len(body) in range(16, 20):  # the record size: bounds it alone
        return
    with pytest.raises(PushMessageError):
        read_push_message(bytes(body), KEYS)
