"""What is held about one address or one person, as a text that they can be given (GDPR, article 15).

Every entry is opened and looked through: an address is a connection's source or peer, or is named in what a visitor
sent; a person is an author, an owner, a recipient, or is named in a note. So are the records of canaries, accounts with
their sessions, and what was seen and not recognised (`subject_records`). Others are made out of it: other addresses,
and names of other people that the ledger knows. That the text was made is an entry *exported*.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from canaries.core import files
from canaries.core.clock import from_micros, rfc3339
from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.text import counted, decoded, visible
from canaries.ledger.statements import MACHINES
from listener.incidents import queries, rendering, subject_records
from listener.incidents.subject_records import SubjectRecord

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.entries import Entry
    from listener.evidence.sighting import Sighting

_PEOPLE = ("by", "owner", "recipient", "from", "to", "proposed_by", "assignee", "name")
"""Fields that name a person, where an operator writes them."""
_OURS = ("local", "destination")
_ADDRESS = re.compile(
    r"(?<![\w.:])(?<![A-Za-z]/)\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"  # behind a letter and a slash is a version
    r"|(?<![\w.:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{0,2}(?:\.\d{1,3}){3})?(?![\w.:])"
)
_SEEN_SHOWN = 500
"""Sightings without a token that are printed; the rest is counted."""
_RAW_SHOWN = 16_384
"""Characters of a raw request that are printed."""


@dataclass(slots=True)
class _Subject:
    """Whom it is about, and whom it is not."""

    text: str
    address: ipaddress.IPv4Address | ipaddress.IPv6Address | None
    others: set[str] = field(default_factory=set)
    """Names of other people."""
    ours: set[str] = field(default_factory=set)
    """Addresses of the listener."""

    def is_meant(self, value: str) -> bool:
        """Whether a text names the subject."""
        if self.address is None:
            return re.search(rf"(?<!\w){re.escape(self.text)}(?!\w)", value, re.IGNORECASE) is not None
        return any(_address(found.group()) == self.address for found in _ADDRESS.finditer(value))

    def redacted(self, value: str) -> str:
        """The text without others, visible."""
        if self.others:
            names = "|".join(map(re.escape, sorted(self.others, key=len, reverse=True)))
            value = re.sub(rf"(?<!\w)(?:{names})(?!\w)", "[another person]", value)
        return visible(_ADDRESS.sub(self._address_or_not, value))

    def _address_or_not(self, found: re.Match[str]) -> str:
        address = _address(found.group())
        if address is None or address == self.address or found.group() in self.ours:
            return found.group()
        return "[another address]"


def write(
    home: Home,
    out: Path,
    *,
    address: str = "",
    person: str = "",
    why: str = "",
    unrecognised: Iterable[Sighting] | None = None,
) -> tuple[str, int]:
    """Write what is held about an address, or about a person by name, to the new file ``out``.

    ``unrecognised``: what was seen and held no known token, as far as it is kept; None: it cannot be read. The
    SHA-256 of the text, and the number of entries and records in it come back. Raises TraplineError, NotFoundError
    where nothing is held, and LedgerError where a record was changed.
    """
    subject = _subject(address, person)
    if out.exists():
        raise TraplineError(f"{out} is already there", hint="give another name with --out")
    found = _found(home, subject)
    records = list(_records(home, subject, unrecognised))
    subject.others.update(
        name for one in records for name in one.people if name.casefold() != subject.text.casefold()
    )
    if not found and not records:
        raise NotFoundError(
            f"nothing is held about {subject.text!r}", hint="is it written as it is recorded?"
        )
    state = hashlib.sha256()
    with files.draft(out, new=True) as file:
        for line in chain(
            _text(home, subject, found, kept=unrecognised is not None), _told(subject, records)
        ):
            data = f"{line}\n".encode()
            state.update(data)
            file.write(data)
        body = {
            "what": "access",
            "subject": subject.text,
            "why": why,
            "file": out.name,
            "sha256": state.hexdigest(),
            "count": len(found) + len(records),
        }
        said = home.act("exported", body)
        with home.store.write() as connection:
            home.writer.put(connection, said)
    return state.hexdigest(), len(found) + len(records)


def _records(
    home: Home, subject: _Subject, unrecognised: Iterable[Sighting] | None
) -> Iterator[SubjectRecord]:
    """What is held beside the ledger."""
    yield from subject_records.canaries(home, subject.is_meant)
    if subject.address is None:
        yield from subject_records.accounts(home, subject.text)
        return
    yield from subject_records.sign_ins(home, subject.text)
    count = 0
    for one in unrecognised or ():
        if subject.address in (_address(one.peer[0]), _address(one.source[0])):
            count += 1
            if count <= _SEEN_SHOWN:
                title = f"seen and not recognised, {rfc3339(from_micros(one.observed_at))}, {one.trap}"
                yield SubjectRecord(title, tuple(decoded(one.raw)[:_RAW_SHOWN].splitlines()))
    if count > _SEEN_SHOWN:
        yield SubjectRecord(f"seen and not recognised {count - _SEEN_SHOWN} times more", ())


def _told(subject: _Subject, records: list[SubjectRecord]) -> Iterator[str]:
    """The records in clear, others made out of them."""
    for one in records:
        yield ""
        yield subject.redacted(one.title)
        yield from (f"  {subject.redacted(line)}" for line in one.lines)


def _subject(address: str, person: str) -> _Subject:
    if bool(address.strip()) == bool(person.strip()):
        raise TraplineError("give one address or one person", hint="--address IP, or --person NAME")
    if person.strip():
        return _Subject(person.strip(), None)
    known = _address(address.strip())
    if known is None:
        raise TraplineError(f"{address.strip()!r} is no IP address", hint="as in: --address 203.0.113.7")
    return _Subject(str(known), known)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _found(home: Home, subject: _Subject) -> list[str]:
    """Ids of the entries that are about the subject, with what was derived from their hits, oldest first."""
    found: list[str] = []
    hits: set[str] = set()
    with home.store.read() as connection:
        for entry in home.reader.entries(connection):
            subject.others.update(
                name for name in _names(entry) if name.casefold() != subject.text.casefold()
            )
            if entry.kind == "hit":
                subject.ours.add(str(entry.body["local"]["ip"]))
            named = any(map(subject.is_meant, _strings({"by": entry.by, **entry.body})))
            if entry.kind == "hit" and named:
                hits.add(entry.id)
            if named or (entry.kind == "derived" and entry.body["hit"] in hits):
                found.append(entry.id)
    return found


def _names(entry: Entry) -> Iterator[str]:
    """People whom an entry names; none of a visitor's words are among them."""
    if entry.kind in ("hit", "derived"):
        return
    for value in ({"by": entry.by, **entry.body}[name] for name in _PEOPLE if name in {"by", *entry.body}):
        if isinstance(value, str) and value.strip() and value not in MACHINES:
            yield value.strip()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _OURS:
                yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _text(home: Home, subject: _Subject, found: list[str], *, kept: bool) -> Iterator[str]:
    operator = home.settings.operator
    yield f"WHAT IS HELD ABOUT {visible(subject.text)}"
    yield ""
    yield f"Held by {visible(operator.organisation or 'the operator')}, {visible(operator.contact or '-')}."
    yield f"Made {home.now()}, of {counted(len(found), 'entry', 'entries')} in the log {home.origin}."
    yield "Times are UTC. Other people's names and addresses were made out of it; marks stand in their places."
    yield "Entries first, then records of canaries, accounts, and what was seen and not recognised."
    yield "Not searched: backups, alerts that wait to be sent, files that bait was planted in, the program's own log,"
    yield "and the mailboxes and services that alerts were sent to."
    if not kept:
        yield "Nor was what was seen and not recognised: its key is not here."
    for start in range(0, len(found), 500):
        page = found[start : start + 500]
        with home.store.read() as connection:
            entries = home.reader.fetch(connection, page)
        for name in page:
            if name in entries:
                yield ""
                yield from _entry(home, subject, entries[name])


def _entry(home: Home, subject: _Subject, entry: Entry) -> Iterator[str]:
    place = "not sealed yet" if entry.seq is None else f"entry {entry.seq}"
    yield f"{entry.at}  {entry.kind}  ({place}, {entry.id})"
    yield from _fields(subject, {"by": entry.by, **entry.body})
    raw = queries.raw(home, entry.id) if entry.kind == "hit" else None
    if raw is not None:
        text = decoded(raw)
        yield "  received, exactly:"
        yield from (f"    {subject.redacted(line)}" for line in text[:_RAW_SHOWN].splitlines())
        if len(text) > _RAW_SHOWN:
            yield f"    and {len(text) - _RAW_SHOWN} characters more"


def _fields(subject: _Subject, body: dict[str, Any]) -> Iterable[str]:
    for name, value in body.items():
        plain = msgspec.to_builtins(value)
        for number, line in enumerate(rendering.lines(plain)):
            label = f"{name}: " if number == 0 else " " * (len(name) + 2)
            yield f"  {label}{subject.redacted(line)}"
