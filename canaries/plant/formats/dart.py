"""Dart: a constant more of a file or a class."""

from __future__ import annotations

from canaries.plant.formats._constants import EITHER, Constants


class DartFormat(Constants):
    name = "dart"
    title = "Dart"
    suffixes = "dart"
    head = r"[ \t]*(?:static[ \t]+)?const[ \t]+(?:String[ \t]+)?"
    value = EITHER
    around = r"(?:.*[ \t])?class[ \t][^(]*"
    special = "$"
    strange = r"\"\"\"|'''|\br['\"]"
    style = "camel"
