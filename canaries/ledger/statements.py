"""Signed entries: what an operator signs, and how the signature stands in the entry.

An operator's signature covers the whole entry (who, when, what, its nonce) and the name of the log, so it fits no other
entry and no other log. It is an SSH signature, the last part of the entry, over the hashes of all the parts before it:
it can be checked where some of those are held back.

    message = "trapline-entry-v2" LF origin LF content of the parts before it, hexadecimal LF

Version 1 has it in a field of its own, which the signed bytes do not have:

    message = "trapline-entry-v1" LF origin LF canonical line without "signed"
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from canaries.crypto.ssh_signature import SshPublicKey, SshSignatureError
from canaries.ledger import parts
from canaries.ledger.entries import Draft, canonical
from canaries.ledger.part_plan import SIGNED

NAMESPACE = "trapline-entry-v1"
MESSAGE = "trapline-entry-v2"
ENROLMENT = "trapline-operator-v1"

SIGNED_KINDS = frozenset(
    {
        *("noted", "assessed", "opened", "revealed", "exported", "held", "erased", "retired", "setting"),
        *("rated", "regrouped", "proposed", "operator", "restored"),
    }
)
"""Kinds of entries that an operator signs, where the operator has enrolled a key."""
MACHINES = frozenset(("listener", "courier", "supervisor"))
"""Names under which the program itself writes; no operator has one of these."""
BY_MACHINES = frozenset(("setting", "erased"))
"""Of the kinds above those that the program writes by itself; *erased* only while no operator signs."""


class OperatorKey(Protocol):
    """Something that signs in an operator's name: a key file, an agent, a FIDO token."""

    public: SshPublicKey

    def sign(self, message: bytes, namespace: str) -> bytes:
        """An SSHSIG. Raises HomeError."""


def signed(draft: Draft, origin: str, key: OperatorKey) -> Draft:
    """The entry with a signature as its last part."""
    signature = key.sign(_message(origin, draft.nonce, draft.parts), NAMESPACE)
    said = canonical({SIGNED: base64.b64encode(signature).decode()})
    return replace(draft, parts=(*draft.parts, said))


def statement(origin: str, line: bytes) -> tuple[bytes, bytes]:
    """(what was signed of an entry of either version, the signature or nothing). Raises SshSignatureError."""
    if line[:1] == b"{":
        value = msgspec.json.decode(line)
        said = value.pop(SIGNED, "")
        text = f"{NAMESPACE}\n{origin}\n".encode() + (canonical(value) if said else line)
    else:
        _, _, _, nonce, columns = parts.columns(line)
        more = len(columns) - 1 > len(msgspec.json.decode(columns[0])["parts"])
        said = msgspec.json.decode(columns[-1])[SIGNED] if more else ""
        text = _message(origin, nonce, columns[:-1] if said else columns)
    try:
        return text, base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise SshSignatureError("not base64") from error


def _message(origin: str, nonce: bytes, shown: Sequence[bytes]) -> bytes:
    content = parts.content_hash(parts.part_hashes(nonce, shown))
    return f"{MESSAGE}\n{origin}\n{content.hex()}\n".encode()


def enrolment(origin: str, name: str, key: SshPublicKey) -> bytes:
    """What a key signs to show that whoever enrols it has it."""
    return f"{ENROLMENT}\n{origin}\n{name}\n{key}\n".encode()
