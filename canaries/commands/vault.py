"""Lock the vault key under a passphrase or shares; unlock it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell
from canaries.installation.vault_secret import passphrase, vault_key

SECTION = "Upkeep"

_SPAN = re.compile(r"(\d{1,4})([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_SHARES = re.compile(r"(\d{1,2})of(\d{1,2})")
_LONGEST = 7 * 86_400


@click.group(cls=CommandGroup)
def command() -> None:
    """The vault key: keep it under a passphrase or shares, unlock it for a while, lock it again.

    Without it nothing that was caught can be read. Minting, catching, sealing and alerting do not need it.
    """


@command.command()
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="Its first line; else you are asked."
)
@click.option(
    "--shares", default="", metavar="KofN", help="Instead: N lists of words, of which K open it (2of3)."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new folder for the shares, a file each; else printed."
)
@pass_session
def protect(session: Session, passphrase_file: Path | None, shares: str, out: Path | None) -> None:
    """Encrypt the key file with a passphrase or for shares. Then the vault is locked until it is unlocked.

    Copies of the old file, in backups say, still open it: make new backups, and destroy the old ones.
    """
    from canaries.installation import vault_protection as protection

    if shares and passphrase_file:
        raise click.UsageError("give either --shares or --passphrase-file")
    if out is not None and not shares:
        raise click.UsageError("--out goes with --shares")
    home = session.home()
    if not shares:
        protection.protect(home, passphrase(passphrase_file, confirm=True))
        say("The vault is locked. To read what is caught: trapline vault unlock")
        return
    found = _SHARES.fullmatch(shares)
    if not found:
        raise click.UsageError("--shares is written 2of3: how many open it, of how many")
    words = protection.share_out(home, int(found[1]), int(found[2]), out)
    for number, line in enumerate(words if out is None else (), 1):
        tell(f"Share {number} of {found[2]}:\n{line}\n")
    say(f"The vault is locked. Any {found[1]} of the {found[2]} shares open it: give each to somebody else.")


@command.command()
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="Its first line; else you are asked."
)
@click.option(
    "--share-file", "share_files", multiple=True, type=click.Path(path_type=Path), help="Repeatable."
)
@click.option(
    "--for",
    "span",
    default="8h",
    show_default=True,
    metavar="TIME",
    help="Then it locks itself: 30m, 8h, 2d.",
)
@pass_session
def unlock(session: Session, passphrase_file: Path | None, share_files: tuple[Path, ...], span: str) -> None:
    """Open the vault for the programs of your user on this machine, for a while."""
    from canaries.installation import vault_protection as protection

    found = _SPAN.fullmatch(span)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 60 <= seconds <= _LONGEST:
        raise click.UsageError("--for is written 30m, 8h or 2d: a minute at least, seven days at most")
    home = session.home()
    ends = protection.unlock(home, vault_key(home.keys.folder, passphrase_file, share_files), seconds)
    say(f"The vault is unlocked until {_moment(ends)}.")


@command.command()
@pass_session
def lock(session: Session) -> None:
    """Lock it now. Programs that run drop the key within a second."""
    from canaries.installation import vault_protection as protection

    say("The vault is locked." if protection.lock(session.home()) else "It was locked already.")


@command.command()
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="Its first line; else you are asked."
)
@click.option(
    "--share-file", "share_files", multiple=True, type=click.Path(path_type=Path), help="Repeatable."
)
@pass_session
def unprotect(session: Session, passphrase_file: Path | None, share_files: tuple[Path, ...]) -> None:
    """Write the key into a file of its own again, as it was before."""
    from canaries.installation import vault_protection as protection

    home = session.home()
    protection.unprotect(home, vault_key(home.keys.folder, passphrase_file, share_files))
    say("The vault is open to everybody who can read the key file.")


@command.command()
@json_option
@pass_session
def status(session: Session, as_json: bool) -> None:
    """Say what protects it, and whether it is locked."""
    from canaries.vault_lock import agent
    from canaries.vault_lock.locked_key import LockedKey

    home = session.home()
    locks = home.keys.vault_locks
    found = LockedKey.read(home.keys.folder) if locks else None
    ends = agent.until(home.path) if locks else None
    by = (
        "nothing"
        if found is None
        else "passphrase"
        if found.shares is None
        else f"{found.shares[0]}of{found.shares[1]}"
    )
    if as_json:
        until = None if ends is None else datetime.fromtimestamp(ends, UTC).isoformat().replace("+00:00", "Z")
        emit({"protected_by": by, "locked": locks and ends is None, "until": until})
    elif found is None:
        tell("not protected: whoever can read keys/vault can read what was caught")
    else:
        tell(f"under {by}; " + ("locked" if ends is None else f"unlocked until {_moment(ends)}"))


def _moment(ends: float) -> str:
    return f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%d %H:%M} UTC"
