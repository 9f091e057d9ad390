"""What would change in a file, for people to look at before it does: a unified diff without the bait's secrets."""

from __future__ import annotations

import difflib
import re

_LONG = re.compile(r"[A-Za-z0-9+/=_-]{24,}")
_NAME = re.compile(r"(?<![A-Za-z0-9/=_-])(?:[A-Z]+(?:_[A-Z]+)+|[a-z]+(?:[_.-][a-z]+)+)\s*[=:]\s*")
"""A setting's name, which may be as long, and what stands between it and the value."""
_AROUND = 2
"""Lines shown before and after a change."""


def diff(name: str, before: str, after: str, secrets: tuple[str, ...]) -> str:
    """``before`` to ``after``; of ``secrets``, and of whatever is as long as one, what is added shows the beginning."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = max(0, _alike(old, new) - _AROUND)
    tail = max(0, _alike(old[head:][::-1], new[head:][::-1]) - _AROUND)
    lines = difflib.unified_diff(
        old[head : len(old) - tail], new[head : len(new) - tail], name, name, n=_AROUND
    )
    shown = []
    for line in lines:
        bare = line.rstrip("\r\n")
        if bare.startswith("@@"):
            bare = re.sub(r"(?<=[-+])\d+", lambda match: str(int(match[0]) + head), bare)
        added = bare.startswith("+") and not bare.startswith("+++")
        shown.append(veiled(bare, secrets) if added else bare)
    return "\n".join(shown) + "\n" if shown else ""


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines both begin with: what is compared line with line would cost their product."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (old, new) in enumerate(pairs) if old != new), min(len(one), len(other)))


def veiled(line: str, secrets: tuple[str, ...]) -> str:
    """``line`` with the beginning alone of each of ``secrets``, and of whatever is as long as one."""
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, f"{secret[:4]}…")
    name = _NAME.search(line)
    behind = name.end() if name else 0
    return line[:behind] + _LONG.sub(lambda match: f"{match[0][:8]}…", line[behind:])
