"""What a directory of OpenLDAP 2.5 shows to anybody: its root DSE, the schema's name, the entry at its root.

Beside that it is empty, as where access lists hide the rest. Which attributes go out is as RFC 4511, section 4.5.1.8,
and RFC 3673 have it; held beside slapd 2.5.13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from listener.protocol import ldap
from listener.protocol.ber import BerError, Element
from listener.protocol.identity import Identity

START_TLS = "1.3.6.1.4.1.1466.20037"
WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3"
_CONTROLS = (
    "2.16.840.1.113730.3.4.18", "2.16.840.1.113730.3.4.2", "1.3.6.1.4.1.4203.1.10.1", "1.3.6.1.1.22",
    "1.2.840.113556.1.4.319", "1.2.826.0.1.3344810.2.3", "1.3.6.1.1.13.2", "1.3.6.1.1.13.1", "1.3.6.1.1.12",
)  # fmt: skip
_EXTENSIONS = ("1.3.6.1.4.1.4203.1.11.1", WHO_AM_I, "1.3.6.1.1.8", "1.3.6.1.1.21.3", "1.3.6.1.1.21.1")
_FEATURES = ("1.3.6.1.1.14", *(f"1.3.6.1.4.1.4203.1.5.{number}" for number in range(1, 6)))
_SCHEMA = "cn=Subschema"
_DEEPEST = 16
_LONGEST_LOGIN = 1_000
"""Characters of a login whose directory is served: it is taken apart for every search."""
_ALL, _OPERATIONAL, _NONE = "*", "+", "1.1"
"""In place of an attribute's name."""


@dataclass(frozen=True, slots=True)
class LdapEntry:
    """One object: its attributes for users, and those that the server keeps."""

    name: str
    usual: Mapping[str, Sequence[str]]
    operational: Mapping[str, Sequence[str]]

    def shown(self, asked: Sequence[str], *, types_only: bool = False) -> dict[str, Sequence[str]]:
        """The attributes that ``asked`` names, in the entry's order."""
        wanted = {name.lower() for name in asked}
        found = {
            name: () if types_only else values
            for attributes, every in ((self.usual, _ALL), (self.operational, _OPERATIONAL))
            for name, values in attributes.items()
            if name.lower() in wanted or every in wanted
        }
        if not wanted:
            found = {name: () if types_only else values for name, values in self.usual.items()}
        return {} if wanted == {_NONE} else found

    def matches(self, condition: Element, depth: int = 0) -> bool:
        """Whether a filter fits. Raises BerError, also where it is nested too deep."""
        if depth > _DEEPEST:
            raise BerError("a filter within a filter too often")
        if condition.tag in (0xA0, 0xA1):
            parts = [self.matches(one, depth + 1) for one in condition.elements()]
            return all(parts) if condition.tag == 0xA0 else any(parts)
        if condition.tag == 0xA2:
            return not any(self.matches(one, depth + 1) for one in condition.elements())
        if condition.tag == 0x87:
            return bool(self._values(condition.content))
        parts_of = condition.elements()
        if condition.tag == 0xA3 and len(parts_of) == 2:
            return parts_of[1].content.lower() in self._values(parts_of[0].content)
        if condition.tag == 0xA4 and len(parts_of) == 2:
            return any(_holds(value, parts_of[1].elements()) for value in self._values(parts_of[0].content))
        return False

    def _values(self, name: bytes) -> list[bytes]:
        wanted = name.decode("latin-1").lower()
        return [
            value.lower().encode()
            for attributes in (self.usual, self.operational)
            for own, values in attributes.items()
            if own.lower() == wanted
            for value in values
        ]


def _holds(value: bytes, pieces: Sequence[Element]) -> bool:
    """Whether the pieces of a substring filter stand in ``value``, in their order."""
    at = 0
    for piece in pieces:
        text = piece.content.lower()
        if piece.tag == 0x80 and not value.startswith(text):
            return False
        if piece.tag == 0x82:
            return len(value) - len(text) >= at and value.endswith(text)
        found = value.find(text, at)
        if found < 0:
            return False
        at = found + len(text)
    return True


def normal(name: str) -> list[str]:
    """The parts of a DN, the innermost first, as they are compared. Raises ValueError where it is none."""
    parts = [part.partition("=") for part in re.split(r"(?<!\\),", name)] if name.strip() else []
    if not all(sign and key.strip() for key, sign, _ in parts):
        raise ValueError("no DN")
    return [f"{key.strip()}={' '.join(value.split())}".lower() for key, _, value in parts]


