"""``.git-credentials``: one URL a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import at_end
from canaries.plant.formats._text import Document


class GitCredentialsFormat(FileFormat):
    """git-credential-store(1): the first line that matches counts."""

    name = "git-credentials"
    title = "a .git-credentials"
    rank = 40
    comments_unasked: ClassVar[bool] = False
    needs = "a host with user and password (git-credentials, git-remote)"

    def claims(self, document: Document) -> bool:
        return document.name == ".git-credentials" or (
            document.name == "credentials" and document.path.parent.name == "git"
        )

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], str] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            parts = urlsplit(line.strip())
            if not parts.scheme or not parts.netloc:
                raise ValueError(f"line {number} is no URL")
            host = parts.netloc.rpartition("@")[2]
            found.setdefault(("(first)", parts.scheme, host), line)
            found[line,] = host
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        for value in (*[one.text for one in wish.values.values], wish.values.text.strip()):
            try:
                parts = urlsplit(value)
            except ValueError:
                continue
            if parts.scheme in ("http", "https") and parts.username and parts.password and "\n" not in value:
                line = f"{parts.scheme}://{parts.netloc}"
                yield Composition((at_end(document.text, [line], paragraph=False),), "as a line more")
