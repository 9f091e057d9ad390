"""Rust: a public constant more."""

from __future__ import annotations

from canaries.plant.formats._code import Language
from canaries.plant.formats._constants import Constants


class RustFormat(Constants):
    name = "rust"
    title = "Rust"
    suffixes = "rs"
    rules = Language(comments=("//",), quotes='"', block=("/*", "*/"))  # an apostrophe also begins a lifetime
    head = r"[ \t]*pub(?:\(crate\))?[ \t]+(?:const|static)[ \t]+"
    sep = r"[ \t]*:[ \t]*&(?:'static[ \t]+)?str[ \t]*=[ \t]*"
    around = r"pub[ \t]+mod[ \t]+\w+[ \t]*\{"
    strange = r'\bb?r#*"|\'"\''
