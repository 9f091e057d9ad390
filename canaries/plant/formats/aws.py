"""The AWS client's two files: a profile more, never the default one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._section_lines import Section
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import words


class AwsFormat(SectionFormat):
    """``credentials`` calls a profile by its name, ``config`` by ``profile NAME``
    (AWS CLI user guide, "Configuration and credential file settings")."""

    name = "aws"
    title = "an AWS credentials or config file"
    rank = 40
    needs = "an access key (aws-key)"
    comments_unasked: ClassVar[bool] = False
    joins: ClassVar[bool] = False
    invents: ClassVar[bool] = False
    colon: ClassVar[bool] = False

    def claims(self, document: Document) -> bool:
        named = document.name.startswith("credentials") and "aws_access_key_id" in document.text
        return named or document.path.parent.name == ".aws"

    def own(self, document: Document, wish: Wish) -> list[Section]:
        name = "config" if document.name.startswith("config") else "credentials"
        file = next((one for one in wish.values.files if one.path == f".aws/{name}"), None)
        found = self.sections(file.content.decode()) if file else []
        for section in found:
            if name == "config" and section.name == "default":  # what it is called once it is not the default
                section.name = "profile default"
        return found

    def _beside(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        if words(wish.values.kind)[:1] == ("aws",):  # any other pair of keys would be no profile
            yield from super()._beside(document, wish, found)

    def renamed(self, name: str, label: str) -> str:
        before, _, last = name.rpartition(" ")
        bare = label if last.lower() in self.special else f"{last}-{label}"
        return f"{before} {bare}" if before else bare
