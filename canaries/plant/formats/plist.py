"""Apple's property lists: a key and its text more in a dictionary, beside their like.

A dictionary is keys and values in turn (plist(5)), so an element alone means nothing there.
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._flat_settings import logins
from canaries.plant.formats._lines import indent_of
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document, Splice
from canaries.plant.formats._values import role_of
from canaries.plant.formats._xml import XmlElement, parse

_JOB = {"Label", "ProgramArguments"}
"""What launchd's jobs have: of their keys only the variables are the operator's own (launchd.plist(5))."""
_TEXTS = ("string", "integer")


class PlistFormat(FileFormat):
    name = "plist"
    title = "a property list"
    rank = 55
    needs = "a key with a text of its sort to stand beside"

    def claims(self, document: Document) -> bool:
        named = re.fullmatch(r".+\.plist(?:\.(?:example|sample|dist|bak|old))?", document.name.lower())
        return named is not None and "<plist" in document.text[:1000]

    def read(self, text: str) -> Reading:
        try:
            held = plistlib.loads(text.encode(), fmt=plistlib.FMT_XML)
        except (ExpatError, ValueError, IndexError, AttributeError, OverflowError) as error:
            raise ValueError("it does not parse as a property list") from error
        return dict(_flat(held))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, root = document.text, parse(document.text)
        found = list(_dictionaries(root))
        if found and {key for key, _ in found[0][1]} >= _JOB:
            found = [(name, pairs) for name, pairs in found if name == "EnvironmentVariables"]
        for _, pairs in found:
            said = [(key, value.words if value.tag in _TEXTS else "") for key, value in pairs]
            for last, made in logins(said, wish):
                likes = [pairs[one.like][1].tag if one.like >= 0 else "string" for one in made]
                new = [(one.key, one.text, tag) for one, tag in zip(made, likes, strict=True)]
                yield _composed(text, pairs[last], new)
        for _, pairs in found:
            keys = [key for key, _ in pairs]
            near = nearest(keys, wish.values, [role_of(key, value.words) for key, value in pairs])
            if near is None or pairs[near][1].tag not in _TEXTS:
                continue
            style = style_of(keys, "upper" if any(key.isupper() for key in keys) else "pascal")
            label = wish.label(
                lambda word, keys=keys, style=style: any(  # type: ignore[misc]  # bound now, not when it is called
                    labelled(v.name, word, style) in keys for v in wish.values.values
                )
            )
            yield _composed(
                text,
                pairs[near],
                [(labelled(v.name, label, style), v.text, "string") for v in wish.values.values],
            )


def _composed(text: str, beside: tuple[str, XmlElement], new: list[tuple[str, str, str]]) -> Composition:
    key, value = beside
    joint = "\n" + indent_of(text, value.start) if text[: value.start].rstrip(" \t").endswith("\n") else ""
    made = [
        f"{joint}<key>{escape(name)}</key>{joint}<{tag}>{escape(said)}</{tag}>"
        for name, said, tag in ((name, said, tag if said.isdigit() else "string") for name, said, tag in new)
    ]
    names = ", ".join(name for name, _, _ in new)
    return Composition((Splice(value.end, "".join(made)),), f"as {names}, after {key}")


def _dictionaries(one: XmlElement, name: str = "") -> Iterator[tuple[str, list[tuple[str, XmlElement]]]]:
    """Each dictionary with the key that it stands below, as its keys and values in turn."""
    if one.tag == "dict":
        pairs = [
            (key.words, value) for key, value in zip(one.children[::2], one.children[1::2], strict=False)
        ]
        yield name, pairs
        for key, value in pairs:
            yield from _dictionaries(value, key)
    else:
        for child in one.children:
            yield from _dictionaries(child, name)


def _flat(held: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    yield path, type(held).__name__ if isinstance(held, (dict, list)) else held
    for key, one in inner:
        yield from _flat(one, (*path, str(key)))
