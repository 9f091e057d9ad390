"""Which strings of a request are looked at: credentials, cookies, query, and the fields of a form or a JSON body."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

Value = tuple[str, str]
"""(where, the string)."""

SHORTEST, LONGEST = 6, 512
"""Characters. What is shorter or longer is not looked at."""
LARGEST_BODY = 65_536
"""Bytes of a body; a larger one is not looked at."""
KEY_HEADERS = ("x-api-key", "api-key", "apikey", "x-auth-token", "x-access-token", "private-token", "x-token")
_USERS = re.compile(r"(?i)user|login|e-?mail|account|identifier")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,20}[0-9]")
_NOT_DIGITS = re.compile(r"\D+")
_MOST = 64
"""Fields of a body."""
_DEEPEST = 4


def authorization(header: str) -> Iterator[Value]:
    """Of ``Authorization``: the token, or user, password and both of Basic."""
    scheme, _, rest = header.partition(" ")
    rest = rest.strip()
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest).decode()
        except (binascii.Error, ValueError):
            return
        user, _, password = pair.partition(":")
        yield "basic user", user
        yield "basic password", password
        yield "basic pair", paired(user, password)
    else:
        yield f"authorization {scheme.lower()[:16]}", rest or header


def cookies(header: str) -> list[Value]:
    """Of ``Cookie``: each value, unquoted where it was quoted."""
    found = []
    for part in header.split("; ", _MOST):
        name, _, value = part.partition("=")
        if len(value) >= SHORTEST:
            found.append((f"cookie {name[:40]}", unquote_plus(value) if "%" in value else value))
    return found


def fields(text: str, where: str) -> list[Value]:
    """Of a query or an URL-encoded form; a user name and a password in one form also as a pair."""
    found: list[Value] = []
    login = False
    for part in text.split("&", _MOST):
        name, _, value = part.partition("=")
        if not value:
            continue
        if "%" in value or "+" in value:
            value = value.replace("+", " ").replace("%40", "@")
            if "%" in value:  # more than the address's sign, which most need: dear
                value = unquote(value)
        found.append((f"{where} {name[:40]}", value))
        if "pass" in name:
            login = True
    return [*found, *_pairs(found, where)] if login else found


def body(data: bytes, media: str) -> list[Value]:
    """Of a body of this media type; nothing where it is neither a form nor JSON, or cannot be read."""
    if len(data) > LARGEST_BODY:
        return []
    try:
        text = data.decode()
        if "json" not in media:
            return fields(text, "form") if "urlencoded" in media else []
        found = list(_strings(json.loads(text), "json", _DEEPEST))[:_MOST]
    except (ValueError, RecursionError):
        return []
    return [*found, *_pairs(found, "json")]


def _pairs(found: list[Value], where: str) -> Iterator[Value]:
    """A user name and a password of one form, together."""
    password = next((value for name, value in found if "pass" in name), "")
    user = next((value for name, value in found if password and _USERS.search(name)), "")
    if user:
        yield f"{where} pair", paired(user, password)


def _strings(value: object, where: str, depth: int) -> Iterator[Value]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict) and depth:
        for name, item in value.items():
            yield from _strings(item, f"{where} {str(name)[:40]}", depth - 1)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _strings(item, where, depth - 1)


def paired(user: str, password: str) -> str:
    """As lists of stolen accounts write them: the user in lower case, a colon, the password."""
    return f"{user.strip().lower()}:{password}"


def forms(value: str, *, guessable: bool) -> list[bytes]:
    """What of a value may be in the filter: as it is, and an address in lower case; ``guessable``: as a user name and
    as a telephone number too."""
    if not SHORTEST <= len(value) <= LONGEST:
        return []
    found = [value.encode("utf-8", "surrogatepass")]
    if "@" in value:
        found.append(value.strip().lower().encode("utf-8", "surrogatepass"))
    if guessable:
        value = value.strip()
        found.append(weak("user_name", value))
        if value[:1] in "+0123456789" and _PHONE.fullmatch(value):
            found.append(weak("phone", value))
    return found


def weak(facet: str, value: str) -> bytes:
    """How a user name or a telephone number is in the filter: apart from what accuses on its own."""
    said = _NOT_DIGITS.sub("", value)[-9:] if facet == "phone" else value.strip().lower()
    return b"\x1f%s:%s" % (facet.encode(), said.encode("utf-8", "surrogatepass"))
