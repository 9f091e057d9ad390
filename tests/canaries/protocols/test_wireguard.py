"""WireGuard's keys, against wg(8)."""

from __future__ import annotations

import subprocess

import pytest

from canaries.protocols.wireguard import Pair, server_pair, text
from tests.programs import needs


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32])
def test_keys_are_clamped(secret: bytes) -> None:
    """RFC 7748, section 5: a multiple of the cofactor, with the highest bit set that is used."""
    private = Pair.of(secret).private
    assert private[0] & 0b111 == 0
    assert private[31] & 0b1100_0000 == 0b0100_0000


def test_both_sides_agree() -> None:
    one, other = Pair.of(b"1" * 32), Pair.of(b"2" * 32)
    assert one.shared(other.public) == other.shared(one.public)


def test_a_point_of_low_order_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        Pair.of(b"1" * 32).shared(bytes(32))


def test_the_servers_keys_are_the_installations() -> None:
    assert server_pair(b"k" * 32) == server_pair(b"k" * 32)
    assert server_pair(b"k" * 32).public != server_pair(b"o" * 32).public


@needs("wg")
def test_wg_reads_them_as_its_own() -> None:
    pair = Pair.of(b"\xff" * 32)
    done = subprocess.run(
        ["wg", "pubkey"], input=text(pair.private), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == text(pair.public)
