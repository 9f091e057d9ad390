"""The contract of a file format: one file in this folder knows how a setting stands in one sort of file.

A kind says *what* the bait is (`canaries.plant.formats._values`); a format says *where* in a file it belongs and *how*
it is written there. It only proposes: each `Composition` is a few splices, and `compose` takes the first after which
the file, read again, says everything it said before. Whatever a program would pick up by itself (a default profile, the
current context, the first match) is part of what `FileFormat.read` returns, so a proposal that moves it is dropped.
"""

from __future__ import annotations

import base64
import binascii
import html
import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, ClassVar, Literal
from urllib.parse import unquote

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.core.plugins import classes
from canaries.plant.formats._closed import closed
from canaries.plant.formats._lines import commented, commented_out
from canaries.plant.formats._names import LABELS
from canaries.plant.formats._text import OWN_FILE, ByteSplice, Document, Splice
from canaries.plant.formats._values import BaitValues, values_of, words

FOLDER = __name__

Manner = Literal["entry", "comment", "live"]
"""``entry``: a valid entry that no program looks up; ``comment``: a commented old value; ``live``: under the very names
that programs look up."""

Reading = Mapping[tuple[str, ...], Any]
"""What a file says: path to value. Also what follows from its order, under paths of the format's own choice."""

MOST_TRIED = 40
"""Proposals of one sort that are tried: for each of them the whole file is read again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be planted, as a format sees it."""

    values: BaitValues
    live: bool
    """Whether the operator asked for the names that programs look up."""
    labels: tuple[str, ...]
    """Words for settings that are kept but not used, in random order."""
    commented: bool = False
    """Whether it becomes a comment: names stay what they are, and what a program would do with it does not matter."""

    def free(self, made: Callable[[str], str], taken: Collection[str]) -> str:
        """What ``made`` makes of the first word for which it is not among ``taken``, and has that word once."""
        said = words(made(""))
        return made(self.label(lambda word: made(word) in taken or word in said))

    def label(self, taken: Callable[[str], bool]) -> str:
        """The first word that ``taken`` does not mind; empty where the names shall stay as they are."""
        if self.live:
            return ""
        for label in self.labels:
            if not taken(label):
                return label
        return next(f"{label}{n}" for n in range(2, 99) for label in self.labels if not taken(f"{label}{n}"))


@dataclass(frozen=True, slots=True)
class Composition:
    """One way to put the bait into a document."""

    splices: tuple[Splice, ...]
    said: str
    """For people: ``as profile reporting, after prod``. No token values."""
    remarks: tuple[str, ...] = ()
    """What the operator should know all the same."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The way that was taken."""

    format: str
    splices: tuple[ByteSplice, ...]
    said: str
    remarks: tuple[str, ...]
    added: str
    """All that is put in, as text."""


