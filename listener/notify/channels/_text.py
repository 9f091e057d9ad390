"""What an alert says, the same in every medium and harmless in each.

A `MessageText` holds nothing but neutralised text: control, bidi and zero-width characters are visible, lengths are
bounded, and what a visitor wrote is broken up so that no mail or chat client makes a link, an address or a mention
of it. The medium's own quoting (HTML, Slack's entities, JSON) is added by the channel.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from canaries.core.render import render
from canaries.core.text import clip, visible
from listener.notify.channels import Alert

VALUE_LIMIT = 300
"""Characters of one value; the ledger has the rest."""
MEMO_LIMIT = 80

_SCHEME = re.compile(r":(?=//)")
_DOT = re.compile(r"\.(?=[^\W\d_])")
_QUIET = ("source", "date", "address", "version", "user_agent")
"""Keys of a fact that say where it comes from, or repeat what was observed; the console and the dossier show them."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """An alert in words."""

    headline: str
    """One line without a visitor's text in it: fit for a subject."""
    observed: tuple[tuple[str, str], ...]
    """(label, value): what was seen."""
    derived: tuple[tuple[str, str], ...]
    """(label, value): what offline sources make of it."""
    text: str
    """All of it as plain text, lines ending in a newline."""


def inert(value: str) -> str:
    """A visitor's text, visible, clipped, and with ``://``, ``.name`` and ``@`` broken up: clients link those."""
    shown = visible(clip(value, VALUE_LIMIT))
    return _DOT.sub("[.]", _SCHEME.sub("[:]", shown)).replace("@", "[@]")


def message(alert: Alert) -> MessageText:
    """The words for ``alert``."""
    memo = visible(clip(alert.memo, MEMO_LIMIT))
    headline = visible(render("notify/headline.j2", alert=alert, memo=memo).strip())
    observed = tuple((label, value) for label, value in _observed(alert, memo) if value)
    derived = tuple((visible(name), inert(said)) for name, said in _derived(alert.facts) if said)
    text = render("notify/text.j2", headline=headline, observed=observed, derived=derived)
    return MessageText(headline, observed, derived, text)


def plain(alert: Alert) -> dict[str, Any]:
    """The alert as JSON-able data with every string visible, for programs; empty fields are left out."""
    data: dict[str, Any] = _visible(dataclasses.asdict(alert))
    return {name: value for name, value in data.items() if value not in ("", 0, {})}


def _observed(alert: Alert, memo: str) -> list[tuple[str, str]]:
    return [
        ("Organisation", inert(alert.organisation)),
        ("Canary", f"{inert(alert.kind)} {inert(alert.canary)}".strip()),
        ("Memo", memo),
        ("Part used", inert(alert.facet)),
        ("Trap", inert(alert.trap)),
        ("Hits", str(alert.hits) if alert.hits else ""),
        ("Sources", str(alert.sources) if alert.sources > 1 else ""),
        ("First", inert(alert.first_at)),
        ("Last", inert(alert.last_at) if alert.last_at != alert.first_at else ""),
        ("Source", visible(clip(alert.source, 64))),
        ("Source port", str(alert.port) if alert.port else ""),
        ("Client says", inert(alert.client)),
        ("Incident", inert(alert.incident)),
        ("Sequence", str(alert.sequence) if alert.sequence else ""),
        ("Decided", inert(alert.at)),
        ("Alert", inert(alert.id)),
    ]


def _derived(facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, _said(fact)) for name, fact in sorted(facts.items())]


def _said(fact: Any) -> str:
    """A fact on one line: what is nested deeper than one list is for the console and the dossier."""
    if not isinstance(fact, dict):
        return _scalar(fact)
    told = (_item(str(name), value) for name, value in fact.items() if name not in _QUIET)
    return ", ".join(filter(None, told))


def _item(name: str, value: Any) -> str:
    if isinstance(value, int) and name.endswith("_us"):
        name, value = name.removesuffix("_us"), f"{value / 1_000_000:.1f} s"
    items = value if isinstance(value, list | tuple) else [value]
    said = "; ".join(filter(None, map(_scalar, items)))
    return f"{name.replace('_', ' ')} {said}" if said else ""


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int) else ""


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(str(name)): _visible(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(item) for item in value]
    return value
