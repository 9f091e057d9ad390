"""What the API's client gives: a few fields by name, and everything the server said in ``said``."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class RemoteCanary:
    """A canary without its bait."""

    id: str
    kind: str
    memo: str
    recipient: str
    owner: str
    state: str
    """``live``, ``retired`` or ``expired``."""
    tags: tuple[str, ...]
    hits: int | None
    """None: whoever asks may not know."""
    etag: str
    """For changing it; empty in lists."""
    said: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any], etag: str = "") -> Self:
        return cls(
            id=str(said["id"]),
            kind=str(said["kind"]),
            memo=str(said["memo"]),
            recipient=str(said["recipient"]),
            owner=str(said["owner"]),
            state=str(said["state"]),
            tags=tuple(said["tags"]),
            hits=said.get("hits"),
            etag=etag,
            said=said,
        )


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a bait."""

    path: str
    """Relative; where it is to be written says whoever has it."""
    sha256: str
    content: bytes | None = field(repr=False)
    """None: the server cannot make it again."""


@dataclass(frozen=True, slots=True)
class RemoteBait:
    """A bait in clear."""

    id: str
    kind: str
    text: str = field(repr=False)
    tokens: tuple[tuple[str, str], ...] = field(repr=False)
    """(facet, value)."""
    files: tuple[RemoteFile, ...]
    said: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        files = tuple(
            RemoteFile(
                str(one["path"]),
                str(one["sha256"]),
                base64.b64decode(one["content"]) if "content" in one else None,
            )
            for one in said["files"]
        )
        parts = tuple((str(one["facet"]), str(one["value"])) for one in said["tokens"])
        return cls(str(said["id"]), str(said["kind"]), str(said["text"]), parts, files, said)


@dataclass(frozen=True, slots=True)
class RemoteHit:
    """One use of a canary. Its texts are as a visitor sent them."""

    id: str
    canary: str
    kind: str
    facet: str
    trap: str
    observed_at: str
    ip: str
    port: int
    incident: str
    facts: Mapping[str, Any]
    said: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        return cls(
            id=str(said["id"]),
            canary=str(said["canary"]),
            kind=str(said["kind"]),
            facet=str(said["facet"]),
            trap=str(said["trap"]),
            observed_at=str(said["observed_at"]),
            ip=str(said["source"]["ip"]),
            port=int(said["source"]["port"]),
            incident=str(said["incident"]),
            facts=said["facts"],
            said=said,
        )


@dataclass(frozen=True, slots=True)
class RemoteIncident:
    """Hits that belong together."""

    id: str
    opened_at: str
    last_at: str
    hits: int
    state: str
    assignee: str
    """Who looks after it; empty: nobody."""
    canaries: tuple[str, ...]
    etag: str
    said: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any], etag: str = "") -> Self:
        return cls(
            id=str(said["id"]),
            opened_at=str(said["opened_at"]),
            last_at=str(said["last_at"]),
            hits=int(said["hits"]),
            state=str(said["state"]),
            assignee=str(said.get("assignee", "")),
            canaries=tuple(said["canaries"]),
            etag=etag,
            said=said,
        )


@dataclass(frozen=True, slots=True)
class RemotePlacement:
    """Where a bait is."""

    id: str
    canary: str
    state: str
    """``there``, ``changed``, ``gone``, ``unreachable``."""
    target: str
    planted_at: str
    checked_at: str
    said: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        return cls(
            id=str(said["id"]),
            canary=str(said["canary"]),
            state=str(said["state"]),
            target=str(said["target"]),
            planted_at=str(said["planted_at"]),
            checked_at=str(said["checked_at"]),
            said=said,
        )


@dataclass(frozen=True, slots=True)
class RemoteRule:
    """What is the operators' own: its hits are marked and told to nobody."""

    id: str
    mark: str
    """``own``, ``mute`` or ``test``."""
    expires_at: str
    owner: str
    reason: str
    networks: tuple[str, ...]
    client: str
    canary: str
    etag: str
    """For reviewing it; empty in lists."""
    said: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, said: Mapping[str, Any], etag: str = "") -> Self:
        return cls(
            id=str(said["id"]),
            mark=str(said["mark"]),
            expires_at=str(said["expires_at"]),
            owner=str(said["owner"]),
            reason=str(said["reason"]),
            networks=tuple(map(str, said["networks"])),
            client=str(said["client"]),
            canary=str(said["canary"]),
            etag=etag,
            said=said,
        )


@dataclass(frozen=True, slots=True)
class RemotePart:
    """How one part of the installation is."""

    part: str
    level: str
    """``well``, ``note`` or ``failing``."""
    says: str
    hint: str

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        return cls(*(str(said[name]) for name in ("part", "level", "says", "hint")))
