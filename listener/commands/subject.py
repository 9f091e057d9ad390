"""What is held about one address or person, to hand to them."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "Evidence"


@click.command()
@click.option("--address", default="", metavar="IP", help="An IP address.")
@click.option("--person", default="", metavar="NAME", help="A person, as the ledger names them.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The text file to write."
)
@click.option("--reason", default="", help="On whose request; kept in the ledger.")
@json_option
@pass_session
def command(session: Session, address: str, person: str, out: Path, reason: str, as_json: bool) -> None:
    """Write all that is held about one address or one person, others made out of it (a request for access).

    Every entry is looked through, and so are canaries' records, accounts and what was seen and not recognised. That the
    file was made is an entry, which names whom it is about.
    """
    from listener.incidents import subject_access
    from listener.ingest.unrecognised import UnrecognisedStore

    home = session.home()
    kept = UnrecognisedStore(home).since(0) if (home.keys.folder / "journal").exists() else None
    digest, count = subject_access.write(
        home, out, address=address, person=person, why=reason, unrecognised=kept
    )
    if as_json:
        emit({"file": str(out), "sha256": digest, "entries": count})
        return
    tell(f"{visible(str(out))}  SHA-256 {digest}")
    what = counted(count, "entry or record", "entries and records")
    say(f"{what}. Read it before it goes out: no program knows every name.")
