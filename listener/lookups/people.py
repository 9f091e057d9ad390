"""Who a database user is: the operator's own mapping file, ``people.toml`` in the home folder.

    shared = ["webapp"]          # users of programs: who it was is then what the program says (app.actor)
    exempt = ["nightly"]         # users of programs whose reads are the program's own and need no reason

    [people]
    clerk7 = "staff-7"           # database user, the program's word for it, or the name in a client's certificate, to
                                 # a name that reviewers know

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
    """Database user, actor or certificate to person."""
    shared: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()

    def person(self, user: str, actor: str, certificate: str = "") -> str:
        """Who looked: a mapped name, else the name in the client's certificate, the actor where a program's user is
        shared, or the database user."""
        said = certificate or (actor if user in self.shared and actor else user)
        return self.names.get(said, said) or "unknown"

    def is_exempt(self, user: str, certificate: str = "") -> bool:
        """Whether a program of its own read, as which nobody signs in: a person's certificate makes it theirs."""
        return user in self.exempt and not certificate

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
    names = found.pop("people", {})
    users = [found.pop(name, []) for name in ("shared", "exempt")]
    if (
        found
        or not isinstance(names, dict)
        or not all(isinstance(one, str) and one for one in names.values())
        or not all(isinstance(some, list) and all(isinstance(one, str) for one in some) for some in users)
    ):
        raise SettingsError(
            f"{path} is no list of people",
            hint='it holds [people] with lines user = "person", shared = ["user", ...], exempt = ["user", ...]',
        )
    return PeopleMap(names, frozenset(users[0]), frozenset(users[1]))
