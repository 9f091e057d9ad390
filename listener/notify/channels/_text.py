"""What an alert says, the same in every medium and harmless in each.

A `MessageText` holds nothing but neutralised text: control, bidi and zero-width characters are visible, lengths are
bounded, and what a visitor wrote is broken up so that no mail or chat client makes a link, an address or a mention
of it. The medium's own quoting (HTML, Slack's entities, JSON) is added by the channel, which then measures what it
sends with `fit`: escapes make text longer, so a bound holds only for the last form.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from canaries.core.render import render
from canaries.core.text import clip, counted, visible
from listener.incidents.briefing import UsedCanary, brief, moment
from listener.notify.channels import Alert

VALUE_LIMIT = 300
"""Characters of one value as shown; the ledger has the rest."""
MEMO_LIMIT = 80
HEADLINE_LIMIT = 200
LINES = 8
"""A message about an incident has no more, headline and next step included; what proves it later stands below them."""
_REACH_LIMIT = 160
_HASHES = 3
"""Leaf hashes that a message for people spells out; programs get them all."""

_SCHEME = re.compile(r":(?=//)")
_DOT = re.compile(r"(?<=[^\s/])\.(?=[^\W\d_])")
"""Not of `/srv/site/.env`: no name of a host begins with a dot, and places are read by people."""
_ABOUT_USE = {"first", "stronger", "digest", "flood", "used-in-test"}


@dataclass(frozen=True, slots=True)
class MessageText:
    """An alert in words."""

    headline: str
    """One line without a visitor's text in it: fit for a subject."""
    lines: tuple[tuple[str, str], ...]
    """(label, value), in the order in which they answer; with the headline at most `LINES`."""
    severity: str
    """Empty where the alert is about Trapline itself."""
    text: str
    """All of it as plain text, lines ending in a newline."""


def inert(value: str, limit: int = VALUE_LIMIT) -> str:
    """A visitor's text, visible, with ``://``, ``.name`` and ``@`` broken up (clients link those), then clipped."""
    shown = visible(clip(value, limit))
    shown = _DOT.sub("[.]", _SCHEME.sub("[:]", shown)).replace("@", "[@]")
    return clip(shown, limit)


def fit(value: str, limit: int, size: Callable[[str], int] = len) -> str:
    """The longest beginning of ``value`` whose ``size``, as the receiver counts it, is at most ``limit``.

    An ellipsis stands where something is missing.
    """
    if size(value) <= limit:
        return value
    low, high = 0, len(value)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(value[:middle] + "…") <= limit else (low, middle - 1)
    return value[:low] + "…" if size("…") <= limit else ""


