"""The clear part of an SSH client's greeting: real clients', cut anywhere, and rubbish."""

from __future__ import annotations

import contextlib
import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.kexinit import LIMIT, names, parse

LISTS = (
    b"curve25519-sha256,ext-info-c",
    b"ssh-ed25519",
    b"aes128-ctr,aes256-ctr",
    b"aes128-ctr",
    b"hmac-sha2-256",
    b"hmac-sha1",
    b"none",
    b"zlib",
    b"",
    b"",
)


def packet(lists: tuple[bytes, ...] = LISTS, kind: int = 20, padding: int = 6) -> bytes:
    payload = bytes((kind,)) + b"c" * 16 + b"".join(struct.pack(">I", len(one)) + one for one in lists)
    payload += b"\0" + bytes(4)
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


WHOLE = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + packet()


def test_version_and_hassh() -> None:
    greeting = parse(WHOLE + b"more")
    assert greeting is not None
    assert greeting.version == "SSH-2.0-OpenSSH_9.2p1 Debian-2"
    assert greeting.algorithms == "curve25519-sha256,ext-info-c;aes128-ctr,aes256-ctr;hmac-sha2-256;none"
    assert greeting.hassh == hashlib.md5(greeting.algorithms.encode()).hexdigest()


@given(cut=st.integers(0, len(WHOLE) - 1))
def test_what_is_not_complete_is_none_yet(cut: int) -> None:
    assert parse(WHOLE[:cut]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"SSH-2.0-" + b"x" * 300 + b"\r\n",
        b"SSH-2.0-x\r\n" + packet(kind=21),
        b"SSH-2.0-x\r\n" + packet(LISTS[:8]),
        b"SSH-2.0-x\r\n" + struct.pack(">IB", 35_001, 4),
        b"SSH-2.0-x\r\n" + struct.pack(">IB", 5, 4) + bytes(5),
    ],
)
def test_what_is_none_says_so(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse(data)


@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for hostile in (
        data,
        b"SSH-2.0-x\n" + data,
        b"SSH-2.0-x\n" + struct.pack(">IB", len(data), 4) + b"\x14" + data,
    ):
        with contextlib.suppress(ValueError):
            parse(hostile)


def test_the_longest_greeting_is_within_the_limit() -> None:
    spare = 35_000 - (len(packet()) - 4)
    longest = b"SSH-2.0-".ljust(255, b"x") + b"\n" + packet((LISTS[0] + b"a" * spare, *LISTS[1:]))
    assert parse(longest) is not None
    assert len(longest) == LIMIT
    with pytest.raises(ValueError, match="packet"):
        parse(b"SSH-2.0-x\n" + packet((LISTS[0] + b"a" * (spare + 1), *LISTS[1:])))


def test_the_names_of_all_ten_lists_are_given() -> None:
    assert names(WHOLE + b"more") == [name for one in LISTS if one for name in one.split(b",")]
    assert names(WHOLE[:-1]) == names(b"GET / HTTP/1.1") == []
