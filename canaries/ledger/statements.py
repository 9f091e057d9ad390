"""Signed entries: what an operator signs, and how the signature stands in the entry's line.

An operator's signature covers the whole entry (who, when, what, its nonce) and the name of the log, so it fits no other
entry and no other log. It is an SSH signature in a field of its own, which the signed bytes do not hold:

    message = "trapline-entry-v1" LF origin LF canonical line without "signed"
    line    = {"at":...,"body":{...},"by":"carol","entry":"noted",...,"signed":"<base64 of the SSHSIG>","v":1}
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Protocol

import msgspec

from canaries.crypto.ssh_signature import SshPublicKey, SshSignatureError
from canaries.ledger.entries import Draft, canonical

NAMESPACE = "trapline-entry-v1"
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


class OperatorKey(Protocol):
    """Something that signs in an operator's name: a key file, an agent, a FIDO token."""

    public: SshPublicKey

    def sign(self, message: bytes, namespace: str) -> bytes:
        """An SSHSIG. Raises HomeError."""


def signed(draft: Draft, origin: str, key: OperatorKey) -> Draft:
    """The entry with a signature in its line."""
    signature = key.sign(message(origin, draft.line), NAMESPACE)
    value = msgspec.json.decode(draft.line) | {"signed": base64.b64encode(signature).decode()}
    return replace(draft, line=canonical(value))


def message(origin: str, line: bytes) -> bytes:
    """What is signed of a line without a signature."""
    return f"{NAMESPACE}\n{origin}\n".encode() + line


def signature_of(line: bytes) -> tuple[bytes, bytes]:
    """(the line as it was signed, the signature), or (line, nothing). Raises SshSignatureError."""
    value = msgspec.json.decode(line)
    said = value.pop("signed", "")
    if not said:
        return line, b""
    try:
        return canonical(value), base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise SshSignatureError("not base64") from error


def enrolment(origin: str, name: str, key: SshPublicKey) -> bytes:
    """What a key signs to show that whoever enrols it has it."""
    return f"{ENROLMENT}\n{origin}\n{name}\n{key}\n".encode()
