"""Plant bait in a file, folder, work tree, table or application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from canaries.commands._warnings import warn
from canaries.core.errors import PlantError
from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.plant.planting import Planted

SECTION = "Bait"


_ID = re.compile(r"[0-9a-f]{16}")
"""A canary's; kinds are words."""


@click.command()
@click.argument("what", metavar="ID|KIND")
@click.argument("target")
@click.option("--table", default="", help="Of a database target: the table, where the URL does not name it.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Of a database target: what goes into a column. Of a file: as=comment or as=live, and format=NAME.",
)
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(["no-mail"]),
    help="Of a database target: no-mail plants an address that no mail reaches among real ones.",
)
@click.option(
    "--count", default=1, type=click.IntRange(1, 1000), help="Of a KIND: how many, each its own canary."
)
@click.option("--memo", default="", help="Of a KIND: where it goes and why; alerts show it.")
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help="Of a KIND: as 'mint --set' has it."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and touch nothing.")
@json_option
@pass_session
def command(
    session: Session,
    what: str,
    target: str,
    table: str,
    settings: tuple[str, ...],
    allow: tuple[str, ...],
    count: int,
    memo: str,
    options: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Plant the bait of canary ID at TARGET, or mint a canary of KIND for it.

    A KIND is minted and planted in one. A person ('trapline plant user URL') is made to fit the table: of a neighbour's
    country, with a mailbox made as theirs, at that of your domains which the table has least.

    TARGET is a file (it gets an entry of its own format, beside its like, under a name that no program looks up; a
    format that is not known is refused), a folder or git work tree (its files are created, never over
    others), or a database URL such as sqlite:///app.db?table=users, postgresql://user@host/db?table=users or
    mysql://user@host/db?table=users (its row is inserted, with those that the neighbours have in tables beside), or
    NAME.signup.toml, a recipe for an application's own sign-up.
    """
    from canaries.plant import newcomers, planting

    home = session.home()
    values = dict(_pair(item) for item in settings)
    more: dict[str, Any] = {"table": table, "values": values, "allow": frozenset(allow), "dry_run": dry_run}
    if _ID.fullmatch(what):
        if count != 1 or memo or options:
            raise click.UsageError(
                "--count, --memo and --option are of a KIND: this canary is minted already"
            )
        _said(home, planting.plant(home, what, target, **more), dry_run=dry_run, as_json=as_json)
        return
    given = dict(_pair(item, "--option") for item in options)
    for _ in range(1 if dry_run else count):
        made = newcomers.plant_new(home, what, target, memo=memo, options=given, **more)
        _said(home, made, dry_run=dry_run, as_json=as_json, fresh=True)


def _said(home: Home, planted: Planted, *, dry_run: bool, as_json: bool, fresh: bool = False) -> None:
    """One planting, for people or programs. ``fresh``: it was minted for this."""
    if as_json:
        emit(_as_dict(planted))
    else:
        for step in planted.plan.steps:
            tell(visible(f"would {step}" if dry_run and step is planted.plan.steps[0] else step), indent=2)
        if dry_run:
            for line in planted.plan.diff.splitlines():
                tell(visible(line))
    for warning in _warnings(planted):
        say(f"warning: {visible(warning)}")
    _said_of_firing(home, planted, dry_run=dry_run, fresh=fresh)


def _said_of_firing(home: Home, planted: Planted, *, dry_run: bool, fresh: bool) -> None:
    """Whether anybody can fire what was planted here, and how to try exactly that."""
    from canaries.installation.reachability import obstacles
    from canaries.plant import planting

    dead = planting.obstacle(home, planted)
    # who minted this canary was told how far its address reaches
    found = [one for one in obstacles(home.settings) if fresh or not one.near]
    warn([*found, *([dead] if dead else [])])
    led = planting.facets(home, planted)
    if led.fires:
        stands = "would stand" if dry_run else "stands"
        say(f"Of what {stands} there these fire at a trap: {', '.join(led.fires)}.")
    if led.typed:
        say(f"No mail arrives at this {led.typed[0]}: it fires where somebody types it in at a trap.")
    if led.tells:
        say(f"These only tell in a dump (trapline scan): {', '.join(led.tells)}.")
    if hint := sensor_hint(planted.planter, planted.plan.target):
        say(visible(hint))
    if dry_run:
        return
    lines = list(planting.trials(planted))
    if dead or not lines:
        say(f"Planted: placement {planted.placement}.")
        return
    say(f"Planted: placement {planted.placement}. Now fire it once yourself, with 'trapline listen' running:")
    for line in lines:
        say(f"  {visible(line)}")
    say(f"Then see: trapline hits --canary {planted.canary.id}")


def sensor_hint(planter: str, target: str) -> str:
    """How a database that can run a sensor itself gets one; empty for every other target."""
    if planter != "database" or not target.startswith(("postgresql", "mysql", "mariadb")):
        return ""
    return f"The database itself can notice that it is read; see: trapline sensors propose '{target}'"


def _pair(item: str, option: str = "--set") -> tuple[str, str]:
    name, separator, value = item.partition("=")
    if not separator or not name:
        raise PlantError(f"{option} {item!r} is not NAME=VALUE", hint=f"for example: {option} role=member")
    return name, value


def _warnings(planted: Planted) -> list[str]:
    warnings = list(planted.plan.warnings)
    if planted.elsewhere:
        warnings.append(
            f"this canary is already in {counted(planted.elsewhere, 'other place')}, and a hit cannot tell which "
            "one it came from: better mint one for each"
        )
    return warnings


def _as_dict(planted: Planted) -> dict[str, object]:
    return {
        "canary": planted.canary.id,
        "placement": planted.placement,
        "planter": planted.planter,
        "target": planted.plan.target,
        "steps": list(planted.plan.steps),
        "what": [item.as_dict() for item in planted.items],
        "warnings": _warnings(planted),
        "diff": planted.plan.diff,
    }
