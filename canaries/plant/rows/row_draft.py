"""Deciding what goes into a table and those beside it: the operator's word first, then the bait, then a donor's row.

A donor is one of the newest neighbours. Its row, with those it has in tables beside, is transformed into the phony
person's: what it leaves empty stays empty, its times keep their order, and its own marks become the person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.plant.files.literals import tokens
from canaries.plant.planters import PlantingRequest
from canaries.plant.rows import table
from canaries.plant.rows.columns import is_arrival, match, plain
from canaries.plant.rows.donor_row import DonorRow, FilledRow, IdentityManner, is_password
from canaries.plant.rows.donors import candidates, completed, marks_of
from canaries.plant.rows.neighbour_values import Moving, arrival, moment
from canaries.plant.rows.passwords import password_for
from canaries.plant.rows.relations import Family, FamilyRow
from canaries.plant.rows.replacing import Replacing
from canaries.plant.rows.sample import Row

_NAMES = ("first_name", "last_name", "name", "full_name")
"""Keys of a bait's row that make up a person's name."""
_NO_TEXT = ("uuid", "bytes", "json", "hstore", "list", "truth")
"""Sorts of columns that take nothing of a person's as it is."""
_TRIED = 16
"""Donors whose whole identity is tried before one is taken whose row leaves columns open."""
_NOBODYS = re.compile(r"[@.](test|example|invalid|localhost|example\.(com|net|org))$", re.IGNORECASE)
"""RFC 2606: among such addresses one that cannot be is no exception."""


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row of one table before it is inserted."""

    where: table.Address
    key: tuple[str, ...]
    """Primary key columns; may be empty."""
    values: Mapping[str, Any]
    """Everything that is set, by column."""
    planted: Mapping[str, str]
    """Of these, what comes from the bait."""
    sources: Mapping[str, str]
    """Where each value comes from, in words; no values."""
    links: tuple[tuple[str, int, str], ...]
    """Columns that name one of the identity's rows: column, which row, by which of its columns."""


@dataclass(frozen=True, slots=True)
class IdentityDraft:
    """All rows of one phony person before they are inserted."""

    rows: tuple[RowDraft, ...]
    """In the order in which they are inserted."""
    strongest: int
    """Which of them holds the best token."""
    found_by: Mapping[str, Any]
    """That token's column and value: finds the row before its key is known."""

    def refuse_twin(self, connection: Connection) -> None:
        """Raises PlantError where the row is there already."""
        row = self.rows[self.strongest]
        if table.fetch(connection, row.where, list(self.found_by), self.found_by) is not None:
            raise PlantError("the table already holds this bait", hint="mint another canary for another row")


