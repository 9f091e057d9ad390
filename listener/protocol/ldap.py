"""LDAP's messages (RFC 4511), as far as a server without accounts needs them: out of BER, and answers into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol import ber
from listener.protocol.ber import BerError, Element

BIND, UNBIND, SEARCH, MODIFY, ADD, DELETE, RENAME, COMPARE, ABANDON, EXTENDED = (
    0x60, 0x42, 0x63, 0x66, 0x68, 0x4A, 0x6C, 0x6E, 0x50, 0x77,
)  # fmt: skip
"""Identifier octets of protocolOp: [APPLICATION n], primitive where it is a single value."""
ANSWERS = {
    BIND: 0x61,
    SEARCH: 0x65,
    MODIFY: 0x67,
    ADD: 0x69,
    DELETE: 0x6B,
    RENAME: 0x6D,
    COMPARE: 0x6F,
    EXTENDED: 0x78,
}
"""Request to the response that ends it."""
ENTRY, EXTENDED_ANSWER = 0x64, 0x78

SUCCESS, PROTOCOL_ERROR, AUTH_METHOD, INVALID_NAME = 0, 2, 7, 34
INVALID_CREDENTIALS, INSUFFICIENT, UNWILLING, NO_SUCH_OBJECT = 49, 50, 53, 32

_SIMPLE, _SASL = 0x80, 0xA3
_DEEPEST = 16
_LONGEST = 4096
"""Characters of a filter or a name that are noted; the raw bytes are kept beside it."""
SCOPES = ("base", "one", "sub", "children")
_COMPARED = {0xA3: "=", 0xA5: ">=", 0xA6: "<=", 0xA8: "~="}
_JOINED = {0xA0: "&", 0xA1: "|"}
_PLAIN = frozenset(range(0x20, 0x7F)) - frozenset(b"*()\\")


@dataclass(frozen=True, slots=True)
class LdapMessage:
    """One request."""

    id: int
    operation: int
    """One of the identifier octets above, or any other."""
    body: Element


def message(element: Element) -> LdapMessage:
    """LDAPMessage, section 4.1.1. Raises BerError."""
    parts = element.elements() if element.tag == ber.SEQUENCE else []
    if len(parts) < 2 or parts[0].tag != ber.INTEGER or not 0 <= parts[0].number() < 1 << 31:
        raise BerError("no LDAP message")
    return LdapMessage(parts[0].number(), parts[1].tag, parts[1])


def bind(body: Element) -> dict[str, str]:
    """BindRequest, section 4.2: ``user`` (the DN) and ``password``, or ``mechanism`` and ``credentials``.

    Raises BerError.
    """
    parts = _some(body, 3)
    name, authentication = decoded(parts[1].content), parts[2]
    if authentication.tag == _SIMPLE:
        return {"user": name, "password": decoded(authentication.content)}
    if authentication.tag != _SASL:  # Sicily (NTLM) and whatever else: [MS-ADTS] 5.1.1.1.3
        number = authentication.tag & 0x1F
        mechanism = {9: "NTLM (discover)", 10: "NTLM (negotiate)", 11: "NTLM (response)"}.get(
            number, "unknown"
        )
        content = authentication.content if isinstance(authentication.content, bytes) else b""
        return {
            "user": name,
            "mechanism": mechanism,
            "method": str(number),
            "credentials": content.decode("latin-1"),
        }
    sasl = _some(authentication, 1)
    shown = {"user": name, "mechanism": decoded(sasl[0].content)}
    if len(sasl) > 1:
        shown["credentials"] = sasl[1].content.decode("latin-1") if sasl[1].content else ""
        plain = sasl[1].content.split(b"\0")
        if shown["mechanism"].upper() == "PLAIN" and len(plain) == 3:  # RFC 4616
            shown |= {"user": decoded(plain[1]), "password": decoded(plain[2])}
            del shown["credentials"]
    return shown


def search(body: Element) -> dict[str, str | list[str]]:
    """SearchRequest, section 4.5.1: base, scope, filter (as RFC 4515 writes it), attributes. Raises BerError."""
    parts = _some(body, 8)
    scope = parts[1].number()
    return {
        "base": decoded(parts[0].content)[:_LONGEST],
        "scope": SCOPES[scope] if 0 <= scope < len(SCOPES) else str(scope),
        "filter": filter_text(parts[6])[:_LONGEST],
        "attributes": [decoded(one.content)[:256] for one in parts[7].elements()[:64]],
    }


def asked(body: Element) -> tuple[Element, bool]:
    """The filter of a SearchRequest, and whether it wants no values. Raises BerError."""
    parts = _some(body, 8)
    return parts[6], parts[5].content not in (b"", b"\0")


def target(request: LdapMessage) -> str:
    """The DN that an update or a comparison names: the whole of a DelRequest, the first part of the others."""
    if request.operation == DELETE:
        return decoded(request.body.content)[:_LONGEST]
    return decoded(_some(request.body, 1)[0].content)[:_LONGEST]


def extended(body: Element) -> tuple[str, bytes]:
    """ExtendedRequest, section 4.12: OID and value. Raises BerError."""
    parts = _some(body, 1)
    value = next((part.content for part in parts if part.tag == 0x81), b"")
    return decoded(parts[0].content), value


def version(body: Element) -> int:
    """The protocol version that a BindRequest asks for. Raises BerError."""
    return _some(body, 3)[0].number()


def disconnection(text: str) -> bytes:
    """Notice of disconnection with *protocolError*, section 4.4.1."""
    body = ber.integer(PROTOCOL_ERROR, ber.ENUMERATED) + ber.octets(b"") + ber.octets(text.encode())
    body += ber.octets(b"1.3.6.1.4.1.1466.20036", 0x8A)
    return ber.encode(ber.SEQUENCE, ber.integer(0), ber.encode(EXTENDED_ANSWER, body))


def result(request: LdapMessage, code: int, text: str = "", *, matched: str = "", more: bytes = b"") -> bytes:
    """The response that ends ``request``: LDAPResult, section 4.1.9. ``matched``: what there is of a name."""
    body = ber.integer(code, ber.ENUMERATED) + ber.octets(matched.encode()) + ber.octets(text.encode()) + more
    return _answer(request, ber.encode(ANSWERS[request.operation], body))


def entry(request: LdapMessage, name: str, attributes: Mapping[str, Sequence[str]]) -> bytes:
    """SearchResultEntry, section 4.5.2."""
    listed = [
        ber.encode(
            ber.SEQUENCE,
            ber.octets(key.encode()),
            ber.encode(ber.SET, *(ber.octets(value.encode()) for value in values)),
        )
        for key, values in attributes.items()
    ]
    return _answer(request, ber.encode(ENTRY, ber.octets(name.encode()), ber.encode(ber.SEQUENCE, *listed)))


def filter_text(element: Element, depth: int = 0) -> str:
    """A filter as RFC 4515 writes it. Raises BerError, also where it is nested too deep."""
    if depth > _DEEPEST:
        raise BerError("a filter within a filter too often")
    tag = element.tag
    if tag in _JOINED:
        return f"({_JOINED[tag]}{''.join(filter_text(one, depth + 1) for one in element.elements())})"
    if tag == 0xA2:
        return f"(!{filter_text(_some(element, 1)[0], depth + 1)})"
    if tag == 0x87:
        return f"({_value(element.content)}=*)"
    if tag in _COMPARED:
        name, value = _some(element, 2)[:2]
        return f"({_value(name.content)}{_COMPARED[tag]}{_value(value.content)})"
    if tag == 0xA4:
        return _substrings(*_some(element, 2)[:2])
    if tag == 0xA9:
        return _extensible({part.tag: part.content for part in element.elements()})
    raise BerError("no filter")


def _substrings(name: Element, pieces: Element) -> str:
    """[0] initial, [1] any, [2] final."""
    parts = pieces.elements()
    begin = "" if parts and parts[0].tag == 0x80 else "*"
    end = "" if parts and parts[-1].tag == 0x82 else "*"
    return f"({_value(name.content)}={begin}{'*'.join(_value(part.content) for part in parts)}{end})"


def _extensible(parts: Mapping[int, bytes]) -> str:
    """[1] matching rule, [2] attribute, [3] value, [4] with the DN's attributes."""
    rule = f":{_value(parts[0x81])}" if 0x81 in parts else ""
    named = ":dn" if parts.get(0x84, b"\0") != b"\0" else ""
    return f"({_value(parts.get(0x82, b''))}{named}{rule}:={_value(parts.get(0x83, b''))})"


def _value(raw: bytes) -> str:
    """Text as it is, with what would end it and bytes that are no text escaped (RFC 4515, section 3)."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:02x}" for byte in raw)
    return "".join(f"\\{ord(char):02x}" if char in "*()\\\0" else char for char in text)


def _some(element: Element, least: int) -> list[Element]:
    parts = element.elements()
    if len(parts) < least:
        raise BerError("parts are missing")
    return parts


def _answer(request: LdapMessage, operation: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.integer(request.id), operation)
