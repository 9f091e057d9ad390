"""YAML as a tree with places, and values written as the neighbours are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from canaries.plant.formats._lines import indent_of
from canaries.plant.formats._text import Splice
from canaries.plant.formats._tree import Made, Node, Place

_DEEPEST = 100
"""Levels that a file may have."""


def parse(text: str) -> list[Node]:
    """The documents of ``text``. Raises ValueError."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _shallow(yaml.parse(text, loader))
        list(yaml.load_all(text, _tolerant()))  # what composes may still not construct
        return [_node(one, text) for one in yaml.compose_all(text, loader) if one is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ValueError(f"it does not parse as YAML{where}") from error


def _shallow(events: Iterable[Any]) -> None:
    """Raises ValueError where blocks or brackets are nested too deeply: what loads them calls itself at each level."""
    import yaml

    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")


def _tolerant() -> Any:
    """A safe loader that leaves unknown tags (``!vault``, ``!Ref``) as nothing."""
    import yaml

    class _Loader(yaml.SafeLoader):
        pass

    _Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
    return _Loader


def _node(node: Any, text: str, depth: int = 0) -> Node:
    import yaml

    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    start, end, column = node.start_mark.index, node.end_mark.index, node.start_mark.column
    if isinstance(node, yaml.MappingNode):
        made = Node("map", start, end, flow=bool(node.flow_style), column=column)
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else f"?{key.start_mark.index}"
            label = _node(key, text, depth + 1)
            aliased = value.start_mark.index < label.end and _alias(text, label.end)
            made.entries.append((name, label, aliased or _node(value, text, depth + 1)))
    elif isinstance(node, yaml.SequenceNode):
        made = Node("list", start, end, flow=bool(node.flow_style), column=column)
        made.items = [_node(one, text, depth + 1) for one in node.value if one.start_mark.index >= start]
        if len(made.items) != len(node.value):
            raise ValueError("it has an alias in a list, which is not looked into")
    else:
        style = node.style or ""
        if style in ("|", ">"):  # its end mark is where the next thing begins
            while end and text[end - 1] in "\n ":
                end -= 1
            return Node("scalar", start, end, node.value, style, column=column)
        style = style or ("!" if node.tag.startswith("!") else "")
        return Node("scalar", start, end, node.value, style, column=column)
    if not made.flow:
        inner = [value for _, _, value in made.entries] or made.items
        made.end = inner[-1].end if inner else end
        if made.entries and inner and inner[-1].end < made.entries[-1][1].end:
            made.end = made.entries[-1][1].end
    return made


def _alias(text: str, at: int) -> Node:
    """``*name`` behind a key: what it stands for is elsewhere."""
    match = re.compile(r"[ \t]*:[ \t]*(\*[^\s,\]}]+)").match(text, at)
    if not match:
        raise ValueError("it has an alias that cannot be found")
    return Node("scalar", match.start(1), match.end(1), match[1])


def splice(text: str, place: Place) -> Splice:
    """``place`` as text: whole lines in block style, or ``, key: value`` in brackets."""
    into = place.into
    if into.flow:
        return _flow(into, place)
    count = len(into.entries) if into.sort == "map" else len(into.items)
    if not count:
        raise ValueError("an empty block has no place")
    if into.sort == "map":
        key, value = into.entries[place.beside][1], into.entries[place.beside][2]
        end, column = max(key.end, value.end), _column(text, into.entries[0][1].start)
        lines = [line for name, made in place.entries for line in _entry(name, made, column, into)]
        if _apart(text, into):
            lines.insert(0, "")
    else:
        end, column = into.items[place.beside].end, _dash(text, into.items[0].start)
        lines = [line for made in place.items for line in _item(made, column, into)]
    stop = text.find("\n", end)
    if stop < 0:
        return Splice(len(text), "\n" + "\n".join(lines))
    return Splice(stop + 1, "\n".join(lines) + "\n")


def _apart(text: str, into: Node) -> bool:
    """Whether blank lines part the entries of ``into``."""
    gaps = [
        text[into.entries[n][2].end : into.entries[n + 1][1].start]
        for n in range(len(into.entries) - 1)
        if into.entries[n][2].end < into.entries[n + 1][1].start
    ]
    return bool(gaps) and sum("\n\n" in gap for gap in gaps) * 2 > len(gaps)


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _column(text: str, at: int) -> int:
    return at - _line(text, at)


def _dash(text: str, at: int) -> int:
    """Column of the ``-`` before an item."""
    begin = _line(text, at)
    dash = text.rfind("-", begin, at)
    return dash - begin if dash >= 0 else len(indent_of(text, at))


def _flow(into: Node, place: Place) -> Splice:
    if into.sort == "map":
        if not into.entries:
            return Splice(
                into.end - 1,
                ", ".join(f"{_scalar(Made(k), into)}: {_inline(v, into)}" for k, v in place.entries),
            )
        end = max(into.entries[place.beside][1].end, into.entries[place.beside][2].end)
        return Splice(
            end, "".join(f", {_scalar(Made(k), into)}: {_inline(v, into)}" for k, v in place.entries)
        )
    if not into.items:
        return Splice(into.end - 1, ", ".join(_inline(v, into) for v in place.items))
    return Splice(into.items[place.beside].end, "".join(f", {_inline(v, into)}" for v in place.items))


def _inline(made: Made, like: Node) -> str:
    if made.entries is not None:
        return "{" + ", ".join(f"{_scalar(Made(k), like)}: {_inline(v, like)}" for k, v in made.entries) + "}"
    if made.items is not None:
        return "[" + ", ".join(_inline(v, like) for v in made.items) + "]"
    return _scalar(made, like)


def _entry(name: str, made: Made, column: int, like: Node, step: int = 0) -> list[str]:
    step = step or _step(like)
    pad, key = " " * column, name if name == "<<" else _scalar(Made(name), like)
    if made.entries is not None:
        inner = [line for k, v in made.entries for line in _entry(k, v, column + step, like, step)]
        return [f"{pad}{key}:", *inner] if inner else [f"{pad}{key}: {{}}"]
    if made.items is not None:
        return [f"{pad}{key}:", *(line for v in made.items for line in _item(v, column, like, step))]
    return [f"{pad}{key}: {_scalar(made, like)}"]


def _item(made: Made, column: int, like: Node, step: int = 0) -> list[str]:
    pad = " " * column
    if made.entries is not None:
        lines = [line for k, v in made.entries for line in _entry(k, v, column + 2, like, step or 2)]
        return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]
    return [f"{pad}- {_inline(made, like)}"]


def _step(like: Node) -> int:
    """Columns between a block and what is in it."""
    nested = next(
        (value for _, _, value in like.entries if value.sort == "map" and not value.flow and value.entries),
        None,
    )
    if nested is None:
        return 2
    return max(2, min(8, nested.entries[0][1].column - like.entries[0][1].column))


def _scalar(made: Made, like: Node) -> str:
    """A string as its like is quoted, and quoted all the same where plain letters would say something else."""
    text = made.text
    if made.raw:
        return text
    quote = made.quote if made.quote in ("'", '"') else ""
    if not quote and not _plain(text):
        quote = '"' if "'" in text else "'"
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    if quote == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return text


def _plain(text: str) -> bool:
    import yaml

    if (
        not text
        or text != text.strip()
        or any(mark in text for mark in (", ", "[", "]", "{", "}", "\n", "\t"))
    ):
        return False
    try:
        return bool(yaml.safe_load(f"k: {text}\n") == {"k": text}) and bool(
            yaml.safe_load(f"[{text}]") == [text]
        )
    except yaml.YAMLError:
        return False


def is_json(text: str) -> bool:
    """Whether it is JSON as well: then it must remain so, for whoever reads it as that."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
