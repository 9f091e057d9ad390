"""Deciding what goes into which column of a table: the bait first, then what the operator says, then the neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.plant.files.literals import tokens
from canaries.plant.planters import PlantingRequest
from canaries.plant.rows import table
from canaries.plant.rows.columns import is_arrival, is_clear_password, match, says_hash
from canaries.plant.rows.neighbour_values import arrival, identifier, scheme

_NAMES = ("first_name", "last_name", "name", "full_name")
"""Keys of a bait's row that make up a person's name."""


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row before it is inserted."""

    values: Mapping[str, Any]
    """Everything that is set, by column."""
    planted: Mapping[str, str]
    """Of these, what comes from the bait."""
    sources: Mapping[str, str]
    """Where each value comes from, in words; no values."""
    found_by: Mapping[str, Any]
    """Column and value of the strongest token: finds the row before its key is known."""
    key: tuple[str, ...]
    """Primary key columns; may be empty."""

    def refuse_twin(self, connection: Connection, where: table.Address) -> None:
        """Raises PlantError where the row is there already."""
        if table.fetch(connection, where, list(self.found_by), self.found_by) is not None:
            raise PlantError("the table already holds this bait", hint="mint another canary for another row")


class Drafter:
    """Makes the draft. Looks only."""

    def __init__(self, connection: Connection, where: table.Address, request: PlantingRequest) -> None:
        self._connection, self._where, self._request = connection, where, request
        self._layout = table.layout(connection, where)

    def draft(self) -> RowDraft:
        """Raises PlantError where a column needs a value and nobody knows one, or where the row is there already."""
        values: dict[str, Any] = {}
        sources: dict[str, str] = {}
        self._as_told(values, sources)
        planted = self._from_bait(taken=set(values), sources=sources)
        values.update(planted)
        missing = self._from_neighbours(values, sources)
        if missing:
            named = ", ".join(missing)
            sentence = f"the table {self._where.full_name!r} needs a value for {named}, and the bait has none"
            raise PlantError(sentence, hint=f"say what goes in: --set {missing[0]}=VALUE")
        draft = RowDraft(values, planted, sources, self._strongest(planted), self._layout.key)
        draft.refuse_twin(self._connection, self._where)
        self._refuse_namesake(planted)
        return draft

    def _as_told(self, values: dict[str, Any], sources: dict[str, str]) -> None:
        known = {field.name for field in self._layout.fields}
        for name, value in self._request.values.items():
            if name not in known:
                raise PlantError(
                    f"the table {self._where.full_name!r} has no column {name!r} that can be set"
                )
            values[name], sources[name] = value, "as you said"

    def _from_bait(self, taken: set[str], sources: dict[str, str]) -> dict[str, str]:
        row = self._request.bait.row
        fields = {field.name: field for field in self._layout.fields if field.name not in taken}
        planted = {}
        for name, key in match(row, [name for name in fields if not is_arrival(name)]).items():
            field, value = fields[name], row[key]
            if field.numeric and not value.isdecimal():
                continue
            if field.length is not None and len(value) > field.length:
                raise PlantError(
                    f"{key} does not fit into column {name!r}: {len(value)} > {field.length} characters"
                )
            self._refuse_odd_password(name, key, value)
            planted[name], sources[name] = value, f"the bait's {key}"
        return planted

    def _refuse_odd_password(self, name: str, key: str, value: str) -> None:
        """Clear text among hashes, or another scheme than everybody's, marks the bait at a glance."""
        if not (is_clear_password(key) or says_hash(key)):
            return
        usual = scheme(table.newest(self._connection, self._where, name, self._layout.key))
        if is_clear_password(key) and (usual or says_hash(name)):
            sentence = f"column {name!r} holds password hashes, and this bait's password is in clear"
            raise PlantError(
                sentence, hint="mint one with a hash, such as: trapline mint user --set hash=pbkdf2"
            )
        if usual and scheme(value) != usual:
            sentence = f"the hashes in column {name!r} are {usual!r}, the bait's is {scheme(value)!r}"
            hint = f"it would stand out: mint one with that hash, or say the value: --set {name}=HASH"
            raise PlantError(sentence, hint=hint)

    def _strongest(self, planted: Mapping[str, str]) -> dict[str, Any]:
        """The column that holds the best token: without one the row would never be noticed."""
        for token in tokens(self._request.bait):
            for name, value in planted.items():
                if value == token.value and not token.weak:
                    return {name: value}
        known = ", ".join(self._request.bait.row)
        sentence = f"no column of {self._where.full_name!r} takes a token of this bait"
        raise PlantError(sentence, hint=f"the bait's row has: {known}")

    def _refuse_namesake(self, planted: Mapping[str, str]) -> None:
        """A real person's name must never be a phony one's."""
        names = {name: value for name, value in planted.items() if _is_name(self._request.bait, value)}
        if names and table.fetch(self._connection, self._where, list(names), names) is not None:
            raise PlantError("somebody in this table has the phony person's name", hint="mint another canary")

    def _from_neighbours(self, values: dict[str, Any], sources: dict[str, str]) -> list[str]:
        """Fill what is still open; the names of required columns that stay open come back."""
        missing = []
        for field in self._layout.fields:
            if field.name in values or field.defaults:
                continue
            value, source = self._habit(field)
            if value is not None:
                values[field.name], sources[field.name] = value, source
            elif field.required:
                missing.append(field.name)
        return missing

    def _habit(self, field: table.Field) -> tuple[Any, str]:
        connection, where = self._connection, self._where
        if is_arrival(field.name):
            last = table.newest(connection, where, field.name, self._layout.key)
            value = arrival(last, self._request.now, self._request.chance)
            return value, "between the newest row's and now"
        if field.name in self._layout.key:
            return identifier(
                table.newest(connection, where, field.name, ())
            ), "fresh, in the neighbours' form"
        if field.single:
            return None, ""
        return table.usual(connection, where, field.name), "what most rows have"


def _is_name(bait: Bait, value: str) -> bool:
    return any(bait.row.get(key) == value for key in _NAMES)
