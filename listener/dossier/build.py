"""Building a dossier: seal, collect, write every format into a BagIt bag (RFC 8493), sign its list of files, zip it.

    NAME/bagit.txt  bag-info.txt  README-FIRST.txt     verify/verify.py  verify/dossier.pem
    NAME/manifest-sha256.txt      every file under data/
    NAME/tagmanifest-sha256.txt   the manifest and all other files: the one thing that is signed
    NAME/seal/tagmanifest.p7s     the signature; seal/sha256.txt notices a changed bit in its encoding
    NAME/seal/tagmanifest.*.tsr   time stamps of third parties on the same list (RFC 3161), where there are any
    NAME/data/...                 what the formats wrote

The opening of the case is an entry before it, the export one after it, both under the operator's name. The zip appears
under its name only when it is complete and recorded.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from canaries import __version__
from canaries.core import clock, files, plugins, store
from canaries.core.errors import LedgerError, StoreAwayError, TraplineError
from canaries.core.render import render
from canaries.installation.home import Home
from canaries.ledger.entries import Kind
from canaries.ledger.sealer import LogSealer
from listener.dossier import formats, verify
from listener.dossier.case import Case
from listener.dossier.case_stamps import Warn, stamp_head, stamps_of
from listener.dossier.collect import collect, of_network, scope_of
from listener.dossier.formats import Format
from listener.dossier.proof import sealed_hits
from listener.dossier.scope import Scope
from listener.dossier.signing import Signer
from listener.dossier.versions import COUNSEL, Version
from listener.incidents import linking

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The zip format's oldest time: in every file of every dossier, so that equal content gives an equal zip."""

Stamps = Callable[[bytes], Iterable[tuple[str, bytes]]]
"""Content to (authority, time stamp)."""

_PIECE = 1 << 16
"""Bytes packed at a time."""
_PATIENCE = 30.0
"""Seconds that another sealer may keep this one waiting."""


def build(
    home: Home,
    *,
    incident: str | None = None,
    canary: str | None = None,
    out: Path,
    why: str = "",
    warn: Warn = str,
    version: Version = COUNSEL,
    asn: int | None = None,
) -> Path:
    """Write the dossier of one incident or one canary to ``out`` (a new zip) and ``out.sha256``; ``out`` comes back.

    ``version`` says for whom. The one for a provider shows the addresses of one network, ``asn``, which must be given
    where the hits are of several.

    Where time-stamp authorities are set up, log and dossier are stamped; ``warn`` is told which of them did not answer.

    Raises NotFoundError, LedgerError, and TraplineError where ``out`` is taken or its folder is not there.
    """
    sidecar = out.with_name(f"{out.name}.sha256")
    for path in (out, sidecar):
        if path.exists():
            raise TraplineError(f"{path} is already there", hint="give another name with --out")
    if not out.parent.is_dir():
        raise TraplineError(f"there is no folder {out.parent}", hint="make it first, or give another --out")
    scope = scope_of(home, incident, canary)
    signer = Signer.make(home)
    with _rare_collections():
        _build(home, scope, signer, out, why, warn, version, asn)
    return out


def _build(
    home: Home,
    scope: Scope,
    signer: Signer,
    out: Path,
    why: str,
    warn: Warn,
    version: Version,
    asn: int | None,
) -> None:
    proof = sealed_hits(home, scope)
    addressed = of_network(home, scope, asn) if version.name == "provider" else None
    links = linking.stated(home, scope.incidents)
    said: dict[str, object] = {"why": why, "hits": proof.stated, **({"links": links} if links else {})}
    _seal(home, _append_entry(home, "opened", scope, said))
    stamp_head(home, warn)
    case = collect(home, scope, proof.own, proof.late, version, proof.lines)
    case.addressed = addressed
    with _new(out) as file:
        digest = _write(case, signer, file, lambda tags: stamps_of(home, tags, warn))
        body = {
            "why": why,
            "file": out.name,
            "sha256": digest,
            "size": file.tell(),
            "hits": case.hit_count,
            "for": version.name,
            "canaries": sorted(scope.canaries) if version.bait else [],
        }
        _append_entry(home, "exported", scope, body)
    out.with_name(f"{out.name}.sha256").write_text(f"{digest}  {out.name}\n", "utf-8")


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Millions of short-lived objects without cycles: the collector's looking at them was a seventh of the work."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _append_entry(home: Home, kind: Kind, scope: Scope, body: dict[str, object]) -> str:
    said = home.act(kind, {"what": "dossier", scope.noun: scope.id, **body})
    with home.store.write() as connection:
        home.writer.put(connection, said)
    return said.id


