"""Keep a secret scanner quiet about bait where it was planted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.errors import ScanError
from canaries.core.text import counted, visible
from canaries.installation.session import Session, pass_session, say

if TYPE_CHECKING:
    from canaries.allowlists.planted import PlantedFindings

SECTION = "Bait"

_LARGEST = 256 << 20


@click.command()
@click.argument("scanner")
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--root",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder in which the scanner ran; the present one unless given.",
)
@click.option(
    "--index",
    type=click.Path(path_type=Path),
    envvar="TRAPLINE_INDEX",
    help="Know bait by this index file (trapline scan --write-index); needs no home and no key.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An allow-list of this scanner whose entries stay.",
)
@click.option("--coarse", is_flag=True, help="Also entries that would hide other secrets than the bait.")
@pass_session
def command(
    session: Session,
    scanner: str,
    report: Path,
    root: Path,
    index: Path | None,
    keep: Path | None,
    coarse: bool,
) -> None:
    """Write an allow-list for SCANNER to standard output: of the findings in its REPORT those that are planted bait.

    SCANNER is detect-secrets, ggshield, gitleaks, trufflehog or another plug-in. REPORT is its JSON ('-' reads standard
    input). Real secrets stay findings, and so do canaries in files in which they were not planted.
    """
    from canaries.allowlists import scanners
    from canaries.allowlists.planted import Judgement
    from canaries.core import plugins

    chosen = plugins.pick(scanners.FOLDER, scanners.SecretScanner, scanner, "scanner")()  # type: ignore[type-abstract]
    said = _report(report)
    findings = chosen.read(said)
    judged = list(zip(findings, _judges(session, root, index).judge(chosen, findings), strict=True))
    wanted = (Judgement.PLANTED, Judgement.COARSE) if coarse else (Judgement.PLANTED,)
    kept = keep.read_text(encoding="utf-8", errors="strict") if keep is not None else ""
    planted = [one for one, judgement in judged if judgement in wanted]
    click.echo(chosen.write(planted, said, kept), nl=False)
    for one, judgement in judged:
        if judgement is Judgement.COARSE:
            verb = "hides" if coarse else "left out, since its entry would hide"
            say(f"{visible(one.path)}:{one.line}: {visible(one.rule)}: {verb} other secrets of this file too")
    say(f"{len(planted)} of {counted(len(findings), 'finding')} are planted bait")


def _report(path: Path) -> bytes:
    try:
        with sys.stdin.buffer if str(path) == "-" else path.open("rb") as stream:
            said = stream.read(_LARGEST + 1)
    except OSError as error:
        raise ScanError(f"{visible(str(path))} cannot be read: {error.strerror}") from error
    if len(said) > _LARGEST:
        raise ScanError(f"{visible(str(path))} is larger than {_LARGEST >> 20} MB")
    return said


def _judges(session: Session, root: Path, index: Path | None) -> PlantedFindings:
    from canaries.allowlists.planted import PlantedFindings
    from canaries.scan import known, places
    from canaries.scan.index import read

    if index is not None:
        given = read(index)
        return PlantedFindings(root, given, places.of_index(given))
    home = session.home()
    found = known.current(home)
    return PlantedFindings(root, found, places.of_home(home, found.key))
