"""Which kinds suit a place: asked first, by people who know where a thief would look and not which kinds there are.

A kind says in its ``plant_hint`` where it is planted; a place is known by the words of such hints. So a new kind is
found at its places without a line here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from canaries.core import plugins
from canaries.core.errors import NotFoundError
from canaries.kinds import FOLDER, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class BaitPlace:
    """A sort of place where bait is planted."""

    title: str
    example: str
    target: str
    """What stands for it in ``trapline plant ID TARGET``; empty: pasted by hand."""
    words: str
    """A regular expression for hints."""


PLACES: Mapping[str, BaitPlace] = {
    "repository": BaitPlace(
        "A code repository",
        "a private repository, its history, a deployment's folder",
        "/path/to/repository",
        r"repositor|\.env\b|\bcode\b|deploy",
    ),
    "config": BaitPlace(
        "A configuration or .env file",
        ".env, compose file, settings of a service, CI variables",
        "/path/to/.env",
        r"\.env\b|settings|compose|configuration|/etc/|variables?\b|appsettings|server image",
    ),
    "database": BaitPlace(
        "A row of a database",
        "your table of users, customers, subscribers",
        "postgresql://USER@HOST/DATABASE#TABLE",
        r"\btable\b|\brow\b|decoy customer",
    ),
    "laptop": BaitPlace(
        "A laptop or a home folder",
        "~/.ssh, ~/.aws, a desktop, a downloads folder",
        "/home/somebody",
        r"home folder|~/|desktop|downloads|own machine",
    ),
    "share": BaitPlace(
        "A file share or a backup",
        "documents, exports, dumps, saved pages",
        "/mnt/share/folder",
        r"\bshare\b|shared folder|backups?\b|archive",
    ),
    "document": BaitPlace(
        "A document",
        "Word, Excel, PDF, drawings: an office file that reports when it is opened",
        "/mnt/share/folder",
        r"documents?\b|drawing|diagram|exports and reports",
    ),
    "list": BaitPlace(
        "A mailing list or a mailbox",
        "a subscriber who is nobody, a mail that waits in an archive",
        "",
        r"mailing list|mailbox|onboarding mail|subscribers",
    ),
    "page": BaitPlace(
        "A wiki page, a ticket or a chat",
        "runbooks, notes, comments: where an intruder reads",
        "",
        r"wiki|runbook|ticket|comment|notes?\b|robots\.txt",
    ),
    "ci": BaitPlace(
        "A build server",
        "variables of a pipeline, a runner's image",
        "",
        r"\bCI\b|pipeline|build image|release script",
    ),
    "paper": BaitPlace("Paper, a badge, a door", "a code that somebody scans", "", r"badge|door|printed"),
}
"""In the order in which a page shows them."""


def place(name: str) -> BaitPlace:
    """Raises NotFoundError."""
    if name not in PLACES:
        raise NotFoundError(f"no sort of place is called {name!r}", hint=f"choose from: {', '.join(PLACES)}")
    return PLACES[name]


def suiting(name: str) -> list[type[Kind]]:
    """The kinds for this sort of place, by name. Raises NotFoundError."""
    words = re.compile(place(name).words)
    return [kind for kind in every_kind() if words.search(kind.plant_hint)]


def every_kind() -> list[type[Kind]]:
    """All kinds, by name."""
    found = plugins.classes(FOLDER, Kind)  # type: ignore[type-abstract]
    return [found[name] for name in sorted(found)]
