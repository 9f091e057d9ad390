"""Boxes: only the private half opens, and only what was put in."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from canaries import box

KEY = X25519PrivateKey.generate()
PRIVATE, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()


@given(st.binary(), st.binary())
def test_what_is_sealed_opens_again(plain: bytes, context: bytes) -> None:
    sealed = box.Sealer(PUBLIC, "vault").seal(plain, context)
    assert box.Opener(PRIVATE, "vault").open(sealed, context) == plain


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_is_noticed(position: int, flip: int) -> None:
    sealed = bytearray(box.Sealer(PUBLIC, "vault").seal(b"content", b"id"))
    sealed[position % len(sealed)] ^= flip
    with pytest.raises(box.BoxError):
        box.Opener(PRIVATE, "vault").open(bytes(sealed), b"id")


@given(st.binary(max_size=200))
def test_rubbish_is_no_box(junk: bytes) -> None:
    with pytest.raises(box.BoxError):
        box.Opener(PRIVATE, "vault").open(junk)


def test_another_key_purpose_or_context_does_not_open() -> None:
    sealed = box.Sealer(PUBLIC, "vault").seal(b"content", b"id")
    other = X25519PrivateKey.generate().private_bytes_raw()
    for opener, context in (
        (box.Opener(other, "vault"), b"id"),
        (box.Opener(PRIVATE, "journal"), b"id"),
        (box.Opener(PRIVATE, "vault"), b"another id"),
    ):
        with pytest.raises(box.BoxError):
            opener.open(sealed, context)


def test_no_nonce_is_used_twice_and_keys_are_renewed() -> None:
    sealer = box.Sealer(PUBLIC, "vault")
    boxes = [sealer.seal(b"same") for _ in range(box.RENEW_AFTER + 5)]
    heads = {sealed[1:41] for sealed in boxes}
    assert len(heads) == len(boxes)
    assert len({sealed[1:33] for sealed in boxes}) >= 2


@given(st.binary())
def test_the_locker_opens_its_own_only(plain: bytes) -> None:
    sealed = box.Locker(b"k" * 32).seal(plain, b"row")
    assert box.Locker(b"k" * 32).open(sealed, b"row") == plain
    for locker, context in ((box.Locker(b"K" * 32), b"row"), (box.Locker(b"k" * 32), b"other")):
        with pytest.raises(box.BoxError):
            locker.open(sealed, context)