class LdapDirectory:
    """Of one installation."""

    def __init__(self, identity: Identity, suffix: str) -> None:
        self._identity, self._suffix = identity, suffix

    def found(self, base: str, scope: int, *, login: str, secure: bool) -> tuple[int, str, list[LdapEntry]]:
        """Result code, the part of ``base`` that there is (of *noSuchObject*), and the entries in scope.

        ``login``: the DN of whoever asks: its directory is served too. ``secure``: behind TLS.
        """
        try:
            parts = normal(base)
        except ValueError:
            return ldap.INVALID_NAME, "", []
        if not parts:
            return (
                (ldap.SUCCESS, "", [self._root(secure=secure)])
                if scope == 0
                else (ldap.NO_SUCH_OBJECT, "", [])
            )
        if parts == normal(_SCHEMA):
            return ldap.SUCCESS, "", [self._schema()] if scope != 1 else []
        for top in self._tops(login):
            own = normal(top)
            if parts == own:
                return ldap.SUCCESS, "", [self._top(top)] if scope in (0, 2) else []
            if parts[-len(own) :] == own:
                units = all(part.startswith("ou=") for part in parts[: -len(own)])
                return (ldap.SUCCESS, "", []) if units else (ldap.NO_SUCH_OBJECT, top, [])
        return ldap.NO_SUCH_OBJECT, "", []

    def _tops(self, login: str) -> Iterator[str]:
        yield self._suffix
        if len(login) > _LONGEST_LOGIN:
            return
        parts = [part.strip() for part in re.split(r"(?<!\\),", login)] if "=" in login else []
        domain = [part for part in parts if part.lower().startswith("dc=")] or parts[-1:]
        if domain and ",".join(domain).lower() != self._suffix.lower():
            yield ",".join(domain)

    def _root(self, *, secure: bool) -> LdapEntry:
        """No supportedSASLMechanisms: clients that look there then bind by password."""
        return LdapEntry(
            "",
            {"objectClass": ("top", "OpenLDAProotDSE")},
            {
                "structuralObjectClass": ("OpenLDAProotDSE",),
                "configContext": ("cn=config",),
                "namingContexts": (self._suffix,),
                "supportedControl": _CONTROLS,
                "supportedExtension": _EXTENSIONS if secure else (START_TLS, *_EXTENSIONS),
                "supportedFeatures": _FEATURES,
                "supportedLDAPVersion": ("3",),
                "entryDN": ("",),
                "subschemaSubentry": (_SCHEMA,),
            },
        )

    def _schema(self) -> LdapEntry:
        classes = ("top", "subentry", "subschema", "extensibleObject")
        return LdapEntry(
            _SCHEMA,
            {"objectClass": classes, "cn": ("Subschema",)},
            {"structuralObjectClass": ("subentry",), "entryDN": (_SCHEMA,), "subschemaSubentry": (_SCHEMA,)},
        )

    def _top(self, name: str) -> LdapEntry:
        """Made when the server was set up, at a moment of this installation's own."""
        stream = self._identity.stream(f"ldap entry:{name.lower()}")
        month, day, hour = (
            stream.between("month", 1, 12),
            stream.between("day", 1, 28),
            stream.between("hour", 8, 18),
        )
        when = f"{stream.between('year', 2021, 2025)}{month:02}{day:02}{hour:02}"
        when += f"{stream.below('minute', 60):02}{stream.below('second', 60):02}"
        admin, kind = f"cn=admin,{name}", name.partition("=")[0].lower()
        label = name.partition("=")[2].partition(",")[0]
        domain = ".".join(part.partition("=")[2] for part in name.split(","))
        usual: dict[str, Sequence[str]] = {
            "objectClass": ("top", "dcObject", "organization") if kind == "dc" else ("organization",)
        }
        usual |= {"o": (domain,), "dc": (label,)} if kind == "dc" else {kind: (label,)}
        return LdapEntry(
            name,
            usual,
            {
                "structuralObjectClass": ("organization",),
                "entryUUID": (stream.uuid("uuid"),),
                "creatorsName": (admin,),
                "createTimestamp": (f"{when}Z",),
                "entryCSN": (f"{when}.{stream.below('micros', 10**6):06}Z#000000#000#000000",),
                "modifiersName": (admin,),
                "modifyTimestamp": (f"{when}Z",),
                "entryDN": (name,),
                "subschemaSubentry": (_SCHEMA,),
                "hasSubordinates": ("FALSE",),
            },
        )
