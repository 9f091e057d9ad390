"""Handing a dossier over: encrypted to a recipient's age key (age-encryption.org/v1), recorded as an entry *exported*.

The plain zip is what is hashed and signed; the encrypted file is only its envelope.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from canaries.core import files
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from listener.dossier.scope import Scope


def recipient(text: str) -> str:
    """The recipient as age writes it. Raises TraplineError where it is none."""
    _parsed(text)
    return text.strip()


def encrypt(home: Home, plain: Path, to: str, scope: Scope) -> Path:
    """Write ``plain`` encrypted beside it and remove the plain file; an entry names the recipient and the plain hash.

    The encrypted file comes back. Raises TraplineError.
    """
    import pyrage

    out = plain.with_name(f"{plain.name}.age")
    if out.exists():
        raise TraplineError(f"{out} is already there", hint="give another name with --out")
    content = plain.read_bytes()
    files.create(out, pyrage.encrypt(content, [_parsed(to)]))
    digest = hashlib.sha256(content).hexdigest()
    with home.store.write() as connection:
        body = {
            "what": "handover",
            scope.noun: scope.id,
            "file": out.name,
            "sha256": digest,
            "recipient": to.strip(),
        }
        home.writer.record(connection, "exported", home.now(), home.operator, body)
    plain.unlink()
    return out


def _parsed(text: str) -> object:
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(text.strip())
    except RecipientError:
        raise TraplineError(
            "that is no age recipient", hint="it begins with age1; its owner makes it with: age-keygen"
        ) from None
