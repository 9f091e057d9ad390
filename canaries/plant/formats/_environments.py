"""Environments in trees of settings: mappings and lists of variables that programs are started with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.core.text import counted
from canaries.plant.formats import Wish
from canaries.plant.formats._manifests import out_of_bounds
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._openness import may_be_environment
from canaries.plant.formats._services import concerns
from canaries.plant.formats._tree import Made, Node, Place, walk
from canaries.plant.formats._values import BaitValues, role_of

_IMAGES = tuple(
    f"{name}_"
    for name in "POSTGRES PG MYSQL MARIADB MONGO MONGO_INITDB REDIS RABBITMQ MINIO GF KC KEYCLOAK PGADMIN ES".split()
)
"""How variables begin that images of databases, brokers and the like document."""


def environments(root: Node, wish: Wish) -> Iterator[Place]:
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
    if like is None or not all(
        one.sort == "map" and (_pair_key(one, loose=True) or one.get("group") or one.get("template"))
        for one in node.items
    ):
        return None
    name = _pair_key(like)
    names = [held.text for one in node.items if (held := one.get(name))]
    style = style_of(names, "upper" if any(name.isupper() for name in names) else "snake")
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
    literals = path[:1] == ("secretGenerator",) and path[-1:] == ("literals",)  # Kustomize's
    environment = path[-1:] in (("environment",), ("env",)) or path == ("env", "global")
    if path == ("env",) or not (environment or literals):
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
