"""Phony people as records of a data set: each made after one of its records, at a place where it does not stand out.

What is done here for a file `canaries.plant.rows` does for a table; the same donor's row is transformed by the same
rules. A record stands where its id and its date belong, if the file is in the order of either.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL

from canaries.content.people import ascii_letters
from canaries.copies.datasets import DataTable
from canaries.copies.free_numbers import FreeNumbers
from canaries.copies.guessing import enough
from canaries.core.errors import MintError
from canaries.core.settings import BaitSettings
from canaries.plant import fitting
from canaries.plant.rows.columns import is_arrival, match
from canaries.plant.rows.donor_row import DonorRow, FilledRow, IdentityManner, is_password
from canaries.plant.rows.donors import completed, marks_of
from canaries.plant.rows.layout import Field, Layout
from canaries.plant.rows.neighbour_values import Moving, moment
from canaries.plant.rows.passwords import password_for
from canaries.plant.rows.relations import FamilyRow
from canaries.plant.rows.replacing import Replacing
from canaries.plant.rows.sample import Sample
from canaries.plant.rows.table import Address

BITS = 18.0
"""What an address is worth at least (`canaries.copies.guessing`): some digits behind a name."""
_KEYS = ("email", "name", "first_name", "last_name", "user_name", "phone", "locale", "country")
_WHOLE = re.compile(r"(?:0|[1-9]\d{0,17})\Z")
_SAMPLE = 1_000
_LEAST = 10
"""Records below which nothing can be said about what is usual."""
_ALL_DIFFER = 3
_NOWHERE = Address(URL.create("sqlite"), "data", None)


@dataclass(frozen=True, slots=True)
class DonorRecord:
    """A record after which a person is made."""

    row: Mapping[str, Any]
    options: Mapping[str, str]
    """Of the kind ``user``."""


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A phony person as a record of the data set."""

    place: int
    """Before which of its records it stands; their number: behind the last one."""
    part: float
    """Of several at one place the order in which they stand."""
    row: Mapping[str, Any]


