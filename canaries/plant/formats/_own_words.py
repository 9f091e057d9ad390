"""Programs with one account each, in which bait is a commented old account, in the program's own words."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._text import Document


class OwnWords(FileFormat):
    """Such a program's settings, line by line."""

    comment: ClassVar[str] = "# "
    rank = 40  # before the configurations of which only comments are known
    names: ClassVar[str]
    """Pattern of the files' names, lower case."""
    beside: ClassVar[str]
    """Pattern of the lines behind which an old account stands, the last of them."""

    @abstractmethod
    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        """The account, as the program would take it; empty where it has no such account."""

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(self.names, document.name.lower()))

    def read(self, text: str) -> Reading:
        """The lines that do something, each with whether the one before goes on into it."""
        found: dict[tuple[str, ...], bool] = {}
        continued = False
        for line in text.split("\n"):
            bare = not line.lstrip().startswith("#")
            if line.strip() and (continued or bare):
                found[str(len(found)), line] = continued
            continued = line.endswith("\\") and (continued or bare)
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text = document.text
        tight = re.search(r"^#\S", text, re.MULTILINE) and not re.search(r"^# ", text, re.MULTILINE)
        made = [f"{'#' if tight else '# '}{line}" for line in self.lines(wish.values.roles, wish)]
        if not made:
            return
        places = [match.start() for match in re.finditer(self.beside, text, re.MULTILINE)]
        if places:
            yield Composition((after(text, places[-1], made),), "as a commented old value beside its like")
        yield Composition((at_end(text, made),), "as a commented old value at the end")

    def comments(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """There is nothing else."""
        yield from self.candidates(document, wish)
