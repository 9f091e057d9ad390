"""Each start is an entry *started*: version and hash of the programs, a keyed hash of each settings section and
channel, the hash of each data file and key. What decides the content of evidence is evidence itself.

What differs from the start before is an entry *setting*, and is told: over the channels of *before*, as they were, then
over the present ones. The state of before and its channels are kept sealed under the ``alerts`` key in the `meta` row
``started``; whoever rewrites that row too keeps the alert away, but not the *started* entries, which ``ledger verify``
compares.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

import canaries
import listener
from canaries.core import store
from canaries.crypto.sealed_box import BoxError, Locker

if TYPE_CHECKING:
    from canaries.installation.home import Home

_ROW = "started"
_SINGLE = ("version", "programs")
_TABLES = ("settings", "channels", "data", "keys")

StartState = dict[str, Any]
"""``version``, ``programs`` and four tables of name to hash: ``settings``, ``channels``, ``data``, ``keys``."""


@dataclass(frozen=True, slots=True)
class StartChange:
    """What differs from the start before."""

    words: tuple[str, ...]
    """``channels.ops changed``, ``data.ip.mmdb added``; empty where nothing does, or nothing was before."""
    old_channels: Mapping[str, Mapping[str, Any]]
    """The sections of those channels that are no longer as they were."""

    @property
    def told(self) -> tuple[str, ...]:
        """What is worth a message: some keys are made when they are first needed."""
        return tuple(one for one in self.words if not (one.startswith("keys.") and one.endswith(" added")))


def present(home: Home) -> StartState:
    """The state now. Raises SettingsError."""
    sections = {
        field.name: getattr(home.settings, field.name)
        for field in dataclasses.fields(home.settings)
        if field.name != "channels"
    }
    return {
        "version": canaries.__version__,
        "programs": _programs(),
        "settings": {name: _keyed(home, section) for name, section in sections.items()},
        "channels": {name: _keyed(home, section) for name, section in home.settings.channels.items()},
        "data": {path.name: _file(path) for path in _files(home.path / "data")},
        "keys": {path.name: _file(path) for path in _files(home.path / "keys")},
    }


def compare(connection: Connection, home: Home, now: StartState) -> StartChange:
    """What differs from the last start; where its record was removed or changed, that is the change."""
    stored = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == _ROW))
    if stored is None:
        before = connection.scalar(select(store.entry.c.id).where(store.entry.c.kind == "started").limit(1))
        lost = ("the record of the start before was removed",) if before else ()
        return StartChange(lost, {})
    try:
        old = json.loads(Locker(home.keys.alerts).open(bytes.fromhex(stored), _ROW.encode()))
        channels = {
            name: section
            for name, section in old["sections"].items()
            if old["state"]["channels"].get(name) != now["channels"].get(name)
        }
        return StartChange(tuple(_words(old["state"], now)), channels)
    except (BoxError, ValueError, KeyError, TypeError):
        return StartChange(("the record of the start before was changed",), {})


def record(
    connection: Connection, home: Home, at: str, by: str, state: StartState, change: StartChange
) -> None:
    """The *started* entry, the *setting* entry where something differs, and the memory for the next start."""
    home.writer.record(connection, "started", at, by, state)
    if change.words:
        home.writer.record(
            connection, "setting", at, by, {"section": "started", "changed": list(change.words)}
        )
    remember(connection, home, state)


def remember(connection: Connection, home: Home, state: StartState) -> None:
    """Keep the state and the channels' sections for the next start."""
    sections = {name: dict(section) for name, section in home.settings.channels.items()}
    kept = json.dumps({"state": state, "sections": sections}, default=str).encode()
    value = Locker(home.keys.alerts).seal(kept, _ROW.encode()).hex()
    store.upsert(connection, store.meta, {"name": _ROW, "value": value}, {"value": value})


def _words(old: StartState, new: StartState) -> Iterator[str]:
    for name in _SINGLE:
        if old[name] != new[name]:
            yield f"{name} changed: {old[name][:16]} to {new[name][:16]}"
    for table in _TABLES:
        for name in sorted(old[table].keys() | new[table].keys()):
            before, after = old[table].get(name), new[table].get(name)
            if before != after:
                word = "added" if before is None else "removed" if after is None else "changed"
                yield f"{table}.{name} {word}"


def _keyed(home: Home, section: object) -> str:
    content = msgspec.json.encode(section, order="sorted", enc_hook=str)
    return hmac.digest(home.keys.alerts, b"started\0" + content, hashlib.sha256).hex()


def _programs() -> str:
    """One hash over every file of both packages, templates and shipped data included."""
    state = hashlib.sha256()
    for package in (canaries, listener):
        for folder in sorted(package.__path__):
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    state.update(f"{path.relative_to(folder)}\0{_file(path)}\n".encode())
    return state.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
