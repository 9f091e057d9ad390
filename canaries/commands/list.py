"""List the canaries of this installation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from canaries.client.options import client, refuse, server_option
from canaries.core.text import clip, counted, visible
from canaries.installation import terminal
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.mint.catalogue import Summary

SECTION = "Bait"

_KIND_WIDTH = 23
"""The longest name of a kind; a longer one of somebody else's only shifts its line."""
_ONE_LINE = 120
"""Columns from which on a canary has one line."""


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", help="Only this kind.")
@click.option("--live", is_flag=True, help="Only what is neither retired nor expired.")
@click.option(
    "--state", type=click.Choice(["live", "retired", "expired"]), help="Only what is in this state now."
)
@click.option("--recipient", metavar="TEXT", help="Only copies whose recipient holds this text.")
@click.option("--tag", help="Only what has this tag.")
@click.option("--place", metavar="TEXT", help="Only what was planted at a place that holds this text.")
@click.option("--since", metavar="TIME", help="Only what was minted since then: 2h, 30d or a date.")
@click.option("--expiring", metavar="TIME", help="Only live canaries that expire within this time: 30d.")
@click.option("--never-fired", is_flag=True, help="Only what has no hit.")
@click.option("--unplanted", is_flag=True, help="Only what has no placement.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@json_option
@server_option
@pass_session
def command(
    session: Session,
    words: tuple[str, ...],
    kind: str | None,
    live: bool,
    state: str | None,
    recipient: str | None,
    tag: str | None,
    place: str | None,
    since: str | None,
    expiring: str | None,
    never_fired: bool,
    unplanted: bool,
    limit: int | None,
    as_json: bool,
    server: str | None,
) -> None:
    """List the canaries of this installation, oldest first. No bait is shown.

    WORDS: only canaries whose id, kind, memo, recipient or owner holds each of them, upper or lower case.
    """
    from canaries.core import clock

    if server:
        refuse(server, never_fired=never_fired)
        moment, placed = clock.SystemClock().now(), None
        found = _of_server(server, kind or "", place or "")
    else:
        from canaries.mint.catalogue import listing, placed_at, require_kind

        home = session.home()
        if kind is not None:
            require_kind(home, kind)
        moment, placed = home.clock.now(), placed_at(home, place) if place else None
        found = listing(home)
    now = clock.rfc3339(moment)
    begin = clock.since(since, moment) if since else ""
    end = clock.until(expiring, moment) if expiring else ""
    wanted, columns = [word.casefold() for word in words], terminal.width()
    shown = total = 0
    for one in found:
        total += 1
        said = "\n".join((one.id, one.kind, one.memo, one.recipient, one.owner)).casefold()
        current = state_of(one, now)
        if (
            (kind and one.kind != kind)
            or (live and current != "live")
            or (state and current != state)
            or (recipient and recipient.casefold() not in one.recipient.casefold())
            or (tag and tag not in one.tags)
            or (placed is not None and one.id not in placed)
            or one.created_at < begin
            or (end and not (current == "live" and one.expires_at and one.expires_at <= end))
            or (never_fired and one.hits)
            or (unplanted and one.placements)
            or not all(word in said for word in wanted)
        ):
            continue
        shown += 1
        emit(dataclasses.asdict(one)) if as_json else tell(_line(one, current, columns))
        if shown == limit:
            return
    if shown or as_json:
        return
    if total:
        say(f"None of {counted(total, 'canary', 'canaries')} is like that. All of them: trapline list")
    else:
        say("No canaries yet. Next: trapline mint url --memo 'my first bait'")


def _of_server(server: str, kind: str, place: str) -> Iterator[Summary]:
    """Newest first, as the API gives them; hits are 0 for whoever may not know them."""
    from canaries.mint.catalogue import Summary

    names = [item.name for item in dataclasses.fields(Summary)]
    with client(server) as api:
        for one in api.canaries(kind=kind, place=place):
            yield Summary(**{name: one.said.get(name, 0) for name in names} | {"tags": one.tags})


def state_of(one: Summary, now: str) -> str:
    """``live``, ``retired`` or ``expired``."""
    if one.retired_at:
        return "retired"
    return "expired" if one.expires_at and one.expires_at <= now else "live"


def _line(one: Summary, state: str, columns: int | None) -> str:
    """One canary on a line; on two where ``columns`` of a terminal have no room for the memo behind the rest."""
    recipient = f"  for {clip(visible(one.recipient), 40)}" if one.recipient else ""
    memo = clip(visible(one.memo), 40)
    name, minted = f"{one.id}  {one.kind:<{_KIND_WIDTH}}", f"{one.created_at[:16]}Z"
    counts = f"{state:<7}  {counted(one.hits, 'hit'):>10}  {one.placements:>2} placed"
    if columns is None or columns >= _ONE_LINE:
        return terminal.cut(f"{name}  {minted}  {counts}  {memo}{recipient}".rstrip(), columns)
    second = f"  {minted}  {memo}{recipient}".rstrip()
    return f"{terminal.cut(f'{name}  {counts}', columns)}\n{terminal.cut(second, columns)}"
