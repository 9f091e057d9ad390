"""Files in which bait never belongs: what is in them is installed, executed, let in or served to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.core.errors import PlantError
from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._text import Document

_NAMES = re.compile(
    r"""
    (?:dev|test|prod|base|local|docs)?[-_.]?requirements.*\.(?:txt|in|pip) | constraints.*\.txt
    | pipfile(?:\.lock)? | .+\.lock | .+-lock\.(?:json|ya?ml) | .+\.lockb | npm-shrinkwrap\.json
    | go\.(?:mod|sum|work) | gemfile | package\.json | cargo\.toml | composer\.json | mix\.exs
    | packages\.config | pom\.xml | cmakelists\.txt | \.terraform\.lock\.hcl
    | setup\.py | environment\.ya?ml | pubspec\.yaml | package\.swift | .+\.gemspec
    | authorized_keys2? | known_hosts | \.?ht(?:passwd|digest) | .+\.(?:htpasswd|passwd|htdigest) | shadow
    | passwd | group | tomcat-users\.xml | (?:jetty-)?realm\.properties
    | (?:application|mgmt)-(?:users|roles)\.properties | users\.acl | userlist\.txt | users\.xml
    | internal_users\.ya?ml | users(?:_roles)?\.ya?ml | .+\.secrets | (?:chap|pap)-secrets | smbpasswd
    | (?:robots|humans|security|ads|app-ads|llms|sitemap)\.(?:txt|xml) | cname | codeowners | manifest\.in
    | (?:md5|sha\d{1,3})sums?(?:\.txt)? | checksums?\.txt | .+\.(?:md5|sha\d{1,3}(?:sums?)?)(?:\.txt)?
    | runtime\.txt | \.(?:python|ruby|node|java|go|tool)-versions? | \.nvmrc
    | (?:top_level|entry_points|sources)\.txt | apt-packages?\.txt | packages\.txt | requires\.txt
    | winscp\.ini | words?(?:list)?\.txt | stopwords\.txt | dictionary\.txt""",
    re.VERBOSE,
)


class NeverFormat(FileFormat):
    name = "never"
    title = "a list that programs act upon"
    rank = 10

    def claims(self, document: Document) -> bool:
        folder = document.path.parent.name.lower()
        text_list = document.name.endswith(".txt") and folder == "requirements"
        return bool(_NAMES.fullmatch(document.name.lower())) or text_list

    def read(self, text: str) -> Reading:
        return {}

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        raise PlantError(
            f"nothing is ever planted into {document.name}: programs or strangers read every line of it",
            hint="plant it into a settings file of the same project, or as a file of its own: name a folder",
        )
