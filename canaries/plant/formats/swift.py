"""Swift: a constant more of a file, an enumeration or a structure."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class SwiftFormat(Constants):
    name = "swift"
    title = "Swift"
    suffixes = "swift"
    head = r"[ \t]*(?:(?:public|internal)[ \t]+)?(?:static[ \t]+)?let[ \t]+"
    sep = r"(?:[ \t]*:[ \t]*String)?[ \t]*=[ \t]*"
    around = r"(?!.*\bfunc\b)(?:.*[ \t])?(?:enum|struct|extension)[ \t].*"
    strange = r'"""|#"'
    style = "camel"
