"""YAML that no other format claims: an environment, another database, a setting beside its like."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._names import labelled, style_of
from canaries.plant.formats._places import places
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import Made, Node, Place, reading
from canaries.plant.formats._yaml import is_json, parse, splice

_NAMES = re.compile(
    r".+\.(?:ya?ml|sls)(?:\.(?:example|sample|dist|bak|old|orig|template))?|\.(?:clang-format|yamllint|condarc)"
)
_START = re.compile(r"(?:[ \t]*#[^\n]*\n|[ \t]*\n)*(?:%YAML[^\n]*\n)?(?:---[ \t]*(?:#[^\n]*)?\n)")
_STRICT = re.compile(
    r"services|apiVersion|jobs|stages|openapi|swagger|AWSTemplateFormatVersion|pipelines|steps|scrape_configs"
    r"|receivers|exporters|entryPoints|entrypoints|schema_config|network|filebeat\..+|metricbeat\..+|output\..+|ingress|tunnel|updates|repos"
)
"""Keys at the top of files whose programs refuse keys they do not know."""
_STRICT_NAMES = frozenset(
    """.gitlab-ci.yml .travis.yml mkdocs.yml pubspec.yaml action.yml app.yaml prometheus.yml alertmanager.yml
    traefik.yml loki.yml promtail.yml dependabot.yml codecov.yml .pre-commit-config.yaml netplan.yaml filebeat.yml
    otel.yaml""".split()
)


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
        for root in reversed(parse(document.text)):
            strict = root.sort != "map" or _strict(document, root)
            if _text_of(root, "kind") == "Secret" and (place := _secret(root, wish)):
                yield Composition((splice(document.text, place),), place.said)
            for place in places(root, wish, _fragments(document, wish), strict=strict):
                if place.into is root.get("data") and _text_of(root, "kind") == "Secret":
                    continue  # what stands there is Base64
                yield Composition((splice(document.text, place),), place.said)


def _strict(document: Document, root: Node) -> bool:
    """Whether a program refuses keys it does not know here: Compose, Kubernetes, CI files, OpenAPI."""
    inside = ".github" in document.path.parts or ".circleci" in document.path.parts
    named = document.name in _STRICT_NAMES
    return inside or named or any(_STRICT.fullmatch(key) for key, _, _ in root.entries)


def _secret(root: Node, wish: Wish) -> Place | None:
    """``data`` of a Kubernetes Secret, in Base64; its ``stringData`` is an environment like others."""
    data = root.get("data")
    if data is None or not data.entries or data.flow or root.get("stringData"):
        return None
    keys = [key for key, _, _ in data.entries]
    style = style_of(keys, "upper" if any(key.isupper() for key in keys) else "kebab")
    label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values))
    made = tuple(
        (
            labelled(v.name, label, style),
            Made(base64.b64encode(v.text.encode()).decode(), data.entries[-1][2].quote),
        )
        for v in wish.values.values
    )
    return Place(data, len(keys) - 1, made, said=f"as {', '.join(key for key, _ in made)} in data")


def _text_of(root: Node, key: str) -> str:
    held = root.get(key)
    return held.text if held and held.sort == "scalar" else ""


def _fragments(document: Document, wish: Wish) -> list[Any]:
    """The bait's own YAML of this name."""
    import yaml

    file = wish.values.file(document.name)
    try:
        return [yaml.safe_load(file.content)] if file else []
    except yaml.YAMLError:  # of the same name, and of another sort
        return []
