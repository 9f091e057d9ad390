"""Settings of one mapping, side by side: another one beside its like, under a name that nothing looks up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from canaries.plant.formats import Wish
from canaries.plant.formats._donor import Fitted, fitted
from canaries.plant.formats._names import LABELS, labelled, nearest, style_of, styled
from canaries.plant.formats._openness import namespace
from canaries.plant.formats._services import concerns, tells_its_sort
from canaries.plant.formats._tree import Made, Node, Place, leaves, named, walk
from canaries.plant.formats._values import role_of, words

_DEEPEST = 1
"""Levels below which a key of another name may be one that a program refuses."""

_OPEN = ("parameters", "custom", "vars", "params")


def shallow(root: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The mappings in which a program's own names end soon, the outermost first."""
    return (
        (path, node)
        for path, node in sorted(walk(root), key=lambda one: len(one[0]))
        if len(path) <= _DEEPEST
    )


def flat(maps: Iterable[tuple[tuple[str, ...], Node]], wish: Wish) -> Iterator[Place]:
    """Settings beside their like: first a login whose names begin alike, then the bait's own names."""
    found = [
        (path, node)
        for path, node in maps
        if node.sort == "map" and node.entries and _takes(path, node, wish)
    ]
    for _, node in found:
        yield from _logins(node, wish)
    for path, node in found:
        keys = [key for key, _, _ in node.entries]
        near = nearest(keys, wish.values, [_scalar_role(key, held) for key, _, held in node.entries])
        if near is None and path:
            near = len(keys) - 1 if path[-1] in _OPEN else None
        if near is None:
            continue
        bare = [key.rpartition(":")[2] for key in keys]
        plain = "pascal" if all(key[:1].isupper() for key in bare) else "snake"
        style = style_of(bare, "upper" if any(key.isupper() for key in bare) else plain)
        nested = node.entries[near][2].sort == "map"
        yield _group(node, near, wish, keys, style) if nested else _plain(node, near, wish, keys, style)


def _takes(path: tuple[str, ...], node: Node, wish: Wish) -> bool:
    keys = [key for key, _, _ in node.entries]
    if any(key.startswith(("/", "http:", "https:", "?")) for key in keys) or namespace(keys) is None:
        return False
    if path and any(tells_its_sort(key) and len(words(key)) == 1 for key in keys):
        return False  # an entry, whose driver knows its arguments
    # Symfony reads %name% in a parameter as another parameter
    return path != ("parameters",) or not any("%" in value.text for value in wish.values.values)


def _logins(node: Node, wish: Wish) -> Iterator[Place]:
    """``database_host``, ``database_user`` and so on, once more."""
    scalars = [(n, key, held) for n, (key, _, held) in enumerate(node.entries) if held.sort == "scalar"]
    keys = [key for key, _, _ in node.entries]
    for group in alike([key for _, key, _ in scalars]):
        chosen = [scalars[n] for n in group]
        space = _scope(chosen[0][1]) or namespace(keys) or ""
        pairs = [(key.rpartition(":")[2], held.text) for _, key, held in chosen]
        made = fitted(pairs, wish.values)
        if not made:
            continue
        style = style_of([key for key, _ in pairs], "snake")
        names = renamed(pairs, [(one.key, one.like) for one in made], style)
        taken = {key.rpartition(":")[2] for key in keys if not space or key.startswith(space)}
        label = _unused(wish, names, style, taken)
        new = []
        for name, one in zip(names, made, strict=True):
            like = (
                chosen[one.like][2]
                if one.like >= 0
                else next((v for _, _, v in chosen if v.quote), chosen[0][2])
            )
            number = one.text.isdigit() and (like.text.isdigit() or like.text in ("null", "~", ""))
            raw = not like.quote and (one.text == like.text or number)
            new.append((space + labelled(name, label, style), Made(one.text, like.quote, raw=raw)))
        said = f"as {', '.join(key for key, _ in new)}, after {chosen[-1][1]}"
        yield Place(node, chosen[-1][0], tuple(new), said=said)


