"""Issue a data or document set, a marked copy for each recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canaries.core.text import counted, visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.copies.editions import Edition
    from canaries.copies.plan import CopyPlan
    from canaries.installation.home import Home

SECTION = "Bait"


@click.group(cls=CommandGroup)
def command() -> None:
    """Copies that name themselves: one data or document set, a copy of its own for each recipient.

    `trapline scan` of a leaked part says whose copy it is.
    """


@command.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--recipients",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with a recipient a line (CSV: the first column).",
)
@click.option("--out", type=click.Path(path_type=Path), help="A new folder for the copies.")
@click.option(
    "--name", default="", help="What the edition is called; the file's name where this is not given."
)
@click.option(
    "--share",
    default=20.0,
    metavar="PERCENT",
    type=click.FloatRange(0.1, 100),
    help="The least part of a copy that is to name it (20).",
)
@click.option(
    "--colluders",
    default=1,
    type=click.IntRange(1, 5),
    help="How many recipients may put their copies together, and one of them is still named (1).",
)
@click.option("--table", default="", help="Of a dump: the table that gets the phony people.")
@click.option("--dry-run", is_flag=True, help="Say how many rows each copy gets; mint and write nothing.")
@json_option
@pass_session
def issue(
    session: Session,
    source: Path,
    recipients: Path,
    out: Path | None,
    name: str,
    share: float,
    colluders: int,
    table: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Make a copy of SOURCE for each recipient, and commit to who gets what before the first can leave the house.

    SOURCE is a table (.csv, .tsv, .jsonl, .sql with INSERT) that gets phony people as rows, or a document or a folder
    of documents (.docx, .xlsx, .odt, .html, .svg) that load addresses of their own.

    Exit status: 0 done, 1 done, but not stamped by each authority that is set up: hand nothing out yet.
    """
    from canaries.copies.issuing import CopyIssuer, CopyOrder
    from canaries.mint.recipients import read_recipients

    home = session.home()
    order = CopyOrder(
        source.absolute(),
        read_recipients(recipients),
        name or source.name,
        colluders,
        share / 100,
        table,
    )
    issuer = CopyIssuer(home, order)
    if dry_run:
        _tell_plan(issuer.plan, as_json=as_json)
        return 0
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    issued = issuer.issue(out.absolute(), _witness(home))
    if as_json:
        for recipient, folder, files in issued.copies:
            named = [{"path": path, "sha256": digest} for path, digest in files]
            emit({"edition": issued.id, "recipient": recipient, "folder": str(out / folder), "files": named})
    else:
        _tell_plan(issued.plan, as_json=False)
        tell(
            f"edition {issued.id}: {counted(len(issued.copies), 'copy', 'copies')} in {visible(str(out))}",
            indent=2,
        )
        say(f"Who gets which: {visible(str(out / 'copies.csv'))}. Receipts to sign are beside the copies.")
        say(f"When one was handed over: trapline copies deliver {issued.id} RECIPIENT --receipt FILE")
    for path in issued.unmarked:
        say(f"the same in every copy: {visible(path)}")
    for problem in issued.problems:
        say(f"not stamped: {visible(problem)}")
    if issued.problems:
        say("Hand out no copy yet; first: trapline ledger stamp")
    return 1 if issued.problems else 0


def _tell_plan(plan: CopyPlan, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "recipients": plan.recipients,
                "private": plan.private,
                "pair": plan.pair,
                "coins": plan.coins,
                "each": plan.each,
                "rows": plan.rows,
            }
        )
        return
    parts = [f"{counted(plan.private, 'mark')} that no other copy has"]
    if plan.pair:
        parts.append(f"{plan.pair} with each one other")
    if plan.coins:
        parts.append(f"half of {plan.coins} by a fair coin")
    tell(f"each copy: {', '.join(parts)}; about {plan.each} in all", indent=2)


