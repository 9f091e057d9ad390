"""The keys of one installation: one file a purpose, mode 0600, in ``keys`` under the home folder.

    lookup        HMAC key of the token index                    back, mint
    log           Ed25519, signs checkpoints                     sealer
    journal(.pub) X25519 pair: the front seals, the back opens   front has the public half only
    vault(.pub)   X25519 pair: everybody seals, operators open   back has the public half only
                  (``vault.locked``: under a passphrase or shares, `canaries.vault_lock`)
    alerts        AES-256 key of the outbox                      back, courier
    front         32 bytes that shape what the traps say         front (certificates, banners, link signatures)
    sources       of source tags; turns each week                back, which makes it (`listener.incidents.source_hash`)

Certificates (``ca``, ``dossier``) belong to the rooms that use them and are stored beside these.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from canaries.core import files
from canaries.core.errors import HomeError, LockedError
from canaries.vault_lock import agent, locked_key

_SYMMETRIC = ("lookup", "alerts", "front")
_PAIRS = ("journal", "vault")


class Keys:
    """The keys in ``folder``, each read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: bytes | None = None

    def hold(self, vault: bytes) -> None:
        """Use ``vault`` as the vault key, without a file of it or an agent, as long as this object is there."""
        self._held = vault

    @classmethod
    def create(cls, folder: Path) -> Keys:
        """Fresh keys. Raises FileExistsError where there are some."""
        folder.mkdir(mode=0o700, parents=True)
        for name in _SYMMETRIC:
            files.create(folder / name, secrets.token_bytes(32).hex().encode())
        for name in _PAIRS:
            private = X25519PrivateKey.generate()
            files.create(folder / name, private.private_bytes_raw().hex().encode())
            files.create(folder / f"{name}.pub", private.public_key().public_bytes_raw().hex().encode())
        files.create(folder / "log", Ed25519PrivateKey.generate().private_bytes_raw().hex().encode())
        return cls(folder)

    def _read(self, name: str) -> bytes:
        path = self.folder / name
        try:
            value = bytes.fromhex(path.read_text("ascii").strip())
        except FileNotFoundError:
            raise HomeError(
                f"the key {name!r} is not in {self.folder}", hint="restore it from your backup"
            ) from None
        except (OSError, ValueError) as error:
            raise HomeError(f"the key file {path} cannot be used: {type(error).__name__}") from error
        if len(value) != 32:
            raise HomeError(f"the key file {path} is damaged", hint="restore it from your backup")
        return value

    def has(self, name: str) -> bool:
        """Whether the key can be used here; a front's machine, say, has no vault key, and a locked vault's cannot."""
        if (self.folder / name).is_file() or (name == "vault" and self._held is not None):
            return True
        return name == "vault" and self.vault_locks and agent.key(self.folder.parent) is not None

    def check(self, *names: str) -> None:
        """Raises HomeError where one of these files is missing or damaged: at the start, not when it is needed."""
        for name in names:
            self._read(name)

    @property
    def lookup(self) -> bytes:
        return self._read("lookup")

    @property
    def alerts(self) -> bytes:
        return self._read("alerts")

    @property
    def front(self) -> bytes:
        return self._read("front")

    @property
    def log(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._read("log"))

    @property
    def journal(self) -> bytes:
        return self._read("journal")

    @property
    def journal_public(self) -> bytes:
        return self._read("journal.pub")

    @property
    def vault(self) -> bytes:
        """From its file, or from the agent of an unlocked vault. Raises LockedError, HomeError."""
        if self._held is not None:
            return self._held
        if (self.folder / "vault").is_file() or not self.vault_locks:
            return self._read("vault")
        if (key := agent.key(self.folder.parent)) is None:
            raise LockedError(
                "the vault is locked: nothing that was caught can be read", hint="trapline vault unlock"
            )
        return key

    @property
    def vault_locks(self) -> bool:
        """Whether the vault key is under a passphrase or shares alone (`canaries.vault_lock`).

        Where its own file is there too, a command was killed half-way, and nothing is protected.
        """
        return (self.folder / locked_key.FILE).is_file() and not (self.folder / "vault").is_file()

    @property
    def vault_public(self) -> bytes:
        return self._read("vault.pub")
