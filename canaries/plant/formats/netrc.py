"""``.netrc``: one machine more, before any ``default``, which everything behind it hides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import at_end, before, paragraphs
from canaries.plant.formats._text import Document

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]\S*')
_MACRO = re.compile(r"^[ \t]*macdef[ \t]+\S+\n(?:.+\n?)*", re.MULTILINE)
"""A macro of FTP clients: up to an empty line."""


class NetrcFormat(FileFormat):
    """netrc(5) of ftp and curl: tokens apart by white space, the first match counts."""

    name = "netrc"
    title = "a .netrc"
    rank = 40
    comment: ClassVar[str] = "# "
    comments_unasked: ClassVar[bool] = False
    needs = "a host with user and password (netrc, ftp-credentials ...)"

    def claims(self, document: Document) -> bool:
        return document.name in (".netrc", "_netrc", "netrc", ".authinfo")

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], str] = {}
        seen: Counter[str] = Counter()
        for name, fields in _machines(text):
            found.setdefault(("(first)", name), str(fields))
            found[name, str(seen[name])] = str(fields)
            seen[name] += 1
            if name == "default":
                found["(default)",] = str(fields)
        for number, macro in enumerate(_MACRO.findall(text)):
            found["(macro)", str(number)] = macro.strip()
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        roles = wish.values.roles
        host, password = roles.get("host", ""), roles.get("password", "")
        user = roles.get("user") or roles.get("email", "")
        if document.name == ".authinfo" and not (user or password):  # as packages of Emacs look keys up
            user, password = "apikey", roles.get("secret", "")
        if not (host and user and password) or any(
            re.search(r'[\s"#]', one) for one in (host, user, password)
        ):
            return
        text = document.text
        one_line = re.search(r"^[ \t]*machine[ \t]+\S+[ \t]+login", text, re.MULTILINE) or not text.strip()
        indent = (
            match[1]
            if (match := re.search(r"^([ \t]+)(?:login|user|password)\b", text, re.MULTILINE))
            else ""
        )
        lines = (
            [f"machine {host} login {user} password {password}"]
            if one_line
            else [f"machine {host}", f"{indent}login {user}", f"{indent}password {password}"]
        )
        default = re.search(r"^[ \t]*default\b", text, re.MULTILINE)
        said = f"as a machine more{', before the default' if default else ''}"
        if default:
            gap = [""] if paragraphs(text) else []
            yield Composition((before(text, default.start(), [*lines, *gap]),), said)
        yield Composition((at_end(text, lines),), said)
        yield Composition((at_end(text, lines, paragraph=True),), said)  # an empty line ends a macro


def _machines(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Raises ValueError at a word that has no place."""
    bare = re.sub(r"^[ \t]*#.*$", "", text, flags=re.MULTILINE)
    bare = _MACRO.sub("", bare)
    words = [word.strip('"') for word in _TOKEN.findall(bare)]
    name, fields, at = "", {}, 0  # type: tuple[str, dict[str, str], int]
    while at < len(words):
        word = words[at]
        if word in ("machine", "default"):
            if name:
                yield name, fields
            step = 2 if word == "machine" else 1
            name, fields = (words[at + 1] if step == 2 and at + 1 < len(words) else "default"), {}
            at += step
        elif word in ("login", "user", "password", "account", "port") and name and at + 1 < len(words):
            fields["login" if word == "user" else word] = words[at + 1]
            at += 2
        else:
            raise ValueError("it has a word that is none of machine, default, login, password, account")
    if name:
        yield name, fields
