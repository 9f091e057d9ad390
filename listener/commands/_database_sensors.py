"""``trapline sensors propose``, ``install``, ``check`` and ``uninstall``: sensors that a database itself runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from listener.sensors.database_readers import Proposal

F = TypeVar("F", bound=Callable[..., Any])


def _target(function: F) -> F:
    """What the commands have in common: a table, and which sensor."""
    function = click.option(
        "--sensor", "name", default="", metavar="NAME", help="Which one; else the usual one there."
    )(function)
    function = click.option("--table", "table_name", default="", help="Where the URL does not name it.")(
        function
    )
    return click.argument("database", metavar="DATABASE")(function)


_accept = click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="WORD",
    help="Install in spite of what 'propose' says under this word.",
)


@click.command()
@_target
@click.option(
    "--no-cost",
    is_flag=True,
    help="Do not measure what it costs, which copies up to 50,000 rows for a while.",
)
@json_option
@pass_session
def propose(
    session: Session, database: str, table_name: str, name: str, no_cost: bool, as_json: bool
) -> None:
    """Show what a sensor in DATABASE would do, as SQL, and what it costs on that server. Nothing is changed.

    DATABASE is a URL with its table, as for 'plant': postgresql://USER@HOST/DATABASE?table=NAME. The sensor watches the
    planted rows of that table.
    """
    from listener.sensors.database_readers import propose as proposed

    found = proposed(session.home(), database, name=name, table_name=table_name, cost=not no_cost)
    emit(_as_dict(found)) if as_json else _tell(found)


@click.command()
@_target
@_accept
@json_option
@pass_session
def install(
    session: Session, database: str, table_name: str, name: str, accepted: tuple[str, ...], as_json: bool
) -> None:
    """Put a sensor into DATABASE: all of what 'propose' shows, or nothing. An entry says so."""
    from listener.sensors.database_readers import install as put

    found = put(session.home(), database, name=name, table_name=table_name, accepted=accepted)
    if as_json:
        emit(_as_dict(found))
        return
    rows = counted(len(found.rows), "planted row")
    say(f"{found.reader.name} watches {rows} of {visible(found.where.full_name)}")
    for warning in found.plan.warnings:
        say(f"mind: {visible(warning)}")
    say(f'follow {found.plan.follow}: [logs.NAME] with type = "{found.reader.log}" and path in trapline.toml')


@click.command()
@_target
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger.")
@pass_session
def uninstall(session: Session, database: str, table_name: str, name: str, reason: str) -> None:
    """Take the sensors out of DATABASE: its schema is what it was before. An entry says so."""
    from listener.sensors.database_readers import uninstall as take

    for one in take(session.home(), database, name=name, table_name=table_name, reason=reason):
        say(f"{one} is taken away")


@click.command()
@click.argument("database", metavar="[DATABASE]", default="")
@click.option("--table", "table_name", default="", help="Where the URL does not name it.")
@json_option
@pass_session
def check(session: Session, database: str, table_name: str, as_json: bool) -> int:
    """Look whether the sensors in databases are as they were installed, and what passes unseen there now.

    Exit status: 0 all are, 1 one is gone, changed, out of date or cannot be reached.
    """
    from listener.sensors.database_readers import check as looked

    found = looked(session.home(), database, table_name=table_name)
    for one in found:
        if as_json:
            said = {
                "sensor": one.installed.reader,
                "target": one.installed.target,
                "rows": one.installed.rows,
            }
            emit(
                said
                | {"at": one.installed.at, "problems": list(one.problems), "warnings": list(one.warnings)}
            )
            continue
        state = "; ".join(one.problems) or "as installed"
        tell(visible(f"{one.installed.reader} on {one.installed.target}: {state}", limit=600), indent=2)
        for warning in one.warnings:
            tell(f"  mind: {visible(warning)}", indent=4)
    if not found and not as_json:
        say("no sensor is installed in a database; see: trapline sensors propose --help")
    return 1 if any(one.problems for one in found) else 0


COMMANDS = (propose, install, check, uninstall)


def _as_dict(found: Proposal) -> dict[str, Any]:
    return {
        "sensor": found.reader.name,
        "target": found.where.public,
        "rows": len(found.rows),
        "log": found.reader.log,
        "up": list(found.plan.up),
        "down": list(found.plan.down),
        "refusals": [{"accept": one.word, "sentence": one.sentence} for one in found.plan.refusals],
        "warnings": list(found.plan.warnings),
        "costs": [
            {
                "what": one.what,
                "without_us": one.without_us,
                "ratio": one.ratio,
                "low": one.low,
                "high": one.high,
            }
            for one in found.costs
        ],
    }


def _tell(found: Proposal) -> None:
    tell(f"-- {found.reader.name}: {found.reader.title}")
    tell(f"-- {counted(len(found.rows), 'planted row')} of {visible(found.where.full_name)}")
    for statement in found.plan.up:
        tell(f"{_shown(statement)};")
    tell("\n-- taken away by")
    for statement in found.plan.down:
        tell(f"{_shown(statement)};")
    for cost in found.costs:
        tell(f"-- {cost.sentence} ({cost.without_us} µs without it, on a copy)")
    for one in found.plan.refusals:
        need = f"--accept {one.word}" if one.word else "not installed"
        tell(f"-- {need}: {visible(one.sentence)}")
    for warning in found.plan.warnings:
        tell(f"-- mind: {visible(warning)}")


def _shown(statement: str) -> str:
    """A statement's lines; long constants are cut."""
    return "\n".join(visible(line, limit=2000) for line in statement.splitlines())
