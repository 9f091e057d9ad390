"""Java: a constant more of a class or an interface."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class JavaFormat(Constants):
    name = "java"
    title = "Java"
    suffixes = "java"
    head = r"[ \t]*(?:public[ \t]+)?(?:static[ \t]+final|final[ \t]+static)[ \t]+String[ \t]+"
    around = r"(?!.*\()(?:.*[ \t])?(?:class|interface|enum)[ \t].*"
