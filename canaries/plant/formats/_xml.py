"""XML as elements that know where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from canaries.plant.formats import Reading

_ATTRIBUTE = re.compile(r"""([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")


@dataclass(slots=True, eq=False)
class XmlElement:
    """One element of a document, equal to itself alone."""

    tag: str
    attributes: dict[str, str]
    start: int
    inner: int
    """After its start tag."""
    close: int = 0
    """Before its end tag."""
    end: int = 0
    children: list[XmlElement] = field(default_factory=list)
    words: str = ""
    """Its own text, without white space around."""


def parse(text: str) -> XmlElement:
    """The root element. No entity of the document's own is ever expanded. Raises ValueError."""
    if "<!ENTITY" in text:
        raise ValueError("it declares entities, which are not expanded here")
    root = XmlElement("", {}, 0, 0)
    stack = [root]
    texts: list[list[str]] = [[]]
    data = text.encode()
    ascii_only = len(data) == len(text)
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = True

    passed = (0, 0)

    def place(index: int) -> int:
        nonlocal passed
        if ascii_only:
            return index
        before = passed if passed[0] <= index else (0, 0)
        passed = index, before[1] + len(data[before[0] : index].decode("utf-8", "ignore"))
        return passed[1]

    def start(tag: str, attributes: list[str]) -> None:
        at = place(parser.CurrentByteIndex)
        if len(stack) > 200:
            raise ValueError("it is nested too deeply")
        one = XmlElement(
            tag, dict(zip(attributes[::2], attributes[1::2], strict=True)), at, _tag_end(text, at)
        )
        stack[-1].children.append(one)
        stack.append(one)
        texts.append([])

    def end(tag: str) -> None:
        one = stack.pop()
        one.close = place(parser.CurrentByteIndex)
        empty = text[one.inner - 2 : one.inner] == "/>"
        one.close = one.inner if empty else one.close
        one.end = one.inner if empty else text.index(">", one.close) + 1
        one.words = "".join(texts.pop()).strip()

    def words(found: str) -> None:
        texts[-1].append(found)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"it does not parse as XML in line {error.lineno}") from error
    return root.children[0]


def _tag_end(text: str, at: int) -> int:
    match = re.compile(r"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""").match(text, at)
    if not match:
        raise ValueError("a start tag cannot be found again")
    return match.end()


def reading(root: XmlElement) -> Reading:
    """Every element by where it stands, with its attributes and its text."""
    found: dict[tuple[str, ...], Any] = {}
    stack: list[tuple[tuple[str, ...], XmlElement]] = [((), root)]
    seen: Counter[tuple[str, ...]] = Counter()
    while stack:
        path, one = stack.pop()
        here = (*path, one.tag, repr(sorted(one.attributes.items())), one.words)
        seen[here] += 1
        here = (*here, str(seen[here]))
        found[here] = len(one.words)
        stack += [(here, child) for child in reversed(one.children)]
    return found


def cloned(
    text: str,
    one: XmlElement,
    attributes: dict[str, str | None],
    leaves: dict[int, str | None],
    below: Mapping[tuple[int, str], str | None] = MappingProxyType({}),
) -> str:
    """The source of ``one`` with other attributes and, by the start of a leaf below it, other texts; None drops one.

    ``below``: by (start, name), other attributes of the elements below it.
    """
    changes = list(_changed(text, one, attributes))
    inner: dict[int, dict[str, str | None]] = {}
    for (start, key), new in below.items():
        inner.setdefault(start, {})[key] = new
    for leaf in _below(one):
        changes += _changed(text, leaf, inner.get(leaf.start, {}))
        if leaf.start in leaves:
            new = leaves[leaf.start]
            if new is None:
                changes.append((_before_blanks(text, leaf.start), leaf.end, ""))
            else:
                changes.append((leaf.inner, leaf.close, escape(new)))
    parts, at = [], one.start
    for begin, end, new in sorted(changes):
        parts += [text[at:begin], new]
        at = end
    return re.sub(r"[ \t]*<!--.*?-->", "", "".join((*parts, text[at : one.end])), flags=re.DOTALL)


def _changed(text: str, one: XmlElement, attributes: dict[str, str | None]) -> Iterator[tuple[int, int, str]]:
    for match in _ATTRIBUTE.finditer(text, one.start, one.inner):
        new = attributes.get(match[1], "\0")
        if new is None:
            yield _before_blanks(text, match.start()), match.end(), ""
        elif new != "\0":
            yield match.start(3), match.end(3), _attribute(new, match[3][0])


def _before_blanks(text: str, at: int) -> int:
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _attribute(text: str, quote: str) -> str:
    made = quoteattr(text)
    return (
        made
        if made[0] == quote
        else quote + escape(text, {quote: "&quot;" if quote == '"' else "&apos;"}) + quote
    )


def _below(one: XmlElement) -> list[XmlElement]:
    found = []
    for child in one.children:
        found.append(child)
        found += _below(child)
    return found


def leaves(one: XmlElement) -> list[XmlElement]:
    """The elements below ``one`` that hold text and nothing else."""
    return [child for child in _below(one) if not child.children and child.inner != child.end]
