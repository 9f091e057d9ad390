"""The parts of an entry: each can be shown or held back on its own, and a small header says what an entry is about.

An entry of version 2 is one line of columns with tabs between them (canonical JSON has none): who it is about, then its
parts, each canonical JSON. The first part has what every reader may see (kind, id, time, ids of other entries); `by`,
`allowed`, every other field of the body, or a group of them, and the operator's signature are parts of their own:

    ["hit","<tag>","<tag>","<nonce>"] TAB {"at":…,"body":{…},"by":"listener","entry":"hit","id":…,"parts":[…],"v":2}
    TAB {"local":…,"peer":…,"source":…,"via":null} TAB {"answer":…,"notes":{},"observed":{…},"raw_sha256":…}

    salts   = SHAKE-256(nonce), 16 bytes a part          part hash = SHA-256(0x03 | salt | part)
    content = SHA-256(0x02 | part hashes)                tag       = SHA-256(0x04 | case key | content), 16 bytes
    header  = "trapline-leaf-v2" LF kind LF tag of the canary LF tag of the incident LF content LF     (hexadecimal)

The leaf of the log (RFC 9162, 2.1.1) is the header. A part that is held back leaves its hash in its column, one that is
shown its salt before it; the nonce goes. A case key says of every header whether that entry is of the case, and tells
nothing about two entries of another. Lines of version 1 begin with a brace: their leaf is the line.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import msgspec

from canaries.ledger.merkle import leaf_hash
from canaries.ledger.part_plan import BESIDE, CANARIES, NUMBERED, SIGNED, plan_of

NONCE_BYTES = 16
SALT_BYTES = 16
MARK = "trapline-leaf-v2"
Noun = Literal["canary", "incident"]
UNTAGGED = "-"
"""In place of a tag: of no canary, of no incident, or written where the ``lookup`` key is not."""

_OPEN_AUTHORS = ("listener", "courier", "supervisor")

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.decode
_first = msgspec.json.Decoder(tuple[str, str, str, str]).decode


class PartsError(ValueError):
    """A line is no entry of a known version."""


def split(
    kind: str,
    entry_id: str,
    at: str,
    by: str,
    body: Mapping[str, Any],
    allowed: Mapping[str, str] | None = None,
) -> list[bytes]:
    """The parts of an entry, the open one first."""
    if kind == "exported" and body.get(CANARIES):
        body = {**body, **{f"{NUMBERED}{number}": name for number, name in enumerate(body[CANARIES])}}
        del body[CANARIES]
    plan = plan_of(kind, tuple(body))
    shown = {name: body[name] for name in plan.shown}
    named = [_encode({name: body[name] for name in names}) for names in plan.apart]
    head = {"v": 2, "entry": kind, "id": entry_id, "at": at, "body": shown, "parts": plan.names}
    beside: dict[str, Any] = {"allowed": allowed} if allowed else {}
    if by in _OPEN_AUTHORS:
        head["by"] = by
    else:
        beside["by"] = by
    if beside:
        head["parts"] = [*plan.names, *beside]
        named += [_encode({name: value}) for name, value in beside.items()]
    return [_encode(head), *named]


def part_hashes(nonce: bytes, parts: Sequence[bytes]) -> bytes:
    """The hashes of the parts, one behind the other."""
    sha256, salts, end = hashlib.sha256, _drawn(nonce, len(parts)), 0
    return b"".join(
        [sha256(b"\3" + salts[end : (end := end + SALT_BYTES)] + part).digest() for part in parts]
    )


def _drawn(nonce: bytes, count: int) -> bytes:
    """The salts, one behind the other."""
    return hashlib.shake_256(nonce).digest(SALT_BYTES * count)


def _salts(nonce: bytes, count: int) -> list[bytes]:
    drawn = _drawn(nonce, count)
    return [drawn[start : start + SALT_BYTES] for start in range(0, SALT_BYTES * count, SALT_BYTES)]


def content_hash(hashes: bytes) -> bytes:
    """What the header commits to, and what an operator signs."""
    return hashlib.sha256(b"\2" + hashes).digest()


class CaseKeys:
    """The keys that tag headers: one a canary and one an incident, all from the ``lookup`` key."""

    def __init__(self, lookup: bytes) -> None:
        self._root = hmac.digest(lookup, b"trapline-case-v2", "sha256")
        self._known: dict[tuple[str, str], bytes] = {}

    def key(self, noun: Noun, name: str) -> bytes:
        """32 bytes; whoever has them can tell which headers are of that case, and nothing of others."""
        found = self._known.get((noun, name))
        if found is None:
            if len(self._known) > 10_000:
                self._known.clear()
            found = self._known[noun, name] = hmac.digest(self._root, f"{noun}\n{name}".encode(), "sha256")
        return found

    def tag(self, noun: Noun, name: object, content: bytes) -> str:
        """Hexadecimal."""
        if not isinstance(name, str) or not name:
            return UNTAGGED
        return hashlib.sha256(b"\4" + self.key(noun, name) + content).hexdigest()[:32]


def mistagged(found: EntryHeader, body: Mapping[str, Any], keys: CaseKeys) -> bool:
    """Whether a header speaks of another case than its entry; a hit and its facts have their tags always."""
    right, must = about(body, keys, found.content), found.kind in ("hit", "derived")
    pairs = zip((found.canary, found.incident), right, strict=True)
    return any(said != tag and (must or said != UNTAGGED) for said, tag in pairs)


def about(body: Mapping[str, Any], keys: CaseKeys | None, content: bytes) -> tuple[str, str]:
    """The tags of an entry's header: (of its canary, of its incident)."""
    if keys is None:
        return UNTAGGED, UNTAGGED
    return keys.tag("canary", body.get("canary"), content), keys.tag(
        "incident", body.get("incident"), content
    )


