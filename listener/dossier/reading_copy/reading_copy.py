"""Makes the reading copy of a dossier: checks the zip, sets its report, attaches the events, signs.

It is made of the zip alone, so whoever has one can make it. Every page names the zip's SHA-256: the evidence is there.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import files
from canaries.core.errors import DossierError, TraplineError
from canaries.core.text import visible
from listener.dossier import verify
from listener.dossier.reading_copy.tree import tree_of
from listener.dossier.reading_copy.typeset import Attachment, typeset

if TYPE_CHECKING:
    from canaries.installation.home import Home

LONGEST_REPORT = 32 << 20
LARGEST_ATTACHMENT = 16 << 20
"""Bytes of a file that is attached; larger ones are in the zip alone, and the note says so."""
_ATTACHED = (
    ("data/events/events.ndjson", "application/x-ndjson", "every event, observed and derived apart"),
    ("data/events/events.csv", "text/csv", "the events for spreadsheets"),
    ("manifest-sha256.txt", "text/plain", "the files of the dossier with their SHA-256"),
)


def make(
    bundle: Path,
    out: Path,
    *,
    vkey: str = "",
    certificate: bytes = b"",
    sign_with: Home | None = None,
    warn: Callable[[str], object] = str,
) -> str:
    """Write the PDF of the dossier ``bundle`` (a zip) to ``out``, which is new; its SHA-256 comes back.

    ``vkey`` and ``certificate`` are keys that the dossier is checked with; without them the copy says that it was only
    found consistent. ``sign_with``: whose dossier key signs. ``warn`` is told what could not be had.

    Raises DossierError where the zip does not verify, TraplineError where ``out`` is taken or a package is missing.
    """
    if out.exists():
        raise TraplineError(f"{out} is already there", hint="give another name with --out")
    if not out.parent.is_dir():
        raise TraplineError(f"there is no folder {out.parent}", hint="make it first, or give another --out")
    if not zipfile.is_zipfile(bundle):
        raise DossierError("give the zip as it came: the copy names its SHA-256")
    try:
        verified = verify.verify(bundle, vkey, certificate, say=str)
    except verify.Rejected as error:
        raise DossierError(f"NOT VERIFIED: {error}") from error
    document = _set(bundle, verified=verified)
    if sign_with:
        from listener.dossier.reading_copy.signature import sign

        document = sign(sign_with, document, warn)
    with files.draft(out, new=True) as file:
        file.write(document)
    return hashlib.sha256(document).hexdigest()


def _set(bundle: Path, *, verified: bool) -> bytes:
    with bundle.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with zipfile.ZipFile(bundle) as archive:
        root = archive.namelist()[0].partition("/")[0]
        sizes = {info.filename.removeprefix(f"{root}/"): info.file_size for info in archive.infolist()}

        def text(name: str) -> str:
            return archive.read(f"{root}/{name}").decode("utf-8")

        if sizes["data/report.html"] > LONGEST_REPORT:
            raise DossierError("its report is too long for a PDF")
        title, body = tree_of(text("data/report.html"))
        about = dict(_pairs(text("bag-info.txt")))
        fits = [one for one in _ATTACHED if sizes.get(one[0], LARGEST_ATTACHMENT + 1) <= LARGEST_ATTACHMENT]
        attached = [Attachment(Path(name).name, mime, words, text(name)) for name, mime, words in fits]
    how = (
        "verified with keys from elsewhere"
        if verified
        else "found consistent, not verified with keys from elsewhere,"
    )
    names = ", ".join(one.name for one in attached)
    note = (
        f"Reading copy of {visible(bundle.name, limit=80)}, SHA-256 {digest}, which was {how} when this was made. "
        f"The evidence is that zip, not this file. Attached: {names}. Characters other than Latin, Greek and Cyrillic "
        "are written by their numbers here; report.html in the zip shows them."
    )
    return typeset(
        title,
        body,
        author=visible(about.get("Source-Organization", ""), limit=120).strip("-"),
        foot=f"{title}; reading copy of the zip with SHA-256 {digest[:16]}…",
        note=note,
        at=datetime.fromisoformat(about["Bagging-Date"]).replace(tzinfo=UTC),
        attached=attached,
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, colon, value = line.partition(": ")
        if colon:
            yield name, value
