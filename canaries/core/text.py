"""Hostile text made visible.

Whatever a visitor sends is data: control, bidirectional and zero-width characters are written as escapes,
so that a reader sees what was sent and no terminal, browser or editor acts on it (Unicode TR 36, section 3).
Each medium then adds its own quoting (Jinja2's autoescape, `cell` for spreadsheets, Slack's three entities).
"""

from __future__ import annotations

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode general categories that are drawn as nothing, or change how their neighbours are drawn."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001  the full-width twins count too (ASVS 1.2.10)
"""How a spreadsheet's formula begins."""


def visible(value: str, *, limit: int | None = None) -> str:
    """``value`` with every invisible or direction-changing character escaped, on one line.

    ``limit`` clips to that many characters and says how many are missing.
    """
    if limit is not None and len(value) > limit:
        return f"{visible(value[:limit])}… ({len(value) - limit} more)"
    if value.isprintable():  # of these categories nothing is
        return value
    return "".join(_escape(char) if unicodedata.category(char) in _HIDDEN else char for char in value)


def _escape(char: str) -> str:
    point = ord(char)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def decoded(raw: bytes) -> str:
    """Bytes from outside as text that can be stored: UTF-8 where it is, ``\\xNN`` where it is not."""
    return raw.decode("utf-8", "backslashreplace")


def cell(value: object) -> str:
    """A spreadsheet cell that no program takes for a formula. It alters what it guards: NDJSON is authoritative."""
    text = str(value)
    guard = "'" if text.startswith(FORMULA) else ""
    return guard + visible(text)


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 hit``, ``2 hits``; ``plural`` where it is not the noun with an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def clip(value: str, limit: int) -> str:
    """At most ``limit`` characters, the last an ellipsis where something is missing."""
    return value if len(value) <= limit else value[: limit - 1] + "…"
