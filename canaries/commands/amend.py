"""Change memo, owner, recipient, expiry or tags of canaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.core.text import counted, visible
from canaries.installation.session import Session, pass_session, say

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "Bait"


def _by_server(
    api: ApiClient,
    canary_ids: tuple[str, ...],
    memo: str | None,
    owner: str | None,
    recipient: str | None,
    expires: str | None,
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    reason: str,
) -> None:
    """The same by the API; all of the IDs are looked up first."""
    given = {"memo": memo, "owner": owner, "recipient": recipient, "expires_at": expires or None}
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    changes |= {name: list(value) for name, value in (("tags", tags), ("untags", untags)) if value}
    found = {one.id: one for one in (api.canary_called(one) for one in canary_ids)}
    for one in found.values():
        api.amend(one, **changes, reason=reason)
    say(f"{counted(len(found), 'canary', 'canaries')} changed; see: trapline list")


@click.command()
@click.argument("canary_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--memo", help="Where it is and why; alerts show it.")
@click.option("--owner", help="Who answers for it.")
@click.option("--recipient", help="Whose copy it is.")
@click.option("--expires", metavar="WHEN", help="A date (2027-01-31) or a number of days from now (90d).")
@click.option("--tag", "tags", multiple=True, help="Add this tag; channels can be for some tags only.")
@click.option("--untag", "untags", multiple=True, help="Take this tag away.")
@click.option("--reason", default="", help="Why; kept in the ledger.")
@by_server(_by_server)
@pass_session
def command(
    session: Session,
    canary_ids: tuple[str, ...],
    memo: str | None,
    owner: str | None,
    recipient: str | None,
    expires: str | None,
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    reason: str,
) -> None:
    """Change what is said of canaries. Their bait stays as it is, and each change is an entry of the ledger."""
    from canaries.core.clock import until
    from canaries.mint import amending, catalogue

    if both := {*tags} & {*untags}:
        raise click.UsageError(f"--tag and --untag both name {visible(min(both))}.")
    home = session.home()
    found = {one.id: one for one in (catalogue.find(home, one) for one in canary_ids)}
    done = amending.amend(
        home,
        list(found.values()),
        memo=memo,
        owner=owner,
        recipient=recipient,
        expires_at=until(expires, home.clock.now()) if expires else None,
        tags=tags,
        untags=untags,
        reason=reason,
    )
    say(f"{counted(done, 'canary', 'canaries')} changed; see: trapline list")
