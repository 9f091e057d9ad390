"""The bait's own file of the same sort, entry by entry, put into one that is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canaries.plant.formats import Wish
from canaries.plant.formats._tree import Node, Place, made_of


def grafts(root: Node, wish: Wish, fragment: Any) -> Iterator[Place]:
    """The bait's own file of that sort, where the two share their outermost mappings or lists."""
    if root.sort != "map" or not isinstance(fragment, dict):
        return
    names = [key for key, value in fragment.items() if isinstance(value, (dict, list))]
    shared = [key for key in names if (held := root.get(key)) and held.sort != "scalar"]
    if not names and not shared:
        return
    if len(shared) < len(names):  # another sort of file, or keyed by host at the top (gh's hosts.yml)
        if (
            len(names) == len(fragment) == 1
            and root.entries
            and all(v.sort == "map" for _, _, v in root.entries)
        ):
            new = tuple((key, made_of(value)) for key, value in fragment.items() if root.get(key) is None)
            if new:
                yield Place(root, len(root.entries) - 1, new, said=f"as {new[0][0].partition('.')[0]}...")
        return
    for key in shared:
        held, value = root.get(key), fragment[key]
        if held is None:
            continue
        if held.sort == "map" and isinstance(value, dict):
            inner = []
            for name, one in value.items():
                inner.append((_free(name, held, wish), made_of(one)))
            yield Place(held, len(held.entries) - 1, tuple(inner), said=f"as an entry of {key}")
        elif held.sort == "list" and isinstance(value, list):
            yield Place(
                held,
                len(held.items) - 1,
                items=tuple(made_of(one) for one in value),
                said=f"as an item of {key}",
            )


def _free(name: str, held: Node, wish: Wish) -> str:
    """``name``, with a word behind it where it is taken."""
    taken = [key for key, _, _ in held.entries]
    return name if wish.commented or name not in taken else wish.free(lambda word: f"{name}-{word}", taken)
