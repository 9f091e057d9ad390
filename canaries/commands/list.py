"""List the canaries of this installation."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.core.text import clip, counted, visible
from canaries.installation import terminal
from canaries.installation.option_rules import not_with
from canaries.installation.session import COUNTING, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from datetime import datetime

    from canaries.client.api_client import ApiClient
    from canaries.mint.catalogue import Summary

SECTION = "Bait"

_KIND_WIDTH = 23
"""The longest name of a kind; a longer one of somebody else's only shifts its line."""
_ONE_LINE = 120
"""Columns from which on a canary has one line."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which canaries, and how they are shown."""

    words: tuple[str, ...]
    kind: str | None
    live: bool
    state: str | None
    recipient: str | None
    tag: str | None
    since: str | None
    expiring: str | None
    unplanted: bool
    limit: int | None
    as_json: bool
    never_fired: bool = False


def _by_server(api: ApiClient, place: str | None, **wanted: Any) -> None:
    """The same by the API, newest first; hits are 0 for whoever may not know them."""
    from canaries.core import clock
    from canaries.mint.catalogue import Summary

    names = [item.name for item in dataclasses.fields(Summary)]
    found = (
        Summary(**{name: one.said.get(name, 0) for name in names} | {"tags": one.tags})
        for one in api.canaries(kind=wanted["kind"] or "", place=place or "")
    )
    _list(found, _Wanted(**wanted), clock.SystemClock().now())


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
@click.option("--limit", type=COUNTING, metavar="N", help="At most so many.")
@json_option
@by_server(_by_server, but=("never_fired",))
@pass_session
def command(session: Session, /, kind: str | None, place: str | None, **wanted: Any) -> None:
    """List the canaries of this installation, oldest first. No bait is shown.

    WORDS: only canaries whose id, kind, memo, recipient or owner holds each of them, upper or lower case.
    """
    from canaries.mint.catalogue import listing, placed_at, require_kind

    not_with("--state", wanted["state"], live=wanted["live"])
    home = session.home()
    if kind is not None:
        require_kind(home, kind)
    placed = placed_at(home, place) if place else None
    _list(listing(home), _Wanted(kind=kind, **wanted), home.clock.now(), placed)


def _list(
    found: Iterator[Summary], wanted: _Wanted, moment: datetime, placed: Collection[str] | None = None
) -> None:
    from canaries.core import clock

    now = clock.rfc3339(moment)
    begin = clock.since(wanted.since, moment) if wanted.since else ""
    end = clock.until(wanted.expiring, moment) if wanted.expiring else ""
    words, columns = [word.casefold() for word in wanted.words], terminal.width()
    shown = total = 0
    for one in found:
        total += 1
        said = "\n".join((one.id, one.kind, one.memo, one.recipient, one.owner)).casefold()
        current = state_of(one, now)
        if (
            (wanted.kind and one.kind != wanted.kind)
            or (wanted.live and current != "live")
            or (wanted.state and current != wanted.state)
            or (wanted.recipient and wanted.recipient.casefold() not in one.recipient.casefold())
            or (wanted.tag and wanted.tag not in one.tags)
            or (placed is not None and one.id not in placed)
            or one.created_at < begin
            or (end and not (current == "live" and one.expires_at and one.expires_at <= end))
            or (wanted.never_fired and one.hits)
            or (wanted.unplanted and one.placements)
            or not all(word in said for word in words)
        ):
            continue
        shown += 1
        emit(dataclasses.asdict(one)) if wanted.as_json else tell(_line(one, current, columns))
        if shown == wanted.limit:
            return
    if shown or wanted.as_json:
        return
    if total:
        say(f"None of {counted(total, 'canary', 'canaries')} is like that. All of them: trapline list")
    else:
        say("No canaries yet. Next: trapline mint url --memo 'my first bait'")


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
