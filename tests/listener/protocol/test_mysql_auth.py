"""Full authentication of caching_sha2_password: what a client encrypts is opened, the salt is a real server's."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mysql_auth


def encrypted(password: bytes, salt: bytes) -> bytes:
    """As a client does it."""
    clear = bytes(byte ^ salt[at % len(salt)] for at, byte in enumerate(password + b"\0"))
    key = load_pem_public_key(mysql_auth.public_pem())
    assert isinstance(key, rsa.RSAPublicKey)
    return key.encrypt(clear, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None))


@given(st.binary(max_size=100).filter(lambda password: b"\0" not in password))
def test_a_password_comes_back(password: bytes) -> None:
    salt = mysql_auth.salt_of(bytes(range(20)))
    assert mysql_auth.opened(encrypted(password, salt), salt) == password


def test_what_is_not_encrypted_for_this_server_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        mysql_auth.opened(b"x" * 256, b"s" * 20)


@given(st.binary(min_size=20, max_size=20))
def test_a_salt_has_a_servers_alphabet(chance: bytes) -> None:
    salt = mysql_auth.salt_of(chance)
    assert len(salt) == 20
    assert all(0 < byte < 128 and byte != ord("$") for byte in salt)
