"""The report's pictures, as SVG inside the page: black and grey, told apart by shape and number, legible in print.

Filled circle: a credential was presented. Open circle: a link was followed or a name looked up. Cross: marked as the
operator's own. Every text that goes into a picture is made visible and escaped here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from markupsafe import Markup, escape

from canaries.core.clock import parse_rfc3339
from canaries.core.text import visible
from listener.incidents.uses import NetworkUse

WIDTH = 720
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STEPS = 16
"""Uses that the sequence shows."""
LANES = 5
"""Addresses and canaries that it shows, each."""
BARS = 8
"""Networks that the bars show."""


class DrawnUse(Protocol):
    """One use, as the pictures need it."""

    @property
    def number(self) -> int:
        """From 1, in order of time."""

    @property
    def at(self) -> str:
        """RFC 3339."""

    @property
    def ip(self) -> str: ...

    @property
    def canary(self) -> str:
        """Id."""

    @property
    def credential(self) -> bool: ...

    @property
    def mark(self) -> str:
        """``own`` or ``test`` by an operator's rule; else empty."""


def timeline(rows: Sequence[DrawnUse]) -> Markup:
    """The events along a line of time; what falls together stands on top of each other."""
    if not rows:
        return Markup("")
    first, last = parse_rfc3339(rows[0].at), parse_rfc3339(rows[-1].at)
    span = max((last - first).total_seconds(), 1.0)
    left, right, step = 20, WIDTH - 20, 11
    columns: dict[int, list[DrawnUse]] = {}
    for row in rows:
        place = (parse_rfc3339(row.at) - first).total_seconds() / span
        columns.setdefault(round(place * (right - left) / step), []).append(row)
    highest = min(max(map(len, columns.values())), 8)
    base = 24 + highest * step
    parts = [_line(left - 10, base, right + 10, base)]
    for column, found in sorted(columns.items()):
        x = left + column * step
        for level, row in enumerate(found[:8]):
            parts.append(_mark(row, x, base - 9 - level * step))
        if len(found) > 8:
            parts.append(_text(x, base - 9 - 8 * step, f"+{len(found) - 8}", "middle"))
    for tick in range(5):
        x, at = left + (right - left) * tick // 4, first + timedelta(seconds=span * tick / 4)
        anchor = ("start", "middle", "middle", "middle", "end")[tick]
        parts += [_line(x, base, x, base + 5), _text(x, base + 18, _moment(at, span), anchor)]
    return _svg(base + 26, parts, f"Timeline of {len(rows)} uses")


def heat(hours: Sequence[Sequence[int]], zone: str) -> Markup:
    """How many uses in which hour of which weekday; each number stands in its cell."""
    most = max(max(day) for day in hours) or 1
    parts = [_text(63 + hour * 27, 12, f"{hour:02d}", "middle") for hour in range(0, 24, 3)]
    for day, counts in enumerate(hours):
        y = 18 + day * 20
        parts.append(_text(44, y + 14, _DAYS[day], "end"))
        for hour, count in enumerate(counts):
            grey = 255 - round(190 * count / most) if count else 255
            ink = "#fff" if grey < 128 else "#000"
            parts.append(
                f'<rect x="{50 + hour * 27}" y="{y}" width="27" height="20" fill="rgb({grey},{grey},{grey})" '
                'stroke="#bbb"/>'
            )
            if count:
                parts.append(_text(63 + hour * 27, y + 14, str(count), "middle", ink))
    return _svg(18 + 7 * 20 + 4, parts, f"Uses by weekday and hour, {zone}")


