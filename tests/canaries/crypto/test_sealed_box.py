"""Boxes: only the private half opens, and only what was put in."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from canaries.core import clock
from canaries.crypto import sealed_box

KEY = X25519PrivateKey.generate()
PRIVATE, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()


@given(st.binary(), st.binary())
def test_what_is_sealed_opens_again(plain: bytes, context: bytes) -> None:
    sealed = sealed_box.BoxSealer(PUBLIC, "vault").seal(plain, context)
    assert sealed_box.BoxOpener(PRIVATE, "vault").open(sealed, context) == plain


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_is_noticed(position: int, flip: int) -> None:
    sealed = bytearray(sealed_box.BoxSealer(PUBLIC, "vault").seal(b"content", b"id"))
    sealed[position % len(sealed)] ^= flip
    with pytest.raises(sealed_box.BoxError):
        sealed_box.BoxOpener(PRIVATE, "vault").open(bytes(sealed), b"id")


@given(st.binary(max_size=200))
def test_rubbish_is_no_box(junk: bytes) -> None:
    with pytest.raises(sealed_box.BoxError):
        sealed_box.BoxOpener(PRIVATE, "vault").open(junk)


def test_what_is_cut_short_is_no_box() -> None:
    sealed = sealed_box.BoxSealer(PUBLIC, "vault").seal(b"", b"id")
    for size in range(len(sealed)):
        with pytest.raises(sealed_box.BoxError):
            sealed_box.BoxOpener(PRIVATE, "vault").open(sealed[:size], b"id")


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31)])
def test_a_point_of_low_order_is_no_box(point: bytes) -> None:
    """With it any two keys agree on nothing, and the library says so (RFC 7748, section 6.1)."""
    sealed = sealed_box.BoxSealer(PUBLIC, "vault").seal(b"content", b"id")
    with pytest.raises(sealed_box.BoxError, match="not a sealed box"):
        sealed_box.BoxOpener(PRIVATE, "vault").open(sealed[:1] + point + sealed[33:], b"id")


def test_another_key_purpose_or_context_does_not_open() -> None:
    sealed = sealed_box.BoxSealer(PUBLIC, "vault").seal(b"content", b"id")
    other = X25519PrivateKey.generate().private_bytes_raw()
    for opener, context in (
        (sealed_box.BoxOpener(other, "vault"), b"id"),
        (sealed_box.BoxOpener(PRIVATE, "journal"), b"id"),
        (sealed_box.BoxOpener(PRIVATE, "vault"), b"another id"),
    ):
        with pytest.raises(sealed_box.BoxError):
            opener.open(sealed, context)


def test_a_derived_key_serves_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving one costs more than sealing does."""
    now = 1_000.0
    monkeypatch.setattr(clock, "monotonic", lambda: now)
    sealer = sealed_box.BoxSealer(PUBLIC, "vault")
    derived = {sealer.seal(b"same")[1:33] for _ in range(sealed_box.RENEW_AFTER)}
    assert len(derived) == 1
    derived.add(sealer.seal(b"same")[1:33])
    assert len(derived) == 2, "and no longer"
    now += sealed_box.RENEW_SECONDS + 1
    derived.add(sealer.seal(b"same")[1:33])
    assert len(derived) == 3


def test_no_nonce_is_used_twice_and_keys_are_renewed() -> None:
    sealer = sealed_box.BoxSealer(PUBLIC, "vault")
    boxes = [sealer.seal(b"same") for _ in range(sealed_box.RENEW_AFTER + 5)]
    heads = {sealed[1:41] for sealed in boxes}
    assert len(heads) == len(boxes)
    assert len({sealed[1:33] for sealed in boxes}) >= 2


def test_many_are_sealed_at_once_under_nonces_of_their_own() -> None:
    sealer = sealed_box.BoxSealer(PUBLIC, "vault")
    opener = sealed_box.BoxOpener(PRIVATE, "vault")
    first = sealer.seal(b"first", b"id")
    many = sealer.seal_each((b"same", str(number).encode()) for number in range(sealed_box.RENEW_AFTER + 5))
    boxes = [
        first,
        *many,
        sealer.seal(b"last", b"id"),
        *sealer.seal_each([]),
        *sealer.seal_each([(b"", b"")]),
    ]
    assert len({sealed[1:41] for sealed in boxes}) == len(boxes) == sealed_box.RENEW_AFTER + 8
    assert [opener.open(many[at], str(at).encode()) for at in (0, 9999, 10_004)] == [b"same"] * 3
    assert sealed_box.BEGINS.match(many[-1])
    with pytest.raises(sealed_box.BoxError):
        opener.open(many[0], b"1")


@given(st.binary())
def test_the_locker_opens_its_own_only(plain: bytes) -> None:
    sealed = sealed_box.Locker(b"k" * 32).seal(plain, b"row")
    assert sealed_box.Locker(b"k" * 32).open(sealed, b"row") == plain
    for locker, context in ((sealed_box.Locker(b"K" * 32), b"row"), (sealed_box.Locker(b"k" * 32), b"other")):
        with pytest.raises(sealed_box.BoxError):
            locker.open(sealed, context)
