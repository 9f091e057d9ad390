"""SSH signatures: those of the real ssh-keygen hold, those of a FIDO key too, and nothing else does."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.ssh_signature import SshPublicKey, SshSignatureError, of_private, sign, unarmoured
from tests import steady
from tests.programs import needs

SPACE, WORDS = "test-space", b"what was said\n"
KEY = Ed25519PrivateKey.from_private_bytes(steady.key("ssh signature"))


def string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def touched(message: bytes, flags: int = 1) -> tuple[SshPublicKey, bytes]:
    """What a FIDO key makes of it (PROTOCOL.u2f), with a key of software in place of the token."""
    kind, application = b"sk-ssh-ed25519@openssh.com", b"ssh:"
    public = string(kind) + string(KEY.public_key().public_bytes_raw()) + string(application)
    head = string(SPACE.encode()) + string(b"") + string(b"sha512")
    signed = b"SSHSIG" + head + string(hashlib.sha512(message).digest())
    tail = bytes([flags]) + struct.pack(">I", 7)
    made = KEY.sign(hashlib.sha256(application).digest() + tail + hashlib.sha256(signed).digest())
    signature = string(kind) + string(made) + tail
    blob = b"SSHSIG\0\0\0\1" + string(public) + head + string(signature)
    return SshPublicKey.of(public), blob


@needs("ssh-keygen")
@pytest.mark.parametrize("kind", [["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"],
                                  ["ecdsa", "-b", "521"], ["rsa", "-b", "2048"]])  # fmt: skip
def test_what_ssh_keygen_signs_holds(tmp_path: Path, kind: list[str]) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", *kind, "-N", "", "-f", key], check=True)
    made = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", SPACE],
        input=WORDS,
        capture_output=True,
        check=True,
    )
    public, signature = SshPublicKey.parse(Path(f"{key}.pub").read_text()), unarmoured(made.stdout.decode())
    public.verify(signature, WORDS, SPACE)
    listed = subprocess.run(["ssh-keygen", "-l", "-f", f"{key}.pub"], capture_output=True, check=True)
    assert public.fingerprint in listed.stdout.decode()
    for words, space in ((WORDS + b" ", SPACE), (WORDS, "another")):
        with pytest.raises(SshSignatureError):
            public.verify(signature, words, space)


@needs("ssh-keygen")
def test_ssh_keygen_takes_what_is_signed_here(tmp_path: Path) -> None:
    import base64

    text = base64.b64encode(sign(KEY, WORDS, SPACE)).decode()
    armoured = f"-----BEGIN SSH SIGNATURE-----\n{text}\n-----END SSH SIGNATURE-----\n"
    (tmp_path / "sig").write_text(armoured)
    (tmp_path / "allowed").write_text(f"carol {of_private(KEY)}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "carol", "-n", SPACE]
    subprocess.run([*command, "-s", str(tmp_path / "sig")], input=WORDS, capture_output=True, check=True)


def test_a_fido_key_signs_when_it_is_touched() -> None:
    public, signature = touched(WORDS)
    public.verify(signature, WORDS, SPACE)
    with pytest.raises(SshSignatureError, match="touched"):
        public.verify(touched(WORDS, flags=0)[1], WORDS, SPACE)


def test_another_key_is_refused() -> None:
    other = of_private(Ed25519PrivateKey.from_private_bytes(steady.key("another")))
    with pytest.raises(SshSignatureError, match="another key"):
        other.verify(sign(KEY, WORDS, SPACE), WORDS, SPACE)


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-dss AAAAB3NzaC1kc3M=", "x y z",
                                  f"ssh-rsa {str(of_private(KEY)).split()[1]}"])  # fmt: skip
def test_what_is_no_key_is_refused(line: str) -> None:
    with pytest.raises(SshSignatureError):
        SshPublicKey.parse(line)


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_every_flipped_bit_is_noticed(place: int, bit: int) -> None:
    signature = bytearray(sign(KEY, WORDS, SPACE))
    signature[place % len(signature)] ^= 1 << bit
    with pytest.raises(SshSignatureError):
        of_private(KEY).verify(bytes(signature), WORDS, SPACE)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_with_one_error(data: bytes) -> None:
    for read in (SshPublicKey.of, lambda data: of_private(KEY).verify(data, WORDS, SPACE)):
        with pytest.raises(SshSignatureError):
            read(data)
