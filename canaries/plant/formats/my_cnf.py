"""MySQL's and MariaDB's option files: a group that is read only when it is asked for.

The clients read ``[client]``, ``[mysql]`` and their like at every start; ``[client_legacy]`` only with
``--defaults-group-suffix=_legacy`` (MySQL manual 4.2.2.2, MariaDB "Configuring MariaDB with Option Files").
"""

from __future__ import annotations

from typing import ClassVar

from canaries.plant.formats import Wish
from canaries.plant.formats._section_lines import Section
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document


class MyCnfFormat(SectionFormat):
    name = "my-cnf"
    title = "a MySQL option file"
    rank = 40
    needs = "a user and a password (mysql)"
    folding: ClassVar[bool] = False
    colon: ClassVar[bool] = False
    joins: ClassVar[bool] = False
    invents: ClassVar[bool] = False
    special: ClassVar[frozenset[str]] = frozenset(
        "client mysql mysqld mysqldump mariadb mariadb-client client-mariadb client-server server".split()
    )

    def claims(self, document: Document) -> bool:
        name = document.name.lower()
        return name in (".my.cnf", "my.cnf", "my.ini", ".mylogin.cnf.txt", "debian.cnf") or (
            (name.endswith(".cnf") and "[client" in document.text) or "[mysqld" in document.text[:4000]
        )

    def own(self, document: Document, wish: Wish) -> list[Section]:
        file = wish.values.file(".my.cnf")
        return self.sections(file.content.decode()) if file else []

    def renamed(self, name: str, label: str) -> str:
        return f"{name}_{label}"

    def quoted(self, text: str, quote: str) -> str:
        if "#" in text and not quote:
            quote = '"'
        return super().quoted(text, quote)
