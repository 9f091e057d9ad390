"""Find canaries in a dump: which ones it contains, and whose copy it was."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.core.errors import NotFoundError
from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@pass_session
def command(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Find canaries in the dumps, files and folders at PATH ('-' reads standard input).

    Compressed files and zip members are looked into. Exit status 1 where something is found, 0 where nothing is, 2
    where a part could not be read and nothing was found in the rest.
    """
    from canaries.scan.archives import Unreadable
    from canaries.scan.scanner import scan

    for path in paths:
        if str(path) != "-" and not path.exists():
            raise NotFoundError(f"there is no file {visible(str(path))}")
    found = unread = 0
    for result in scan(session.home(), paths):
        if isinstance(result, Unreadable):
            unread += 1
            say(f"not read: {visible(result.path)}: {visible(result.reason)}")
            continue
        found += 1
        if as_json:
            emit(result.as_dict())
        else:
            whose = f"  copy of {visible(result.recipient)}" if result.recipient else ""
            about = f"  {visible(result.memo)}" if result.memo else ""
            where = f"{visible(result.path)}:{result.line}"
            tell(f"{where}: canary {result.canary} ({result.kind}, {result.facet}){whose}{about}")
    if not as_json:
        say(f"{found} tokens found" + (f", {unread} parts not read" if unread else ""))
    return 1 if found else 2 if unread else 0