class DataPeople:
    """Makes records for one data set."""

    def __init__(self, data: DataTable, settings: BaitSettings, chance: random.Random) -> None:
        """Raises MintError where the set has too few records, no addresses, or there is no catch domain for them."""
        self._data, self._settings, self._chance = data, settings, chance
        if len(data.rows) < _LEAST:
            raise MintError(
                f"the data set has fewer than {_LEAST} records", hint="phony ones would stand out"
            )
        self._numbers = {name for name in data.columns if self._is_number(name)}
        self._texts = {
            name for name in self._numbers if any(isinstance(row.get(name), str) for row in data.rows)
        }
        self._rows = [self._typed(row) for row in data.rows]
        sample = Sample(tuple(chance.sample(self._rows, min(_SAMPLE, len(self._rows)))))
        self._sample, self._single = sample, {name for name in data.columns if self._differs(name)}
        self._layout = Layout(tuple(self._field(name) for name in data.columns), (), ())
        arrivals = [name for name in data.columns if is_arrival(name)]
        self._matched = match(_KEYS, [name for name in data.columns if name not in arrivals])
        if "email" not in self._matched.values():
            raise MintError(
                "no column of the data set holds e-mail addresses",
                hint="copies of a table are told apart by phony people in it",
            )
        if not settings.domain:
            raise MintError(
                "there is no catch domain for the addresses of phony people",
                hint="set bait.domain to a domain whose every mailbox is yours",
            )
        self._names = {name for row in self._rows for name in self._names_of(row)}
        self._arrival = next((name for name in arrivals if self._is_time(name)), "")
        self._latest: dict[tuple[str, ...], dt.datetime] = {}
        self._ids = {name: self._free_ids(name) for name in self._single & self._numbers}

    def donor(self) -> DonorRecord:
        """One of the records, drawn. Raises MintError where none has an address and a country with phony people."""
        for _ in range(200):
            row = self._chance.choice(self._rows)
            marks = self._marks(row)
            locale = fitting.locale_of(marks, self._settings.locale)
            if not locale or "@" not in marks.get("email", ""):
                continue
            own = (self._settings.domain, *self._settings.mail_domains)
            options = dict(fitting.options_like(marks, locale, self._chance.choice(own)))
            return DonorRecord(row, options | {"mailbox": enough(options["mailbox"], locale, BITS)})
        raise MintError(
            "there are no phony people of the countries in this data set", hint="see: trapline kinds user"
        )

    def is_namesake(self, person: Mapping[str, str]) -> bool:
        """Whether somebody in the data set has the phony person's name."""
        return _folded(person["first_name"], person["last_name"]) in self._names

    def place(self, person: Mapping[str, str], donor: DonorRecord) -> PlacedRecord:
        """The person as a record. Raises MintError, PlantError."""
        place, ids, part = self._where()
        member = FamilyRow(_NOWHERE, self._layout, self._sample, donor.row, ())
        draft, said = FilledRow(), completed(person)
        for name, value in ids.items():
            draft.put(name, value, "a free one")
        names = [one.name for one in self._layout.fields if not is_arrival(one.name)]
        matched = match(said, [name for name in names if name not in draft.values])
        for name in [name for name, key in matched.items() if is_password(name, key)]:
            neighbours = [row[name] for row in (donor.row, *self._sample.rows) if row.get(name)]
            if (found := password_for(name, person, neighbours, self._chance)) is not None:
                draft.put(name, found[0], found[1])
        matched = {name: key for name, key in matched.items() if not is_password(name, key)}
        replacing = Replacing(marks_of([member], [matched]), said)
        manner = IdentityManner(said, replacing, self._moving(donor.row, place, part), self._chance)
        made = DonorRow(member, manner, matched, draft).transform().values
        filled = {name: made.get(name, "" if donor.row.get(name) == "" else None) for name in donor.row}
        email = next(name for name, key in self._matched.items() if key == "email")
        if filled[email] != person["email"]:
            raise MintError(f"the column {email!r} does not take an address as it is")
        said_so = {
            name: str(value) if name in self._texts and isinstance(value, int) else value
            for name, value in filled.items()
        }
        return PlacedRecord(place, part, said_so)

    def _marks(self, row: Mapping[str, Any]) -> dict[str, str]:
        return marks_of([FamilyRow(_NOWHERE, self._layout, self._sample, row, ())], [self._matched])

    def _names_of(self, row: Mapping[str, Any]) -> Iterator[str]:
        marks = self._marks(row)
        if marks.get("first_name") and marks.get("last_name"):
            yield _folded(marks["first_name"], marks["last_name"])

    def _is_number(self, name: str) -> bool:
        values = [row.get(name) for row in self._data.rows]
        known = [one for one in values if one not in (None, "")]
        return bool(known) and all(
            (isinstance(one, int) and not isinstance(one, bool))
            or (isinstance(one, str) and _WHOLE.match(one) is not None)
            for one in known
        )

    def _typed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: int(value) if name in self._numbers and value not in (None, "") else value
            for name, value in row.items()
        }

    def _differs(self, name: str) -> bool:
        known = [str(row[name]) for row in self._rows if row.get(name) not in (None, "")]
        return len(known) >= _ALL_DIFFER and len(set(known)) == len(known)

    def _field(self, name: str) -> Field:
        values = [row[name] for row in self._rows if row.get(name) not in (None, "")]
        first = values[0] if values else ""
        sort = "text"
        if isinstance(first, bool):
            sort = "truth"
        elif isinstance(first, int | float):
            sort = "number"
        elif isinstance(first, dict):
            sort = "document"
        elif isinstance(first, list):
            sort = "list"
        return Field(name, True, False, False, sort, None, name in self._single)

    def _is_time(self, name: str) -> bool:
        return all(moment(row[name]) for row in self._sample.rows if row.get(name) not in (None, ""))

    def _free_ids(self, name: str) -> FreeNumbers:
        return FreeNumbers([row.get(name) for row in self._rows], self._chance)

    def _where(self) -> tuple[int, dict[str, int], float]:
        """A place for a record, its numbers there, and how far between its neighbours they are, 0 to 1."""
        ordered = next((name for name, ids in self._ids.items() if ids.ordered), "")
        place = self._ids[ordered].place() if ordered else self._chance.randint(0, len(self._rows))
        numbers = {name: ids.take(place) for name, ids in self._ids.items()}
        part = self._ids[ordered].part(place, numbers[ordered]) if ordered else self._chance.random()
        return place, numbers, part

    def _moving(self, donor: Mapping[str, Any], place: int, part: float) -> Moving | None:
        """The donor's times moved to between those of the neighbours at ``place``."""
        if not self._arrival or donor.get(self._arrival) in (None, ""):
            return None
        times = [found[0] for row in self._around(place) if (found := moment(row.get(self._arrival)))]
        base = moment(donor[self._arrival])
        if not times or base is None:
            return None
        start = min(times) + (max(times) - min(times)) * part
        others = {
            name: value
            for name, value in donor.items()
            if not isinstance(value, int | float) and moment(value) is not None
        }
        return Moving(base[0], others, start, max(self._newest(tuple(others)), start))

    def _newest(self, names: tuple[str, ...]) -> dt.datetime:
        """The latest time that any record has in one of the columns."""
        if names not in self._latest:
            found = (moment(row[name]) for row in self._sample.rows for name in names if row.get(name))
            self._latest[names] = max(one[0] for one in found if one)
        return self._latest[names]

    def _around(self, place: int) -> Sequence[Mapping[str, Any]]:
        return self._rows[max(0, place - 1) : place + 1]


def _folded(first: str, last: str) -> str:
    return f"{ascii_letters(first)} {ascii_letters(last)}"
