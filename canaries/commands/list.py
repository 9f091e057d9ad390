"""List the canaries of this installation."""

from __future__ import annotations

import dataclasses

import click

from canaries.core.text import clip, counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

_KIND_WIDTH = 23
"""The longest name of a kind; a longer one of somebody else's only shifts its line."""


@click.command()
@click.option("--kind", help="Only this kind.")
@click.option("--live", is_flag=True, help="Only what is neither retired nor expired.")
@json_option
@pass_session
def command(session: Session, kind: str | None, live: bool, as_json: bool) -> None:
    """List the canaries of this installation, oldest first. No bait is shown."""
    from canaries.mint.catalogue import listing

    home = session.home()
    now = home.now()
    shown = 0
    for one in listing(home):
        ended = one.retired_at or (one.expires_at if one.expires_at and one.expires_at <= now else "")
        if (kind and one.kind != kind) or (live and ended):
            continue
        shown += 1
        if as_json:
            emit(dataclasses.asdict(one))
            continue
        state = "retired" if one.retired_at else "expired" if ended else "live"
        recipient = f"  for {clip(visible(one.recipient), 40)}" if one.recipient else ""
        memo = clip(visible(one.memo), 40)
        tell(
            f"{one.id}  {one.kind:<{_KIND_WIDTH}}  {one.created_at[:16]}Z  {state:<7}  "
            f"{counted(one.hits, 'hit'):>10}  {one.placements:>2} placed  {memo}{recipient}".rstrip()
        )
    if not shown and not as_json:
        say("No canaries yet. Next: trapline mint url --memo 'my first bait'")
