"""What the ledger may hold and yet ask for an explanation.

A seal shows that nothing was changed afterwards; it does not show that what was sealed is true. Whoever can write to
the database can insert an entry. These are the traces that such an entry tends to leave, and that an honest one leaves
only where a clock was wrong or a program failed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from canaries.core.clock import parse_rfc3339
from canaries.core.web_address import is_address
from canaries.ledger import continuation, entry_shapes
from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry
from canaries.ledger.parts import is_canonical
from canaries.ledger.statements import MACHINES

LATE = timedelta(minutes=10)
"""An entry that was written so long before the checkpoint that it follows waited unusually long for its place."""
MOST = 100
"""Sentences kept; beyond them only the number counts."""


class Oddities:
    """Looks at every entry in log order. Bounded by the number of canaries, fronts' connections and checkpoints."""

    def __init__(self, signed: Sequence[Signed]) -> None:
        self.found: list[str] = []
        self._signed = sorted({(item.checkpoint.size, item.at) for item in signed if item.at})
        self._passed = self._before = 0
        self._late_before = datetime.min.replace(tzinfo=UTC)
        self._minted: dict[str, tuple[str, str]] = {}
        """Of each canary: when, and of which kind."""
        self._peers: dict[tuple[str, int], str] = {}
        self._numbers: dict[tuple[str, int], tuple[str, set[str]]] = {}
        self._held: dict[str, str] = {}
        self._signing_times(signed)

    def _signing_times(self, signed: Sequence[Signed]) -> None:
        """The database and the copy outside it say when each checkpoint was signed: a report prints the database's."""
        times: dict[int, set[str]] = {}
        for item in signed:
            if item.at and not item.continued:
                times.setdefault(item.checkpoint.size, set()).add(item.at)
        for size, said in sorted(times.items()):
            first, last = min(said), max(said)
            if first != last and parse_rfc3339(first) + LATE < parse_rfc3339(last):
                self._say(
                    f"the checkpoint of size {size} was signed at {first}, or at {last}: its copies differ"
                )

    def see(self, entry: Entry) -> None:
        """Take the next entry into account.

        Raises KeyError, TypeError or ValueError where it is not what an entry of its kind is.
        """
        entry_shapes.check(entry.kind, entry.body)
        _utc(entry.at)
        if _by_program(entry) and entry.by not in MACHINES:
            self._say(f"{_name(entry)} names a person as its author, and only the program writes such a one")
        if not is_canonical(entry.line):
            self._say(f"{_name(entry)} is not in canonical form: another program wrote it")
        self._late(entry)
        if entry.kind == "minted":
            kind = str(entry.body.get("kind", ""))
            self._minted.update((canary, (entry.at, kind)) for canary, _ in entry.body.get("canaries", ()))
        elif entry.kind == "hit":
            self._hit(entry)
        elif entry.kind in ("held", "erased"):
            self._hold(entry)
        elif entry.kind == "alerted":
            self._alerted(entry)
        elif entry.kind == "exported":
            named = entry.body.get("canaries", ())
            if len(set(named)) < len(named):
                self._say(f"{_name(entry)} names one canary twice")
        elif entry.kind == continuation.KIND:
            self._say(continuation.sentence(entry))
        self._before += 1

    def _late(self, entry: Entry) -> None:
        written, before = parse_rfc3339(entry.at), self._passed
        while self._passed < len(self._signed) and self._signed[self._passed][0] <= (entry.seq or 0):
            self._passed += 1
        if self._passed > before:
            self._late_before = parse_rfc3339(self._signed[self._passed - 1][1]) - LATE
        if entry.seq is None:
            return
        if self._passed < len(self._signed):
            size, at = self._signed[self._passed]
            if entry.at > at and written > parse_rfc3339(at) + LATE:
                self._say(
                    f"{_name(entry)} says {entry.at}, but is under the checkpoint of {size} entries, signed {at}"
                )
        if self._passed and written < self._late_before:
            size, at = self._signed[self._passed - 1]
            self._say(
                f"{_name(entry)} says {entry.at}, but was sealed after the checkpoint of {size} entries, signed {at}"
            )

    def _hold(self, entry: Entry) -> None:
        """Legal holds (`canaries.operators.holds`), and what was erased in spite of one."""
        named = [str(entry.body[noun]) for noun in ("incident", "canary") if entry.body.get(noun)]
        if entry.kind == "erased":
            for one in named:
                if one in self._held.values():
                    self._say(f"{_name(entry)} is of {one}, which was under legal hold")
        elif entry.body.get("act") == "placed" and named:
            self._held[entry.id] = named[0]
        elif entry.body.get("act") == "released":
            self._held.pop(str(entry.body.get("hold")), None)

    def _hit(self, entry: Entry) -> None:
        body = entry.body
        _utc(body["observed_at"])
        observed = parse_rfc3339(body["observed_at"])
        minted, kind = self._minted.get(body["canary"], ("", ""))
        if not minted:
            self._say(f"{_name(entry)} names a canary that no entry before it minted")
        elif body["observed_at"] < minted:
            self._say(f"{_name(entry)} was observed before its canary was minted")
        if kind and body["kind"] != kind:
            self._say(f"{_name(entry)} says another kind of canary than was minted")
        if body["observed_at"] > entry.at and observed > parse_rfc3339(entry.at) + LATE:
            self._say(f"{_name(entry)} was observed after it was written")
        self._whence(entry)
        if not (isinstance(body["number"], int) and isinstance(body["connection"], int)):
            self._say(f"{_name(entry)} has a number that is none")
        elif min(body["number"], body["connection"]) < 0:
            self._say(f"{_name(entry)} has a number below nought, and they are counted upwards")
        cut = body["raw_len"] < body["raw_size"]
        if body["raw_len"] > body["raw_size"] or body["raw_truncated"] != cut:
            self._say(f"{_name(entry)} contradicts itself on how much of the request was kept")
        number = (body["front"], body["number"])
        sighting, canaries = self._numbers.setdefault(number, (body["sighting"], set()))
        if sighting != body["sighting"] or body["canary"] in canaries:
            self._say(f"{_name(entry)} has the front's number of another hit")
        canaries.add(body["canary"])

    def _whence(self, entry: Entry) -> None:
        """The addresses of a hit, and whose they can be."""
        body = entry.body
        for name in ("peer", "source", "local"):
            if not _is_place(body.get(name, {})):
                self._say(f"{_name(entry)} has a {name} that is no address and port")
        if not body.get("via") and body["source"] != body["peer"]:
            self._say(f"{_name(entry)} comes from another address than its connection, and says of no proxy")
        connection, peer = (body["front"], body["connection"]), body["peer"]["ip"]
        if self._peers.setdefault(connection, peer) != peer:
            self._say(f"{_name(entry)} shares a connection with a hit of another address")

    def _alerted(self, entry: Entry) -> None:
        if entry.body.get("hits", 0) > self._before:
            self._say(f"{_name(entry)} tells of {entry.body['hits']} hits, which the log did not have")

    def _say(self, sentence: str) -> None:
        if len(self.found) < MOST:
            self.found.append(sentence)


