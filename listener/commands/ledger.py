"""The sealed log: verify it, seal what waits, sign a checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.text import counted, visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.ledger.verification import LedgerReport

SECTION = "Evidence"


@click.group(cls=CommandGroup)
def command() -> None:
    """The sealed log: verify it, seal pending entries, sign a checkpoint."""


@command.command()
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint kept elsewhere: a whole alert, a heartbeat, a mail; may be given several times.",
)
@json_option
@pass_session
def verify(session: Session, checkpoints: tuple[Path, ...], as_json: bool) -> None:
    """Check every entry, every checkpoint, the copy outside the database, and those that you kept elsewhere."""
    from canaries.ledger.checkpoints import read_checkpoint, told_hits
    from canaries.ledger.verification import verify as check

    home = session.home()
    kept = [read_checkpoint(home, path) for path in checkpoints]
    told = {digest: where for path in checkpoints for digest, where in told_hits(path).items()}
    report = check(home, kept=kept, told=told)
    if as_json:
        emit(report.as_dict())
        if report.forged or report.absent:
            raise SystemExit(1)
        return
    tell(
        f"the ledger verifies: {counted(report.entries, 'entry', 'entries')} sealed, "
        f"{report.unsealed} waiting, {report.erased} erased",
        indent=2,
    )
    agree = "agrees" if report.checkpoints == 1 else "agree"
    tell(
        f"  {counted(report.checkpoints, 'checkpoint')} {agree}, {report.outside} of them outside the database",
        indent=4,
    )
    tell(
        f"  {counted(report.raws, 'raw request')} and the records of "
        f"{counted(report.canaries, 'canary', 'canaries')} are those that were sealed",
        indent=4,
    )
    if checkpoints:
        agree = "agrees" if len(checkpoints) == 1 else "agree"
        tell(f"  {counted(len(checkpoints), 'checkpoint')} that you kept {agree}", indent=4)
    tell(f"  log {report.origin}, root {report.root}", indent=4)
    _tell_authors(report)
    for odd in report.oddities:
        say(f"asks for an explanation: {visible(odd)}")
    if not report.opened and report.entries:
        say("the vault's key is not here: contents were not compared with their hashes")
    if report.forged or report.absent:
        raise SystemExit(1)


def _tell_authors(report: LedgerReport) -> None:
    if report.operators:
        names = ", ".join(map(visible, report.operators))
        tell(f"  {counted(report.signed, 'statement')} signed by operators (now {names})", indent=4)
    if report.unsigned:
        count = counted(report.unsigned, "statement")
        tell(f"  {count} of operators unsigned: anybody with a shell could have written them", indent=4)
    for absent in report.absent:
        say(f"MISSING: {visible(absent)}")
    for forged in report.forged:
        say(f"NOT TO BE BELIEVED: {visible(forged)}")


@command.command()
@json_option
@pass_session
def seal(session: Session, as_json: bool) -> None:
    """Give pending entries their place in the log."""
    from canaries.ledger.sealer import LogSealer

    count = LogSealer(session.home()).seal_once()
    if as_json:
        emit({"sealed": count})
    else:
        tell(f"{counted(count, 'entry', 'entries')} sealed")


@command.command()
@json_option
@pass_session
def checkpoint(session: Session, as_json: bool) -> None:
    """Seal, sign the log's head, and print the newest checkpoint: mail it to somebody who keeps it."""
    from canaries.ledger.checkpoints import Outside, log_verifier
    from canaries.ledger.sealer import LogSealer

    home = session.home()
    sealer = LogSealer(home)
    sealer.seal_once()
    fresh = sealer.checkpoint()
    verifier = log_verifier(home)
    newest = Outside(home.path / "checkpoints", verifier).latest()
    if newest is None:
        say("there is no entry yet, so nothing to sign")
    elif as_json:
        emit(
            {
                "size": newest.checkpoint.size,
                "note": newest.note,
                "vkey": str(verifier),
                "new": fresh is not None,
            }
        )
    else:
        tell(newest.note.rstrip("\n"))
        say(f"verifier key: {verifier}")


