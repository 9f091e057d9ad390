"""Hits for people: a heading, then two lines a hit that fit 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.core.clock import parse_rfc3339
from canaries.core.text import clip, visible
from canaries.installation import terminal
from listener.incidents.briefing import time_zone
from listener.incidents.hit_briefing import brief_hit

if TYPE_CHECKING:
    from listener.incidents.model import Hit

_COLOURS = {"critical": "bright_red", "high": "red", "medium": "yellow", "low": "green"}


def heading(zone: str = "") -> str:
    """What stands in the columns; bold on a terminal."""
    first = _columns("TIME (UTC)", "LOCAL" if time_zone(zone) else "", "SEVERITY", "USED", "INCIDENT")
    return click.style(f"{first}\n  CANARY            FROM, AND WHAT IT DID", bold=True)


def two_lines(hit: Hit, zone: str = "", width: int | None = None) -> str:
    """One hit, the second line cut to ``width`` columns; hostile text is made visible."""
    told = brief_hit(hit, zone=zone)
    first = _columns(
        f"{hit.observed_at[:19].replace('T', ' ')}Z",
        _local(hit.observed_at, zone),
        click.style(told.severity.upper().ljust(8), fg=_COLOURS[told.severity]),
        clip(f"{hit.kind} {hit.facet}", 24),
        hit.incident,
    )
    source = f"{hit.ip} port {hit.port}" if hit.port else hit.ip
    second = f"  {hit.canary}  {visible(source)}  {visible(told.did, limit=400)}"
    return f"{first}\n{terminal.cut(second, width)}"


def _columns(time: str, local: str, severity: str, used: str, incident: str) -> str:
    beside = f"{local:<8}  " if local else ""
    return f"{time:<20}  {beside}{severity:<8}  {visible(used):<24}  {incident[:10]}"


def _local(at: str, zone: str) -> str:
    """Of the operator's zone, hours and minutes; ``+1`` or ``-1`` where the day is another."""
    place = time_zone(zone)
    if place is None:
        return ""
    seen = parse_rfc3339(at)
    local = seen.astimezone(place)
    days = (local.date() - seen.date()).days
    return f"{local:%H:%M}{days:+d}" if days else f"{local:%H:%M:%S}"
