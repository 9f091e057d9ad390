#!/usr/bin/env python3
"""Verify a Trapline dossier. Needs Python 3.8 or newer and the openssl program; nothing else, and no network.

    python3 verify.py CASE.zip --vkey LOG.vkey --cert DOSSIER.pem

CASE is the zip or the folder unpacked from it. LOG.vkey and DOSSIER.pem are the publisher's public keys: get them from
him by another way than this bundle (his site, a letter, an earlier case). Without them the keys inside the bundle are
used; that shows the bundle agrees with itself, not who made it, and the last line says so.

What is checked, in this order:
  1 files       every file is listed, every listed file is there, each matches its SHA-256
  2 signature   the list of files was signed with the publisher's certificate (CMS, RFC 5652)
  3 entries     every disclosed entry is, byte for byte, the one whose hash stands at its place in the log (RFC 9162)
  4 log         every checkpoint was signed by the log's key (C2SP signed-note, Ed25519) and commits to these hashes;
                the last one commits to all of them; so does every older checkpoint you bring with --checkpoint
  5 contents    bait records, raw requests and the readable events are those the disclosed entries speak of

What is not checked: that data/report.html and data/events/events.csv say what the entries say. The signature covers
them: they are the publisher's own words, and where they differ from events.ndjson, that file is right.

Exit status: 0 verified, 1 not verified, 2 wrong use.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any, Callable, Dict, Iterable, Iterator, Tuple  # noqa: UP035  Python 3.8 runs this file

TAGS, SEAL, SEAL_HASH = "tagmanifest-sha256.txt", "seal/tagmanifest.p7s", "seal/sha256.txt"
VKEY, CERTIFICATE = "data/log/log.vkey", "verify/dossier.pem"
LONGEST = 64 << 20
"""Bytes that are held in memory at once. Trapline writes no longer line; a zip bomb is one."""
EVENT = {"index", "id", "observed", "derived_index", "derived"}
HEX = re.compile(r"[0-9a-f]{64}")
Entries = Dict[int, Dict[str, Any]]  # noqa: UP006
"""Disclosed entries by their index in the log."""
Vkey = Tuple[str, bytes, bytes]  # noqa: UP006
"""Name, key id, 32 bytes of an Ed25519 key."""
SPKI_ED25519 = bytes.fromhex(
    "302a300506032b6570032100"
)  # RFC 8410: what comes before the 32 bytes of the key


class Rejected(Exception):  # noqa: N818  what it says of the dossier
    """The dossier does not verify; the reason is one sentence."""


def need(condition: object, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


def hashed(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashed(b"\1" + left + right)


class Bundle:
    """The files of a dossier, in a zip or a folder, under their names without the one folder they all lie in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip: zipfile.ZipFile | None = None
        self.members: dict[str, Any] = {}
        if path.is_dir():
            self._folder(path)
        else:
            try:
                self._archive()
            except Rejected:
                self.__exit__()
                raise

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, *_: object) -> None:
        if self.zip:
            self.zip.close()

    def _archive(self) -> None:
        try:
            self.zip = zipfile.ZipFile(str(self.path))
            infos = self.zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise Rejected(f"this is no readable zip file: {error}") from None
        roots = {info.filename.split("/")[0] for info in infos}
        need(len(roots) == 1, "the files of the zip do not lie in one folder")
        for info in infos:
            name = info.filename.split("/", 1)[-1]
            parts = PurePosixPath(info.filename).parts
            plain = (
                info.filename == "/".join(parts)
                and ".." not in parts
                and "\\" not in info.filename
                and len(parts) > 1
            )
            need(plain, f"a file in the zip has a misleading name: {info.filename!a}")
            kind = info.external_attr >> 28  # the file type of st_mode: 8 a plain file, 0 unsaid, 10 a link
            need(kind in (0, 8), f"{info.filename!a} would not be unpacked as a file")
            need(name not in self.members, f"the zip holds two files called {name!a}")
            self.members[name] = info

    def _folder(self, folder: Path) -> None:
        for root, folders, files in os.walk(str(folder)):
            for name in folders + files:
                need(not Path(root, name).is_symlink(), f"the folder holds a link: {name!a}")
            for name in files:
                full = Path(root, name)
                need(full.is_file(), f"the folder holds something that is no file: {name!a}")
                self.members[full.relative_to(folder).as_posix()] = full

    def open(self, name: str) -> IO[bytes]:
        need(name in self.members, f"{name!a} is missing")
        member = self.members[name]
        return self.zip.open(member) if self.zip else open(member, "rb")  # noqa: PTH123  the caller closes

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self.open(name) as file:
                while chunk := file.read(1 << 20):
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise Rejected(f"{name!a} cannot be read: {error}") from error

    def read(self, name: str) -> bytes:
        content = b""
        for chunk in self.chunks(name):
            content += chunk
            need(len(content) <= LONGEST, f"{name!a} is too long")
        return content

    def text(self, name: str) -> str:
        try:
            return self.read(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Rejected(f"{name!a} is not UTF-8") from None

    def lines(self, name: str) -> Iterator[bytes]:
        """Each line without its newline, as bytes; the last one must have one too."""
        rest = b""
        for chunk in self.chunks(name):
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            need(len(rest) <= LONGEST, f"{name!a} has a line that is too long")
            yield from parts
        need(not rest, f"{name!a} does not end in a newline")

    def sha256(self, name: str) -> str:
        state = hashlib.sha256()
        for chunk in self.chunks(name):
            state.update(chunk)
        return state.hexdigest()


def openssl(*arguments: str) -> tuple[bool, str]:
    """Whether openssl says yes, and what it said otherwise."""
    program = shutil.which("openssl") or ""
    need(program, "the openssl program is not here: install it, then verify again")
    done = subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return done.returncode == 0, done.stderr.decode("utf-8", "replace")


def check_zip(path: Path, expected: str) -> str:
    """The zip as a whole: against the hash in the cover letter, and against the .sha256 file beside it."""
    actual = hashlib.sha256()
    with open(str(path), "rb") as file:  # noqa: PTH123
        for chunk in iter(lambda: file.read(1 << 20), b""):
            actual.update(chunk)
    if expected:
        need(actual.hexdigest() == expected.lower(), "the zip's SHA-256 is not the one you gave")
    sidecar = Path(str(path) + ".sha256")
    if sidecar.is_file():
        said = sidecar.read_text("utf-8", "replace").split("  ")[0]
        need(actual.hexdigest() == said, f"the zip's SHA-256 is not the one in {sidecar.name!a}")
    return actual.hexdigest()


def check_files(bundle: Bundle) -> int:
    """Step 1. `sha256sum -c` alone would not see an added file."""
    listed = {TAGS, SEAL, SEAL_HASH}
    for manifest in (TAGS, "manifest-sha256.txt"):
        for line in bundle.lines(manifest):
            try:
                digest, name = line.decode("utf-8").split("  ", 1)
            except (UnicodeDecodeError, ValueError):
                raise Rejected(f"{manifest} has a malformed line") from None
            need(HEX.fullmatch(digest), f"{manifest} has a malformed line")
            need(name not in listed, f"{name!a} is listed twice")
            need(name.startswith("data/") == (manifest != TAGS), f"{name!a} is in the wrong manifest")
            need(bundle.sha256(name) == digest, f"{name!a} was changed: its SHA-256 is not the listed one")
            listed.add(name)
    need(bundle.text(SEAL_HASH) == f"{bundle.sha256(SEAL)}  {SEAL}\n", "the signature file was changed")
    extra = sorted(set(bundle.members) - listed)
    need(not extra, "%a is not listed: it was added" % (extra[0] if extra else ""))
    return len(listed)


def check_signature(bundle: Bundle, certificate: bytes, work: Path) -> None:
    """Step 2."""
    for name, content in (("cert", certificate), ("tags", bundle.read(TAGS)), ("p7s", bundle.read(SEAL))):
        (work / name).write_bytes(content)
    trust = ["-certfile", str(work / "cert"), "-CAfile", str(work / "cert"), "-nointern", "-purpose", "any"]
    source = ["-inform", "DER", "-in", str(work / "p7s"), "-content", str(work / "tags"), "-out", os.devnull]
    good, said = openssl("cms", "-verify", "-binary", *source, *trust)
    need(good, f"the list of files was not signed with this certificate (openssl: {said.strip()[-200:]})")


def read_log(bundle: Bundle) -> tuple[list[bytes], Entries, dict[str, int]]:
    """Step 3: (leaf hashes, disclosed entries by index, how many are withheld for which reason)."""
    leaves: list[bytes] = []
    places: list[int] = []
    withheld: dict[str, int] = {}
    for line in bundle.lines("data/log/entries.tsv"):
        parts = line.decode("ascii", "replace").split("\t")
        good = len(parts) == 3 and parts[0] == str(len(leaves)) and HEX.fullmatch(parts[1])
        need(good, f"line {len(leaves) + 1} of entries.tsv is malformed or out of order")
        if parts[2] == "disclosed":
            places.append(len(leaves))
        else:
            need(parts[2].startswith("withheld:"), f"entry {parts[0]} is neither disclosed nor withheld")
            withheld[parts[2][9:]] = withheld.get(parts[2][9:], 0) + 1
        leaves.append(bytes.fromhex(parts[1]))
    entries: Entries = {}
    ids: set[str] = set()
    waiting = iter(places)
    for line in bundle.lines("data/log/entries.ndjson"):
        index = next(waiting, -1)
        need(index >= 0, "there are more entries than the log discloses")
        need(hashed(b"\0" + line) == leaves[index], f"entry {index} is not the one in the log")
        entries[index] = entry = json.loads(line.decode("utf-8"))
        need(entry["id"] not in ids, f"entry {index} has the id of another")
        ids.add(entry["id"])
    need(next(waiting, None) is None, "an entry that the log discloses is missing")
    return leaves, entries, withheld


def roots(leaves: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The root at each of these sizes, in one pass (RFC 9162, 2.1.1)."""
    found: dict[int, bytes] = {}
    edge: list[bytes] = []
    for index, leaf in enumerate(leaves):
        size, value = index, leaf
        while size & 1:
            value, size = node(edge.pop(), value), size >> 1
        edge.append(value)
        if index + 1 in sizes:
            root = edge[-1]
            for left in reversed(edge[:-1]):
                root = node(left, root)
            found[index + 1] = root
    return found


def read_vkey(text: str) -> Vkey:
    """(name, key id, 32 bytes) of a C2SP verifier key."""
    try:
        name, key_id, public = text.strip().split("+", 2)
        data = base64.b64decode(public, validate=True)
    except ValueError:
        raise Rejected("the log's key is not of the form NAME+ID+BASE64") from None
    good = len(data) == 33 and data[0] == 1 and hashed(name.encode() + b"\n" + data)[:4].hex() == key_id
    need(good, "the log's key does not match its own id, or is no Ed25519 key")
    return name, bytes.fromhex(key_id), data[1:]


def open_note(note: str, vkey: Vkey, where: str, work: Path) -> tuple[int, bytes]:
    """(size, root) of a signed checkpoint."""
    name, key_id, public = vkey
    text, _, signatures = note.rpartition("\n\n")
    found = re.fullmatch(f"\u2014 {re.escape(name)} ([A-Za-z0-9+/=]+)\n", signatures)
    need(found, f"{where} is not signed by the log {name!a}")
    blob = found.group(1) if found else ""
    signature = base64.b64decode(blob)
    good = len(signature) == 68 and signature[:4] == key_id
    need(good and base64.b64encode(signature).decode() == blob, f"{where} has a malformed signature")
    for file, content in (
        ("key", SPKI_ED25519 + public),
        ("text", (text + "\n").encode()),
        ("sig", signature[4:]),
    ):
        (work / file).write_bytes(content)
    key = ["-pubin", "-keyform", "DER", "-inkey", str(work / "key")]
    good, said = openssl(
        "pkeyutl", "-verify", *key, "-rawin", "-in", str(work / "text"), "-sigfile", str(work / "sig")
    )
    if not good and re.search("(?i)unknown option|usage:|unrecognized", said):
        raise Rejected("this openssl cannot check Ed25519 signatures (LibreSSL?): use OpenSSL 1.1.1 or newer")
    need(good, f"the signature on {where} is wrong")
    lines = text.split("\n")
    need(len(lines) == 3 and lines[0] == name and lines[1].isdigit(), f"{where} is no checkpoint of this log")
    return int(lines[1]), base64.b64decode(lines[2])


def check_log(
    bundle: Bundle, leaves: list[bytes], vkey: Vkey, brought: Iterable[str], work: Path
) -> tuple[int, bytes]:
    """Step 4: (number of checkpoints, final root)."""
    names = sorted(name for name in bundle.members if re.fullmatch(r"data/log/checkpoints/\d+\.note", name))
    need(names, "there is no checkpoint")
    signed = [(open_note(bundle.text(name), vkey, name, work), name) for name in names]
    for path in brought:
        note = Path(path).read_text("utf-8")
        signed.append((open_note(note, vkey, "the checkpoint you brought", work), str(path)))
    found = roots(leaves, {size for (size, _), _ in signed})
    for (size, root), name in signed:
        need(size <= len(leaves), f"{name} speaks of {size} entries, here are {len(leaves)}")
        need(found.get(size) == root, f"the first {size} entries are not those that {name} signed")
    need(signed[len(names) - 1][0][0] == len(leaves), "the last checkpoint does not cover every entry")
    return len(signed), found[len(leaves)]


def check_proofs(bundle: Bundle, leaves: list[bytes], entries: Entries, root: bytes) -> None:
    """The inclusion proofs, for readers who will be shown single entries only (RFC 9162, 2.1.3.2)."""
    proven = set()
    for line in bundle.lines("data/log/proofs.ndjson"):
        proof = json.loads(line.decode("utf-8"))
        index, last, value = proof["index"], len(leaves) - 1, leaves[proof["index"]]
        here = index
        for step in map(bytes.fromhex, proof["path"]):
            if here & 1 or here == last:
                value = node(step, value)
                while here and not here & 1:
                    here, last = here >> 1, last >> 1
            else:
                value = node(value, step)
            here, last = here >> 1, last >> 1
        need(last == 0 and value == root, f"the inclusion proof of entry {index} is wrong")
        proven.add(index)
    need(proven == set(entries), "the inclusion proofs are not those of the disclosed entries")


def check_bait(bundle: Bundle, entries: Entries) -> int:
    """Step 5: each bait record's SHA-256 stands in a disclosed *minted* entry."""
    minted: dict[str, str] = {}
    for entry in entries.values():
        if entry["entry"] == "minted":
            minted.update((name, digest) for name, digest in entry["body"]["canaries"])
    names = [name for name in bundle.members if name.startswith("data/bait/")]
    for name in names:
        canary = PurePosixPath(name).stem
        need(minted.get(canary) == bundle.sha256(name), f"{name} is not the record that was minted")
    return len(names)


def check_raw(bundle: Bundle, entries: Entries) -> int:
    """Step 5: the raw requests are those whose SHA-256 the hits hold; a missing one is said to be."""
    missing = {line.split(b"\t")[0].decode() for line in bundle.lines("data/raw/missing.tsv")}
    wanted = set()
    for entry in entries.values():
        if entry["entry"] == "hit":
            hit_id, name = entry["id"], f"data/raw/{entry['body']['raw_sha256']}.bin"
            need(
                name in bundle.members or hit_id in missing,
                f"the raw request of hit {hit_id} is missing",
            )
            wanted.add(name)
    names = {name for name in bundle.members if name.startswith("data/raw/") and name.endswith(".bin")}
    for name in names:
        need(name in wanted, f"{name} belongs to no disclosed hit")
        need(bundle.sha256(name) == PurePosixPath(name).stem, f"{name} is not what its name says")
    return len(names)


def check_events(bundle: Bundle, entries: Entries) -> int:
    """Step 5: the readable events say what the entries say, all of them and nothing else."""
    told = set()
    for line in bundle.lines("data/events/events.ndjson"):
        event = json.loads(line.decode("utf-8"))
        hit = entries.get(event["index"], {})
        need(hit.get("entry") == "hit" and hit["id"] == event["id"], "an event names no disclosed hit")
        need(set(event) == EVENT, f"event {hit['id']} says more than its entries")
        need(event["observed"] == hit["body"], f"event {event['id']} is not what was observed")
        if event["derived"] is not None:
            derived = entries.get(event["derived_index"], {})
            good = derived.get("entry") == "derived" and derived["body"]["hit"] == hit["id"]
            need(
                good and derived["body"] == event["derived"],
                f"event {event['id']} is not what was derived",
            )
        need(event["index"] not in told, f"event {event['id']} is told twice")
        told.add(event["index"])
    hits = {index for index, entry in entries.items() if entry["entry"] == "hit"}
    need(told == hits, "the events are not those of the disclosed hits")
    return len(told)


def verify(
    path: Path,
    vkey: str = "",
    certificate: bytes = b"",
    checkpoints: Iterable[str] = (),
    sha256: str = "",
    say: Callable[[str], object] = print,
) -> bool:
    """Check the dossier at ``path``; True where both keys came from outside. Raises Rejected, OSError."""
    need(path.is_file() or path.is_dir() or not path.exists(), "this is neither a file nor a folder")
    try:
        if not path.is_dir():
            say(f"ok  the zip's SHA-256 is {check_zip(path, sha256)}")
        bundle = Bundle(path)
        with bundle, tempfile.TemporaryDirectory() as work:
            _steps(bundle, vkey, certificate, checkpoints, say, Path(work))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise Rejected(f"a file is malformed: {type(error).__name__}") from error
    if vkey and certificate:
        say("VERIFIED with the keys you brought.")
        return True
    inside = " and ".join(
        name for name, given in (("log key", vkey), ("certificate", certificate)) if not given
    )
    say(
        f"VERIFIED, but with the {inside} found inside the bundle: it agrees with itself. Who made it, and that"
    )
    say("it was not made anew today, shows only with keys from elsewhere: --vkey, --cert, --checkpoint.")
    return False


def _steps(
    bundle: Bundle,
    vkey: str,
    certificate: bytes,
    checkpoints: Iterable[str],
    say: Callable[[str], object],
    work: Path,
) -> None:
    say(f"ok  all {check_files(bundle)} files are there, unchanged, and no other")
    check_signature(bundle, certificate or bundle.read(CERTIFICATE), work)
    say("ok  the list of files is signed with the publisher's certificate")
    leaves, entries, withheld = read_log(bundle)
    hidden = "".join(f", {withheld[why]} withheld ({why})" for why in sorted(withheld))
    say(f"ok  the log has {len(leaves)} entries: {len(entries)} disclosed{hidden}")
    key = read_vkey(vkey or bundle.text(VKEY))
    count, root = check_log(bundle, leaves, key, checkpoints, work)
    say(f"ok  {count} checkpoints signed by {key[0]!a} agree with these entries; root {root.hex()}")
    check_proofs(bundle, leaves, entries, root)
    events, raws, baits = (
        check_events(bundle, entries),
        check_raw(bundle, entries),
        check_bait(bundle, entries),
    )
    say(f"ok  {events} events, {raws} raw requests and {baits} bait records are those the entries speak of")


def origin(path: Path) -> str:
    """Which log the bundle claims to be from, or nothing; a claim, until it is verified."""
    try:
        with Bundle(path) as bundle:
            return bundle.text(VKEY).split("+")[0]
    except (Rejected, OSError):
        return ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Verify a Trapline dossier.", epilog="Exit: 0 verified, 1 not, 2 misuse."
    )
    parser.add_argument("bundle", help="the zip, or the folder unpacked from it")
    parser.add_argument(
        "--vkey", default="", help="the log's verifier key, or a file that holds it, from elsewhere"
    )
    parser.add_argument("--cert", default="", help="the publisher's certificate (PEM file), from elsewhere")
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="a checkpoint you were sent earlier (file)"
    )
    parser.add_argument("--sha256", default="", help="the zip's SHA-256 from the cover letter")
    given = parser.parse_args(arguments)
    try:
        vkey = (
            Path(given.vkey).read_text("utf-8") if given.vkey and Path(given.vkey).is_file() else given.vkey
        )
        certificate = Path(given.cert).read_bytes() if given.cert else b""
        verify(Path(given.bundle), vkey, certificate, given.checkpoint, given.sha256)
    except Rejected as error:
        print(f"NOT VERIFIED: {error}")
        return 1
    except OSError as error:
        print(f"cannot read {error.filename!a}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