def _is_place(place: Mapping[str, Any]) -> bool:
    """Whether it is an IP address, or nothing where none was seen, with a port."""
    port = place.get("port", 0)
    return type(port) is int and 0 <= port < 1 << 16 and _is_end(place.get("ip", ""))


@lru_cache(maxsize=4_096)
def _is_end(text: str) -> bool:
    """Whether it is nothing, or an IP address, with the interface that it came by or without."""
    address, _, zone = text.partition("%")
    return (not address or is_address(address)) and (not zone or _INTERFACE(zone) is not None)


_INTERFACE = re.compile(r"[A-Za-z0-9._-]{1,15}").fullmatch
"""What follows the percent sign of a link-local address (RFC 4007, 11): a name of Linux, in ASCII."""


def _by_program(entry: Entry) -> bool:
    """Whether only the program writes such an entry. An operator's trial of a channel is of no incident."""
    alert = entry.kind in ("alerted", "alert-failed") and entry.body.get("incident")
    return entry.kind in ("hit", "derived", "received", "stamped") or bool(alert)


_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII).fullmatch


def _utc(text: str) -> None:
    if not _UTC(text):
        raise ValueError(f"{text!r} is not in UTC with microseconds")


def _name(entry: Entry) -> str:
    return (
        f"the {entry.kind} entry at {entry.seq}" if entry.seq is not None else f"the waiting entry {entry.id}"
    )
