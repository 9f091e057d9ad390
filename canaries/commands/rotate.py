"""Replace planted bait by new bait of its kind, at the same place."""

from __future__ import annotations

import click

from canaries.core.errors import PlantError
from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "Bait"


@click.command()
@click.argument("name", metavar="PLACEMENT|ID")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="As for 'plant': what was given there has to be given again.",
)
@click.option("--reason", default="", help="Why; kept in the ledger.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and touch nothing.")
@json_option
@pass_session
def command(
    session: Session, name: str, settings: tuple[str, ...], reason: str, dry_run: bool, as_json: bool
) -> None:
    """Replace the bait of one placement, or of every placement of canary ID, by new bait of its kind.

    The old bait is taken back and, where it is planted nowhere else, retired: its use is still recorded as a hit.
    Where it cannot be taken back, because somebody changed it, nothing happens.
    """
    from canaries.plant import rotating

    pairs = [item.partition("=") for item in settings]
    if wrong := next(
        (item for item, (key, sign, _) in zip(settings, pairs, strict=True) if not key or not sign), None
    ):
        raise PlantError(f"--set {wrong!r} is not COLUMN=VALUE", hint="for example: --set role=member")
    values = {key: value for key, _, value in pairs}
    for one in rotating.rotate(session.home(), name, values=values, reason=reason, dry_run=dry_run):
        steps = [*one.old.steps, *(one.new.plan.steps if one.new else ("plant new bait there",))]
        if as_json:
            said = {
                "old": one.old.placement.canary,
                "placement": one.old.placement.id,
                "retired": one.retired,
            }
            fresh = {"canary": one.new.canary.id, "placement": one.new.placement} if one.new else {}
            emit(said | {"new": fresh, "steps": steps, "remains": list(one.old.remains)})
        else:
            for step in steps:
                tell(visible(f"would {step}" if dry_run else step), indent=2)
        for remains in one.old.remains:
            say(f"warning: {visible(remains)}")
        if one.new and not dry_run:
            say(
                f"Canary {one.old.placement.canary} is replaced by {one.new.canary.id}: placement {one.new.placement}."
            )
