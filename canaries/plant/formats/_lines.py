"""Putting whole lines between the lines of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from canaries.plant.formats._services import names_of
from canaries.plant.formats._text import Splice
from canaries.plant.formats._values import BaitValues, words

_ASSIGNED = re.compile(r"[ \t]*(?P<head>-[ \t]+(?:export[ \t]+)?)[A-Z_][A-Z0-9_]*=")
"""An item of a list that is an assignment: ``- export A=b``."""


def after(text: str, at: int, lines: Sequence[str]) -> Splice:
    """``lines`` after the line around ``at``; a file without a final newline stays one."""
    body, stop = "\n".join(lines), text.find("\n", at)
    if stop >= 0:
        return Splice(stop + 1, body + "\n")
    return Splice(len(text), body + "\n" if not text or text.endswith("\n") else "\n" + body)


def before(text: str, start: int, lines: Sequence[str]) -> Splice:
    """``lines`` before the line in which ``start`` stands."""
    begin = text.rfind("\n", 0, start) + 1
    return Splice(begin, "\n".join(lines) + "\n")


def at_end(text: str, lines: Sequence[str], *, paragraph: bool | None = None) -> Splice:
    """``lines`` at the end of the file; as a paragraph of their own where the file has paragraphs."""
    apart = paragraphs(text) if paragraph is None else paragraph
    stripped = text.rstrip("\n")
    if not stripped:
        return Splice(len(text), "\n".join(lines) + "\n")
    if text.endswith("\n\n") or not apart:
        return after(text, len(text), lines)
    return after(text, len(text), ["", *lines])


def paragraphs(text: str) -> bool:
    """Whether blank lines part the file."""
    return "\n\n" in text.strip("\n")


def end_of_paragraph(text: str, at: int) -> int:
    """Where the paragraph around ``at`` ends: after its last character."""
    gap = re.compile(r"\n[ \t]*(?:\n|\Z)").search(text, at)
    return gap.start() if gap else len(text.rstrip("\n"))


def indent_of(text: str, at: int) -> str:
    """The white space that the line around ``at`` begins with."""
    begin = text.rfind("\n", 0, at) + 1
    return text[begin : len(text) - len(text[begin:].lstrip(" \t"))]


def commented_out(text: str, splice: Splice, mark: str) -> Splice | None:
    """``splice`` with each of its lines as a comment; None where it is not whole lines."""
    at_start = splice.at == 0 or text[splice.at - 1] == "\n"
    if at_start and splice.text.endswith("\n"):
        head, body, tail = "", splice.text[:-1], "\n"
    elif splice.at == len(text) and splice.text.startswith("\n"):
        head, body, tail = "\n", splice.text[1:], ""
    else:
        return None
    lines = body.split("\n")
    if all(line.lstrip().startswith(mark.strip()) for line in lines if line.strip()):
        return splice
    indent = min((indent_of(line, 0) for line in lines if line.strip()), key=len, default="")
    made = [f"{indent}{mark}{line[len(indent) :]}" if line.strip() else line for line in lines]
    return Splice(splice.at, head + "\n".join(made) + tail)


def commented(text: str, lines: Sequence[str], mark: str, values: BaitValues) -> Iterator[tuple[Splice, str]]:
    """``lines`` as comments, and where: below what concerns the same service, else below a secret, else at the end."""
    for line in _beside(text, values):
        like = _ASSIGNED.match(text, line)
        told = [f"{like['head']}{v.name}={v.text}" for v in values.values] if like else lines
        indent = indent_of(text, _inside(text, line))
        made = [f"{indent}{mark}{one}" for one in told]
        yield after(text, line, made), "as a commented old value beside its like"
    made = [f"{mark}{one}" for one in lines]
    yield at_end(text, made), "as a commented old value at the end"


def _inside(text: str, line: int) -> int:
    """The line below, where this one opens a block."""
    stop = text.find("\n", line)
    opens = stop >= 0 and text[line:stop].rstrip().endswith("{")
    return stop + 1 if opens and text[stop + 1 : stop + 2].isspace() else line


def _beside(text: str, values: BaitValues) -> Iterator[int]:
    """Starts of the lines that concern the bait's service, then of those that name a secret; last ones first."""
    same, alike, at = [], [], 0
    names = names_of(values)
    for line in text.split("\n"):
        found = set(words(line[:200]))
        if names & found:
            same.append(at)
        elif found & {"password", "secret", "token", "passwd", "key"} and re.search(r"[=:]", line):
            alike.append(at)
        at += len(line) + 1
    yield from reversed(same[-3:])
    yield from reversed(alike[-2:])
