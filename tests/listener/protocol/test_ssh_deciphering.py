"""What comes encrypted behind the end of an SSH conversation."""

from __future__ import annotations

import struct
import zlib

import pytest
from asyncssh.encryption import Encryption, get_encryption, get_encryption_params

from listener.protocol.ssh_deciphering import BoundedDecompressor, ReadingOn, TeedEncryption
from listener.protocol.ssh_packets import PacketTee, packets

CIPHERS = (
    (b"aes128-ctr", b"hmac-sha2-256"),
    (b"aes256-ctr", b"hmac-sha2-512-etm@openssh.com"),
    (b"aes256-gcm@openssh.com", b""),
    (b"chacha20-poly1305@openssh.com", b""),
)
SAID = [b"\xc0" + bytes((size,)) * size for size in (1, 30, 200)]


def ends(names: tuple[bytes, bytes], tee: PacketTee) -> tuple[Encryption, TeedEncryption, int]:
    """The client's end, the trap's, and bytes of a block."""
    key, iv, block, mac, proof, etm = get_encryption_params(*names)
    cipher, mine = (
        get_encryption(names[0], bytes(key), bytes(iv), names[1], bytes(mac), etm) for _ in range(2)
    )
    return cipher, TeedEncryption(mine, tee, max(8, block), proof), 1 if etm else 5


def sealed(cipher: Encryption, head: int, number: int, payload: bytes) -> bytes:
    padding = 16 - (head + len(payload)) % 16
    padding += 16 if padding < 4 else 0
    body = bytes((padding,)) + payload + bytes(padding)
    packet, proof = cipher.encrypt_packet(number, struct.pack(">I", len(body)), body)
    return packet + proof


@pytest.mark.parametrize("names", CIPHERS, ids=lambda names: names[0].decode())
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_packets_are_read_however_they_are_cut(names: tuple[bytes, bytes], size: int) -> None:
    tee = PacketTee(1 << 16)
    client, mine, head = ends(names, tee)
    wire = b"".join(sealed(client, head, 5 + at, payload) for at, payload in enumerate(SAID))
    reading = ReadingOn(mine, None, 5)
    for at in range(0, len(wire), size):
        reading(wire[at : at + size])
    assert list(packets(tee.take(1 << 16))) == SAID


def test_what_was_begun_before_the_end_is_read_on() -> None:
    tee = PacketTee(1 << 16)
    client, mine, head = ends(CIPHERS[0], tee)
    wire = b"".join(sealed(client, head, 5 + at, payload) for at, payload in enumerate(SAID))
    mine.decrypt_header(5, wire[:16], 4)
    ReadingOn(mine, None, 5)(wire[16:])
    assert list(packets(tee.take(1 << 16))) == SAID


def test_what_is_packed_is_unpacked_and_no_more_is_read_behind_what_is_not() -> None:
    tee, packer = PacketTee(1 << 16), zlib.compressobj()
    client, mine, head = ends(CIPHERS[0], tee)
    packed = [packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH) for payload in SAID[:2]]
    said = [*packed, b"no zlib", SAID[2]]
    reading = ReadingOn(mine, BoundedDecompressor(tee), 5)
    reading(b"".join(sealed(client, head, 5 + at, payload) for at, payload in enumerate(said)))
    assert list(packets(tee.take(1 << 16)))[:2] == SAID[:2]
    assert SAID[2] not in tee.take(1 << 16)


@pytest.mark.parametrize("names", CIPHERS, ids=lambda names: names[0].decode())
def test_what_the_client_did_not_send_ends_it(names: tuple[bytes, bytes]) -> None:
    tee = PacketTee(1 << 16)
    client, mine, head = ends(names, tee)
    wire = bytearray(sealed(client, head, 5, SAID[1]))
    wire[-1] ^= 1
    reading = ReadingOn(mine, None, 5)
    reading(bytes(wire) + bytes(500))
    reading(bytes(500))
    assert tee.take(1 << 16) == b""
