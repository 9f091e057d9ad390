"""Composer's ``auth.json``: a host more, with its login or its token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._json import is_strict, parse, splice
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import Made, Place, reading

_BLOCKS = re.compile(r"http-basic|(?:github|gitlab|bitbucket)-oauth|gitlab-token|bearer|client-certificate")
_TOKENS = {"github": "github-oauth", "gitlab": "gitlab-token"}
"""Service to the block of its tokens."""


class ComposerFormat(FileFormat):
    """https://getcomposer.org/doc/articles/authentication-for-private-packages.md: keyed by host, asked by host."""

    name = "composer"
    title = "Composer's auth.json"
    rank: ClassVar[int] = 55
    needs = "a host with a login or a token, and a block of such to stand in"

    def claims(self, document: Document) -> bool:
        if document.name != "auth.json":
            return False
        try:
            keys = [key for key, _, _ in parse(document.text).entries]
        except ValueError:
            return False
        return bool(keys) and all(_BLOCKS.fullmatch(key) for key in keys)

    def read(self, text: str) -> Reading:
        if not is_strict(text):
            raise ValueError("it does not parse as JSON")
        return reading(parse(text))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        roles, root = wish.values.roles, parse(document.text)
        host, user, password = (roles.get(role, "") for role in ("host", "user", "password"))
        login = Made(entries=(("username", Made(user)), ("password", Made(password))))
        wanted = [("http-basic", login)] if user and password else []
        if "secret" in roles and not wanted:
            names = (_TOKENS.get(wish.values.service, ""), "bearer")
            wanted = [(name, Made(roles["secret"])) for name in names if name]
        for name, made in wanted:
            block = root.get(name)
            if host and block and block.entries and block.get(host) is None:
                place = Place(
                    block, len(block.entries) - 1, ((host, made),), said=f"as a host more of {name}"
                )
                yield Composition((splice(document.text, place),), place.said)
