"""Nix: an attribute more of plain data, of a ``let`` or of an environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._constants import Constants
from canaries.plant.formats._settings_lines import around
from canaries.plant.formats._text import Document

_ENVIRONMENT = re.compile(
    r"(?:.*[ \t.])?(?:variables|sessionVariables|environment)[ \t]*=[ \t]*\{|(?:.*[ \t.(])?mkShell(?:NoCC)?[ \t]*\{"
)
"""Attributes of these become variables, whatever they are called."""
_FUNCTION = re.compile(r"(?:\s*#[^\n]*\n)*\s*(?:\{[^{}=;]*\}[ \t]*:|[A-Za-z_][\w'-]*[ \t]*:)")
_PLAIN = re.compile(r"(?:.*[ \t])?(?:rec[ \t]+)?\{")
_DATA = re.compile(
    r"(?:.*[._-])?(?:secrets?|credentials?|keys|tokens|vars|variables|params|constants|settings)\.nix"
)
"""Names of files that other files take values from. A set of attributes under another name may be a module."""
_OPTIONS = re.compile(
    r"^[ \t]*(?:imports|options|config|services|networking|environment|boot|programs|systemd|users|hardware|nix|nixpkgs"
    r"|security|home|fileSystems|disko|virtualisation|perSystem|inputs|outputs)[ \t]*[.=]",
    re.MULTILINE,
)
"""Attributes of modules and flakes."""


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

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        text = document.text
        data = _DATA.fullmatch(document.name) and not _OPTIONS.search(text) and not _FUNCTION.match(text)
        let = next((n for n, line in enumerate(lines) if re.match(r"\s*let\b", line.text)), len(lines))

        def may_stand(number: int) -> bool:
            opened = around(lines, number)
            if not opened:
                return let < number
            if _ENVIRONMENT.fullmatch(opened[-1]):
                return re.match(r"[ \t]*[A-Z][A-Z0-9_]*[ \t]*=", lines[number].text) is not None
            return bool(data) and len(opened) == 1 and _PLAIN.fullmatch(opened[0].strip()) is not None

        return may_stand
