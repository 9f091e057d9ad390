"""The file ``keys/vault.locked``: the vault key, encrypted with a key that a passphrase or k of n shares give.

    {"v": 1, "sealed": ..., "passphrase": {"salt", "time", "memory", "lanes", "wrapped"}}
    {"v": 1, "sealed": ..., "shares": {"needed": 2, "of": 3}}

``sealed`` and ``wrapped`` are a nonce and ChaCha20-Poly1305 (RFC 8439), base64. The passphrase goes through Argon2id
with the second recommended choice of RFC 9106, 4: 64 MiB, 3 passes, 4 lanes. Shares are SLIP-39 word lists over the
wrapping key itself; fewer than ``needed`` of them say nothing of it.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from canaries.core import extras
from canaries.core.errors import HomeError

FILE = "vault.locked"
SHORTEST = 12
"""Characters of a passphrase."""
MOST_SHARES = 16
"""SLIP-39 numbers them with four bits."""
COST = {"time": 3, "memory": 65_536, "lanes": 4}
"""Of Argon2id; memory in KiB."""
_BOUNDS = {"time": 32, "memory": 4 << 20, "lanes": 64}
"""A changed file does not take the machine's memory."""
_NONCE, _KEY = 12, 32


class WrongSecretError(HomeError):
    """The passphrase or the shares do not open it."""


@dataclass(frozen=True, slots=True)
class LockedKey:
    """What the file holds."""

    sealed: bytes
    passphrase: dict[str, Any] | None
    """Salt, costs and the wrapped key; None: shares open it."""
    shares: tuple[int, int] | None
    """(how many are needed, of how many)."""

    @classmethod
    def read(cls, folder: Path) -> LockedKey:
        """From the folder of the keys. Raises HomeError."""
        path = folder / FILE
        try:
            found = json.loads(path.read_text("ascii"))
            by, among = found.get("passphrase"), found.get("shares")
            return cls(
                _bytes(found["sealed"]),
                None if by is None else _passphrase_of(by),
                None if among is None else (int(among["needed"]), int(among["of"])),
            )
        except FileNotFoundError:
            raise HomeError("the vault key is not locked", hint="lock it: trapline vault protect") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise HomeError(
                f"{path} cannot be used: {type(error).__name__}", hint="restore it from your backup"
            ) from error

    def written(self) -> bytes:
        """The file's content."""
        made: dict[str, Any] = {"v": 1, "sealed": _text(self.sealed)}
        if self.passphrase is not None:
            made["passphrase"] = {
                name: _text(value) if isinstance(value, bytes) else value
                for name, value in self.passphrase.items()
            }
        if self.shares is not None:
            made["shares"] = {"needed": self.shares[0], "of": self.shares[1]}
        return json.dumps(made, indent=1).encode() + b"\n"

    def by_passphrase(self, passphrase: str) -> bytes:
        """The vault key, 32 bytes. Raises WrongSecretError."""
        if self.passphrase is None:
            raise WrongSecretError("this vault is opened by shares, not by a passphrase")
        wrapping = _stretched(passphrase, self.passphrase)
        return _opened(self.sealed, _opened(self.passphrase["wrapped"], wrapping))

    def by_shares(self, shares: Sequence[str]) -> bytes:
        """The vault key, 32 bytes, of as many shares as are needed. Raises WrongSecretError, MissingExtraError."""
        if self.shares is None:
            raise WrongSecretError("this vault is opened by a passphrase, not by shares")
        slip39 = _slip39()
        try:
            wrapping = slip39.combine_mnemonics([" ".join(one.lower().split()) for one in shares])
        except slip39.MnemonicError as error:
            raise WrongSecretError(
                "these shares do not open it",
                hint=f"{self.shares[0]} whole ones of the same vault are needed",
            ) from error
        return _opened(self.sealed, wrapping)


def _passphrase_of(by: dict[str, Any]) -> dict[str, Any]:
    """Raises ValueError, TypeError, KeyError."""
    costs = {name: int(by[name]) for name in COST}
    if not all(1 <= costs[name] <= most for name, most in _BOUNDS.items()):
        raise ValueError("costs")
    return {**costs, "salt": _bytes(by["salt"]), "wrapped": _bytes(by["wrapped"])}


def with_passphrase(key: bytes, passphrase: str) -> LockedKey:
    """Lock ``key``. Raises HomeError where the passphrase is too short."""
    if len(passphrase) < SHORTEST:
        raise HomeError(
            f"a passphrase has {SHORTEST} characters or more",
            hint="five words that were drawn, not thought of, are good",
        )
    wrapping, about = secrets.token_bytes(_KEY), {**COST, "salt": secrets.token_bytes(16)}
    about["wrapped"] = _sealed(wrapping, _stretched(passphrase, about))
    return LockedKey(_sealed(key, wrapping), about, None)


def with_shares(key: bytes, needed: int, of: int) -> tuple[LockedKey, list[str]]:
    """Lock ``key``; the shares come back, each a list of words. Raises HomeError, MissingExtraError."""
    if not 2 <= needed <= of <= MOST_SHARES:
        raise HomeError(f"at least 2 shares are needed, of {MOST_SHARES} at most: 2of3")
    wrapping = secrets.token_bytes(_KEY)
    made = _slip39().generate_mnemonics(1, [(needed, of)], wrapping)[0]
    return LockedKey(_sealed(key, wrapping), None, (needed, of)), list(made)


def _slip39() -> Any:
    extras.require("shamir_mnemonic", "shares", "splitting the vault key into shares")
    import shamir_mnemonic

    return shamir_mnemonic


def _stretched(passphrase: str, about: dict[str, Any]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        passphrase.encode(), about["salt"], about["time"], about["memory"], about["lanes"], _KEY, Type.ID
    )


def _sealed(content: bytes, key: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, content, FILE.encode())


def _opened(box: bytes, key: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(box[:_NONCE], box[_NONCE:], FILE.encode())
    except (InvalidTag, ValueError):
        raise WrongSecretError("that does not open the vault") from None


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
