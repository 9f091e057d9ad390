"""Scala: a value more of an object."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class ScalaFormat(Constants):
    name = "scala"
    title = "Scala"
    suffixes = "scala"
    head = r"[ \t]*(?:final[ \t]+)?val[ \t]+"
    sep = r"(?:[ \t]*:[ \t]*String)?[ \t]*=[ \t]*"
    around = r"(?:.*[ \t])?object[ \t][^(]*"
    style = "pascal"
