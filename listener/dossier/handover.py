"""Handing a dossier over: who gave which file to whom, when and how, as an entry *exported*; encrypted where asked, to
a recipient's age key (age-encryption.org/v1).

Body ``{"what": "handover", "incident" or "canary": id, "file", "sha256", "from", "to", "how", "when", "recipient",
"envelope_sha256"}``. ``sha256`` is of the plain zip, which is what is hashed and signed; the encrypted file is only its
envelope. A dossier that is built later shows these entries.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from canaries.core import files
from canaries.core.clock import rfc3339
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.dossier.scope import Scope

CUSTODY = "handover"
"""``what`` of these entries."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What an operator says of a handover."""

    to: str
    """Who received it: name, organisation."""
    how: str
    """In person, courier, upload ..."""
    giver: str = ""
    """Who gave it; empty: the operator."""
    when: datetime | None = None
    """Aware; None: now."""
    recipient: str = ""
    """An age recipient; empty: it is handed over as it is."""


def recipient(text: str) -> str:
    """The recipient as age writes it. Raises TraplineError where it is none."""
    _parsed(text)
    return text.strip()


def encrypt(home: Home, plain: Path, to: str, scope: Scope) -> Path:
    """Write ``plain`` encrypted beside it and remove the plain file; an entry names the recipient and both hashes.

    The encrypted file comes back. Raises TraplineError.
    """
    out, content = _envelope_name(plain), plain.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    body = {
        **_exported(home, digest),
        "what": CUSTODY,
        scope.noun: scope.id,
        "file": out.name,
        "sha256": digest,
        "recipient": to.strip(),
        "envelope_sha256": _encrypt(content, to, out),
    }
    _record(home, body)
    plain.unlink()
    return out


def hand_over(home: Home, path: Path, transfer: Transfer) -> tuple[Path, dict[str, Any]]:
    """Record that a dossier of this installation, or its encrypted file, was handed over; encrypt it where asked.

    The file that was handed over and the entry's body come back. Raises NotFoundError where no dossier with these bytes
    was ever exported here; TraplineError.
    """
    if not (transfer.to.strip() and transfer.how.strip()):
        raise TraplineError("a handover names who received it and how", hint="add: --to NAME --how WORDS")
    content = path.read_bytes()
    found = _exported(home, hashlib.sha256(content).hexdigest())
    out, envelope = path, found["envelope_sha256"]
    if transfer.recipient:
        if envelope:
            raise TraplineError(
                "that file is encrypted already", hint="hand over the zip, or leave --encrypt out"
            )
        out = _envelope_name(path)
        envelope = _encrypt(content, transfer.recipient, out)
    body = {
        **found,
        "what": CUSTODY,
        "file": out.name,
        "from": transfer.giver.strip() or home.operator,
        "to": transfer.to.strip(),
        "how": transfer.how.strip(),
        "when": rfc3339(transfer.when or home.clock.now()),
        "recipient": transfer.recipient,
        "envelope_sha256": envelope,
    }
    _record(home, body)
    return out, body


def _exported(home: Home, digest: str) -> dict[str, Any]:
    """Case and plain hash of the newest entry that is of this file, and the envelope's hash where the file is one."""
    with home.store.read() as connection:
        bodies = [entry.body for entry in home.reader.entries(connection, "exported")]
    for body in reversed(bodies):
        if digest not in (body.get("sha256"), body.get("envelope_sha256")):
            continue
        case = {noun: body[noun] for noun in ("incident", "canary") if body.get(noun)}
        if case and body["what"] in ("dossier", CUSTODY):
            return {
                **case,
                **({"canaries": body["canaries"]} if "canaries" in body else {}),
                "sha256": body["sha256"],
                "envelope_sha256": digest if digest != body["sha256"] else "",
            }
    raise NotFoundError(
        f"no dossier with the SHA-256 {digest} was exported here",
        hint="give the zip as trapline dossier build wrote it, or the .age file made of it",
    )


def _record(home: Home, body: dict[str, Any]) -> None:
    said = home.act("exported", body)
    with home.store.write() as connection:
        home.writer.put(connection, said)


def _envelope_name(plain: Path) -> Path:
    out = plain.with_name(f"{plain.name}.age")
    if out.exists():
        raise TraplineError(f"{out} is already there", hint="give another name with --out, or move it away")
    return out


def _encrypt(content: bytes, to: str, out: Path) -> str:
    """Write it; the SHA-256 of what was written comes back."""
    import pyrage

    envelope = bytes(pyrage.encrypt(content, [_parsed(to)]))
    files.create(out, envelope)
    return hashlib.sha256(envelope).hexdigest()


def _parsed(text: str) -> object:
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(text.strip())
    except RecipientError:
        raise TraplineError(
            "that is no age recipient", hint="it begins with age1; its owner makes it with: age-keygen"
        ) from None
