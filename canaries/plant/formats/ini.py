"""INI files that no other format claims."""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.plant.formats._sections import Section, SectionFormat
from canaries.plant.formats._text import Document

_NAMES = re.compile(
    r"""\.pypirc | \.s3cfg | s3cfg | rclone\.conf | \.pg_service\.conf | pg_service\.conf | \.?odbc(?:inst)?\.ini
    | \.boto | \.hgrc | hgrc | \.?odoorc | \.?pylintrc | \.coveragerc | \.flake8 | \.?editorconfig | wgetrc\.ini
    | .+\.(?:ini|cfg|inf|desktop) | (?:odoo|openerp-server|supervisord|trac|ceph|keystone|nova|glance|cinder)\.conf""",
    re.VERBOSE,
)
_HEADING = re.compile(r"(?:[ \t]*(?:[#;][^\n]*)?\n)*[ \t]*\[[\w .:/@\"-]+\][ \t]*(?:\n|\Z)")


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

    def wanted(self, section: Section) -> bool:
        return (
            bool(section.name) and section.name != "distutils"
        )  # it lists the servers, and would be there twice
