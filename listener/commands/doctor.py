"""Try whether it all works, and say what to do where it does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "Start"

_MARKS = {"well": "ok  ", "note": "note", "failing": "FAIL"}


@click.command()
@click.option(
    "--without", "left_out", multiple=True, metavar="TRIAL", help="Leave one out: alerts, 'own bait' ..."
)
@click.option(
    "--backup", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A backup to rehearse too."
)
@click.option(
    "--identity",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The identity that opens the backup.",
)
@json_option
@pass_session
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    left_out: tuple[str, ...],
    backup: Path | None,
    identity: Path | None,
    as_json: bool,
) -> None:
    """Try whether everything works, with the listener running, and say what to do where it does not.

    Beside what `trapline status` looks at, it asks name servers, connects to each trap through the name that bait
    carries, fires a bait of its own and waits for the hit (marked as a test), sends a test alert through every channel,
    and looks at permissions; with --backup it restores that elsewhere and verifies it. Exit status 1 where something is
    failing.
    """
    from listener.health import trial_run

    if (backup is None) != (identity is None):
        raise click.UsageError("give --backup and --identity together")
    pair = (backup, identity) if backup and identity else None
    report = trial_run.run(session.unchecked_home(), left_out, pair)
    for part in report.parts:
        if as_json:
            emit(dataclasses.asdict(part))
            continue
        tell(f"{_MARKS[part.level]}  {part.part}: {visible(part.says, limit=600)}", indent=6)
        if part.hint:
            tell(f"      {visible(part.hint, limit=600)}", indent=6)
    if not as_json:
        say("All is well." if report.well else f"{counted(len(report.failing), 'finding')} to mend.")
    ctx.exit(0 if report.well else 1)
