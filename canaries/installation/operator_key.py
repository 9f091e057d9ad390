"""The key an operator signs with: their own, never one of the installation's.

`KeygenKey` leaves the signing to ``ssh-keygen -Y sign``: a key file, an agent that has it, or a FIDO key that waits
for a touch. `PassphraseKey` is a file of Trapline's own for those who have no SSH key: Ed25519, locked with scrypt
(RFC 7914) and AES-256-GCM under a passphrase.
"""

from __future__ import annotations

import getpass
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import select

from canaries.core import files, store
from canaries.core.errors import HomeError
from canaries.crypto import ssh_signature
from canaries.crypto.ssh_signature import SshPublicKey, SshSignatureError
from canaries.ledger import statements

if TYPE_CHECKING:
    from canaries.core.store import Store
    from canaries.ledger.entries import Draft
    from canaries.ledger.statements import OperatorKey

_FORMAT = "trapline-operator-key-v1"
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 1 << 17, 8, 1
"""128 MB and about half a second a guess."""
SHORTEST_PASSPHRASE = 8
_PATIENCE = 60.0
"""Seconds to touch a FIDO key or to type a passphrase into ssh-keygen."""


class KeygenKey:
    """Signs through ssh-keygen. ``path``: the key, or its ``.pub`` where an agent or a FIDO token has the rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.public = read_public(path if path.suffix == ".pub" else Path(f"{path}.pub"))

    def sign(self, message: bytes, namespace: str) -> bytes:
        command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(self._path), "-n", namespace]
        try:
            done = subprocess.run(command, input=message, capture_output=True, timeout=_PATIENCE, check=True)
            return ssh_signature.unarmoured(done.stdout.decode("ascii", "replace"))
        except FileNotFoundError:
            raise HomeError("ssh-keygen is not here", hint="install OpenSSH's client programs") from None
        except subprocess.TimeoutExpired:
            raise HomeError("nobody touched or unlocked the key within a minute", hint="try again") from None
        except (subprocess.CalledProcessError, SshSignatureError) as error:
            raise HomeError(
                f"ssh-keygen does not sign with {self._path}",
                hint="is it in the agent (ssh-add -l), and is its .pub beside it?",
            ) from error


class PassphraseKey:
    """Signs with an unlocked key file."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = ssh_signature.of_private(key)

    def sign(self, message: bytes, namespace: str) -> bytes:
        return ssh_signature.sign(self._key, message, namespace)


def create(path: Path, passphrase: str) -> SshPublicKey:
    """A new key in a file of its own, mode 0600, locked. Raises HomeError."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise HomeError(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters", hint="take four words")
    key, salt, nonce = Ed25519PrivateKey.generate(), os.urandom(16), os.urandom(12)
    public = ssh_signature.of_private(key)
    box = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, key.private_bytes_raw(), str(public).encode())
    said = {
        "format": _FORMAT,
        "public": str(public),
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "box": box.hex(),
    }
    try:
        files.create(path, json.dumps(said, indent=1).encode() + b"\n")
    except FileExistsError:
        raise HomeError(f"{path} is already there", hint="give another name") from None
    except OSError as error:
        raise HomeError(f"{path} cannot be written: {error.strerror}") from error
    return public


def load(path: Path) -> OperatorKey:
    """The key at ``path``; a passphrase is asked for at the terminal. Raises HomeError."""
    said = _own_format(path)
    if said is None:
        return KeygenKey(path)
    return unlock(path, getpass.getpass(f"Passphrase of {path}: "))


def unlock(path: Path, passphrase: str) -> PassphraseKey:
    """A key file of Trapline's own. Raises HomeError."""
    said = _own_format(path)
    if said is None:
        raise HomeError(f"{path} is no key file of Trapline's own")
    try:
        lock = AESGCM(_stretched(passphrase, bytes.fromhex(said["salt"])))
        plain = lock.decrypt(
            bytes.fromhex(said["nonce"]), bytes.fromhex(said["box"]), said["public"].encode()
        )
        return PassphraseKey(Ed25519PrivateKey.from_private_bytes(plain))
    except (InvalidTag, KeyError, ValueError) as error:
        raise HomeError(f"{path} does not open with this passphrase") from error


def read_public(path: Path) -> SshPublicKey:
    """The public key in a ``.pub`` file, or in a key file of Trapline's own. Raises HomeError."""
    try:
        said = _own_format(path)
        return SshPublicKey.parse(said["public"] if said else path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, KeyError, SshSignatureError) as error:
        raise HomeError(f"there is no usable public key in {path}: {error}") from error


def signed(draft: Draft, origin: str, database: Store, name: str, key: OperatorKey | None) -> Draft:
    """``draft`` with the operator's signature, where ``name`` has enrolled a key. Raises HomeError."""
    table = store.operator
    with database.read() as connection:
        known = connection.scalar(select(table.c.key).where(table.c.name == name))
    if known is None:
        if key is None:
            return draft
        raise HomeError(
            f"{name} has no key enrolled, so a signature would say nothing",
            hint="trapline operator add, or unset TRAPLINE_OPERATOR_KEY",
        )
    if key is None:
        raise HomeError(
            f"{name} signs what they do, and no key is given",
            hint="set TRAPLINE_OPERATOR_KEY to your key file, or to its .pub where an agent has it",
        )
    if str(key.public) != known:
        raise HomeError(
            f"the key given is not the one that {name} enrolled", hint="see: trapline operator list"
        )
    return statements.signed(draft, origin, key)


def _own_format(path: Path) -> dict[str, str] | None:
    """A key file of Trapline's own, or None: it is another sort of file."""
    try:
        said = json.loads(path.read_bytes())
    except OSError as error:
        raise HomeError(f"the operator's key {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("format") == _FORMAT else None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt, 32, _SCRYPT_N, _SCRYPT_R, _SCRYPT_P).derive(passphrase.encode())
