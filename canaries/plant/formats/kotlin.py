"""Kotlin: a constant more of a file or an object."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class KotlinFormat(Constants):
    name = "kotlin"
    title = "Kotlin"
    suffixes = "kt|kts"
    head = r"[ \t]*(?:(?:public|internal)[ \t]+)?(?:const[ \t]+)?val[ \t]+"
    sep = r"(?:[ \t]*:[ \t]*String)?[ \t]*=[ \t]*"
    around = r"(?:.*[ \t])?object\b[^(]*"
    special = "$"