def leaf_text(kind: str, canary: str, incident: str, content: bytes) -> bytes:
    """The header: what the leaf hash is of."""
    return f"{MARK}\n{kind}\n{canary}\n{incident}\n{content.hex()}\n".encode()


def line(kind: str, canary: str, incident: str, nonce: bytes, parts: Sequence[bytes]) -> bytes:
    """The whole entry, as it is stored."""
    first = f'["{kind}","{canary}","{incident}","{nonce.hex()}"]'.encode()
    return b"\t".join([first, *parts])


def sealed(
    kind: str, body: Mapping[str, Any], nonce: bytes, parts: Sequence[bytes], keys: CaseKeys | None
) -> tuple[bytes, bytes]:
    """(an entry's line, its leaf hash)."""
    content = content_hash(part_hashes(nonce, parts))
    tags = (kind, *about(body, keys, content))
    return line(*tags, nonce, parts), leaf_hash(leaf_text(*tags, content))


@dataclass(frozen=True, slots=True)
class EntryHeader:
    """What the log commits to of one entry."""

    kind: str
    canary: str
    incident: str
    content: bytes

    @property
    def leaf(self) -> bytes:
        """The leaf hash."""
        return leaf_hash(leaf_text(self.kind, self.canary, self.incident, self.content))


def header(text: bytes) -> EntryHeader | None:
    """The header of a whole entry's line; None for version 1. Raises PartsError."""
    if text[:1] == b"{":
        return None
    kind, canary, incident, nonce, parts = columns(text)
    return EntryHeader(kind, canary, incident, content_hash(part_hashes(nonce, parts)))


# a line's header, what it says and whether it is canonical are asked one after the other
@lru_cache(maxsize=1)
def columns(text: bytes) -> tuple[str, str, str, bytes, tuple[bytes, ...]]:
    """(kind, tag, tag, nonce, parts) of a line of version 2. Raises PartsError."""
    first, *parts = text.split(b"\t")
    try:
        kind, canary, incident, nonce = _first(first)
        return kind, canary, incident, bytes.fromhex(nonce), tuple(parts)
    except (ValueError, TypeError) as error:
        raise PartsError("a line is no entry") from error


@lru_cache(maxsize=1)
def _said(text: bytes) -> tuple[Any, ...]:
    """What each part of a line of version 2 says; whoever changes one copies it. Raises PartsError."""
    return tuple(map(_decode, columns(text)[4]))


