"""Headers of C and C++, and sketches: ``#define`` once more."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class CHeadersFormat(Constants):
    name = "c-headers"
    title = "a header"
    suffixes = "h|hpp|hh|hxx|ino"
    head = r"[ \t]*#[ \t]*define[ \t]+"
    sep = r"[ \t]+"
    strange = r'\bR"'