def _witness(home: Home) -> Callable[[], Iterable[str]]:
    """Seal what was committed to, sign a checkpoint, and have it stamped by every authority that is set up."""

    def witness() -> Iterable[str]:
        from canaries.ledger.sealer import LogSealer
        from listener.notify.stamp_authorities import authorities
        from listener.notify.stamper import Stamper

        sealer = LogSealer(home)
        sealer.seal_once()
        sealer.checkpoint()
        known, stamper = authorities(home), Stamper(home)
        problems = ((name, stamper.step(known[name], now=True)) for name in sorted(known))
        return [f"{name}: {problem}" for name, problem in problems if problem]

    return witness


@command.command(name="list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the editions."""
    from canaries.copies.editions import editions

    found = editions(session.home())
    for one in found:
        if as_json:
            emit(_as_dict(one))
        else:
            handed = sum(bool(copy.delivered) for copy in one.copies)
            count = counted(len(one.copies), "copy", "copies")
            tell(f"{one.id}  {one.at[:10]}  {count}, {handed} handed over  {visible(one.name)}", indent=2)
    if not found and not as_json:
        say("nothing was issued yet; see: trapline copies issue --help")


@command.command()
@click.argument("edition")
@json_option
@pass_session
def show(session: Session, edition: str, as_json: bool) -> None:
    """Show an edition: whose copies there are, and what became of each."""
    from canaries.copies.editions import find

    found = find(session.home(), edition)
    if not as_json:
        tell(
            f"edition {found.id}  {visible(found.name)}, committed to at {found.at} (entry {found.entry})",
            indent=2,
        )
    for one in found.copies:
        if as_json:
            emit(
                {
                    "edition": found.id,
                    "copy": one.id,
                    "recipient": one.recipient,
                    "marks": len(one.private) + len(one.pairs) + one.coins.bit_count(),
                    "files": [{"path": path, "sha256": digest} for path, digest in one.files],
                    "entry": one.entry,
                    "delivered": list(one.delivered),
                    "withdrawn": one.withdrawn,
                }
            )
            continue
        state = (
            f"handed over {', '.join(at[:10] for at in one.delivered)}"
            if one.delivered
            else "not handed over"
        )
        state += f", withdrawn {one.withdrawn[:10]}" if one.withdrawn else ""
        tell(f"  {one.id}  {visible(one.recipient)}: {state}", indent=4)


def _as_dict(one: Edition) -> dict[str, Any]:
    return {
        "edition": one.id,
        "name": one.name,
        "at": one.at,
        "entry": one.entry,
        "source": one.source,
        "copies": len(one.copies),
        **{name: one.said[name] for name in ("colluders", "share_percent", "private", "pair", "coins")},
    }


@command.command()
@click.argument("edition")
@click.argument("recipient")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The signed receipt: its SHA-256 goes into the ledger; keep the file.",
)
@click.option("--note", default="", help="How it was handed over.")
@pass_session
def deliver(session: Session, edition: str, recipient: str, receipt: Path | None, note: str) -> None:
    """Record that RECIPIENT was handed their copy."""
    from canaries.copies import editions

    home = session.home()
    found = editions.find(home, edition)
    copy = editions.copy_for(found, recipient)
    editions.deliver(home, copy, found, receipt.read_bytes() if receipt else b"", note)
    say(f"recorded: {visible(copy.recipient)} has copy {copy.id}")


@command.command()
@click.argument("edition")
@click.argument("recipient")
@click.option("--reason", required=True, help="Why; kept in the ledger.")
@pass_session
def revoke(session: Session, edition: str, recipient: str, reason: str) -> None:
    """Record that RECIPIENT is no longer to have their copy. A leak of it is named all the same."""
    from canaries.copies import editions

    home = session.home()
    found = editions.find(home, edition)
    copy = editions.copy_for(found, recipient)
    editions.withdraw(home, copy, found, reason)
    say(f"recorded: the copy of {visible(copy.recipient)} is withdrawn")
