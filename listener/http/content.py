"""What a request's body says: form fields, JSON strings, the parts of a multipart message.

Bounded in number and depth; what exceeds a bound, or is cut short or malformed, is still in the raw bytes, where the
safety net of `listener.http.candidates` looks.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, TypedDict
from urllib.parse import unquote_to_bytes

from canaries.core.text import decoded

_MOST_FIELDS = 500
_MOST_PARTS = 100
_DEEPEST = 32
_LONGEST_VALUE = 4096
"""Bytes of a multipart part that count as a field's value; more is a file."""
_LONGEST_CODED = 64 * 1024
"""Characters of a field that are percent-decoded; longer ones are told as they came."""
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,100})"?', re.IGNORECASE)
_PARAMETER = re.compile(r'(name|filename)="([^"]*)"', re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


class Part(TypedDict):
    """One part of a multipart message; texts are empty where it names none."""

    name: str
    filename: str
    type: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body, read."""

    form: list[tuple[str, str]] = field(default_factory=list)
    """Fields of a form, also of a multipart one."""
    json: list[tuple[str, str]] = field(default_factory=list)
    """(path, string) of every string in a JSON document: ``messages[0].content``."""
    parts: list[Part] = field(default_factory=list)
    """Parts of a multipart message."""


def fields(text: str) -> list[tuple[str, str]]:
    """``a=1&b=2`` decoded, at most 500; also what is no pair, as a name without a value."""
    pairs = []
    for piece in text.split("&")[:_MOST_FIELDS]:
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((_unquoted(name), _unquoted(value)))
    return pairs


def _unquoted(text: str) -> str:
    text = text.replace("+", " ")
    return decoded(unquote_to_bytes(text)) if "%" in text and len(text) <= _LONGEST_CODED else text


def read_body(content_type: str, body: bytes) -> Body:
    """``body`` by its type, or by its looks where the type says nothing. Never raises."""
    kind = content_type.lower()
    start = body[:1]
    if "multipart/" in kind:
        return _multipart(content_type, body)
    if "json" in kind or start in (b"{", b"["):
        return Body(json=_json(body))
    if "x-www-form-urlencoded" in kind or (not kind and b"=" in body):
        return Body(form=fields(decoded(b"&".join(body.split(b"&", _MOST_FIELDS)[:_MOST_FIELDS]))))
    return Body()


def _json(body: bytes) -> list[tuple[str, str]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found: list[tuple[str, str]] = []
    waiting: list[tuple[str, Any, int]] = [("", document, 0)]
    while waiting and len(found) < _MOST_FIELDS:
        path, value, depth = waiting.pop()
        if isinstance(value, str):
            found.append((path, _storable(value)))
        elif depth < _DEEPEST and isinstance(value, dict):
            named = [
                (f"{path}.{_storable(key)}" if path else _storable(key), item) for key, item in value.items()
            ]
            waiting.extend((name, item, depth + 1) for name, item in reversed(named))
        elif depth < _DEEPEST and isinstance(value, list):
            counted = [
                (f"{path}[{number}]", item, depth + 1) for number, item in enumerate(value[:_MOST_FIELDS])
            ]
            waiting.extend(reversed(counted))
    return found


def _storable(text: str) -> str:
    """JSON can name half a surrogate pair (RFC 8259, section 8.2), which no encoding can store."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _multipart(content_type: str, body: bytes) -> Body:
    """RFC 2046, section 5.1, and RFC 7578."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return Body()
    result = Body()
    for piece in body.split(b"--" + boundary[1].encode())[1 : _MOST_PARTS + 1]:
        end = _END_OF_HEAD.search(piece)
        if end is None:
            continue
        head, content = (
            decoded(piece[: end.start()]),
            piece[end.end() :].removesuffix(b"\n").removesuffix(b"\r"),
        )
        names = {name.lower(): value for name, value in _PARAMETER.findall(head)}
        kind = next(
            (line[13:].strip() for line in head.split("\n") if line.lower().startswith("content-type:")), ""
        )
        result.parts.append(
            {
                "name": names.get("name", ""),
                "filename": names.get("filename", ""),
                "type": kind,
                "size": len(content),
            }
        )
        if "filename" not in names and len(content) <= _LONGEST_VALUE:
            result.form.append((names.get("name", ""), decoded(content)))
    return result
