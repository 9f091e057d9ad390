"""XML settings: another server, another connection, a setting more."""

from __future__ import annotations

import base64
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar
from xml.sax.saxutils import escape

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._donor import fitted, link_like
from canaries.plant.formats._dotnet import for_dotnet
from canaries.plant.formats._lines import indent_of
from canaries.plant.formats._names import labelled, nearest, style_of
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
    "datasources",
    "drivers",
    "disabledPackageSources",
    "users",
}
"""What a program goes through by itself: an entry more would be used."""
_SOURCES = {"packageSources", "disabledPackageSources", "users"}
_NAME = ("id", "name", "key", "Name", "jndi-name", "pool-name", "jndiName", "android:name")
_OPEN_IN_CONFIG = ("appSettings", "connectionStrings")
"""All that .NET and IIS let an application add to, of ``web.config`` and its like."""


class XmlFormat(FileFormat):
    name = "xml"
    title = "XML"
    rank = 60
    comment: ClassVar[str] = "<!-- "
    needs = "an element of its sort to stand beside"

    def claims(self, document: Document) -> bool:
        return (
            bool(_NAMES.fullmatch(document.name.lower())) and document.text.lstrip("\ufeff \t\r\n")[:1] == "<"
        )

    def read(self, text: str) -> Reading:
        return reading(parse(text))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, root = document.text, parse(document.text)
        config = root.tag == "configuration" and document.name.lower().endswith(".config")
        wish = for_dotnet(wish) if config else wish
        near: list[tuple[XmlElement, XmlElement]] = []
        others: list[tuple[XmlElement, XmlElement]] = []
        for parent in _walk(root):
            if parent.tag.rpartition(":")[2] in _ACTIVE or (config and parent.tag not in _OPEN_IN_CONFIG):
                continue
            others.append((parent, parent))
            for one in reversed(parent.children):
                same = wish.values.service in words(f"{one.attributes} {one.words}")
                (near if same else others).append((parent, one))
        last = {id(one): several for parent in _walk(root) for one, several in _last_ones(parent)}
        for parent, one in (*near, *others):
            if one is parent:
                made = _properties(text, parent, wish)
            else:
                made = self._settings(text, parent, one, wish)
                if not made and id(one) in last and (last[id(one)] or _takes_another(parent, one)):
                    made = self._like(text, parent, one, wish)
            if made:
                yield made

    def comments(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """A whole login of the file's own, once more, in a comment."""
        text, root, old = document.text, parse(document.text), replace(wish, live=True, commented=True)
        for parent in _walk(root):
            if parent.tag.rpartition(":")[2] in _SOURCES:
                continue
            children = [child for child, _ in _last_ones(parent) if child.tag not in _SOURCES]
            like = (one for child in children if (one := self._like(text, parent, child, old)))
            made = self._pairs(text, parent, old) or next(like, None)
            if made and "--" not in made.splices[0].text:
                yield Composition((_in_comment(made.splices[0]),), f"as a commented old value, {made.said}")

    def _pairs(self, text: str, parent: XmlElement, wish: Wish) -> Composition | None:
        """``<add key="X" value="Y"/>``, several that are one login together."""
        like = [
            one for one in parent.children if not one.children and {"key", "value"} == set(one.attributes)
        ]
        made = fitted([(one.attributes["key"], one.attributes["value"]) for one in like], wish.values)
        if made and wish.commented:
            made = [one for one in made if one.like >= 0]  # an old value has the names that its program knows
        if not made:
            return None
        copies = [
            cloned(text, like[max(one.like, 0)], {"key": one.key, "value": one.text}, {}) for one in made
        ]
        return _placed(text, like[-1], copies, f"beside {like[-1].attributes['key']}")

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
        """An element, the last of its sort, whose attributes, or whose leaves, are a whole login."""
        below = [child for child in one.children if not child.children and child.inner != child.end]
        shallow = {id(leaf) for leaf in below}
        deeper = [leaf for leaf in leaves(one) if id(leaf) not in shallow]
        if any(set(leaf.attributes) & set(_NAME) for leaf in below) or any(
            role_of(leaf.tag) for leaf in deeper
        ):
            return None
        inner = [(child, key) for child in one.children for key in child.attributes]
        direct = {id(child) for child in (one, *one.children)}
        if any(child.attributes for child in _walk(one) if id(child) not in direct):
            return None
        pairs = [*one.attributes.items(), *((leaf.tag.rpartition(":")[2], leaf.words) for leaf in below)]
        if inner and len({child.tag for child in one.children}) < len(one.children):
            return None  # a list of its own
        pairs += [(key, child.attributes[key]) for child, key in inner]
        identifying = [
            n for n, (key, _) in enumerate(pairs) if key in _NAME or key.lower() in ("uuid", "guid")
        ]
        plain = [pair for n, pair in enumerate(pairs) if n not in identifying]
        links = {
            n: new
            for n, (key, old) in enumerate(pairs)
            if (new := link_like(role_of(key, old), old, wish.values))
        }
        made = fitted(plain, wish.values, keyless=True)
        if made is None and not (links and not below and not inner):
            return None
        taken = {
            value
            for child in parent.children
            if child.tag == one.tag
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
        for n, leaf in enumerate(below, len(one.attributes)):
            text_of_leaf = texts[n]
            if leaf.attributes.get("encoding") == "base64" and text_of_leaf is not None:  # FileZilla
                texts[n] = base64.b64encode(text_of_leaf.encode()).decode()
        said = one.tag
        for n in identifying:
            key, old = pairs[n]
            if key.lower() in ("uuid", "guid"):
                texts[n] = str(uuid.uuid5(uuid.NAMESPACE_URL, wish.values.tokens[0]))
            else:
                joint = "_" if "_" in old else "-" if "-" in old or old.islower() else ""
                texts[n] = said = _named(old, joint, wish, taken)
        count = len(one.attributes)
        body = cloned(
            text,
            one,
            {key: texts[n] for n, key in enumerate(one.attributes)},
            {leaf.start: texts[count + n] for n, leaf in enumerate(below)},
            {(child.start, key): texts[count + len(below) + n] for n, (child, key) in enumerate(inner)},
        )
        return _placed(text, one, [body], f"as <{one.tag}> {said}")


def _properties(text: str, parent: XmlElement, wish: Wish) -> Composition | None:
    """``<sonar.login>x</sonar.login>`` among Maven's properties, which are called after what they set."""
    leafs = [one for one in parent.children if not one.children and not one.attributes and one.words]
    if parent.tag.rpartition(":")[2] != "properties" or len(leafs) < len(parent.children) or not leafs:
        return None
    keys = [one.tag for one in leafs]
    near = nearest(keys, wish.values, [role_of(one.tag, one.words) for one in leafs])
    if near is None or not wish.values.values:
        return None
    near = max(n for n, key in enumerate(keys) if key.partition(".")[0] == keys[near].partition(".")[0])
    style = style_of(keys, "dotted")
    label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values))
    names = [labelled(value.name, label, style) for value in wish.values.values]
    copies = [f"<{name}>{escape(v.text)}</{name}>" for name, v in zip(names, wish.values.values, strict=True)]
    return _placed(text, leafs[near], copies, f"as {', '.join(names)}, after {keys[near]}")


