"""Who a database user is: the operator's own mapping file, ``people.toml`` in the home folder.

    shared = ["webapp"]          # users of programs: who it was is then what the program says (app.actor)

    [people]
    clerk7 = "staff-7"           # database user, or the program's word for it, to a name that reviewers know

A name here that a watched record has as its person says that the record is that person's own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from canaries.core.errors import SettingsError
from canaries.core.text import visible

FILE = "people.toml"
OWN, COLLEAGUE = "own record", "colleague's record"


@dataclass(frozen=True, slots=True)
class PeopleMap:
    """What the file says; empty where there is none."""

    names: Mapping[str, str]
    """Database user or actor to person."""
    shared: frozenset[str] = frozenset()

    def person(self, user: str, actor: str) -> str:
        """Who looked: a mapped name, else the database user, or the actor where a program's user is shared."""
        said = actor if user in self.shared and actor else user
        return self.names.get(said, said) or "unknown"

    def relation(self, person: str, watched: Iterable[str]) -> str:
        """What the records are to who looked; ``watched`` are their persons. Empty: of nobody on the list."""
        of = {one for one in watched if one}
        if person in of:
            return OWN
        return COLLEAGUE if of & set(self.names.values()) else ""


def load(path: Path) -> PeopleMap:
    """The file; none there: nobody is mapped. Raises SettingsError."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return PeopleMap({})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {visible(str(error), limit=200)}") from None
    names, shared = found.pop("people", {}), found.pop("shared", [])
    if (
        found
        or not isinstance(names, dict)
        or not all(isinstance(one, str) and one for one in names.values())
        or not isinstance(shared, list)
        or not all(isinstance(one, str) for one in shared)
    ):
        raise SettingsError(
            f"{path} is no list of people",
            hint='it holds [people] with lines user = "person", and shared = ["user", ...]',
        )
    return PeopleMap(names, frozenset(shared))
