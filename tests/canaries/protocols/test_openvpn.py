"""tls-crypt-v2 keys, against those that OpenVPN makes."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.protocols.openvpn import CLIENT_KEY_BYTES, ServerKey, client_pem, server_key
from tests import steady
from tests.programs import needs

KEY = bytes(range(256))
SERVER = server_key(b"k" * 32)


def body(pem: str) -> bytes:
    found = re.search(r"-----BEGIN .*?-----\n(.*?)-----END", pem, re.DOTALL)
    assert found
    return base64.b64decode(found[1])


def test_what_was_wrapped_comes_out_and_cannot_be_seen() -> None:
    wrapped = SERVER.wrap(KEY, b"words")
    assert SERVER.unwrap(wrapped) == (KEY, b"words")
    assert b"words" not in wrapped


def test_another_installation_opens_nothing() -> None:
    assert server_key(b"o" * 32).unwrap(SERVER.wrap(KEY, b"words")) is None


@given(place=st.integers(0, 400), change=st.integers(1, 255))
def test_one_changed_byte_and_it_does_not_open(place: int, change: int) -> None:
    wrapped = bytearray(SERVER.wrap(KEY, b"words"))
    wrapped[place % len(wrapped)] ^= change
    assert SERVER.unwrap(bytes(wrapped)) is None


@given(data=st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    assert SERVER.unwrap(data) is None


@pytest.mark.parametrize(("key", "words"), [(KEY[:-1], b""), (KEY, bytes(734))])
def test_what_has_no_room_is_refused(key: bytes, words: bytes) -> None:
    with pytest.raises(ValueError, match="length"):
        SERVER.wrap(key, words)


def test_the_key_file_has_both_parts() -> None:
    assert body(client_pem(KEY, b"wrapped")) == KEY + b"wrapped"


@needs("openvpn")
def test_openvpns_own_keys_open(tmp_path: Path) -> None:
    server, client = tmp_path / "server.key", tmp_path / "client.key"
    words = base64.b64encode(b"device-7").decode()
    for command in (
        ["openvpn", "--genkey", "tls-crypt-v2-server", str(server)],
        ["openvpn", "--tls-crypt-v2", str(server), "--genkey", "tls-crypt-v2-client", str(client), words],
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=steady.PATIENCE)
    material = body(server.read_text())  # struct key (crypto.h): 64 bytes for the cipher, 64 for the HMAC
    found = body(client.read_text())
    key, wrapped = found[:CLIENT_KEY_BYTES], found[CLIENT_KEY_BYTES:]
    theirs = ServerKey(material[:32], material[64:96])
    assert theirs.unwrap(wrapped) == (key, b"device-7")
    assert theirs.wrap(key, b"device-7") == wrapped
    assert client.read_text().split() == client_pem(key, wrapped).split()
