"""Write the installation into one encrypted file, while it runs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from canaries.core.errors import SettingsError
from canaries.core.text import counted
from canaries.installation.option_rules import not_with
from canaries.installation.session import Session, emit, json_option, pass_session, say

SECTION = "Upkeep"


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; it must not be there.")
@click.option(
    "--to",
    "recipients",
    multiple=True,
    metavar="RECIPIENT",
    help="An age recipient (age1...) or SSH public key; repeatable. Without: backup.recipients of the settings.",
)
@click.option(
    "--without-key", "without", multiple=True, metavar="NAME", help="Leave a key out (vault); repeatable."
)
@click.option(
    "--new-identity",
    type=click.Path(path_type=Path),
    help="Make an identity in this file, print its recipient, and do nothing else.",
)
@json_option
@pass_session
def command(
    session: Session,
    out: Path | None,
    recipients: tuple[str, ...],
    without: tuple[str, ...],
    new_identity: Path | None,
    as_json: bool,
) -> None:
    """Write the whole installation into one encrypted file, while the listener runs.

    Settings, keys, database (SQLite or PostgreSQL), journal and checkpoints. Only the identity of a recipient opens it:
    keep that somewhere else than this machine. Try the way back: trapline restore FILE --identity FILE --drill
    """
    not_with("--new-identity", new_identity, out=out, recipients=recipients, without=without)
    if new_identity:
        click.echo(_new_identity(new_identity))
        say(
            f"The identity is in {new_identity}. Keep it somewhere else than this machine; it opens the backups."
        )
        return
    from listener.backup.back_up import back_up

    home = session.home()
    to = recipients or home.settings.backup.recipients
    if not out or not to:
        raise SettingsError(
            "a backup needs --out FILE" if not out else "nobody is named who may open the backup",
            hint="trapline backup --to age1... --out FILE; make a recipient with --new-identity FILE",
        )
    manifest = back_up(home, out, to, without)
    if as_json:
        emit({"path": str(out), "bytes": out.stat().st_size, **asdict(manifest)})
        return
    rows = manifest.rows
    say(
        f"{out}: {out.stat().st_size} bytes, {counted(manifest.size, 'sealed entry', 'sealed entries')}, "
        f"{counted(rows['canary'], 'canary', 'canaries')}, {counted(rows['hit'], 'hit')}, "
        f"{counted(len(manifest.segments), 'journal segment')}."
    )
    if without:
        say(f"Without {', '.join(without)}: a restore needs it from elsewhere (--keys).")
    say(f"Try the way back: trapline restore {out} --identity FILE --drill")


def _new_identity(path: Path) -> str:
    import pyrage

    from canaries.core import files

    identity = pyrage.x25519.Identity.generate()
    text = f"# public key: {identity.to_public()}\n{identity}\n"
    try:
        files.create(path, text.encode())
    except FileExistsError:
        raise SettingsError(f"{path} exists already", hint="an identity is never replaced") from None
    return str(identity.to_public())
