"""Python settings: a constant more beside its like."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._flat_settings import logins
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._names import labelled, nearest
from canaries.plant.formats._services import concerns
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of


class PythonFormat(FileFormat):
    name = "python"
    title = "Python"
    comment: ClassVar[str] = "# "
    needs = "assignments at the outermost level to stand beside"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r".+\.py(?:\.(?:example|sample|dist|bak|old))?", document.name.lower()))

    def read(self, text: str) -> Reading:
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise ValueError(f"it does not parse as Python in line {error.lineno}") from error
        except (MemoryError, RecursionError) as error:  # what Python says of brackets nested too deeply
            raise ValueError("it is nested too deeply") from error
        seen: Counter[str] = Counter()
        found: dict[tuple[str, ...], str] = {("(docstring)",): ast.get_docstring(tree) or ""}
        for where, statement in _statements(tree.body):
            dumped = where + ast.dump(statement)
            seen[dumped] += 1
            found[dumped, str(seen[dumped])] = ""
        return found

    def assign(self, name: str, text: str) -> str:
        return f"{name} = {_literal(text, chr(34))}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        tree = ast.parse(document.text)
        for one in reversed(tree.body):
            if isinstance(one, ast.ClassDef) and _settings_alone(one):
                yield from self._among(document, wish, one.body, f" of {one.name}")
        yield from self._among(document, wish, tree.body, "")

    def _among(
        self, document: Document, wish: Wish, body: list[ast.stmt], where: str
    ) -> Iterator[Composition]:
        """Beside the assignments of ``body``; of a class only beside those of the same service."""
        text, values = document.text, wish.values.values
        places = [
            (statement.targets[0].id, statement)
            for statement in body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        ]
        if not values or not places:
            return
        if where and not any(concerns(name, wish.values) for name, _ in places):
            return
        indent = " " * places[0][1].col_offset
        keys = [name for name, _ in places]
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        ends = [starts[(one.end_lineno or 1) - 1] for _, one in places]
        yield from self._logins(text, places, ends, wish, where)
        lower = sum(key.islower() and "_" in key for key in keys)
        style = "snake" if lower * 2 > len(keys) else "upper"  # PEP 8: constants
        label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in values))
        near = nearest(keys, wish.values, [role_of(key, _string(one.value)) for key, one in places])
        singles = len(re.findall(r"= '[^'\n]*'$", text, re.MULTILINE))
        quote = "'" if singles > len(re.findall(r'= "[^"\n]*"$', text, re.MULTILINE)) else '"'
        lines = [f"{indent}{labelled(v.name, label, style)} = {_literal(v.text, quote)}" for v in values]
        names = ", ".join(labelled(v.name, label, style) for v in values) + where
        if near is not None:
            near = _last_of_group(text, keys, ends, near)
            yield Composition((after(text, ends[near], lines),), f"as {names}, after {keys[near]}")
        if not where:
            yield Composition((at_end(text, lines),), f"as {names}, at the end")

    def _logins(
        self, text: str, places: list[tuple[str, ast.Assign]], ends: list[int], wish: Wish, where: str
    ) -> Iterator[Composition]:
        """``EMAIL_HOST``, ``EMAIL_HOST_USER`` and so on, once more: numbers as numbers, quotes as they are there."""
        if wish.live and not wish.commented:
            return
        for last, made in logins([(name, _said(one.value)) for name, one in places], wish):
            lines = []
            for one in made:
                source = ast.get_source_segment(text, places[max(one.like, 0)][1].value) or ""
                raw = one.like >= 0 and (one.text == source or (source.isdigit() and one.text.isdigit()))
                quote = source[0] if source[:1] in ("'", '"') else '"'
                indent = " " * places[0][1].col_offset
                lines.append(f"{indent}{one.key} = {one.text if raw else _literal(one.text, quote)}")
            said = f"as {', '.join(one.key for one in made)}{where}, after {places[last][0]}"
            yield Composition((after(text, ends[last], lines),), said)


def _statements(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """Those at the outermost level, a class of settings alone as its name and its statements."""
    for one in body:
        if isinstance(one, ast.ClassDef) and _settings_alone(one):
            yield "", ast.ClassDef(one.name, [], [], [], [])
            yield from ((f"{one.name}.", inner) for inner in one.body)
        else:
            yield "", one


def _settings_alone(one: ast.ClassDef) -> bool:
    """Whether a class is only a name space of settings: of a model each attribute would be a field."""
    names = [
        target.id
        for inner in one.body
        if isinstance(inner, ast.Assign)
        for target in inner.targets
        if isinstance(target, ast.Name)
    ]
    bare = not (one.bases or one.keywords or one.decorator_list)
    return bare and len(names) > 1 and all(name.isupper() for name in names)


def _last_of_group(text: str, keys: list[str], ends: list[int], place: int) -> int:
    """The last of the assignments in a row below that at ``place`` whose names begin with its first word."""
    head = keys[place].partition("_")[0]
    while place + 1 < len(keys) and keys[place + 1].partition("_")[0] == head:
        stop = text.find("\n", ends[place])
        if not text[stop + 1 :].lstrip(" ").startswith(keys[place + 1]):
            break
        place += 1
    return place


def _said(value: ast.expr) -> str:
    """What an assignment says, as far as it is a literal: a number or truth value as Python writes it."""
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _string(value: ast.expr) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _literal(text: str, quote: str) -> str:
    return quote + text.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote
