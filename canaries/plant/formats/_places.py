"""Where in a tree of settings the bait goes: a fragment of its own, an environment, another entry, a setting more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from canaries.core.text import counted
from canaries.plant.formats import Wish
from canaries.plant.formats._donor import Fitted, fitted, link_like
from canaries.plant.formats._flat_settings import flat, shallow
from canaries.plant.formats._grafts import grafts
from canaries.plant.formats._manifests import out_of_bounds, secrets
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._openness import free_maps, may_be_environment
from canaries.plant.formats._services import concerns
from canaries.plant.formats._tree import HOST, Made, Node, Place, leaves, named, walk
from canaries.plant.formats._values import BaitValues, role_of

_THROUGH = frozenset(
    """output outputs input inputs receivers exporters processors pipelines datasources backends
    targets providers sources sinks plugins queues stores disks drivers runners repositories
    registries modules extensions routes""".split()
)
"""Mappings that a program goes through entry by entry: one more would be used."""
_IMAGES = tuple(
    f"{name}_"
    for name in "POSTGRES PG MYSQL MARIADB MONGO MONGO_INITDB REDIS RABBITMQ MINIO GF KC KEYCLOAK PGADMIN ES".split()
)
"""How variables begin that images of databases, brokers and the like document."""
_ONLY_ONE = frozenset("data values vars variables parameters params env environment authentication".split())
"""Mappings called after what is in them: where there is one, no other stands beside it."""


_ENTRIES = frozenset("aliases profiles accounts environments".split())
"""Mappings in which each entry is one of its sort: another one stands in there and not beside."""
_PROGRAMS = frozenset("spring quarkus micronaut".split())
"""Frameworks in whose files all of their own settings are below their name."""


def places(root: Node, wish: Wish, fragments: list[Any], *, strict: bool = False) -> Iterator[Place]:
    """Where the bait may go, the best first. ``strict``: no key may be invented where a program expects its own."""
    for fragment in fragments:
        yield from grafts(root, wish, fragment)
    yield from secrets(root, wish)
    yield from _environments(root, wish)
    if strict:
        yield from flat(free_maps(root), wish)
        return
    yield from _links(root, wish)
    yield from _donors(root, wish)
    yield from flat(shallow(root), wish)


def _environments(root: Node, wish: Wish) -> Iterator[Place]:
    """Maps, lists of pairs and lists of assignments that are environments or variables."""
    values = wish.values.values
    if not values:
        return
    found: list[tuple[int, Place]] = []
    banned = out_of_bounds(root)
    for path, node in walk(root):
        last = path[-1] if path else ""
        if id(node) in banned or not may_be_environment(path):
            continue
        if node.sort == "list" and node.items:
            place = _pairs(node, wish) or _assignments(node, wish, path)
        elif node.sort == "map":
            place = _variables(node, wish, last)
        else:
            place = None
        if place:
            near = any(concerns(key, wish.values) for key in path) or _mentions(node, wish.values)
            found.append((0 if near else 2 if _is_an_images(node) else 1, place))
    for _, place in sorted(found, key=lambda one: one[0]):
        yield place


def _is_an_images(node: Node) -> bool:
    """Whether all variables are those of a database's or a broker's image: an application's stand elsewhere."""
    names = [key for key, _, _ in node.entries] or [one.text.partition("=")[0] for one in node.items]
    return bool(names) and all(name.startswith(_IMAGES) for name in names)


def _mentions(node: Node, values: BaitValues) -> bool:
    names = [key for key, _, _ in node.entries] + [one.text.partition("=")[0] for one in node.items]
    names += [value.text for one in node.items if (value := one.get("name") or one.get("key"))]
    return any(concerns(name, values) for name in names)


def _pairs(node: Node, wish: Wish) -> Place | None:
    """``[{name: X, value: Y}, ...]`` and ``[{key: X, value: Y, ...}]``: Kubernetes, Postman, GitLab."""
    like = next((one for one in reversed(node.items) if one.sort == "map" and _pair_key(one)), None)
    if like is None or not all(one.sort == "map" and _pair_key(one, loose=True) for one in node.items):
        return None
    name = _pair_key(like)
    names = [held.text for one in node.items if (held := one.get(name))]
    style = style_of(names, "upper")
    label = wish.label(lambda word: any(labelled(v.name, word, style) in names for v in wish.values.values))
    items = []
    for value in wish.values.values:
        entries = []
        for key, _, held in like.entries:
            if key == name:
                entries.append((key, Made(labelled(value.name, label, style), held.quote)))
            elif key == "value":
                entries.append((key, Made(value.text, held.quote)))
            elif held.sort == "scalar" and key not in ("id", "uid", "description"):
                entries.append((key, Made(held.text, held.quote, raw=not held.quote)))
        items.append(Made(entries=tuple(entries)))
    return Place(
        node, len(node.items) - 1, items=tuple(items), said=f"as {counted(len(items), 'more variable')}"
    )


def _pair_key(node: Node, *, loose: bool = False) -> str:
    key = next((one for one in ("name", "key") if (named := node.get(one)) and named.sort == "scalar"), "")
    held = node.get("value")
    if key and (loose or (held and held.sort == "scalar")):
        return key
    return ""


def _assignments(node: Node, wish: Wish, path: tuple[str, ...]) -> Place | None:
    """``environment: [A=1, B=2]`` of Compose, ``env: {global: [A=1]}`` of Travis; there, ``env: [A=1]`` is a matrix."""
    if path == ("env",) or (path[-1:] not in (("environment",), ("env",)) and path != ("env", "global")):
        return None
    plain = [one for one in node.items if one.sort == "scalar"]
    if not plain or not all(re.match(r"[A-Za-z_]\w*(?:=|\Z)", one.text) for one in plain):
        return None
    names = [one.text.partition("=")[0] for one in plain]
    label = wish.label(lambda word: any(labelled(v.name, word, "upper") in names for v in wish.values.values))
    items = tuple(
        Made(f"{labelled(value.name, label, 'upper')}={value.text}", plain[-1].quote)
        for value in wish.values.values
    )
    return Place(
        node,
        len(node.items) - 1,
        items=items,
        said=f"as {counted(len(items), 'more variable')} of {path[-1]}",
    )


def _variables(node: Node, wish: Wish, last: str) -> Place | None:
    """A mapping of upper-case names, or one that is called an environment."""
    scalars = [(key, value) for key, _, value in node.entries if value.sort == "scalar"]
    settings = last == "data"  # of a ConfigMap, beside whole files
    upper = [key for key, _ in scalars if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*", key)]
    called = last in (
        "environment",
        "env",
        "variables",
        "stringData",
        "env_variables",
        "remoteEnv",
        "containerEnv",
        "environmentVariables",
        "environment_variables",
        "envVars",
        "env_vars",
        "build_env",
        "Variables",
    )
    if not node.entries or not (
        (called and scalars) or len(upper) * 2 > len(node.entries) > 0 or (settings and upper)
    ):
        return None
    keys = [key for key, _, _ in node.entries]
    style = "upper" if upper else style_of([key for key in keys if "." not in key], "upper")
    label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values))
    near = nearest(keys, wish.values, [role_of(key, held.text) for key, _, held in node.entries])
    like = node.entries[near if near is not None else -1][2]
    made = tuple(
        (labelled(value.name, label, style), Made(value.text, like.quote if like.sort == "scalar" else None))
        for value in wish.values.values
    )
    place = near if near is not None else len(keys) - 1
    return Place(
        node, place, made, said=f"as {', '.join(key for key, _ in made)}" + (f" in {last}" if last else "")
    )


def _links(root: Node, wish: Wish) -> Iterator[Place]:
    """Another address beside one of the same sort, where that is all there is to an entry."""
    for _, node in walk(root):
        keys = [key for key, _, _ in node.entries]
        if {"user", "password", "host"} & {role_of(key) for key in keys}:
            continue  # its user and password stand beside it: that is a donor
        for place, (key, _, value) in reversed(list(enumerate(node.entries))):
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
            extra = tuple((one.key, Made(one.text, inside[0][1].quote)) for one in rest)
            body = _with(new, _where(made, inside, wish), extra)
            if (
                not path and key in _PROGRAMS and not wish.commented and not wish.live
            ):  # it would read the rest of it, too
                name = wish.free(lambda word: word, keys)
                body = _along(body, _where(made, inside, wish))
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