class FileFormat(ABC):
    """One sort of file. Holds no state."""

    name: ClassVar[str]
    title: ClassVar[str]
    """What such a file is, for messages: ``a .pgpass``."""
    rank: ClassVar[int] = 50
    """Of the formats that claim a file the one with the lowest rank has it."""
    comment: ClassVar[str] = ""
    """Mark of a comment that lasts to the line's end; empty where the format has none."""
    comments_unasked: ClassVar[bool] = True
    """Whether a commented old value is usual here, where no entry is possible."""
    needs: ClassVar[str] = "a setting with a name"
    """What a bait must have to become an entry, for messages."""

    @abstractmethod
    def claims(self, document: Document) -> bool:
        """Whether this file is of this format, by its name and, where that says too little, its first lines."""

    @abstractmethod
    def read(self, text: str) -> Reading:
        """What a file says. Raises ValueError, with a reason, where it is none of this format."""

    @abstractmethod
    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """Ways to put the bait in as an entry, the best first. Raises PlantError where this never can be."""

    def assign(self, name: str, text: str) -> str:
        """One setting as a line, for comments."""
        return f"{name}={text}"

    def comments(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """Ways to put the bait in as a commented old value, the best first: an entry commented out, or plain lines."""
        if self.comment:
            yield from self._commented_out(document, wish)
        if self.comment and wish.values.values:
            lines = [self.assign(value.name, value.text) for value in wish.values.values]
            for splice, said in commented(document.text, lines, self.mark(document), wish.values):
                yield Composition((splice,), said)

    def _commented_out(self, document: Document, wish: Wish) -> Iterator[Composition]:
        candidates = islice(self.candidates(document, replace(wish, live=True, commented=True)), MOST_TRIED)
        with suppress(PlantError):  # there are the plain lines still
            for candidate in candidates:
                made = [commented_out(document.text, one, self.mark(document)) for one in candidate.splices]
                splices = tuple(one for one in made if one)
                if len(splices) == len(made):
                    yield Composition(
                        splices, f"as a commented old value, {candidate.said}", candidate.remarks
                    )

    def mark(self, document: Document) -> str:
        """The mark of a comment in this file, where its format has more than one."""
        return self.comment


def known() -> list[FileFormat]:
    """Every format, in the order in which they are asked."""
    found = [one() for one in classes(FOLDER, FileFormat).values()]  # type: ignore[type-abstract]
    return sorted(found, key=lambda one: (one.rank, one.name))


def format_of(document: Document, name: str = "") -> FileFormat:
    """The format of a file, or the one called ``name``. Raises PlantError where it is not known: nothing may go in."""
    if name:
        for one in known():
            if one.name == name:
                return one
        names = ", ".join(sorted(one.name for one in known()))
        raise PlantError(f"there is no file format called {name!r}", hint=f"choose from: {names}")
    for one in known():
        if one.claims(document):
            return one
    raise PlantError(
        f"the format of {document.name} is not known, so nothing is put into it",
        hint=f"{OWN_FILE}; or say what it is: --set format=NAME (dotenv, ini, yaml, json, notes ...)",
    )


def compose(
    document: Document,
    bait: Bait,
    kind: str = "",
    *,
    manner: Manner = "entry",
    chance: random.Random,
    name: str = "",
) -> Composed:
    """How ``bait`` goes into ``document``. Raises PlantError where it cannot without changing what the file says."""
    chosen = format_of(document, name)
    labels = list(LABELS)
    chance.shuffle(labels)
    wish = Wish(values_of(kind, bait), manner == "live", tuple(labels))
    try:
        before = chosen.read(document.text)
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PlantError(
            f"{document.name} is not {chosen.title} as it stands: {reason}", hint=OWN_FILE
        ) from error
    refusal: PlantError | None = None
    try:
        for candidate in _ways(chosen, document, wish, manner):
            if _harmless(chosen, before, document, candidate, wish.values):
                return _composed(chosen, document, candidate)
    except PlantError as error:
        refusal = error
    raise refusal or _unfit(chosen, document, wish, manner)


def _ways(chosen: FileFormat, document: Document, wish: Wish, manner: Manner) -> Iterator[Composition]:
    if manner == "comment" or (closed(document) and chosen.comment):
        yield from islice(chosen.comments(document, wish), MOST_TRIED)
        return
    if closed(document):
        return
    refusal: PlantError | None = None
    try:
        yield from islice(chosen.candidates(document, wish), MOST_TRIED)
    except PlantError as error:
        refusal = error
    if manner == "entry" and chosen.comments_unasked:
        yield from islice(chosen.comments(document, wish), MOST_TRIED)
    if refusal:
        raise refusal


def _harmless(
    chosen: FileFormat, before: Reading, document: Document, candidate: Composition, values: BaitValues
) -> bool:
    """Whether the file says all it said, in the same order, and carries a token that accuses."""
    if not _carries("".join(splice.text for splice in candidate.splices), values.tokens):
        return False
    try:
        after = chosen.read(document.with_splices(candidate.splices).text)
    except (ValueError, RecursionError):
        return False
    return unchanged(before, after)


def unchanged(before: Reading, after: Reading) -> bool:
    """Whether everything in ``before`` reads the same in ``after``, in the same order."""
    old = [path for path in after if path in before]
    return old == list(before) and all(after[path] == value for path, value in before.items())


def _carries(text: str, tokens: tuple[str, ...]) -> bool:
    said = forms(text)
    return any(token in form for token in tokens for form in said)


def forms(text: str) -> list[str]:
    """What a format has written, as it is and as its readers read it: without escapes, and out of Base64."""
    found = [text, html.unescape(text), unquote(text), text.replace('\\"', '"').replace("\\\\", "\\")]
    for word in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            found.append(base64.b64decode(word, validate=True).decode("latin-1"))
        except (ValueError, binascii.Error):
            continue
    return found


def _composed(chosen: FileFormat, document: Document, candidate: Composition) -> Composed:
    added = "".join(splice.text for splice in candidate.splices)
    return Composed(
        chosen.name, document.bytes_of(candidate.splices), candidate.said, candidate.remarks, added
    )


def _unfit(chosen: FileFormat, document: Document, wish: Wish, manner: Manner) -> PlantError:
    kind = wish.values.kind
    what = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}" if kind else "this bait"
    can_comment = bool(chosen.comment) and manner != "comment" and not chosen.comments_unasked
    more = "; or leave it as a commented old value: --set as=comment" if can_comment else ""
    return PlantError(
        f"{what} has no place in {document.name} ({chosen.title}), where an entry needs {chosen.needs}",
        hint=f"mint a kind that fits it (trapline kinds), or {OWN_FILE}{more}",
    )
