"""SSH keys: OpenSSH and cryptography read what is made, ours are marked, strangers' are not."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from canaries.crypto.seeded_random import SeededRandom
from canaries.protocols import ssh_keys
from canaries.protocols.ssh_keys import PrivateKey
from tests.programs import needs

FRONT = b"f" * 32
MAKERS = {"ed25519": ssh_keys.bait_ed25519, "rsa": ssh_keys.bait_rsa}


@pytest.fixture(scope="module", params=sorted(MAKERS))
def key(request: pytest.FixtureRequest) -> PrivateKey:
    """One of each algorithm."""
    return MAKERS[request.param](SeededRandom(b"s" * 32), FRONT)


def test_the_file_holds_the_key_and_its_public_half(key: PrivateKey) -> None:
    loaded = serialization.load_ssh_private_key(key.openssh("me@here", b"abcd").encode(), None)
    public = loaded.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    assert public.decode() == f"{key.name} {key.public}"


@needs("ssh-keygen")
def test_ssh_keygen_reads_it(key: PrivateKey, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(key.openssh("me@here", b"abcd"))
    path.chmod(0o600)
    listed = subprocess.run(["ssh-keygen", "-lf", path], capture_output=True, text=True, check=True).stdout
    assert listed.split()[1:3] == [key.fingerprint, "me@here"]
    public = subprocess.run(["ssh-keygen", "-yf", path], capture_output=True, text=True, check=True).stdout
    assert public.split() == [key.name, key.public, "me@here"]


def test_the_same_seed_gives_the_same_key_and_another_another(key: PrivateKey) -> None:
    make = MAKERS["rsa" if key.name == "ssh-rsa" else "ed25519"]
    assert make(SeededRandom(b"s" * 32), FRONT) == key
    assert make(SeededRandom(b"t" * 32), FRONT).blob != key.blob


def test_an_rsa_key_has_all_its_bits() -> None:
    loaded = serialization.load_ssh_private_key(
        ssh_keys.bait_rsa(SeededRandom(b"s" * 32), FRONT).openssh("", b"abcd").encode(), None
    )
    assert isinstance(loaded, rsa.RSAPrivateKey)
    assert loaded.key_size == ssh_keys.RSA_BITS


@pytest.mark.parametrize("length", range(8))
def test_the_private_part_is_padded_to_whole_blocks(length: int) -> None:
    """PROTOCOL.key, section 3: with 1, 2, 3 ... to a multiple of 8, and with nothing where it fits."""
    key = ssh_keys.bait_ed25519(SeededRandom(b"s" * 32), FRONT)
    body = "".join(key.openssh("x" * length, b"abcd").splitlines()[1:-1])
    whole = base64.b64decode(body)
    private = whole[whole.index(b"abcdabcd") :]
    assert len(private) % 8 == 0
    padding = private[private.rindex(bytes((0, 0, 0, length)) + b"x" * length) + 4 + length :]
    assert padding == bytes(range(1, len(padding) + 1))
    assert len(padding) < 8


def test_our_keys_are_marked_and_one_stranger_in_256_is() -> None:
    blobs = [ssh_keys.bait_ed25519(SeededRandom(bytes((n,)) * 32), FRONT).blob for n in range(20)]
    assert all(ssh_keys.marked(FRONT, blob) for blob in blobs)
    elsewhere = sum(ssh_keys.marked(n.to_bytes(32, "big"), blobs[0]) for n in range(10_000))
    assert 10 < elsewhere < 80, "39 expected"


def test_host_keys_are_the_installations_own() -> None:
    seed, number = ssh_keys.host_keys(FRONT)
    public = ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key()
    line = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    assert ssh_keys.host_public(FRONT) == line
    ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
    assert ssh_keys.host_keys(b"g" * 32) != (seed, number)


@pytest.mark.parametrize("derive", [ssh_keys.host_public, ssh_keys.host_keys])
def test_a_host_key_tells_nothing_of_the_front_key(derive: Callable[[bytes], object]) -> None:
    assert FRONT.hex() not in repr(derive(FRONT))
