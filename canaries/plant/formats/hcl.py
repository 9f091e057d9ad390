"""Terraform's language: a variable or a local value that nothing refers to; elsewhere a commented old value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, Line, code_reading, lines_of
from canaries.plant.formats._lines import after, at_end, indent_of
from canaries.plant.formats._names import labelled
from canaries.plant.formats._text import Document

_HCL = Language(comments=("#", "//"), quotes='"', block=("/*", "*/"), heredoc=r"<<-?(?P<tag>[A-Za-z_]\w*)")


class HclFormat(FileFormat):
    """HCL native syntax. Terraform warns of undeclared names in ``.tfvars`` at each plan: comments there."""

    name = "hcl"
    title = "HCL"
    comment: ClassVar[str] = "# "

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(
                r".+\.(?:tf|tfvars|hcl|nomad|tofu)(?:\.(?:example|sample|dist|bak|old))?",
                document.name.lower(),
            )
        )

    def read(self, text: str) -> Reading:
        lines = lines_of(text, _HCL)
        if not lines[-1].closed or lines[-1].after:
            raise ValueError("a bracket or a string is left open in it")
        return code_reading(lines)

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower()} = {_literal(text)}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        values, text = wish.values.values, document.text
        if not values or not re.search(r"\.(?:tf|tofu|pkr\.hcl)(?:\.|\Z)", document.name.lower()):
            return
        label = wish.label(lambda word: labelled(values[0].name, word, "snake") in text)
        names = [labelled(v.name, label, "snake") for v in values]
        lines, said = lines_of(text, _HCL), f"as {', '.join(names)}"
        block = _block(lines, r"locals[ \t]*\{[ \t]*")
        if block:
            start, end = block
            inside = [line for line in lines[start + 1 : end] if line.text.strip()]
            indent = indent_of(text, inside[-1].start) if inside else "  "
            width = max(map(len, names))
            made = [
                f"{indent}{name.ljust(width)} = {_literal(v.text)}"
                for name, v in zip(names, values, strict=True)
            ]
            if inside and inside[-1].closed and inside[-1].after == 1:
                yield Composition((after(text, inside[-1].start, made),), f"{said} in locals")
        if re.search(r'^variable "', text, re.MULTILINE):
            made = []
            for name, value in zip(names, values, strict=True):
                made += [
                    "",
                    f'variable "{name}" {{',
                    "  type    = string",
                    f"  default = {_literal(value.text)}",
                    "}",
                ]
            yield Composition((at_end(text, made[1:], paragraph=True),), f"{said}, variables with a default")
        width = max(map(len, names))
        made = [
            "locals {",
            *(f"  {n.ljust(width)} = {_literal(v.text)}" for n, v in zip(names, values, strict=True)),
            "}",
        ]
        yield Composition((at_end(text, made, paragraph=True),), f"{said} in locals of their own")


def _block(lines: list[Line], heading: str) -> tuple[int, int] | None:
    """First and last line of the last block with this heading."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if line.code and line.depth == 0 and re.fullmatch(heading, line.text):
            end = next((n for n in range(number + 1, len(lines)) if lines[n].after == 0), None)
            return (number, end) if end is not None else None
    return None


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return f'"{escaped}"'
