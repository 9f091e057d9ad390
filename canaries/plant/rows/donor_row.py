"""A donor's row transformed into the phony person's, column by column: what is the donor's own never comes over."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from canaries.core.errors import PlantError
from canaries.plant.rows import notations
from canaries.plant.rows.columns import is_clear_password, says_hash
from canaries.plant.rows.layout import Field
from canaries.plant.rows.neighbour_values import Moving, identifier, moment
from canaries.plant.rows.relations import FamilyRow
from canaries.plant.rows.replacing import Replacing, looks_drawn, redrawn
from canaries.plant.rows.table import pairs

_COPIED = ("truth", "number")
_TIMELY = ("at", "_on", "_ts", "time", "date", "created", "updated", "modified", "joined", "seen")


@dataclass(frozen=True, slots=True)
class IdentityManner:
    """What all rows of one identity share."""

    person: Mapping[str, str]
    """The bait's row."""
    replacing: Replacing
    moving: Moving | None
    chance: random.Random


@dataclass(slots=True)
class FilledRow:
    """A row of one table before it is inserted."""

    values: dict[str, Any] = field(default_factory=dict)
    """Everything that is set, by column."""
    planted: dict[str, str] = field(default_factory=dict)
    """Of these, what comes from the bait as it is."""
    sources: dict[str, str] = field(default_factory=dict)
    """Where each value comes from, in words; no values."""
    missing: tuple[str, ...] = ()
    """Columns that need a value which nobody knows."""

    def put(self, name: str, value: Any, source: str) -> None:
        """Set a column."""
        self.values[name], self.sources[name] = value, source


class DonorRow:
    """The transformation of one member of the donor's identity."""

    def __init__(
        self, member: FamilyRow, manner: IdentityManner, matched: Mapping[str, str], draft: FilledRow
    ) -> None:
        """``matched``: column to key of the person's row; ``draft`` holds what the operator said."""
        self._member, self._manner, self._matched, self._draft = member, manner, matched, draft
        self._linked = {name for name, _, _ in member.links}
        self._alone = all(value is None for value in member.row.values())

    def transform(self) -> FilledRow:
        """Raises PlantError where a value of the bait does not fit its column."""
        missing = []
        for one in self._member.layout.fields:
            if one.name in self._draft.values or one.name in self._linked:
                continue
            if not self._column(one) and one.required:
                missing.append(one.name)
        self._draft.missing = tuple(missing)
        return self._draft

    def _column(self, one: Field) -> bool:
        """Fill it; False where that is left to the database, or to nobody."""
        name, value = one.name, self._member.row.get(one.name)
        if name in self._matched and (self._alone or value not in (None, "")):
            return self._of_bait(one, self._matched[name], value)
        if name in self._member.layout.key and len(self._member.layout.key) == 1:
            fresh = None if one.defaults else identifier(value, self._manner.chance)
            return self._put(one, fresh, "fresh, in the neighbours' form") if fresh is not None else False
        if value is None or (one.draws and (one.single or name in self._member.layout.key)):
            return False
        if (moved := self._moved(one, value)) is not None:
            return self._put(one, moved, "the donor row's, moved to now")
        if self._member.layout.reference(name) is not None:
            shared = self._member.sample.shared(name, value) and not one.single
            return self._put(one, value, "the donor row's") if shared else False
        if one.sort in _COPIED:
            return self._number(one, value)
        if isinstance(value, dict | list):
            return self._put(
                one,
                self._manner.replacing.within(value, self._manner.chance),
                "the donor row's, as the person's",
            )
        if isinstance(value, str):
            return self._text(one, value)
        if self._member.sample.shared(name, value) and not one.single:
            return self._put(one, value, "the donor row's")
        return self._other(one, value)

    def _number(self, one: Field, value: Any) -> bool:
        if not one.single:
            return self._put(one, value, "the donor row's")
        top = self._member.sample.largest(one.name)
        return not one.draws and self._put(one, top + 1, "the next one")

    def _moved(self, one: Field, value: Any) -> Any:
        numbers = one.sort == "number" and not _timely(one.name)
        if self._manner.moving is None or numbers or isinstance(value, bool) or moment(value) is None:
            return None
        return self._manner.moving(value, self._manner.chance)

    def _text(self, one: Field, value: str) -> bool:
        name, sample = one.name, self._member.sample
        if value == "" or (sample.shared(name, value) and not one.single):
            return self._put(one, value, "the donor row's")
        fresh = self._manner.replacing(value)
        if fresh != value:
            return self._put(one, fresh, "the donor row's, as the person's")
        return self._other(one, value)

    def _other(self, one: Field, value: Any) -> bool:
        """What is the donor's own: an address becomes another neighbour's, a drawn text is drawn again."""
        name, sample = one.name, self._member.sample
        texts = [text for text in sample.counts(name) if text]
        if _is_address(str(value)):
            others = {str(row[name]): row[name] for row in sample.rows if row.get(name) is not None}
            other = others[self._manner.chance.choice(list(others))]
            return self._put(one, other, "another neighbour's")
        fresh = identifier(value, self._manner.chance)
        if fresh is None and isinstance(value, str) and looks_drawn(texts[:50]):
            fresh = redrawn(value, self._manner.chance, sample.common_start(name))
        if fresh is not None:
            return self._put(one, fresh, "drawn like the neighbours'")
        if (blank := sample.blank(name)) is not None and not one.single:
            return self._put(one, blank, "left empty")
        return False

    def _of_bait(self, one: Field, key: str, value: Any) -> bool:
        person = self._manner.person
        text = person[key] if self._alone else self._styled(key, value)
        if one.numeric and not str(text).isdecimal():
            return False
        if one.length is not None and isinstance(text, str) and len(text) > one.length:
            raise PlantError(
                f"{key} does not fit into column {one.name!r}: {len(text)} > {one.length} characters"
            )
        self._draft.put(one.name, text, f"the bait's {key}")
        if text == person[key]:
            self._draft.planted[one.name] = person[key]
        return True

    def _styled(self, key: str, value: Any) -> Any:
        person = self._manner.person
        fresh, text = person[key], str(value)
        match key:
            case "phone":
                return notations.phone(fresh, text, person.get("country", ""))
            case "birth_date":
                return notations.day(fresh, value)
            case "locale":
                return (
                    text
                    if notations.place(fresh, text).lower() == text.lower()
                    else notations.place(fresh, text)
                )
            case "user_name":  # which may be the address, or what stands before its @
                return self._manner.replacing(text)
            case "name":
                said = self._manner.replacing(text)
                return said if said != text else notations.cased(fresh, text)
            case "first_name" | "last_name" | "city" | "street" | "region":
                return notations.cased(fresh, text) if text.isupper() else fresh
            case "country":  # whoever writes names of countries: the donor is of the person's own
                return notations.cased(fresh, text) if len(text) == 2 else text
            case _:
                return fresh

    def _put(self, one: Field, value: Any, source: str) -> bool:
        if isinstance(value, str) and one.length is not None:
            value = value[: one.length]
        if one.sort == "hstore" and isinstance(value, dict):
            value = pairs(value)
        if one.sort == "json" and not isinstance(value, str | None):
            import json

            value = json.dumps(value, ensure_ascii=False)
        self._draft.put(one.name, value, source)
        return True


def is_password(name: str, key: str) -> bool:
    """Whether a column of this name, which would take this key of the bait, is about passwords."""
    return says_hash(name) or is_clear_password(name) or is_clear_password(key) or says_hash(key)


def _timely(name: str) -> bool:
    """Whether a column of numbers may hold times."""
    return name.lower().endswith(_TIMELY)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return not text.isdecimal()
