"""How settings are called in a file: the file's own spelling, and a word more, so that nothing reads them.

A bait under the name that a program looks up would be used by it. ``REPORTING_STRIPE_SECRET_KEY`` is read by nobody but
by people, and by programs that look for what is secret.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from canaries.plant.formats._services import concerns
from canaries.plant.formats._values import BaitValues, words

LABELS = (
    "reporting",
    "analytics",
    "billing",
    "partner",
    "export",
    "support",
    "warehouse",
    "mobile",
    "audit",
    "migration",
    "fallback",
    "legacy",
)
"""What people call a second setting of a sort that they have: mostly after what it is for."""


def _camel(parts: tuple[str, ...]) -> str:
    return parts[0] + "".join(part.capitalize() for part in parts[1:])


_STYLES: dict[str, Callable[[tuple[str, ...]], str]] = {
    "upper": lambda parts: "_".join(parts).upper(),
    "snake": "_".join,
    "kebab": "-".join,
    "dotted": ".".join,
    "camel": _camel,
    "pascal": lambda parts: "".join(part.capitalize() for part in parts),
    "flat": "".join,
}


def style_of(names: Iterable[str], default: str) -> str:
    """The spelling most of ``names`` have; names of one plain word say nothing, but for their case."""
    counts: Counter[str] = Counter()
    for name in names:
        style = _style(name)
        if style:
            counts[style] += 1 if len(words(name)) > 1 else 0
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] else default


def _style(name: str) -> str:
    parts = words(name)
    if not parts or not name.isascii():
        return ""
    return next((style for style in _STYLES if _STYLES[style](parts) == name), "")


def styled(parts: Iterable[str], style: str) -> str:
    """``parts`` as one name."""
    return _STYLES[style](tuple(parts))


def labelled(name: str, label: str, style: str) -> str:
    """The setting ``name`` with a word before it that nothing looks for; no label: as it is."""
    return styled((*words(label), *words(name)), style)


def nearest(names: list[str], values: BaitValues, roles: Sequence[str]) -> int | None:
    """Index of the last of ``names`` beside which the bait belongs: same service, else the same sort of secret."""
    same = [place for place, name in enumerate(names) if concerns(name, values)]
    if same:
        return same[-1]
    wanted = {"password", "secret", "url", "connection"}
    alike = [place for place in range(len(names)) if roles[place] in wanted]
    return alike[-1] if alike else None
