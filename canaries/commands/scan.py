"""Find canaries in a dump: which ones, and whose copy it was."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.errors import MintError, NotFoundError
from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.copies.accusing import CopyFinding

SECTION = "Bait"

_FOUND, _NOT_ALL_READ = 1, 3


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--index",
    type=click.Path(path_type=Path),
    envvar="TRAPLINE_INDEX",
    help="Look for what this index file knows; needs no home and no key.",
)
@click.option(
    "--misplaced",
    is_flag=True,
    help="Only canaries in files in which they were not planted: for a hook before commits.",
)
@click.option(
    "--write-index",
    type=click.Path(path_type=Path),
    help="Write an index file for somebody else to scan with. It lists no bait.",
)
@json_option
@pass_session
def command(
    session: Session,
    paths: tuple[Path, ...],
    index: Path | None,
    misplaced: bool,
    write_index: Path | None,
    as_json: bool,
) -> int:
    """Find canaries in the dumps, files and folders at PATH ('-' reads standard input).

    Archives, compressed and office files, PDFs, mail and dumps are opened, within each other too. Strings are found
    plain, encoded, and hashed as lists are traded. Names and telephone numbers count where two of one person stand
    together.

    Exit status: 0 nothing found and everything read, 1 something found, 3 nothing found but a part could not be read;
    with --misplaced 0 also then.
    """
    if write_index is not None:
        if paths or misplaced:
            raise MintError("--write-index takes nothing to scan")
        _write(session, write_index)
        return 0
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.")
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise NotFoundError(f"there is no file {visible(str(path))}")
    return _scan(session, paths, index, misplaced=misplaced, as_json=as_json)


def _write(session: Session, path: Path) -> None:
    from canaries.scan import index, known

    made = known.for_somebody_else(session.home(), secrets.token_bytes(32))
    index.write(made, path)
    say(
        f"{len(made.canaries)} canaries in {visible(str(path))}; scan with: trapline scan --index FILE PATH..."
    )


def _scan(
    session: Session, paths: tuple[Path, ...], index: Path | None, *, misplaced: bool, as_json: bool
) -> int:
    from canaries.copies.accusing import CopyFinding
    from canaries.scan.containers import Unreadable
    from canaries.scan.scanner import scan, scan_with

    found = unread = 0
    with _progress(paths) as read:
        if index is None:
            results = scan(session.home(), paths, read, misplaced=misplaced)
        else:
            results = scan_with(index, paths, read, misplaced=misplaced)
        for result in results:
            if isinstance(result, Unreadable):
                unread += 1
                say(f"not read: {visible(result.path)}: {visible(result.reason)}")
                continue
            if isinstance(result, CopyFinding):
                _tell_copy(result, as_json=as_json)
                continue
            found += 1
            if as_json:
                emit(result.as_dict())
            else:
                whose = f"  copy of {visible(result.recipient)}" if result.recipient else ""
                about = f"  {visible(result.memo)}" if result.memo else ""
                what = ", ".join(filter(None, (result.kind, result.facet)))
                form = "" if result.form == "plain" else f", {result.form}"
                where = f"{visible(result.path)}:{result.line}"
                chance = f"  by chance in {result.chance} of rows at most" if result.chance else ""
                tell(f"{where}: canary {result.canary} ({what}{form}){whose}{about}{chance}", indent=2)
    if not as_json:
        what = "found where they were not planted" if misplaced else "found"
        left = f", {counted(unread, 'part')} not read" if unread else ""
        say(f"{counted(found, 'string of a canary', 'strings of canaries')} {what}{left}")
    return _FOUND if found else _NOT_ALL_READ if unread and not misplaced else 0


def _tell_copy(copy: CopyFinding, *, as_json: bool) -> None:
    if as_json:
        emit({"copy": copy.as_dict()})
        return
    who = " and ".join(map(visible, copy.recipients))
    lead = "the copy of" if copy.named else "not enough to name a copy; nearest is that of"
    tell(f"{visible(copy.name)}: {lead} {who}", indent=2)
    tell(f"  {visible(copy.sentence)}", indent=4)
    if copy.withdrawn:
        tell(f"  withdrawn at {copy.withdrawn}")


@contextlib.contextmanager
def _progress(paths: tuple[Path, ...]) -> Iterator[Callable[[int], object]]:
    """A bar on standard error, where that is a terminal and standard output is not."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda size: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

    plain = [path for path in paths if path.is_file()]
    total = sum(path.stat().st_size for path in plain) if len(plain) == len(paths) else None
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scan", total=total)
        yield lambda size: bar.advance(task, size)
