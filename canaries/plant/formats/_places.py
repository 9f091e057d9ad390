"""Where in a tree of settings the bait goes: a fragment of its own, an environment, another entry, a setting more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canaries.plant.formats import Wish
from canaries.plant.formats._donor import Fitted, fitted, link_like
from canaries.plant.formats._environments import environments
from canaries.plant.formats._flat_settings import flat, shallow
from canaries.plant.formats._grafts import grafts
from canaries.plant.formats._manifests import secrets
from canaries.plant.formats._openness import free_maps
from canaries.plant.formats._services import concerns, tells_its_sort
from canaries.plant.formats._tree import HOST, Made, Node, Place, leaves, named, walk
from canaries.plant.formats._values import role_of

_THROUGH = frozenset(
    """output outputs input inputs receivers exporters processors pipelines datasources backends
    targets providers sources sinks plugins queues stores disks drivers runners repositories
    registries modules extensions routes""".split()
)
"""Mappings that a program goes through entry by entry: one more would be used."""
_ONLY_ONE = frozenset("data values vars variables parameters params env environment authentication".split())
"""Mappings called after what is in them: where there is one, no other stands beside it."""


_ENTRIES = frozenset("aliases profiles accounts environments".split())
"""Mappings in which each entry is one of its sort: another one stands in there and not beside."""
_BARE_LINKS = frozenset("url uri dsn link connection_string connectionstring".split())
"""What an entry's address is called."""
_PROGRAMS = frozenset("spring quarkus micronaut".split())
"""Frameworks in whose files all of their own settings are below their name."""


def places(root: Node, wish: Wish, fragments: list[Any], *, strict: bool = False) -> Iterator[Place]:
    """Where the bait may go, the best first. ``strict``: no key may be invented where a program expects its own."""
    for fragment in fragments:
        yield from grafts(root, wish, fragment)
    yield from secrets(root, wish)
    yield from environments(root, wish)
    if strict:
        yield from flat(free_maps(root), wish)
        return
    yield from _links(root, wish)
    yield from _donors(root, wish)
    yield from _links(root, wish, bare=True)
    yield from flat(shallow(root), wish)


def _links(root: Node, wish: Wish, *, bare: bool = False) -> Iterator[Place]:
    """Another address beside one of the same sort, where that is all there is to an entry.

    ``bare``: also beside one that is merely called ``url``, as what an entry has: another name there may be refused.
    """
    for path, node in walk(root):
        keys = [key for key, _, _ in node.entries]
        if {"user", "password", "host"} & {role_of(key) for key in keys} or any(map(tells_its_sort, keys)):
            continue  # its user and password stand beside it, or its driver: that is a donor
        for place, (key, _, value) in reversed(list(enumerate(node.entries))):
            if bare != (bool(path) and key.lower() in _BARE_LINKS):
                continue
            text = (
                link_like(role_of(key, value.text), value.text, wish.values)
                if value.sort == "scalar"
                else None
            )
            if text:
                name = named(key, wish, keys, "-" if "-" in key else "_")
                yield Place(node, place, ((name, Made(text, value.quote)),), said=f"as {name}, after {key}")


def _donors(root: Node, wish: Wish) -> Iterator[Place]:
    """A named entry like one that is there: another database, another profile, another server."""
    found: list[tuple[int, Place]] = []
    for path, node in walk(root):
        if node.sort != "map" or (path and path[-1].lower() in _THROUGH):
            continue
        keys = frozenset(key for key, _, _ in node.entries)
        for place, (key, _, value) in enumerate(node.entries):
            if value.sort != "map" or any(inner.sort == "list" for _, inner in walk(value)):
                continue
            if key.lower() in _ONLY_ONE or (
                key.lower() in _ENTRIES and all(v.sort == "map" for _, _, v in value.entries)
            ):
                continue
            inside = list(leaves(value))
            if any(HOST.fullmatch(part) for leaf, _ in inside for part in leaf):
                continue  # named after its host, further in
            made = fitted([(leaf[-1], one.text) for leaf, one in inside], wish.values)
            if made is None:
                continue
            joint = "-" if "-" in key else "_"
            name = named(key, wish, keys, joint)
            new = _rebuilt(value, {inside[one.like][0]: one.text for one in made if one.like >= 0})
            rest = [] if HOST.fullmatch(key) else [one for one in made if one.like < 0]
            whole = _where(made, inside, wish)
            apart = any(_is_apart(inside[one.like], one.text, whole) for one in made if one.like >= 0)
            extra = tuple((one.key, Made(one.text, inside[0][1].quote)) for one in rest)
            body = _with(new, whole, extra)
            if apart:  # an address whose login stands in another mapping would be half of one
                body = _along(body, whole)
            if (
                not path and key in _PROGRAMS and not wish.commented and not wish.live
            ):  # it would read the rest of it, too
                name = wish.free(lambda word: word, keys)
                body = _along(body, whole)
            same = concerns(key, wish.values) or HOST.fullmatch(key)
            found.append(
                (
                    -99 if same and not wish.commented else len(path) * (-1 if wish.commented else 1),
                    Place(node, place, ((name, body),), said=f"as {name}, after {key}"),
                )
            )
    for _, one in sorted(found, key=lambda pair: pair[0]):
        yield one


def _where(made: list[Fitted], inside: list[tuple[tuple[str, ...], Node]], wish: Wish) -> tuple[str, ...]:
    """Path of the mapping that the login is in: the one with its secret, else the first that changes."""
    changed = [one for one in made if one.like >= 0 and one.text != inside[one.like][1].text]
    secret = wish.values.roles.get("secret", "\0")
    first = next((one for one in changed if secret in one.text), changed[0] if changed else None)
    return inside[first.like][0][:-1] if first else ()


def _is_apart(leaf: tuple[tuple[str, ...], Node], text: str, whole: tuple[str, ...]) -> bool:
    """Whether a leaf is an address that has no login of its own, and that at ``whole`` is not with it."""
    parent = leaf[0][:-1]
    bare = text != leaf[1].text and "://" in text and "@" not in text and not text.startswith("http")
    return bare and parent != whole[: len(parent)] and whole != parent[: len(whole)]


def _with(body: Made, path: tuple[str, ...], extra: tuple[tuple[str, Made], ...]) -> Made:
    """``body`` with ``extra`` in the mapping at ``path``."""
    entries = body.entries or ()
    if not path:
        return Made(entries=(*entries, *extra))
    return Made(
        entries=tuple((key, _with(one, path[1:], extra) if key == path[0] else one) for key, one in entries)
    )


def _along(body: Made, path: tuple[str, ...]) -> Made:
    """Of ``body`` what leads to ``path``, and all that is there."""
    if not path:
        return body
    return Made(
        entries=tuple((key, _along(one, path[1:])) for key, one in body.entries or () if key == path[0])
    )


def _rebuilt(node: Node, texts: dict[tuple[str, ...], str], path: tuple[str, ...] = ()) -> Made:
    """``node`` with these leaves; those that are not named are left out."""
    entries: list[tuple[str, Made]] = []
    for key, _, value in node.entries:
        here = (*path, key)
        if value.sort == "map":
            inner = _rebuilt(value, texts, here)
            if inner.entries:
                entries.append((key, inner))
        elif here in texts and (value.quote != "!" or texts[here] != value.text):
            kept = texts[here] == value.text
            number = not value.quote and texts[here].isdigit() and value.text.isdigit()
            entries.append((key, Made(texts[here], value.quote, raw=(kept and not value.quote) or number)))
    return Made(entries=tuple(entries))