@command.command()
@click.argument("names", nargs=-1, metavar="[AUTHORITY]...")
@json_option
@pass_session
def stamp(session: Session, names: tuple[str, ...], as_json: bool) -> None:
    """Have the log's head stamped now by the time-stamp authorities of the settings (RFC 3161): all, or those named.

    The listener does so by itself; this also tries a new authority. Only a hash goes out.
    """
    from canaries.core.errors import LedgerError, NotFoundError
    from canaries.ledger.sealer import LogSealer
    from listener.notify.stamp_authorities import authorities
    from listener.notify.stamper import Stamper

    home = session.home()
    known = authorities(home)
    for name in names:
        if name not in known:
            raise NotFoundError(
                f"no time-stamp authority is called {name!r}",
                hint=f"set up: {', '.join(sorted(known)) or 'none'}",
            )
    if not known:
        raise NotFoundError(
            "no time-stamp authority is set up",
            hint="add a section [stamps.NAME] with url and ca_file to trapline.toml",
        )
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    stamper, failed = Stamper(home), 0
    for name in names or sorted(known):
        problem = stamper.step(known[name], now=True)
        failed += bool(problem)
        if as_json:
            emit({"authority": name, "stamped": problem == "", "problem": problem or ""})
        else:
            tell(
                f"{name}: {'stamped' if problem == '' else visible(problem or 'nothing to stamp')}", indent=2
            )
    if failed:
        raise LedgerError(f"{counted(failed, 'authority', 'authorities')} gave no time stamp")


@command.command()
@click.option("--check", is_flag=True, help="Judge each stamp again.")
@json_option
@pass_session
def stamps(session: Session, check: bool, as_json: bool) -> None:
    """List the time stamps of checkpoints: authority, size of the log, when, until when the certificate holds."""
    from dataclasses import asdict

    from canaries.core.errors import LedgerError
    from listener.notify.stamp_authorities import authorities
    from listener.notify.stamper import kept, recheck

    home, wrong = session.home(), 0
    trusted = authorities(home)
    with home.store.read() as connection:
        found = list(kept(connection))
        for item in found:
            problem = recheck(connection, item, trusted) if check else ""
            wrong += bool(problem)
            if as_json:
                emit({**asdict(item), "problem": problem})
            else:
                tail = f"  WRONG: {visible(problem)}" if problem else ""
                tell(
                    f"{item.at}  {item.size} entries  {item.authority}, until {item.ends[:10]}{tail}",
                    indent=2,
                )
    if not found and not as_json:
        say("no time stamps yet; see: trapline ledger stamp --help")
    if wrong:
        raise LedgerError(f"{counted(wrong, 'time stamp')} did not verify")


@command.command(name="continue")
@click.option("--reason", required=True, help="Why the database is an older one; kept in the ledger.")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A newer checkpoint than this machine has (an alert, a mail); repeatable.",
)
@pass_session
def go_on(session: Session, reason: str, checkpoints: tuple[Path, ...]) -> None:
    """Go on with a database that was put back to an older state, where there is no newer one.

    An entry names the last checkpoint that is known and what is lost; whoever verifies the log is shown it. Stop the
    listener first. `trapline restore` does this by itself.
    """
    from canaries.core.errors import LedgerError
    from canaries.ledger.checkpoints import read_checkpoint
    from canaries.ledger.continuation import continue_log, is_behind

    home = session.home()
    kept = tuple(read_checkpoint(home, path) for path in checkpoints)
    if not is_behind(home, kept):
        raise LedgerError("the database is not behind any checkpoint: the log goes on by itself")
    entry = continue_log(home, home.writer, home.act, reason, kept)
    lost = f"{entry.body['size']} to {entry.body['known']['size'] - 1}"
    tell(f"The log goes on at {entry.seq}. Entries {lost} of before are lost; the ledger says so.", indent=2)