class Drafter:
    """Makes the draft. Looks only."""

    def __init__(self, connection: Connection, where: table.Address, request: PlantingRequest) -> None:
        self._connection, self._where, self._request = connection, where, request
        self._family = Family(connection, where)
        self._layout = self._family.layout(where)

    def draft(self) -> IdentityDraft:
        """Raises PlantError where a column needs a value and nobody knows one, or where the row is there already."""
        self._refuse_unknown()
        best: IdentityDraft | None = None
        missing: tuple[str, ...] = ()
        for donor in self._donors():
            members = self._family.of(donor)
            drafts = self._drafts(members)
            left = tuple(name for draft in drafts for name in draft.missing)
            found = self._identity(members, drafts)
            if found is not None and (best is None or len(left) < len(missing)):
                best, missing = found, left
            if best is not None and not missing:
                break
        if best is None:
            known = ", ".join(self._request.bait.row)
            sentence = f"no column of {self._where.full_name!r} takes a token of this bait"
            raise PlantError(sentence, hint=f"the bait's row has: {known}")
        if missing:
            named = ", ".join(missing)
            sentence = f"the table {self._where.full_name!r} needs a value for {named}, and the bait has none"
            raise PlantError(sentence, hint=f"say what goes in: --set {missing[0]}=VALUE")
        best.refuse_twin(self._connection)
        self._refuse_namesake(best)
        self._refuse_taken(best)
        self._refuse_nowhere(best)
        return best

    def _refuse_unknown(self) -> None:
        known = {field.name for field in self._layout.fields}
        for name in self._request.values:
            if name not in known:
                raise PlantError(
                    f"the table {self._where.full_name!r} has no column {name!r} that can be set"
                )

    def _donors(self) -> Iterator[Row]:
        """Some of the newest neighbours, those like the person first; an empty row where there are none."""
        sample, person = self._family.sample(self._where), self._request.bait.row
        drawn = candidates(sample, self._request.chance)
        if not drawn:
            yield dict.fromkeys([field.name for field in self._layout.fields])
            return
        matched = match(person, list(drawn[0]))
        like = self._request.like
        drawn.sort(
            key=lambda row: (any(row[name] != like[name] for name in like), _unlike(row, matched, person))
        )
        yield from drawn[:_TRIED]

    def _drafts(self, members: list[FamilyRow]) -> list[FilledRow]:
        matched = [self._matched(member) for member in members]
        person = completed(self._request.bait.row)
        donor = marks_of(members, matched)
        replacing = Replacing(donor, person)
        manner = IdentityManner(person, replacing, self._moving(members), self._request.chance)
        made = []
        for member, found in zip(members, matched, strict=True):
            draft = FilledRow()
            if member.where == self._where:
                for name, value in self._request.values.items():
                    draft.put(name, value, "as you said")
            theirs = self._passwords(member, found, draft)
            others = {name: key for name, key in found.items() if name not in theirs}
            made.append(DonorRow(member, manner, others, draft).transform())
        return made

    def _matched(self, member: FamilyRow) -> Mapping[str, str]:
        """Column to key of the bait's row. Where nobody lives here yet, every column is the bait's."""
        linked = {name for name, _, _ in member.links}
        names = [
            one.name
            for one in member.layout.fields
            if one.name not in linked and not is_arrival(one.name) and one.sort not in _NO_TEXT
        ]
        if member.where == self._where:
            names = [name for name in names if name not in self._request.values]
        return match(completed(self._request.bait.row), names)

    def _passwords(self, member: FamilyRow, matched: Mapping[str, str], draft: FilledRow) -> set[str]:
        """Clear text among hashes, or another scheme than everybody's, marks the bait at a glance. The columns that
        are about passwords come back."""
        bait, theirs = self._request.bait.row, set()
        for one in member.layout.fields:
            key = matched.get(one.name, "")
            if not is_password(one.name, key):
                continue
            theirs.add(one.name)
            if one.name in draft.values:
                continue
            neighbours = [row[one.name] for row in (member.row, *member.sample.rows) if row.get(one.name)]
            found = password_for(one.name, bait, neighbours, self._request.chance)
            if found is not None:
                value, source, of_bait = found
                draft.put(one.name, value, source)
                if of_bait:
                    draft.planted[one.name] = value
        return theirs

    def _moving(self, members: list[FamilyRow]) -> Moving | None:
        """By when the donor came and when the newest neighbour did."""
        main = next(member for member in members if member.where == self._where)
        arrivals = [
            one.name for one in main.layout.fields if is_arrival(one.name) and moment(main.row.get(one.name))
        ]
        others = [name for name, value in main.row.items() if _sure(value)]
        base = next(iter(sorted(arrivals, key=lambda name: "creat" not in plain(name)) or others), None)
        if base is None:
            return None
        now, newest = self._request.now, main.sample.largest(base)
        start, when = arrival(newest, now, self._request.chance), moment(main.row[base])
        if start is None or when is None:
            return None
        times = {
            f"{number} {name}": value
            for number, member in enumerate(members)
            for name, value in member.row.items()
            if _sure(value)
        }
        return Moving(when[0], times, start, now)

    def _identity(self, members: list[FamilyRow], drafts: list[FilledRow]) -> IdentityDraft | None:
        """None where no column takes a token: without one the row would never be noticed."""
        rows = tuple(
            RowDraft(
                member.where, member.layout.key, draft.values, draft.planted, draft.sources, member.links
            )
            for member, draft in zip(members, drafts, strict=True)
        )
        for token in tokens(self._request.bait):
            for number, row in enumerate(rows):
                for name, value in row.planted.items():
                    if value == token.value and not token.weak:
                        return IdentityDraft(rows, number, {name: value})
        return None

    def _refuse_namesake(self, draft: IdentityDraft) -> None:
        """A real person's name must never be a phony one's."""
        for row in draft.rows:
            names = {
                name: value for name, value in row.planted.items() if _is_name(self._request.bait, value)
            }
            if names and table.fetch(self._connection, row.where, list(names), names) is not None:
                raise PlantError(
                    "somebody in this table has the phony person's name", hint="mint another canary"
                )

    def _refuse_taken(self, draft: IdentityDraft) -> None:
        """What the database would refuse: an error for an operator to puzzle over, where another person fits."""
        for row in draft.rows:
            for names in self._family.layout(row.where).unique:
                values = {name: row.values.get(name) for name in names}
                if None in values.values() or any(column in names for column, _, _ in row.links):
                    continue
                if table.fetch(self._connection, row.where, list(names), values) is not None:
                    raise PlantError(
                        f"another row of {row.where.full_name!r} has that {' and '.join(names)}, and no two may",
                        hint="mint another canary"
                        if set(names) & set(row.planted)
                        else f"say what goes in: --set {names[-1]}=VALUE",
                    )

    def _refuse_nowhere(self, draft: IdentityDraft) -> None:
        """An address that cannot be, among addresses that are: the first thing a thief sorts out."""
        if "no-mail" in self._request.allow:
            return
        for row in draft.rows:
            for name, value in row.planted.items():
                if not value.lower().endswith(".invalid") or "@" not in value:
                    continue
                others = [text for text in self._family.sample(row.where).counts(name) if "@" in text]
                if others and not any(_NOBODYS.search(text) for text in others):
                    raise PlantError(
                        f"column {name!r} holds real domains, and this bait's address ends in .invalid",
                        hint="set bait.domain to a domain of yours and mint again; to plant it all the same: "
                        "--allow no-mail",
                    )


def _sure(value: Any) -> bool:
    """Whether a value is a time whatever its column is called."""
    return not isinstance(value, int | float) and moment(value) is not None


def _unlike(row: Row, matched: Mapping[str, str], person: Mapping[str, str]) -> int:
    """0 for somebody of the person's own country and language, as far as the row says."""
    differs = 0
    for name, key in matched.items():
        if key in ("locale", "country") and row.get(name):
            differs += not str(row[name]).lower().startswith(person[key][:2].lower())
    return differs


def _is_name(bait: Bait, value: str) -> bool:
    return any(bait.row.get(key) == value for key in _NAMES)
