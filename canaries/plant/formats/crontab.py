"""A crontab: commented old variables above the jobs; a live one would be in every job's environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after, before
from canaries.plant.formats._text import Document

_VARIABLE = re.compile(r"[ \t]*([A-Za-z_]\w*)[ \t]*=.*")
_JOB = re.compile(r"[ \t]*(?:@\w+|(?:[\d*,/A-Za-z~-]+[ \t]+){5})[ \t]*+\S.*")


class CrontabFormat(FileFormat):
    """crontab(5)."""

    name = "crontab"
    title = "a crontab"
    rank = 40
    comment: ClassVar[str] = "#"

    def claims(self, document: Document) -> bool:
        folder = document.path.parent.name
        return (
            document.name in ("crontab", "crontab.txt")
            or document.name.endswith(".cron")
            or folder
            in (
                "cron.d",
                "crontabs",
            )
        )

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], str] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if not _VARIABLE.fullmatch(line) and not _JOB.fullmatch(line):
                raise ValueError(f"line {number} is neither a variable nor a job")
            found[str(len(found)),] = line
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        lines = [f"#{value.name}={value.text}" for value in wish.values.values]
        if not lines:
            return
        text = document.text
        variables = list(re.finditer(r"^[ \t]*(?:#[ \t]*)?[A-Za-z_]\w*[ \t]*=.*$", text, re.MULTILINE))
        if variables:
            yield Composition((after(text, variables[-1].start(), lines),), "as old variables, commented")
        job = next(iter(re.finditer(r"^[ \t]*[^#\s].*$", text, re.MULTILINE)), None)
        if job:
            yield Composition(
                (before(text, job.start(), lines),), "as old variables, commented, above the jobs"
            )
        else:
            yield Composition((after(text, len(text), lines),), "as old variables, commented")
