"""``ssh_config``: a host more, under a name of its own; what every other host gets stays the same."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from heapq import merge
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import at_end, before
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import words

_LINE = re.compile(r"[ \t]*(?P<key>[A-Za-z0-9]+)(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>\S.*?)[ \t]*")


_MOST_TRIED = 1_000_000
"""Hosts times patterns."""


class SshConfigFormat(FileFormat):
    """ssh_config(5): for each setting the first value found counts, so a new block goes before ``Host *``."""

    name = "ssh-config"
    title = "an ssh client configuration"
    rank = 40
    comment: ClassVar[str] = "# "
    comments_unasked: ClassVar[bool] = False
    needs = "a host (ssh-key, dns-name)"

    def claims(self, document: Document) -> bool:
        name, folder = document.name, document.path.parent.name
        if (
            name == "ssh_config"
            or folder in ("ssh_config.d",)
            or (folder == ".ssh" and name.startswith("config"))
        ):
            return True
        return (folder == "config.d" and document.path.parent.parent.name == ".ssh") or (
            name in ("config", "ssh.config")
            and bool(re.match(r"(?:\s*(?:#.*)?\n)*\s*Host[ \t]", document.text))
        )

    def read(self, text: str) -> Reading:
        """What each name that stands in the file gets, and a name that does not."""
        blocks = list(_blocks(text))
        of_name, wild = _by_name(blocks)
        if len(of_name) * len(wild) > _MOST_TRIED:
            raise ValueError("it has too many hosts and patterns to say what each host gets")
        found: dict[tuple[str, ...], str] = {}
        for name, own in [*of_name.items(), ("(any other)", [])]:
            for number in merge(own, wild):
                patterns, settings, _ = blocks[number]
                if _applies(name, patterns):
                    for key, value in settings:
                        found.setdefault((name, key), value)
        for number, (patterns, settings, _) in enumerate(one for one in blocks if one[0] == ["(match)"]):
            found["(match)", str(number)] = f"{patterns}{settings}"
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, roles = document.text, wish.values.roles
        host = roles.get("host", "")
        if not host or (
            wish.values.kind not in ("ssh-key", "dns-name", "") and "ssh" not in words(wish.values.kind)
        ):
            return
        blocks = list(_blocks(text))
        taken = {name for patterns, _, _ in blocks for name in patterns}
        alias = _alias(wish, taken)
        indent, equals = _manner(text)
        keys = {key.lower(): key for key in re.findall(r"^[ \t]*([A-Za-z]+)", text, re.MULTILINE)}
        user = roles.get("user") or "deploy"
        settings = [("HostName", host), ("User", user)]
        if roles.get("port", "22") != "22":
            settings.append(("Port", roles["port"]))
        lines = [f"{keys.get('host', 'Host')}{equals if equals != '=' else ' '}{alias}"]
        lines += [f"{indent}{keys.get(key.lower(), key)}{equals}{value}" for key, value in settings]
        gap = [""] if "\n\n" in text.strip() or text.count("\nHost ") < 1 else []
        wild = next(
            (
                start
                for patterns, _, start in blocks
                if start >= 0 and any(one == "*" or one == "(match)" for one in patterns)
            ),
            None,
        )
        if wild is not None:
            place = _above_comments(text, wild)
            yield Composition(
                (before(text, place, [*lines, *gap]),), f"as host {alias}, before the one for all"
            )
        yield Composition((at_end(text, lines, paragraph=bool(gap)),), f"as host {alias}")


def _alias(wish: Wish, taken: set[str]) -> str:
    match = re.search(r"^Host[ \t]+(\S+)", wish.values.text, re.MULTILINE)
    alias = match[1] if match else "jump"
    return (
        alias
        if wish.commented or alias not in taken
        else f"{alias}-{wish.label(lambda word: f'{alias}-{word}' in taken)}"
    )


def _manner(text: str) -> tuple[str, str]:
    match = re.search(
        r"^[ \t]*Host\b.*\n(?:[ \t]*(?:#.*)?\n)*([ \t]*)[A-Za-z]+([ \t]*=[ \t]*|[ \t]+)",
        text,
        re.MULTILINE | re.IGNORECASE,
    )
    return (match[1], match[2]) if match else ("    ", " ")


def _above_comments(text: str, at: int) -> int:
    """The start of the comment lines that belong to the block at ``at``."""
    while at > 0:
        begin = text.rfind("\n", 0, at - 1) + 1
        if not text[begin : at - 1].lstrip().startswith("#"):
            break
        at = begin
    return at


def _blocks(text: str) -> Iterator[tuple[list[str], list[tuple[str, str]], int]]:
    """(patterns, settings, start) of each block; what stands before any is for all. Raises ValueError."""
    patterns, settings, start, at = ["*"], [], -1, 0  # type: tuple[list[str], list[tuple[str, str]], int, int]
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            match = _LINE.fullmatch(line)
            if not match:
                raise ValueError(f"line {number} is not a setting")
            key, value = match["key"].lower(), match["value"]
            if key in ("host", "match"):
                yield patterns, settings, start
                patterns, settings, start = (value.split() if key == "host" else ["(match)"]), [], at
                if key == "match":
                    settings.append(("match", value))
            else:
                settings.append(
                    (
                        f"{key} {len(settings)}"
                        if key in ("identityfile", "include", "sendenv", "localforward")
                        else key,
                        value,
                    )
                )
        at += len(line) + 1
    yield patterns, settings, start


def _by_name(
    blocks: list[tuple[list[str], list[tuple[str, str]], int]],
) -> tuple[dict[str, list[int]], list[int]]:
    """Numbers of the blocks that name each host, and of those that have a pattern."""
    of_name: dict[str, list[int]] = {}
    wild = []
    for number, (patterns, _, _) in enumerate(blocks):
        plain = [name for name in dict.fromkeys(patterns) if not re.search(r"[*?!]", name)]
        if len(plain) < len(set(patterns)) or any("[" in name for name in plain):
            wild.append(number)
        for name in plain:
            of_name.setdefault(name, [])
            if not wild or wild[-1] != number:
                of_name[name].append(number)
    return of_name, wild


def _applies(name: str, patterns: list[str]) -> bool:
    if any(one.startswith("!") and fnmatch.fnmatchcase(name, one[1:]) for one in patterns):
        return False
    return any(fnmatch.fnmatchcase(name, one) for one in patterns)
