"""INI files that no other format claims."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.kinds.rclone import obscured
from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._closed import named_as_settings
from canaries.plant.formats._section_lines import Section, Setting
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document

_NAMES = re.compile(
    r"""\.pypirc | \.s3cfg | s3cfg | rclone\.conf | \.?odbc(?:inst)?\.ini
    | \.boto | \.databrickscfg | \.hgrc | hgrc | \.?odoorc | \.?pylintrc | \.coveragerc | \.flake8 | \.?editorconfig
    | wgetrc\.ini
    | .+\.(?:ini|cfg|inf|desktop|repo|nmconnection)
    | (?:odoo|openerp-server|supervisord|trac|ceph|keystone|nova|glance|cinder)\.conf""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"^[ \t]*([#;])", re.MULTILINE)
_SEMICOLONS = re.compile(
    r"(?:manager|sip|iax|pjsip|extensions|voicemail|ari|http|queues|users|asterisk|modules|rtp|php-fpm|www)\.conf"
)
_HEADING = re.compile(r"(?:[ \t]*(?:[#;][^\n]*)?\n)*[ \t]*\[[\w .:/@\"-]+\][ \t]*(?:\n|\Z)")


_LOGINS = re.compile(r"\.pypirc|\.?s3cfg|rclone\.conf")
"""Of programs that know logins and nothing else."""


class IniFormat(SectionFormat):
    name = "ini"
    title = "an INI file"
    rank = 60
    comment: ClassVar[str] = "# "
    special: ClassVar[frozenset[str]] = frozenset(
        {"default", "global", "main", "client", "distutils", "pypi", "testpypi", "options", "app:main"}
    )

    def claims(self, document: Document) -> bool:
        name = document.name.lower()
        if name in ("haproxy.cfg", "tox.ini", "pytest.ini", "grub.cfg"):
            return name in ("tox.ini", "pytest.ini")
        likely = name.endswith((".conf", "credentials", ".cnf", "config")) or "." not in name.lstrip(".")
        return bool(_NAMES.fullmatch(name)) or (likely and bool(_HEADING.match(document.text)))

    def own(self, document: Document, wish: Wish) -> list[Section]:
        """Also a remote of rclone's for a file server, which has a sort of its own there."""
        found, roles = super().own(document, wish), wish.values.roles
        scheme = roles.get("url", "").partition(":")[0]
        if found or document.name != "rclone.conf" or scheme != "ftp" or "password" not in roles:
            return found
        section = Section(scheme, 0, 0)
        iv = hashlib.sha256(roles["password"].encode()).digest()[:16]
        said = {
            "type": scheme,
            "host": roles["host"],
            "user": roles["user"],
            "pass": obscured(roles["password"], iv),
        }
        section.settings = [Setting(key, text, " = ", "", 0) for key, text in said.items()]
        return [section]

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """None in a program's own file that is known by its looks alone: it may act upon every section."""
        name = document.name.lower()
        if _LOGINS.fullmatch(name):
            found = self.sections(document.text)
            yield from self._grafted(document, wish, found)
            yield from self._beside(document, wish, found)
        elif any(section.name == "alias_dsn" for section in self.sections(document.text)):
            found = [one for one in self.sections(document.text) if one.name == "alias_dsn"]
            yield from self._linked(document, wish, found)
        elif _NAMES.fullmatch(name) or named_as_settings(name) or wish.commented:
            yield from super().candidates(document, wish)

    def comments(self, document: Document, wish: Wish) -> Iterator[Composition]:
        if _LOGINS.fullmatch(document.name.lower()):
            yield from self._commented_out(document, wish)
        else:
            yield from super().comments(document, wish)

    def mark(self, document: Document) -> str:
        """The file's own; where it has none, the one that its programs know: some take ``#`` for a command."""
        own = _COMMENT.findall(document.text)
        if own:
            return "; " if own.count(";") > own.count("#") else "# "
        semicolons = document.name.endswith((".ini", ".inf")) or document.path.parent.name in (
            "asterisk",
            "php-fpm.d",
            "pool.d",
        )
        return "; " if semicolons or _SEMICOLONS.fullmatch(document.name.lower()) else "# "

    def wanted(self, section: Section) -> bool:
        return (
            bool(section.name) and section.name != "distutils"
        )  # it lists the servers, and would be there twice
