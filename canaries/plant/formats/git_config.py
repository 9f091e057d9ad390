"""git's configuration: a remote that no plain fetch asks, or an address with a login for its own host only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._lines import at_end
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document


class GitConfigFormat(SectionFormat):
    """git-config(1): ``remote.NAME.skipFetchAll`` keeps ``git fetch --all`` away from it."""

    name = "git-config"
    title = "a git configuration"
    rank = 40
    needs = "an address with user and password (git-remote, git-credentials)"
    comments_unasked: ClassVar[bool] = False
    folding: ClassVar[bool] = False
    colon: ClassVar[bool] = False

    def claims(self, document: Document) -> bool:
        inside = document.name == "config" and ".git" in (
            document.path.parent.name,
            document.path.parent.parent.name,
        )
        return inside or document.name in (".gitconfig", ".gitmodules", "gitconfig", ".gitconfig.local")

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        remote = next(
            (value.text for value in wish.values.values if value.role == "url" and "@" in value.text), ""
        )
        parts = urlsplit(remote)
        if document.name == ".gitmodules" or parts.scheme not in ("http", "https") or not parts.password:
            return
        host = parts.netloc.rpartition("@")[2]
        found = self.sections(document.text)
        taken = {section.name for section in found}
        # git writes tabs; whoever writes by hand may use spaces
        lead = next((one.lead for section in reversed(found) for one in section.settings), "\t")
        if document.name == "config":
            name = wish.label(lambda word: f'remote "{word}"' in taken)
            lines = [
                f'[remote "{name or "origin2"}"]',
                f"{lead}url = {remote}",
                f"{lead}fetch = +refs/heads/*:refs/remotes/{name or 'origin2'}/*",
                f"{lead}skipFetchAll = true",
            ]
            said = f"as remote {name}, which no 'git fetch' asks by itself"
        else:
            base = f"{parts.scheme}://{parts.netloc}/"
            lines = [f'[url "{base}"]', f"{lead}insteadOf = {parts.scheme}://{host}/"]
            said = "as the login for its own host, at the end"
        yield Composition((at_end(document.text, lines, paragraph=False),), said)
