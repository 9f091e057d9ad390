"""XML settings: another server, another connection, a setting more."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._donor import fitted, link_like
from canaries.plant.formats._lines import indent_of
from canaries.plant.formats._names import labelled, style_of
from canaries.plant.formats._text import Document, Splice
from canaries.plant.formats._values import role_of, words
from canaries.plant.formats._xml import XmlElement, cloned, leaves, parse, reading

_NAMES = re.compile(
    r".+\.(?:xml|config|plist|csproj|props|targets|pubxml|dbeaver|xconf|settings)(?:\.(?:example|sample|dist|bak|old))?"
)
_ACTIVE = {
    "packageSources",
    "sources",
    "repositories",
    "mirrors",
    "dependencies",
    "plugins",
    "modules",
    "beans",
    "listeners",
}
"""What a program goes through by itself: an entry more would be used."""
_NAME = ("id", "name", "key", "Name")


class XmlFormat(FileFormat):
    name = "xml"
    title = "XML"
    rank = 60
    needs = "an element of its sort to stand beside"

    def claims(self, document: Document) -> bool:
        return (
            bool(_NAMES.fullmatch(document.name.lower())) and document.text.lstrip("\ufeff \t\r\n")[:1] == "<"
        )

    def read(self, text: str) -> Reading:
        return reading(parse(text))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, root = document.text, parse(document.text)
        found: list[tuple[bool, Composition]] = []
        for parent in _walk(root):
            if parent.tag.rpartition(":")[2] in _ACTIVE:
                continue
            for one in reversed(parent.children):
                made = self._settings(text, parent, one, wish) or self._like(text, parent, one, wish)
                if made:
                    near = wish.values.service in words(f"{one.attributes} {one.words}")
                    found.append((not near, made))
        for _, composition in sorted(found, key=lambda pair: pair[0]):
            yield composition

    def _settings(self, text: str, parent: XmlElement, one: XmlElement, wish: Wish) -> Composition | None:
        """``<add key="X" value="Y"/>`` and ``<property name="X">Y</property>``: names and values, several of them."""
        name = next((key for key in ("key", "name") if key in one.attributes), "")
        valued = "value" in one.attributes
        if (
            not name
            or set(one.attributes) - {name, "value", "type"}
            or one.children
            or not (valued or one.words)
        ):
            return None
        if not role_of(one.attributes[name], one.attributes.get("value", one.words)):
            return None
        keys = [child.attributes[name] for child in parent.children if name in child.attributes]
        style = style_of(keys, "pascal" if keys[0][:1].isupper() and not keys[0].isupper() else "snake")
        label = wish.label(
            lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values)
        )
        copies, names = [], []
        for value in wish.values.values:
            names.append(labelled(value.name, label, style))
            changed: dict[str, str | None] = {name: names[-1]}
            if valued:
                changed["value"] = value.text
            body = cloned(text, one, changed, {})
            if not valued:
                body = _with_text(text, one, changed, value.text)
            copies.append(body)
        return _placed(text, one, copies, f"as {', '.join(names)}, after {one.attributes[name]}")

    def _like(self, text: str, parent: XmlElement, one: XmlElement, wish: Wish) -> Composition | None:
        """An element whose attributes, or whose leaves, are a whole login."""
        same = [child for child in parent.children if child.tag == one.tag]
        if one is not same[-1]:
            return None
        below = [child for child in one.children if not child.children and child.inner != child.end]
        deeper = [leaf for leaf in leaves(one) if leaf not in below]
        if any(set(leaf.attributes) & set(_NAME) for leaf in below) or any(
            role_of(leaf.tag) for leaf in deeper
        ):
            return None
        pairs = [*one.attributes.items(), *((leaf.tag.rpartition(":")[2], leaf.words) for leaf in below)]
        identifying = [
            n for n, (key, _) in enumerate(pairs) if key in _NAME or key.lower() in ("uuid", "guid")
        ]
        plain = [pair for n, pair in enumerate(pairs) if n not in identifying]
        links = {
            n: new
            for n, (key, old) in enumerate(pairs)
            if (new := link_like(role_of(key, old), old, wish.values))
        }
        made = fitted(plain, wish.values)
        if made is None and not (links and not below):
            return None
        taken = {
            value
            for child in same
            for value in (*child.attributes.values(), *(leaf.words for leaf in leaves(child)))
        }
        texts: list[str | None] = [None] * len(pairs)
        back = [n for n in range(len(pairs)) if n not in identifying]
        if made:
            for setting in made:
                if setting.like >= 0:
                    texts[back[setting.like]] = setting.text
        else:
            for n, (_, old) in enumerate(pairs):
                texts[n] = links.get(n, old)
        said = one.tag
        for n in identifying:
            key, old = pairs[n]
            if key.lower() in ("uuid", "guid"):
                texts[n] = str(uuid.uuid5(uuid.NAMESPACE_URL, wish.values.tokens[0]))
            else:
                joint = "-" if "-" in old else "_" if "_" in old or old.islower() else ""
                texts[n] = said = _named(old, joint, wish, taken)
        count = len(one.attributes)
        body = cloned(
            text,
            one,
            {key: texts[n] for n, key in enumerate(one.attributes)},
            {leaf.start: texts[count + n] for n, leaf in enumerate(below)},
        )
        return _placed(text, one, [body], f"as <{one.tag}> {said}")


def _named(old: str, joint: str, wish: Wish, taken: set[str]) -> str:
    def name(word: str) -> str:
        return f"{old}{joint}{word if joint else word.capitalize()}"

    return wish.free(name, taken)


def _with_text(text: str, one: XmlElement, attributes: dict[str, str | None], new: str) -> str:
    """A leaf with another text of its own."""
    holder = XmlElement("", {}, one.start, one.start, one.end, one.end, [one])
    tag = cloned(
        text, XmlElement(one.tag, one.attributes, one.start, one.inner, one.inner, one.inner), attributes, {}
    )
    rest = cloned(text, holder, {}, {one.start: new})
    return tag + rest[one.inner - one.start :]


def _placed(text: str, one: XmlElement, copies: list[str], said: str) -> Composition:
    begin = text.rfind("\n", 0, one.start) + 1
    alone = not text[begin : one.start].strip()
    joint = f"\n{indent_of(text, one.start)}" if alone and begin else ""
    return Composition((Splice(one.end, "".join(f"{joint}{copy}" for copy in copies)),), said)


def _walk(one: XmlElement) -> Iterator[XmlElement]:
    yield one
    for child in one.children:
        yield from _walk(child)
