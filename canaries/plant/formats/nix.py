"""Nix: an attribute more of plain data, of a ``let`` or of an environment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._constants import Constants
from canaries.plant.formats._settings_lines import around
from canaries.plant.formats._text import Document

_ENVIRONMENT = re.compile(
    r"(?:.*[ \t.])?(?:variables|sessionVariables|environment)[ \t]*=[ \t]*\{|(?:.*[ \t.(])?mkShell(?:NoCC)?[ \t]*\{"
)
"""Attributes of these become variables, whatever they are called."""
_FUNCTION = re.compile(r"(?:\s*#[^\n]*\n)*\s*(?:\{[^{}=;]*\}[ \t]*:|[A-Za-z_][\w'-]*[ \t]*:)")
_PLAIN = re.compile(r"(?:.*[ \t])?(?:rec[ \t]+)?\{|[\w.'\"-]+[ \t]*=[ \t]*(?:rec[ \t]+)?\{")
_CHECKED = ("flake.nix", "default.nix", "shell.nix", "release.nix")
"""Files whose outermost attributes mean something to Nix."""


class NixFormat(Constants):
    """NixOS refuses options that it does not know, so nothing is added to a module but to its environments."""

    name = "nix"
    title = "Nix"
    comment = "# "
    needs = "a text in plain data, in a let or in an environment to stand beside"
    suffixes = "nix"
    rules = Language(comments=("#",), quotes='"', block=("/*", "*/"))
    head = r"[ \t]+"
    special = "$"
    strange = r"''"
    style = "camel"

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        opened = around(lines, number)
        if not opened:
            return any(re.match(r"\s*let\b", line.text) for line in lines[:number])
        if _ENVIRONMENT.fullmatch(opened[-1]):
            return True
        data = not _FUNCTION.match(document.text) and document.name not in _CHECKED
        return data and len(opened) <= 2 and all(_PLAIN.fullmatch(one.strip()) for one in opened)
