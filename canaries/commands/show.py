"""Show one canary: what it is, how to try it, and (with a reason) its bait."""

from __future__ import annotations

from typing import Any

import click

from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell


@click.command()
@click.argument("canary_id", metavar="ID")
@click.option("--reveal", is_flag=True, help="Show the bait in clear; this is written into the ledger.")
@click.option("--reason", default="", help="Why you reveal it.")
@json_option
@pass_session
def command(session: Session, canary_id: str, reveal: bool, reason: str, as_json: bool) -> None:
    """Show one canary.

    The bait itself needs --reveal and a --reason: whoever looks leaves an entry.
    """
    from canaries.kinds import fill
    from canaries.mint import catalogue, minting

    home = session.home()
    canary = catalogue.reveal(home, canary_id, reason) if reveal else catalogue.find(home, canary_id)
    summary = catalogue.summary(home, canary.id)
    kind = minting.kind(canary.kind)
    hints = {
        "plant": kind.plant_hint,
        "try": fill(kind.try_hint, canary) if reveal else kind.try_hint,
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
    }
    if reveal:
        value["tokens"] = [{"facet": token.facet, "value": token.value} for token in canary.tokens]
        value["files"] = [{"path": path, "sha256": digest} for path, digest in canary.files]
        value["text"] = canary.text
    if as_json:
        emit(value)
        return
    _tell(value)
    if not reveal:
        say(f"Its bait: trapline show {canary.id} --reveal --reason WHY")


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
            tell(f"{name + ':':<13}{visible(str(value[name]))}")
    tell(f"{'facets:':<13}{', '.join(value['facets'])}")
    tell(f"{'hits:':<13}{value['hits']}")
    tell(f"{'placements:':<13}{value['placements']}")
    for name, hint in value["hints"].items():
        tell(f"{name + ':':<13}{hint}")
    if "text" in value:
        tell("")
        tell(value["text"].rstrip("\n"))
