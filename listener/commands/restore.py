"""Make an installation out of a backup, or rehearse it."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.core.text import counted
from canaries.installation.session import Session, emit, json_option, pass_session, say
from canaries.installation.vault_secret import vault_key

SECTION = "Upkeep"


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--identity",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The age identity or SSH private key that the backup was made for.",
)
@click.option("--drill", is_flag=True, help="Rehearse: unpack elsewhere, verify the ledger, remove it again.")
@click.option("--reason", default="restored from a backup", help="Why; kept in the ledger.")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A newer checkpoint (an alert, a mail), or an old checkpoints folder; repeatable.",
)
@click.option(
    "--journal",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The journal folder of the old machine: what was answered after the backup and not taken in.",
)
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with keys that the backup is without.",
)
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="Of a locked vault; else you are asked."
)
@click.option(
    "--share-file", "share_files", multiple=True, type=click.Path(path_type=Path), help="Repeatable."
)
@json_option
@pass_session
def command(
    session: Session,
    backup: Path,
    identity: Path,
    drill: bool,
    reason: str,
    checkpoints: tuple[Path, ...],
    journal: Path | None,
    keys: Path | None,
    passphrase_file: Path | None,
    share_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Make an installation out of a backup, in an empty home, or rehearse it.

    The log goes on with an entry that says so, which everybody who verifies it later is shown. Stop the old machine
    first, for good: two listeners with the same keys would sign two histories.
    """
    from listener.backup import age_archive
    from listener.backup.restoring import rehearse, restore

    opened = age_archive.identities(identity)
    if drill:
        found = rehearse(backup, opened, keys)
    else:
        found = restore(
            backup,
            opened,
            session.path,
            reason=reason,
            keys=keys,
            checkpoints=checkpoints,
            journal=journal,
            unlock=lambda folder: vault_key(folder, passphrase_file, share_files),
        )
    made, rows, known = found.manifest, found.manifest["rows"], None
    if found.went_on:
        known = found.went_on.body["known"]
    if as_json:
        emit(
            {
                "drill": drill,
                "made_at": made["made_at"],
                "size": made["size"],
                "rows": rows,
                "entries": found.ledger.entries,
                "opened": found.ledger.opened,
                "went_on_at": found.went_on.seq if found.went_on else None,
                "known": known,
                "leftovers": list(found.leftovers),
            }
        )
        return
    say(
        f"The backup of {made['made_at']}: {counted(rows['canary'], 'canary', 'canaries')}, "
        f"{counted(rows['hit'], 'hit')}, {counted(made['size'], 'sealed entry', 'sealed entries')}. "
        "The ledger verifies."
    )
    if not found.ledger.opened and found.ledger.entries:
        say("Without the vault's key no record was opened: bring it with --keys.")
    if drill:
        say("This was a drill: nothing was kept.")
        return
    if known:
        say(f"Entries {made['size']} to {known['size'] - 1} of before are lost; the ledger says so.")
    else:
        say("No newer checkpoint was given, so nobody can tell how much was lost since; the ledger says so.")
    if found.leftovers:
        say(f"{counted(len(found.leftovers), 'journal segment')} of the old machine will be taken in.")
    if made["data"]:
        say(f"Files of network data to fetch anew (trapline data add): {', '.join(made['data'])}")
    say(f"A new home in {session.path}. Next: trapline listen, and trapline status.")