def merged(text: bytes) -> dict[str, Any]:
    """What an entry says, of either version: its parts put together. Raises PartsError."""
    if text[:1] == b"{":
        value: dict[str, Any] = _decode(text)
        return value
    first, *others = _said(text)
    if not isinstance(first, dict) or not {"body", "parts", "entry", "v"} <= first.keys():
        raise PartsError("an entry's first part does not say what it is")
    body, count = {**first["body"]}, len(first["body"])
    value = {**first, "body": body}
    names = value.pop("parts")
    if value["entry"] != columns(text)[0] or value["v"] != 2 or len(others) - len(names) not in (0, 1):
        raise PartsError("an entry's parts are not those that it names")
    for number, said in enumerate(others):
        if number == len(names) or names[number] in BESIDE:
            value |= said
        else:
            body |= said
            count += len(said)
    if len(body) != count:
        raise PartsError("an entry names one field twice")
    return _with_list(value)


def _with_list(value: dict[str, Any]) -> dict[str, Any]:
    """The canaries of an export as one list again: those that are shown."""
    body = value["body"]
    if value["entry"] == "exported":
        numbered = [name for name in body if name.startswith(NUMBERED)]
        if numbered:
            body[CANARIES] = [body.pop(name) for name in sorted(numbered, key=_number)]
    return value


def _number(name: str) -> int:
    number = name.removeprefix(NUMBERED)
    if not number.isdecimal():
        raise PartsError("an entry has an unknown field")
    return int(number)


def of_canaries(text: bytes, canaries: Collection[str]) -> set[str]:
    """The names of those parts of an export that name these canaries. Raises PartsError."""
    names = part_names(text)
    numbered = (name for name in names if name.startswith(NUMBERED))
    listed = zip(sorted(numbered, key=_number), merged(text)["body"].get(CANARIES, ()), strict=False)
    return {name for name, canary in listed if canary in canaries}


def is_canonical(text: bytes) -> bool:
    """Whether each part is written in the one form that this program writes."""
    if text[:1] == b"{":
        return _encode(_decode(text)) == text
    return tuple(map(_encode, _said(text))) == columns(text)[4]


def part_names(text: bytes) -> list[str]:
    """The names of an entry's parts, the open one's empty; of version 1 none. Raises PartsError."""
    if text[:1] == b"{":
        return []
    pieces = columns(text)[4]
    return ["", *_decode(pieces[0])["parts"], SIGNED][: len(pieces)]


def without(text: bytes, hidden: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """(what an entry says without these parts, which of them it has). Raises PartsError."""
    value, left = merged(text), []
    for name, piece in zip(part_names(text), columns(text)[4], strict=True) if text[:1] != b"{" else ():
        if name in hidden or (name == SIGNED and "by" in hidden):
            left.append(name)
            into = value if name in BESIDE else value["body"]
            for field, said in _decode(piece).items():
                if name.startswith(NUMBERED) and value["entry"] == "exported":
                    value["body"][CANARIES].remove(said)
                else:
                    del into[field]
    return value, left


def redacted(text: bytes, hidden: Collection[str]) -> bytes:
    """The line with these parts held back (``by`` takes the signature along); as it is where it has none of them.

    Raises PartsError where it is of version 1, which has no parts.
    """
    if text[:1] == b"{":
        raise PartsError("an entry of version 1 is shown whole or not at all")
    kind, canary, incident, nonce, parts = columns(text)
    names = ["", *_decode(parts[0])["parts"], "by"][: len(parts)]
    if not any(name in hidden for name in names):
        return text
    hashes, shown = part_hashes(nonce, parts), []
    for number, (salt, part) in enumerate(zip(_salts(nonce, len(parts)), parts, strict=True)):
        if names[number] in hidden:
            shown.append(f'"{hashes[32 * number : 32 * number + 32].hex()}"'.encode())
        else:
            shown.append(f'["{salt.hex()}",'.encode() + part + b"]")
    return line(kind, canary, incident, b"", shown)