def _seal(home: Home, last: str) -> None:
    """Wait until the entry ``last`` is under a signed checkpoint, and all before it: another sealer may be at work."""
    sealer, until = LogSealer(home), clock.monotonic() + _PATIENCE
    while True:
        sealer.seal_once()
        sealer.checkpoint()
        with home.store.read() as connection:
            place = connection.execute(select(store.leaf.c.seq).where(store.leaf.c.entry_id == last)).scalar()
            size = connection.execute(select(func.max(store.checkpoint.c.size))).scalar()
        if place is not None and place < (size or 0):
            return
        if clock.monotonic() > until:
            raise StoreAwayError(
                "another process has held the log's lock for too long", hint="try again later"
            )
        time.sleep(0.05)


@contextlib.contextmanager
def _new(out: Path) -> Iterator[IO[bytes]]:
    """The dossier's file, private, whole or not there. Raises TraplineError where another has come to be there."""
    try:
        with files.draft(out, new=True) as file:
            yield file
    except FileExistsError:
        raise TraplineError(
            f"{out} exists and is not overwritten", hint="give another name with --out"
        ) from None


def _write(case: Case, signer: Signer, file: IO[bytes], stamps: Stamps) -> str:
    """The whole bag; the SHA-256 of the zip comes back."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        bag = _Bag(archive, f"dossier-{case.name}")
        for _, format_ in sorted(plugins.classes(formats.FOLDER, Format).items()):  # type: ignore[type-abstract]
            for name, content in format_().files(case):
                bag.add(f"data/{name}", content)
        _tag_files(bag, case, signer, stamps)
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _tag_files(bag: _Bag, case: Case, signer: Signer, stamps: Stamps) -> None:
    payload = bag.manifest()
    about = {
        "Source-Organization": case.organisation or "-",
        "External-Identifier": case.name,
        "Prepared-For": case.version.name,
        "Bagging-Date": case.created_at[:10],
        "Bag-Software-Agent": f"trapline {__version__}",
        "Payload-Oxum": f"{bag.size}.{bag.count}",
    }
    readme = render("dossier/README-FIRST.txt.j2", case=case, fingerprint=signer.fingerprint)
    bag.add("bagit.txt", [b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"])
    bag.add("bag-info.txt", ["".join(f"{key}: {value}\n" for key, value in about.items()).encode()])
    bag.add("README-FIRST.txt", [readme.encode()])
    bag.add("verify/verify.py", [Path(verify.__file__).read_bytes()])
    bag.add(verify.CERTIFICATE, [signer.certificate])
    for name, pem in sorted(case.roots.items()):
        bag.add(f"verify/tsa-{name}.pem", [pem])
    bag.add("manifest-sha256.txt", [payload])
    tags = bag.manifest()
    bag.add(verify.TAGS, [tags])
    bag.manifest()  # what follows lies outside of what is signed
    bag.add(verify.SEAL, [signer.sign(tags)])
    for name, reply in stamps(tags):
        bag.add(f"seal/tagmanifest.{name}.tsr", [reply])
    bag.add(verify.SEAL_HASH, [bag.manifest()])


def _in_large_pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes: to hash, pack and write each line on its own costs more than the line does."""
    waiting, size = [], 0
    for chunk in content:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


class _Bag:
    """Writes files into the zip and remembers their hashes until the next manifest."""

    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        self._archive, self._root = archive, root
        self._hashes: dict[str, str] = {}
        self.size = self.count = 0

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """One file, in pieces."""
        info = zipfile.ZipInfo(f"{self._root}/{name}", _EPOCH)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        state = hashlib.sha256()
        with self._archive.open(info, "w", force_zip64=True) as file:
            for chunk in _in_large_pieces(content):
                state.update(chunk)
                file.write(chunk)
                self.size += len(chunk)
        if name in self._hashes:
            raise LedgerError(f"two formats wrote {name}")
        self._hashes[name] = state.hexdigest()
        self.count += 1

    def manifest(self) -> bytes:
        """The lines of all files since the last manifest (RFC 8493, 2.1.3), sorted."""
        lines = [f"{digest}  {name}\n" for name, digest in sorted(self._hashes.items())]
        self._hashes.clear()
        return "".join(lines).encode()
