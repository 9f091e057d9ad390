"""Show one canary, how to try it, and (with a reason) its bait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.commands._warnings import of_kind, warn
from canaries.core.text import visible
from canaries.installation.option_rules import only_with
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.core.model import Canary
    from canaries.kinds import Kind
    from canaries.plant.placements import Placement

SECTION = "Bait"

_INDENT = 13
_STANDING = ("there", "changed", "unreachable")
"""States of a placement of which something may still be there."""


def _by_server(api: ApiClient, canary_id: str, reveal: bool, reason: str, as_json: bool) -> None:
    """The same by the API, which has no hints on planting."""
    found = api.canary_called(canary_id)
    only_with("--reveal", reveal, reason=reason)
    bait = api.reveal(found.id, reason) if reveal else None
    if as_json:
        emit({**found.said, **({"text": bait.text, "tokens": bait.said["tokens"]} if bait else {})})
        return
    for name, value in found.said.items():
        if value not in ("", [], None):
            words = ", ".join(value) if isinstance(value, list) else str(value)
            tell(f"{name + ':':<13}{visible(words)}", indent=_INDENT)
    if bait:
        tell("")
        tell(bait.text.rstrip("\n"))


@click.command()
@click.argument("canary_id", metavar="ID")
@click.option("--reveal", is_flag=True, help="Show the bait in clear; this is written into the ledger.")
@click.option("--reason", default="", help="Why you reveal it.")
@json_option
@by_server(_by_server)
@pass_session
def command(session: Session, canary_id: str, reveal: bool, reason: str, as_json: bool) -> None:
    """Show one canary.

    The bait itself needs --reveal and a --reason: whoever looks leaves an entry.
    """
    from canaries.mint import catalogue, minting
    from canaries.plant import firing, placements

    home = session.home()
    only_with("--reveal", reveal, reason=reason)
    canary = catalogue.reveal(home, canary_id, reason) if reveal else catalogue.find(home, canary_id)
    summary = catalogue.summary(home, canary.id)
    kind = minting.kind(canary.kind)
    places = [one for one in placements.listing(home, canary=canary.id) if one.state in _STANDING]
    found = of_kind(home.settings, canary.kind)
    for place in places:
        dead = firing.placement_obstacle(home.settings, kind, place.items)
        found += [dead] if dead and dead not in found else []
    hints = {
        "plant": kind.plant_hint,
        "try": _tries(kind, canary, places) if reveal else kind.try_hint,
        "fires": kind.fired_by,
    }
    value: dict[str, Any] = {
        "id": canary.id,
        "kind": canary.kind,
        "title": kind.title,
        "memo": summary.memo,
        "recipient": summary.recipient,
        "owner": summary.owner,
        "created_at": canary.created_at,
        "expires_at": summary.expires_at,
        "retired_at": summary.retired_at,
        "parent": canary.parent,
        "tags": list(summary.tags),
        "hits": summary.hits,
        "placements": summary.placements,
        "facets": [token.facet for token in canary.tokens],
        "hints": hints,
        "warnings": [one.says for one in found],
    }
    if reveal:
        value["tokens"] = [{"facet": token.facet, "value": token.value} for token in canary.tokens]
        value["files"] = [{"path": path, "sha256": digest} for path, digest in canary.files]
        value["text"] = canary.text
    if as_json:
        emit(value)
        return
    _tell(value)
    warn(found)
    if not reveal:
        say(f"Its bait: trapline show {canary.id} --reveal --reason WHY")


def _tries(kind: Kind, canary: Canary, places: list[Placement]) -> str:
    """How to fire it where it was planted; where it is not on record as planted anywhere, as it was minted."""
    from canaries.kinds import fill
    from canaries.plant import firing

    if not places:
        return fill(kind.try_hint, canary)
    lines = dict.fromkeys(line for place in places for line in firing.trials(kind, canary, place.items))
    return "\n".join(lines) or "nothing that was planted can be fired"


def _tell(value: dict[str, Any]) -> None:
    for name in (
        "id",
        "kind",
        "title",
        "memo",
        "recipient",
        "owner",
        "created_at",
        "expires_at",
        "retired_at",
        "parent",
    ):
        if value[name]:
            tell(f"{name + ':':<13}{visible(str(value[name]))}", indent=_INDENT)
    tell(f"{'facets:':<13}{', '.join(value['facets'])}", indent=_INDENT)
    tell(f"{'hits:':<13}{value['hits']}")
    tell(f"{'placements:':<13}{value['placements']}")
    for name, hint in value["hints"].items():
        # a command is not folded: it could not be copied
        hint = hint.replace("\n", "\n" + " " * _INDENT)
        tell(f"{name + ':':<13}{hint}", indent=None if name == "try" else _INDENT)
    if "text" in value:
        tell("")
        tell(value["text"].rstrip("\n"))