def _takes_another(parent: XmlElement, one: XmlElement) -> bool:
    """Whether there can be several of its sort: by a name of its own, or in a list named after it."""
    bare, outer = (tag.rpartition(":")[2].lower() for tag in (one.tag, parent.tag))
    identified = any(key in _NAME for key in one.attributes) or any(
        child.tag.rpartition(":")[2] in _NAME for child in one.children
    )
    return identified or outer in (f"{bare}s", f"{bare}es", f"{bare[:-1]}ies", f"{bare}list", f"{bare}-list")


def _last_ones(parent: XmlElement) -> Iterator[tuple[XmlElement, bool]]:
    """The last child of each sort, and whether there are others; the last of them first."""
    count = Counter(child.tag for child in parent.children)
    seen: set[str] = set()
    for child in reversed(parent.children):
        if child.tag not in seen:
            seen.add(child.tag)
            yield child, count[child.tag] > 1


def _in_comment(splice: Splice) -> Splice:
    body = splice.text.lstrip()
    return Splice(splice.at, f"{splice.text[: len(splice.text) - len(body)]}<!-- {body} -->")


def _named(old: str, joint: str, wish: Wish, taken: set[str]) -> str:
    def name(word: str) -> str:
        return f"{old}{joint}{word if joint else word.capitalize()}"

    host, database = wish.values.roles.get("host", ""), wish.values.roles.get("database", "")
    if host and database and re.fullmatch(r"[\w.-]+@[\w.-]+", old):
        return f"{database}@{host}"  # as DataGrip names a source
    return old if wish.commented else wish.free(name, taken)


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