def networks(found: Sequence[tuple[str, NetworkUse]]) -> Markup:
    """A bar for each network, dark for credentials and light for the rest, with both numbers."""
    most = max((use.uses for _, use in found), default=1)
    parts = []
    for number, (name, use) in enumerate(found[:BARS]):
        y, scale = 4 + number * 24, 280 / most
        parts.append(_text(300, y + 14, visible(name, limit=44), "end"))
        dark = use.credentials * scale
        parts.append(f'<rect x="308" y="{y}" width="{dark:.1f}" height="18" fill="#333" stroke="#333"/>')
        light = (use.uses - use.credentials) * scale
        parts.append(
            f'<rect x="{308 + dark:.1f}" y="{y}" width="{light:.1f}" height="18" fill="#fff" stroke="#333"/>'
        )
        said = f"{use.uses}, {use.credentials} with a credential"
        parts.append(_text(314 + round(use.uses * scale), y + 14, said, "start"))
    return _svg(8 + min(len(found), BARS) * 24, parts, "Uses by network")


def sequence(rows: Sequence[DrawnUse], canaries: Mapping[str, str], label: str = "E-") -> Markup:
    """Which address used which canary after which; ``canaries``: id to words, ``label``: before a number."""
    shown = [row for row in rows if not row.mark][:STEPS]
    sources, used = (_most(one) for one in ((row.ip for row in shown), (row.canary for row in shown)))
    lanes = [*sources, *used]
    if not lanes:
        return Markup("")
    width = (WIDTH - 130) // len(lanes)
    places = {name: 130 + width * number + width // 2 for number, name in enumerate(lanes)}
    drawn = [row for row in shown if row.ip in places and row.canary in places]
    bottom = 52 + len(drawn) * 17
    parts = []
    for name, x in places.items():
        words = canaries.get(name, "canary") if name in used else name
        for line, text in enumerate(_two(visible(words, limit=60), max(8, width // 7))):
            parts.append(
                _text(x, 14 + line * 13, text, "middle", weight="normal" if name in sources else "bold")
            )
        parts.append(_line(x, 34, x, bottom, "#999"))
    for number, row in enumerate(drawn):
        y = 50 + number * 17
        start, end = places[row.ip], places[row.canary]
        parts.append(_text(4, y + 4, f"{label}{row.number}  {row.at[5:10]} {row.at[11:19]}", "start"))
        parts.append(_line(start, y, end - 8, y))
        parts.append(f'<path d="M{end - 9} {y - 4} L{end - 2} {y} L{end - 9} {y + 4} Z"/>')
        parts.append(_mark(row, start, y))
    return _svg(bottom + 6, parts, "Which address used which canary, in order")


def _most(values: Iterable[str]) -> list[str]:
    """Those that come most, in the order of their first coming."""
    counts = Counter(values)
    kept = {name for name, _ in counts.most_common(LANES)}
    return [name for name in counts if name in kept]


def _two(text: str, longest: int) -> list[str]:
    """At most two lines."""
    if len(text) <= longest:
        return [text]
    cut = text.rfind(" ", 0, longest + 1)
    cut = cut if cut > 0 else longest
    rest = text[cut:].strip()
    return [text[:cut], rest if len(rest) <= longest else rest[: longest - 1] + "…"]


def _mark(row: DrawnUse, x: int, y: int) -> str:
    if row.mark:
        return _line(x - 4, y - 4, x + 4, y + 4) + _line(x - 4, y + 4, x + 4, y - 4)
    fill = "#000" if row.credential else "#fff"
    return f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="#000" stroke-width="1.3"/>'


def _line(x: float, y: float, to_x: float, to_y: float, colour: str = "#000") -> str:
    return f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="{colour}"/>'


def _text(x: int, y: int, words: str, anchor: str, colour: str = "#000", weight: str = "normal") -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}" '
        f'xml:space="preserve">{escape(words)}</text>'
    )


def _svg(height: int, parts: Iterable[str], words: str) -> Markup:
    body = "".join(parts)
    return Markup(  # noqa: S704  every text in it went through `escape`
        f'<svg viewBox="0 0 {WIDTH} {height}" width="100%" role="img" aria-label="{escape(words)}" '
        f'font-family="Arial, sans-serif" font-size="11">{body}</svg>'
    )


def _moment(at: datetime, span: float) -> str:
    return f"{at:%m-%d %H:%M}" if span > 3600 else f"{at:%H:%M:%S}"
