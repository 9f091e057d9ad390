"""Kubernetes manifests: what a Secret holds is Base64, and what is immutable takes no entry more."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from canaries.plant.formats import Wish
from canaries.plant.formats._names import labelled, style_of
from canaries.plant.formats._tree import Made, Node, Place, walk

_ENCODED = ("data", "binaryData")


def text_of(node: Node, key: str) -> str:
    """The scalar below ``key``; empty where there is none."""
    held = node.get(key)
    return held.text if held and held.sort == "scalar" else ""


def secrets(root: Node, wish: Wish) -> Iterator[Place]:
    """In ``data`` of each Secret, also of those in a List; its ``stringData`` is an environment like others."""
    for _, node in walk(root):
        data = node.get("data")
        usual = text_of(node, "kind") == "Secret" and text_of(node, "type") in ("", "Opaque")
        if usual and data and data.entries and not node.get("stringData") and not _fixed(node):
            yield _secret(data, wish)


def out_of_bounds(root: Node) -> set[int]:
    """Ids of the nodes in which no plain text may go: Base64, and manifests that are immutable."""
    found: set[int] = set()
    for _, node in walk(root):
        if not text_of(node, "kind"):
            continue
        if _fixed(node):
            found |= {id(inner) for _, inner in walk(node)}
        for key in _ENCODED:
            if (held := node.get(key)) and (key != "data" or text_of(node, "kind") == "Secret"):
                found.add(id(held))
    return found


def _fixed(node: Node) -> bool:
    return text_of(node, "immutable").lower() in ("true", "yes", "on")


def _secret(data: Node, wish: Wish) -> Place:
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