def utf16(value: str) -> int:
    """Length in UTF-16 code units, as services written in JavaScript or Java count."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def utf8(value: str) -> int:
    """Length in bytes of UTF-8."""
    return len(value.encode("utf-8", "surrogatepass"))


def message(alert: Alert) -> MessageText:
    """The words for ``alert``."""
    memo = clip(visible(clip(alert.memo, MEMO_LIMIT)), MEMO_LIMIT)
    told = brief(_use(alert, memo), alert.zone) if alert.event in _ABOUT_USE else None
    headline = clip(
        visible(render("notify/headline.j2", alert=alert, memo=memo, brief=told).strip()), HEADLINE_LIMIT
    )
    if told is None:
        severity, pairs = "", _own(alert)
    else:
        severity = told.severity
        answers = dict(told.lines) | {"When": _when(alert)}
        operators = {"Used": clip(visible(told.used), VALUE_LIMIT)}  # an operator's words keep their dots
        pairs = [(label, operators.get(label) or inert(answer)) for label, answer in answers.items()]
        pairs = _with_next([*pairs, ("So far", _so_far(alert))], alert, told.next_step)
    lines = tuple((label, value) for label, value in [*pairs, *_proof(alert)] if value)
    return MessageText(
        headline, lines, severity, render("notify/text.j2", headline=headline, lines=lines, told=told)
    )


def plain(alert: Alert) -> dict[str, Any]:
    """The alert as JSON-able data with every string visible, for programs; empty fields are left out."""
    data: dict[str, Any] = _visible(dataclasses.asdict(alert))
    return {name: value for name, value in data.items() if value not in ("", 0, {}, [], ())}


def short(words: MessageText) -> str:
    """The plainest form: for a receiver that refused the rich one. ASCII."""
    text = " | ".join([words.headline, *(f"{label}: {value}" for label, value in words.lines)])
    return fit(text.encode("ascii", "backslashreplace").decode(), 1000)


def _use(alert: Alert, memo: str) -> UsedCanary:
    return UsedCanary(
        kind=clip(alert.kind, MEMO_LIMIT),
        facet=clip(alert.facet, MEMO_LIMIT),
        at=alert.first_at or alert.at,
        memo=memo,
        recipient=clip(alert.recipient, MEMO_LIMIT),
        places=alert.places,
        status=alert.status,
        facts=alert.facts,
        ip=clip(alert.source, 64),
        port=alert.port,
        reported=clip(alert.reported, VALUE_LIMIT),
        request=clip(alert.request, VALUE_LIMIT),
        client=clip(alert.client, VALUE_LIMIT),
        acts=clip(alert.acts, VALUE_LIMIT),
        severity=alert.severity,
        incident=alert.incident,
    )


def _with_next(pairs: list[tuple[str, str]], alert: Alert, command: str) -> list[tuple[str, str]]:
    """Seven lines stand below a headline: the next step joins what was counted."""
    step = inert(command)
    step = f"{step} or {visible(alert.link)}" if step and alert.link else step or visible(alert.link)
    label, counts = pairs[-1]
    return [*pairs[:-1], (label, f"{counts} Next: {step}" if step else counts)]


def _when(alert: Alert) -> str:
    first = moment(alert.first_at or alert.at, alert.zone)
    if alert.last_at and alert.last_at != alert.first_at:
        return f"{first}, last {moment(alert.last_at, alert.zone)}"
    return first


def _so_far(alert: Alert) -> str:
    total = max(alert.total, alert.hits)
    said = [counted(total, "hit")] if total else []
    if alert.canaries > 1:
        said.append(counted(alert.canaries, "canary", "canaries"))
    if alert.sources > 1:
        said.append(counted(alert.sources, "source"))
    new = f" ({alert.hits} new)" if 0 < alert.hits < total else ""
    if alert.reach:
        said.append(inert(alert.reach, _REACH_LIMIT))
    where = f" in incident {inert(alert.incident)}" if alert.incident else ""
    return f"{', '.join(said)}{new}{where}." if said else ""


def _proof(alert: Alert) -> list[tuple[str, str]]:
    """What makes the receiver of a message a witness of the log."""
    said = []
    if alert.unsealed_since:
        said.append(("Sealing", f"HAS STOPPED: nothing since {visible(alert.unsealed_since)} is sealed"))
    more = f" and {len(alert.leaves) - _HASHES} more" if len(alert.leaves) > _HASHES else ""
    return [
        *said,
        ("Hit hashes", visible(", ".join(alert.leaves[-_HASHES:])) + more),
        ("Checkpoint", visible(alert.checkpoint)),
    ]


def _own(alert: Alert) -> list[tuple[str, str]]:
    """Of Trapline itself: heartbeats, tests, channels that are down, several incidents at once."""
    own = [("Organisation", inert(alert.organisation))]
    if alert.hits:
        counts = f"{counted(alert.hits, 'hit')} in {counted(alert.incidents, 'incident')}"
        own += [("So far", counts), ("Severity", inert(alert.severity)), ("When", inert(_when(alert)))]
    for line in alert.note.splitlines():
        label, _, value = line.partition(": ") if ": " in line[:24] else ("Note", "", line)
        own.append((clip(visible(label), 24), inert(value)))
    own += [("Next", visible(alert.link))] if alert.link else []
    own += [("Sequence", str(alert.sequence) if alert.sequence else "")]
    own += [] if alert.hits else [("When", inert(_when(alert)))]
    return own


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(str(name)): _visible(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(item) for item in value]
    return value
