"""Python settings: a constant more beside its like."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._names import labelled, nearest
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
        for statement in tree.body:
            dumped = ast.dump(statement)
            seen[dumped] += 1
            found[dumped, str(seen[dumped])] = ""
        return found

    def assign(self, name: str, text: str) -> str:
        return f"{name} = {_literal(text, chr(34))}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, values = document.text, wish.values.values
        body = ast.parse(text).body
        places = [
            (statement.targets[0].id, statement)
            for statement in body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        ]
        if not values or not places:
            return
        keys = [name for name, _ in places]
        style = "upper" if sum(key.isupper() for key in keys) * 2 >= len(keys) else "snake"
        label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in values))
        near = nearest(keys, wish.values.service, [role_of(key, _string(one.value)) for key, one in places])
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        singles = len(re.findall(r"= '[^'\n]*'$", text, re.MULTILINE))
        quote = "'" if singles > len(re.findall(r'= "[^"\n]*"$', text, re.MULTILINE)) else '"'
        lines = [f"{labelled(v.name, label, style)} = {_literal(v.text, quote)}" for v in values]
        names = ", ".join(labelled(v.name, label, style) for v in values)
        if near is not None:
            at = starts[(places[near][1].end_lineno or 1) - 1]
            yield Composition((after(text, at, lines),), f"as {names}, after {keys[near]}")
        yield Composition((at_end(text, lines),), f"as {names}, at the end")


def _string(value: ast.expr) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _literal(text: str, quote: str) -> str:
    return quote + text.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote
