"""Who said it: operators' keys as the ledger has them, and each signed entry held against them.

The first operator enrols alone. From then on an enrolment is signed by an operator, and once there are two, an
enrolment, a removal and an erasure need both halves of a pair: a *proposed* entry by one, and the deed, which names
it, by another. Whoever has a shell and the database, but not a colleague's key, can therefore write entries in a
colleague's name, but none that holds here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from canaries.crypto.ssh_signature import SshPublicKey, SshSignatureError
from canaries.ledger.entries import Entry, canonical
from canaries.ledger.statements import (
    BY_MACHINES,
    ENROLMENT,
    MACHINES,
    NAMESPACE,
    SIGNED_KINDS,
    enrolment,
    statement,
)

MOST = 100
"""Sentences kept; beyond them only the numbers count."""
_BY_TWO = ("erased", "operator")
"""Kinds of deeds that need two operators, where there are two."""
_NOT_PROPOSED = ("proposal", "proposed_by")
"""Fields that a deed has beside those of its proposal."""


class Register:
    """Sees every entry in log order. Bounded by the number of operators and of proposals."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._proposed: dict[str, tuple[str, bytes]] = {}
        self.keys: dict[str, SshPublicKey] = {}
        """Present operators and their keys."""
        self.signed = 0
        self.unsigned = 0
        """Entries of operators who had no key: anybody with a shell could have written them."""
        self.forged: list[str] = []
        """Sentences on entries that are not by whom they name, or lack a second operator."""

    def see(self, entry: Entry) -> bool:
        """Take the next entry into account; whether an entry that must be signed, or done by two, is."""
        if entry.kind not in SIGNED_KINDS:
            return True
        problem = self._by_program(entry.kind) if entry.by in MACHINES else self._problem(entry)
        if problem:
            if len(self.forged) < MOST:
                place = f"at {entry.seq}" if entry.seq is not None else entry.id
                self.forged.append(
                    f"the {entry.kind} entry {place} says it is by {entry.by!a}, but {problem}"
                )
            return False
        if entry.kind == "proposed":
            self._proposed[entry.id] = entry.by, _deed(entry.body)
            return True
        if entry.kind == "operator":
            self._apply(entry.body)
        if entry.kind in _BY_TWO:  # a proposal is carried out once
            self._proposed.pop(str(entry.body.get("proposal")), None)
        return True

    def _by_program(self, kind: str) -> str:
        """Why an entry under one of the program's own names is not the program's; empty where it may be."""
        if kind not in BY_MACHINES:
            return "the program writes no such entry"
        return "an operator has to sign that" if self.keys and kind == "erased" else ""

    def _problem(self, entry: Entry) -> str:
        """Why an entry is not to be believed; empty where it is."""
        if entry.kind == "operator" and (problem := self._unproven(entry.body)):
            return problem
        key = self.keys.get(entry.by)
        if entry.kind == "operator" and not self.keys:
            key = SshPublicKey.parse(entry.body["key"]) if entry.body["name"] == entry.by else None
        try:
            text, signature = statement(self._origin, entry.line)
            if key is None:
                if (
                    signature
                    or entry.kind in ("operator", "proposed")
                    or (self.keys and entry.kind == "erased")
                ):
                    return "nobody of that name has enrolled a key"
                self.unsigned += 1
                return ""
            if not signature:
                return "it is not signed, and that operator signs: anybody with a shell could have written it"
            key.verify(signature, text, NAMESPACE)
        except SshSignatureError as error:
            return f"its signature does not hold: {error}"
        self.signed += 1
        return self._alone(entry)

    def _alone(self, entry: Entry) -> str:
        """The deeds that need two operators, where there are two."""
        if entry.kind not in _BY_TWO or len(self.keys) < 2:
            return ""
        by, deed = self._proposed.get(str(entry.body.get("proposal")), ("", b""))
        if not by or deed != _deed(entry.body):
            return "no other operator proposed it"
        if by not in self.keys:
            return "who proposed it is no operator any more"
        return "" if by != entry.by else "the same operator proposed it"

    def _unproven(self, body: Mapping[str, Any]) -> str:
        try:
            key = SshPublicKey.parse(body["key"])
            if body.get("act") == "enrolled":
                proof = base64.b64decode(body["proof"], validate=True)
                key.verify(proof, enrolment(self._origin, body["name"], key), ENROLMENT)
        except (SshSignatureError, binascii.Error, KeyError, ValueError) as error:
            return f"it does not show that anybody has the key: {error}"
        if body["name"] in MACHINES:
            return "that is the program's own name"
        if body.get("act") == "enrolled" and any(
            str(key) == str(other) for name, other in self.keys.items() if name != body["name"]
        ):
            return "another operator has that key, and one person would be two"
        return "" if body.get("act") in ("enrolled", "removed") else "it says neither enrolled nor removed"

    def _apply(self, body: Mapping[str, Any]) -> None:
        if body["act"] == "removed":
            self.keys.pop(body["name"], None)
        else:
            self.keys[body["name"]] = SshPublicKey.parse(body["key"])


def _deed(body: Mapping[str, Any]) -> bytes:
    """What proposal and deed have in common."""
    return canonical({name: value for name, value in body.items() if name not in _NOT_PROPOSED})
