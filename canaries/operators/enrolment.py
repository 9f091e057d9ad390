"""Enrolling a key: a request, signed by that key, and the *operator* entry, signed by whoever is there already."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select

from canaries.core import store
from canaries.core.errors import HomeError, NotFoundError, TraplineError
from canaries.core.text import visible
from canaries.crypto.ssh_signature import SshPublicKey, SshSignatureError
from canaries.ledger import statements
from canaries.ledger.entries import Draft, draft
from canaries.operators import proposals

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.statements import OperatorKey

_LONGEST = 64
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class EnrolledOperator:
    """One line of ``trapline operator list``."""

    name: str
    key: SshPublicKey
    since: str
    """RFC 3339."""


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """What a new operator hands to one who is enrolled; nothing in it is secret."""

    origin: str
    """Name of the log that it is for."""
    name: str
    key: str
    """As in ``authorized_keys``, without a comment."""
    proof: str
    """Base64 of an SSHSIG by the key over all of this: it shows that whoever asks has the key."""

    @property
    def text(self) -> str:
        """For a file."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def parse(cls, text: str) -> EnrolmentRequest:
        """The inverse, with its proof checked. Raises TraplineError."""
        try:
            said = json.loads(text)
            found = cls(*(str(said[name]) for name in ("origin", "name", "key", "proof")))
            key = SshPublicKey.parse(found.key)
            proof = base64.b64decode(found.proof, validate=True)
            key.verify(proof, statements.enrolment(found.origin, found.name, key), statements.ENROLMENT)
        except (ValueError, TypeError, KeyError, binascii.Error, SshSignatureError, RecursionError) as error:
            raise TraplineError(
                "this is no request of a new operator, or its key did not sign it",
                hint="the new operator makes one: trapline operator request NAME --key FILE",
            ) from error
        _check_name(found.name)
        return found


def request(home: Home, name: str, key: OperatorKey) -> EnrolmentRequest:
    """Made by the new operator, with their key. Raises HomeError."""
    _check_name(name)
    proof = key.sign(statements.enrolment(home.origin, name, key.public), statements.ENROLMENT)
    return EnrolmentRequest(home.origin, name, str(key.public), base64.b64encode(proof).decode())


def enrol(home: Home, asked: EnrolmentRequest) -> str:
    """Enrol, or propose it where there are two operators already: the id of that proposal, else nothing.

    The first operator enrols their own key, and signs that entry with it. Raises TraplineError.
    """
    if asked.origin != home.origin:
        raise TraplineError("the request is for another installation", hint=f"this one is {home.origin}")
    for one in enrolled(home):
        if str(one.key) == asked.key and one.name != asked.name:
            raise TraplineError(
                f"that is the key of {visible(one.name)}", hint="each operator has a key of their own"
            )
    body = {"what": "operator", "act": "enrolled", "name": asked.name, "key": asked.key, "proof": asked.proof}
    return _do(home, body)


def remove(home: Home, name: str, reason: str) -> str:
    """Take a key away, or propose it where there are two operators. Raises NotFoundError, TraplineError."""
    found = {one.name: one for one in enrolled(home)}
    if name not in found:
        raise NotFoundError(f"no operator is called {name}", hint="see: trapline operator list")
    if not reason.strip():
        raise TraplineError("removing an operator needs a reason", hint="add: --reason 'why'")
    body = {"what": "operator", "act": "removed", "name": name, "key": str(found[name].key)}
    return _do(home, body | {"reason": reason.strip()})


def enrolled(home: Home) -> list[EnrolledOperator]:
    """The present operators, by name."""
    table = store.operator
    with home.store.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.name)).all()
    return [EnrolledOperator(row.name, SshPublicKey.parse(row.key), row.since) for row in rows]


def put(home: Home, connection: Connection, said: Draft, body: dict[str, Any]) -> None:
    """The entry and the index row of an enrolment or removal."""
    home.writer.put(connection, said)
    if body["act"] == "removed":
        connection.execute(delete(store.operator).where(store.operator.c.name == body["name"]))
        return
    values = {"key": body["key"], "entry_id": said.id, "since": said.at}
    store.upsert(connection, store.operator, {"name": body["name"], **values}, values)


def _do(home: Home, body: dict[str, Any]) -> str:
    present = proposals.count_operators(home)
    if present >= 2:
        return proposals.propose(home, body)
    said = home.act("operator", body) if present else _first(home, body)
    with home.store.write() as connection:
        put(home, connection, said, body)
    return ""


def _first(home: Home, body: dict[str, Any]) -> Draft:
    key = home.operator_key
    if key is None or home.operator != body["name"] or str(key.public) != body["key"]:
        raise HomeError(
            "the first operator enrols their own key",
            hint=f"set TRAPLINE_OPERATOR={visible(body['name'])} and TRAPLINE_OPERATOR_KEY to that key",
        )
    return statements.signed(draft("operator", home.now(), home.operator, body), home.origin, key)


def _check_name(name: str) -> None:
    if not name or len(name) > _LONGEST or name != visible(name).strip() or name in statements.MACHINES:
        raise TraplineError(f"{visible(name[:80])!r} cannot be an operator's name", hint="take a login name")
