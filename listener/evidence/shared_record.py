"""What many hits have in common, such as the facts of one address: made once, written as JSON once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NoReturn

import msgspec

from canaries.ledger.entries import canonical


class SharedRecord(dict[str, Any]):
    """A fact, or what was observed, as several hits have it: it refuses to be changed.

    It is hashed by what it is, not by what it says, so that something else can be kept by it at no cost.
    """

    __slots__ = ("_written",)
    _written: msgspec.Raw
    __hash__ = object.__hash__  # type: ignore[assignment]  # a dict has none

    def _refused(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a shared record is not changed: copy it")

    __setitem__ = __delitem__ = __ior__ = _refused
    clear = pop = popitem = setdefault = update = _refused

    @property
    def written(self) -> msgspec.Raw:
        """As `canaries.ledger.entries.canonical` writes it."""
        try:
            return self._written
        except AttributeError:
            self._written = msgspec.Raw(canonical(self))
            return self._written


def shared(record: Mapping[str, Any]) -> SharedRecord:
    """``record`` itself where it is shared, else one that is like it."""
    return record if isinstance(record, SharedRecord) else SharedRecord(record)


def written(record: Any) -> Any:
    """What an encoder is given for ``record``: its JSON where it is shared, else itself."""
    return record.written if type(record) is SharedRecord else record


NONE = SharedRecord()
"""In place of a fact that there is not."""


class SharedRecords:
    """Records by what they are made of. Not thread safe."""

    def __init__(self, most: int) -> None:
        """``most``: how many are kept; then it begins anew."""
        self._most = most
        self._known: dict[Hashable, SharedRecord] = {}

    def get(self, key: Hashable, make: Callable[[], Mapping[str, Any]]) -> SharedRecord:
        """The record of ``key``: all that ``make`` looks at. Raises what ``make`` raises, and keeps nothing then."""
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= self._most:
                self._known.clear()
            found = self._known[key] = shared(make())
        return found