def logins(pairs: Sequence[tuple[str, str]], wish: Wish) -> Iterator[tuple[int, list[Fitted]]]:
    """Of settings (name, text) in their order: each login of the bait's sort whose names begin alike, once more.

    Gives the place of its last setting, and the new ones in the file's own names; ``like`` is a place in ``pairs``.
    """
    keys, values = [key for key, _ in pairs], wish.values
    for group in alike(keys):
        inside = [pairs[n] for n in group]
        if set(words(inside[0][0])[:1]) & set(LABELS):
            continue  # one that was planted before
        roles = [role_of(*pair) for pair in inside]
        server = values.service == "database" and {"host", "url"} & set(roles)
        if not {"password", "secret"} & set(roles) or not (
            server or any(concerns(key, values) for key, _ in inside)
        ):
            continue
        made = within(fitted(inside, values) or [], roles)
        if not made:
            continue
        style = style_of([key for key, _ in inside], "upper" if inside[0][0].isupper() else "snake")
        names = renamed(inside, [(one.key, one.like) for one in made], style)
        label = _unused(wish, names, style, set(keys))
        new = [
            Fitted(labelled(name, label, style), one.text, group[one.like] if one.like >= 0 else -1)
            for name, one in zip(names, made, strict=True)
        ]
        yield group[-1], new


def within(made: list[Fitted], roles: list[str]) -> list[Fitted]:
    """The settings from the first that tells something to the last, each text of the bait's once."""
    telling = [n for n, role in enumerate(roles) if role]
    found: list[Fitted] = []
    for one in made:
        said = one.like >= 0 and roles[one.like]
        twice = said and any(other.text == one.text and roles[other.like] == said for other in found)
        if one.like < 0 or (telling[0] <= one.like <= telling[-1] and not twice):
            found.append(one)
    return found


def _unused(wish: Wish, names: list[str], style: str, taken: set[str]) -> str:
    return wish.label(lambda word: any(labelled(name, word, style) in taken for name in names))


def alike(keys: list[str]) -> Iterator[list[int]]:
    """Places of the keys that begin with the same word, where they stand together; the last ones first."""
    groups = [list(group) for _, group in groupby(range(len(keys)), key=lambda n: _head(keys[n]))]
    yield from (group for group in reversed(groups) if len(group) > 1)


def _head(key: str) -> str:
    first = _scope(key) or (words(key.rpartition(":")[2]) or ("",))[0]
    return "db" if first.startswith("db") else first


def renamed(pairs: list[tuple[str, str]], made: list[tuple[str, int]], style: str) -> list[str]:
    """The names of a login's settings; what it has beside gets the first word of the others."""
    head = _head(pairs[0][0])
    return [pairs[like][0] if like >= 0 else styled((head, *words(key)), style) for key, like in made]


def _scope(key: str) -> str:
    """``profile::db::`` of Puppet's data: the class whose parameter it would be."""
    head, colons, _ = key.rpartition("::")
    return head + colons


def _scalar_role(key: str, value: Node) -> str:
    return role_of(key, value.text) if value.sort == "scalar" else ""


def _plain(node: Node, near: int, wish: Wish, keys: list[str], style: str) -> Place:
    space = _scope(keys[near]) or namespace(keys) or ""
    taken = {key.removeprefix(space) for key in keys}
    label = wish.label(lambda word: any(labelled(v.name, word, style) in taken for v in wish.values.values))
    made = tuple(
        (space + labelled(v.name, label, style), Made(v.text, node.entries[near][2].quote))
        for v in wish.values.values
    )
    return Place(node, near, made, said=f"as {', '.join(key for key, _ in made)}, after {keys[near]}")


def _group(node: Node, near: int, wish: Wish, keys: list[str], style: str) -> Place:
    values = wish.values
    key = keys[near]
    name = named(key, wish, keys, "-" if "-" in key else "_")
    inner = [one for one, _, _ in node.entries[near][2].entries]
    inside = style_of(inner, "camel" if style in ("camel", "pascal") else "snake")
    short = [
        words(v.name)[1:] if words(v.name)[0] == values.service and len(words(v.name)) > 1 else words(v.name)
        for v in values.values
    ]
    leaf = next((one for _, one in leaves(node.entries[near][2])), None)
    quote = leaf.quote if leaf else None
    body = tuple(
        (styled(parts, inside), Made(v.text, quote)) for parts, v in zip(short, values.values, strict=True)
    )
    return Place(node, near, ((name, Made(entries=body)),), said=f"as {name}, after {key}")
