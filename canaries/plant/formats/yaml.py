"""YAML that no other format claims: an environment, another database, a setting beside its like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._manifests import text_of
from canaries.plant.formats._openness import strict_keys
from canaries.plant.formats._places import places
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import Node, reading
from canaries.plant.formats._yaml import is_json, parse, splice

_NAMES = re.compile(
    r".+\.(?:ya?ml|sls)(?:\.(?:example|sample|dist|bak|old|orig|template))?|\.(?:clang-format|yamllint|condarc)"
    r"|mongo[ds]\.conf"
)
_START = re.compile(r"(?:[ \t]*#[^\n]*\n|[ \t]*\n)*(?:%YAML[^\n]*\n)?(?:---[ \t]*(?:#[^\n]*)?\n)")
_STRICT_NAMES = re.compile(
    r"""(?:\.gitlab-ci | \.travis | mkdocs | pubspec | action | app | prometheus | alertmanager | traefik | loki
    | promtail | dependabot | codecov | \.pre-commit-config | netplan | filebeat | otel | serverless(?:\..+)?
    | pulumi(?:\..+)?
    | parameters | services(?:_.+)? | security | routes | azure-pipelines | bitbucket-pipelines | cloudbuild | \.drone
    | \.woodpecker | appveyor | codemagic | \.appveyor | (?:docker-)?compose(?:\..+)? | template | samtemplate
    | dbt_project | molecule | meta | playbook | site | requirements | docker-stack | stack | values\.schema
    | configuration | local-config | k3s | cloud-config | user-data | taskfile | justfile | snapcraft | electron-builder
    | wrangler | fly | render | cypress | redocly | spectral | crowdin | lefthook)\.ya?ml | mongo[ds]\.conf""",
    re.VERBOSE,
)
_STRICT_FOLDERS = frozenset(
    """.github workflows .circleci .woodpecker packages prometheus alertmanager loki tempo mimir promtail grafana
    provisioning datasources dashboards netplan k3s rke2 cloudflared authelia envoy otel traefik cloud.cfg.d dex
    argocd templates manifests k8s kubernetes molecule""".split()
)
"""Folders in which programs of that sort have their files."""


class YamlFormat(FileFormat):
    name = "yaml"
    title = "YAML"
    rank = 60
    comment: ClassVar[str] = "# "
    needs = "an environment, an entry or a setting of its sort to stand beside"

    def claims(self, document: Document) -> bool:
        if _NAMES.fullmatch(document.name.lower()) or _START.match(document.text):
            return True
        folder = document.path.parent.name
        return folder in ("group_vars", "host_vars") and "." not in document.name

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], Any] = {}
        for number, root in enumerate(parse(text)):
            found |= reading(root, (str(number),))
        found["(json)",] = is_json(text)
        return found

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower()}: {text}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        roots = parse(document.text)[::-1]
        roots.sort(key=lambda root: text_of(root, "kind") != "Secret")
        for root in roots:
            strict = (root.sort != "map" or _strict(document, root)) and not wish.commented
            for place in places(root, wish, _fragments(document, wish), strict=strict):
                yield Composition((splice(document.text, place),), place.said)


def _strict(document: Document, root: Node) -> bool:
    """Whether a program refuses keys it does not know here: Compose, Kubernetes, CI files, OpenAPI."""
    inside = not _STRICT_FOLDERS.isdisjoint(document.path.parts[-4:-1])
    return inside or bool(_STRICT_NAMES.fullmatch(document.name.lower())) or strict_keys(root)


def _fragments(document: Document, wish: Wish) -> list[Any]:
    """The bait's own YAML of this name."""
    import yaml

    file = wish.values.file(document.name)
    try:
        return [yaml.safe_load(file.content)] if file else []
    except yaml.YAMLError:  # of the same name, and of another sort
        return []
