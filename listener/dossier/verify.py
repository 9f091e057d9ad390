#!/usr/bin/env python3
"""Verify a Trapline dossier. Needs Python 3.8 or newer and the openssl program; nothing else, and no network.

    python3 verify.py CASE.zip --vkey LOG.vkey --cert DOSSIER.pem

CASE is the zip or the folder unpacked from it. LOG.vkey and DOSSIER.pem are the publisher's public keys: get them by
another way than this bundle (a web site, a letter, an earlier case). Without both the result is at most CONSISTENT,
NOT VERIFIED: the bundle agrees with itself, and anybody can make one that does.

What is checked, in this order:
  1 container   one folder of files whose names are all known; a zip has one reading only, whatever program opens it
  2 files       every file is listed, every listed file is there, each matches its SHA-256
  3 signature   the list of files was signed with the publisher's certificate (CMS, RFC 5652)
  4 entries     every disclosed entry is, byte for byte, the one whose hash stands at its place in the log (RFC 9162)
  5 log         every checkpoint was signed by the log's key (C2SP signed-note, Ed25519) and commits to these hashes;
                the last one commits to all of them; so does every older checkpoint you bring with --checkpoint;
                time stamps of third parties (RFC 3161) are of these checkpoints and of this list of files
  6 authors     who signed what: each operator's signature (SSH or Ed25519), and the second operator of an erasure
  7 case        each event belongs to the case; the case has as many hits as its *opened* entries state; what is called
                erased is named by an *erased* entry, what is called another matter's is another's by its header;
                bait and raw requests are those that the entries speak of
  8 readable    events.ndjson, events.csv and case/known.csv are, byte for byte, what follows from the entries

What is not checked: what data/report.html and README-FIRST.txt say, their tables and numbers included. The signature
covers them: they are the publisher's own words, and where they differ from events.ndjson, that file is right.

Part one is what you have to read to believe the result. Part two opens files and prints.

Exit status: 0 verified, 1 not verified, 2 wrong use, 3 consistent, but not held against keys from elsewhere.
"""

from __future__ import annotations

import argparse
import base64
import calendar
import gc
import hashlib
import ipaddress
import json
import marshal
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import warnings
import zipfile
import zlib
from array import array
from collections import Counter
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, Callable, Dict, Iterable, Iterator, List, Sequence, Tuple  # noqa: UP035  Python 3.8 runs this file

HEADERS, CASE_KEY, PROOFS = "data/log/headers.tsv", "data/log/case.key", "data/log/proofs.ndjson"
TAGS, SEAL, SEAL_HASH = "tagmanifest-sha256.txt", "seal/tagmanifest.p7s", "seal/sha256.txt"
VKEY, CERTIFICATE = "data/log/log.vkey", "verify/dossier.pem"
EVENTS, TABLE = "data/events/events.ndjson", "data/events/events.csv"
NOTE = "data/log/checkpoints/%012d.note"
Entries = Dict[int, Dict[str, Any]]  # noqa: UP006
"""Some disclosed entries by their index in the log; all of them are in a `Disclosed`."""
Vkey = Tuple[str, bytes, bytes]  # noqa: UP006
"""Name, key id, 32 bytes of an Ed25519 key."""
SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""RFC 8410: what comes before the 32 bytes of the key."""


class Rejected(Exception):  # noqa: N818  what it says of the dossier
    """The dossier does not verify; the reason is one sentence."""


def need(condition: object, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


# --- part one: what you have to read to believe the result -----------------------------------------------------------


def hashed(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def roots(leaves: Iterable[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The Merkle root at each of these sizes, in one pass (RFC 9162, 2.1.1)."""
    found: dict[int, bytes] = {0: hashed(b"")}
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


def unsealed(line: bytes) -> tuple[bytes, list[bytes], list[bytes]]:
    """(leaf hash of an entry, its parts, nothing for one that is held back, their hashes): docs/dossier-format.md."""
    if line[:1] == b"{":  # version 1: one part, whose hash is the leaf
        return hashed(b"\0" + line), [line], []
    about, nonce, columns = heading(line)
    salted = salted_parts(nonce, columns) if nonce else map(one_part, columns)
    found = [(part, hashed(b"\3" + salt + part)) if salt else (b"", part) for salt, part in salted]
    hashes = [digest for _, digest in found]
    return header_leaf(*about, content(hashes)), [part for part, _ in found], hashes


def check_files(bundle: Bundle) -> int:
    """Step 2: every file is listed once, with its SHA-256. `sha256sum -c` alone would not see an added file."""
    seals = sorted(name for name in bundle.members if name.startswith("seal/") and name != SEAL_HASH)
    listed = {TAGS, SEAL_HASH, *seals}
    for manifest in (TAGS, "manifest-sha256.txt"):
        for digest, name in listing(bundle, manifest):
            need(name not in listed, f"{name!a} is listed twice")
            need(name.startswith("data/") == (manifest != TAGS), f"{name!a} is in the wrong manifest")
            need(bundle.sha256(name) == digest, f"{name!a} was changed: its SHA-256 is not the listed one")
            listed.add(name)
    said = "".join(f"{bundle.sha256(name)}  {name}\n" for name in seals)
    need(bundle.text(SEAL_HASH) == said, "the signature file or a time stamp was changed")
    extra = sorted(set(bundle.members) - listed)
    need(not extra, "%a is not listed: it was added" % (extra[0] if extra else ""))
    return len(listed)


def check_signature(bundle: Bundle, certificate: bytes, work: Path) -> None:
    """Step 3: the manifest of all files is signed with the publisher's certificate."""
    for name, content in (("cert", certificate), ("tags", bundle.read(TAGS)), ("p7s", bundle.read(SEAL))):
        (work / name).write_bytes(content)
    trust = ["-certfile", str(work / "cert"), "-CAfile", str(work / "cert"), "-nointern", "-purpose", "any"]
    source = ["-inform", "DER", "-in", str(work / "p7s"), "-content", str(work / "tags"), "-out", os.devnull]
    good, said = openssl("cms", "-verify", "-binary", *source, *trust)
    need(not DATES.search(said), "the certificate is not valid at this machine's date: compare the two")
    need(good, f"the list of files was not signed with this certificate (openssl: {said.strip()[-200:]})")


def read_log(bundle: Bundle, work: Path) -> tuple[list[bytes], Disclosed, dict[int, str]]:
    """Step 4: (leaf hashes, disclosed entries by index, reason of each withheld entry by index)."""
    leaves, disclosed, withheld = log_lines(bundle)
    bundle.scratch = open(work / "entries", "w+b")  # noqa: PTH123, SIM115  the bundle closes it
    entries = Disclosed(bundle.scratch, len(leaves))
    for index, line in both(disclosed, bundle.lines("data/log/entries.ndjson")):
        need(index is not None, "there are more entries than the log discloses")
        need(line is not None, "an entry that the log discloses is missing")
        entries.put(index, line)
    for index, name in entries.read(bundle, leaves, work):  # each is `in_log`
        need(name not in entries.ids, f"entry {index} has the id of another")
        entries.ids.add(name)
    return leaves, entries, withheld


def in_log(index: int, line: bytes, leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """(parts of an entry, their hashes): its bytes are those whose hash stands at its place in the log."""
    found, parts, hashes = unsealed(line)
    need(found == leaf, f"entry {index} is not the one in the log")
    return parts, hashes


def open_note(note: str, vkey: Vkey, where: str, work: Path) -> tuple[int, bytes]:
    """(size, root) of a checkpoint that the log's key signed; signatures of others (witnesses) are passed over."""
    name, key_id, public = vkey
    text, _, signatures = note.rpartition("\n\n")
    for blob in re.findall(f"^\u2014 {re.escape(name)} ([A-Za-z0-9+/=]+)$", signatures, re.MULTILINE):
        signature = base64.b64decode(blob)
        if signature[:4] == key_id and base64.b64encode(signature).decode() == blob:
            break
    else:
        raise Rejected(f"{where} is not signed by the log {name!a}")
    good = signature_holds(SPKI_ED25519 + public, (text + "\n").encode(), signature[4:], work)
    need(good, f"the signature on {where} is wrong")
    lines = text.split("\n")
    need(len(lines) == 3 and lines[0] == name and lines[1].isdigit(), f"{where} is no checkpoint of this log")
    return int(lines[1]), base64.b64decode(lines[2])


def check_log(bundle: Bundle, leaves: list[bytes], vkey: Vkey, work: Path) -> tuple[int, bytes]:
    """Step 5: every checkpoint was signed and is of these leaves, the last of all; (how many, the last one's root)."""
    names = sorted(name for name in bundle.members if re.fullmatch(r"data/log/checkpoints/\d+\.note", name))
    need(names, "there is no checkpoint")
    signed = [open_note(bundle.text(name), vkey, name, work) for name in names]
    need(signed[-1][0] == len(leaves), "the last checkpoint does not cover every entry")
    found = roots(leaves, {size for size, _ in signed})
    for (size, root), name in zip(signed, names):  # noqa: B905  Python 3.8 runs this file
        need((name, root) == (NOTE % size, found.get(size)), f"{name} did not sign the first {size} entries")
    return len(signed), found[len(leaves)]


def check_case(
    bundle: Bundle, leaves: list[bytes], entries: Disclosed, withheld: dict[int, str], gone: Entries
) -> tuple[str, str]:
    """Step 7: what the case is about, and its id: every hit is of this case, none is left out, none merely gone."""
    (noun, name), hits = subject(bundle), list(entries.hits)
    for index, owner in owners(entries, noun):
        need(
            owner == name or (owner is None and noun == "incident"),
            f"the hit at {index} is of another {noun}",
        )
    opened = of_case(entries.believed("opened"), noun, name)
    need(opened, f"no *opened* entry speaks of the {noun} {name!a}")
    for at, stated in stated_hits(opened):
        then = [*hits, *erased_hits(gone, noun, name, leaves, withheld, at)]
        known = members(leaves, then, entries if noun == "incident" else None, name, stated["size"])
        good = len(known) == stated["count"] and merkle(known) == stated["root"]
        need(good, f"the case had {stated['count']} hits when it was opened (at {at}), these are not those")
    erased = {leaf for entry in gone.values() for leaf in entry["body"].get("leaves", ())}
    for index in (index for index, reason in withheld.items() if reason == "erased"):
        need(leaves[index].hex() in erased, f"entry {index} is called erased, and no *erased* entry says so")
    return noun, name


def check_headers(bundle: Bundle, leaves: list[bytes], entries: Disclosed, withheld: dict[int, str]) -> int:
    """Step 7: no withheld entry is of this case, by its header, unless it says so; how many headers there are."""
    key, (noun, name), bare = case_key(bundle), subject(bundle), dict(withheld)
    left, whole = moved_away(entries, key, noun, name), shown_whole(bundle)
    for index, about, said in headers(bundle):
        reason = bare.pop(index, "")
        good = header_leaf(*about, said) == leaves[index]
        need(good, f"the header of entry {index} is not the one in the log")
        own = key and about[1 + (noun == "incident")] == tag(key, said) and leaves[index] not in left
        own = own or of_every_case(about[0], whole)
        what = f"the {about[0]} entry at {index} is of this case, and is withheld as"
        need(not own or reason not in OTHERS, f"{what} another matter's")
        need(reason != "held-back" or about[0] not in whole, f"{what} held back, and this version shows it")
    late = [index for index, reason in bare.items() if index >= entries.divided and reason == "other-matter"]
    need(
        not late,
        f"entries {late[:9]} are withheld without a header: nobody can tell whether they are of this case",
    )
    return len(withheld) - len(bare)


def check_events(bundle: Bundle, entries: Disclosed) -> int:
    """Step 8: the readable events, made again from the entries, are the same byte for byte; how many they are."""
    told, table = bundle.line_hashes(EVENTS), bundle.line_hashes(TABLE)
    alike = next(table, b"") == hashed(table_row(COLUMNS))
    for number, (index, line) in enumerate(both(entries.by_hit(), told)):
        need(index is not None and line is not None, "the events are not those of the disclosed hits")
        event, row = entries.told(index)
        need(line == event, f"line {number + 1} of events.ndjson is not what the entries say")
        alike = alike and next(table, b"") == row
    good = (alike and next(table, None) is None) or same(old_table(entries), bundle.chunks(TABLE))
    need(good, "events.csv is not what the entries say")
    return len(entries.hits)


# --- part two: opening files, layout, printing ------------------------------------------------------------------------

LONGEST = 64 << 20
"""Bytes that are held in memory at once. Trapline writes no longer line; a zip bomb is one."""
WAITING = 1_000
"""Hits that wait in memory for what was derived from them; of more, both are read again."""
MANY, AT_ONCE, TOGETHER = 4_000, 1_000, 4 << 20
"""From so many entries or files on several processes work; what each takes at once: so many, or so many bytes."""
SMALL, RATIO = 256 << 20, 100
"""All files together are at most so many bytes, or so many times the zip's own size."""
HEX = re.compile(r"[0-9a-f]{64}")
NAMES = re.compile(
    r"bagit\.txt|bag-info\.txt|README-FIRST\.txt|(tag)?manifest-sha256\.txt|seal/(tagmanifest\.p7s|sha256\.txt)"
    r"|seal/tagmanifest\.[a-z0-9-]{1,24}\.tsr|data/log/stamps/[0-9]{12,20}\.[a-z0-9-]{1,24}\.tsr|verify/tsa-[a-z0-9-]{1,24}\.pem"
    r"|verify/(verify\.py|dossier\.pem)|data/report\.html|data/events/events\.(ndjson|csv)|data/bait/[0-9a-f]{1,64}\.json"
    r"|data/log/(log\.vkey|entries\.tsv|entries\.ndjson|proofs\.ndjson|headers\.tsv|case\.key|checkpoints\.tsv|checkpoints/[0-9]{1,20}\.note)"
    r"|data/raw/([0-9a-f]{64}\.bin|missing\.tsv)|data/case/known\.csv"
)
"""Every file that a dossier may hold. No two of them are one file on a system that folds case."""
LITTER = re.compile(r"(.*/)?(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)")
"""What file managers leave in folders they show: harmless, passed over, named."""
DATES = re.compile("not yet valid|has expired")
OTHERS, SHOWN = ("other-matter", "no-header"), ("hit", "derived", "erased", "opened", "regrouped")
"""Reasons that mean another case; kinds that every version of a dossier shows, if only in part."""
SIGNERS = ("operator", "proposed")
"""Kinds that every version with operators' names shows: without them a signature could be left away unseen."""
BAITLESS = ("provider", "publication")
"""Versions that show no bait."""
NAMELESS = ("authority", *BAITLESS)
"""Versions that show no operator's name."""
READERS = ("counsel", "court", *NAMELESS)
"""Whom a version can be for."""
COLUMNS = (
    "index", "id", "observed_at", "canary", "kind", "facet", "trap", "source_ip", "source_port", "peer_ip",
    "peer_port", "local_ip", "local_port", "transport", "clock_source", "clock_offset_us", "raw_sha256", "answer",
    "observed", "derived",
)  # fmt: skip


def once(pairs: List[Tuple[str, Any]]) -> dict[str, Any]:  # noqa: UP006
    """An object each of whose keys stands once: two readers of one line must not see two values."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Rejected("an entry names one field twice")
    return found


Scan = Callable[[str, int], Tuple[Any, int]]  # noqa: UP006
ONCE: Scan = getattr(json.JSONDecoder(object_pairs_hook=once), "scan_once")  # noqa: B009  the types leave it out
AGAIN: Scan = getattr(json.JSONDecoder(), "scan_once")  # noqa: B009
"""For what is read the first time, and for what `ONCE` has looked at."""


def decoded(text: bytes, scan: Scan) -> Any:
    """One value of JSON, with nothing around it."""
    string = text.decode("utf-8")
    try:
        value, end = scan(string, 0)
    except StopIteration:
        raise Rejected("an entry is no JSON") from None
    need(end == len(string), "something follows an entry")
    return value


def listing(bundle: Bundle, manifest: str) -> Iterator[tuple[str, str]]:
    """(SHA-256, file) of each line."""
    for line in bundle.lines(manifest):
        try:
            digest, name = line.decode("utf-8").split("  ", 1)
        except (UnicodeDecodeError, ValueError):
            raise Rejected(f"{manifest} has a malformed line") from None
        need(HEX.fullmatch(digest), f"{manifest} has a malformed line")
        yield digest, name


def log_lines(bundle: Bundle) -> tuple[list[bytes], array[int], dict[int, str]]:
    """entries.tsv: (leaf hashes, indices of the disclosed entries, reason of each withheld one by index)."""
    leaves: list[bytes] = []
    withheld: dict[int, str] = {}
    disclosed = array("q")
    for line in bundle.lines("data/log/entries.tsv"):
        parts = line.decode("ascii", "replace").split("\t")
        good = len(parts) == 3 and parts[0] == str(len(leaves)) and HEX.fullmatch(parts[1])
        need(good, f"line {len(leaves) + 1} of entries.tsv is malformed or out of order")
        if parts[2] == "disclosed":
            disclosed.append(len(leaves))
        else:
            found = re.fullmatch("withheld:([a-z-]{1,40})", parts[2])
            need(found, f"entry {parts[0]} is neither disclosed nor withheld for a known reason")
            withheld[len(leaves)] = found.group(1) if found else ""
        leaves.append(bytes.fromhex(parts[1]))
    return leaves, disclosed, withheld


def heading(line: bytes) -> tuple[tuple[str, str, str], bytes, list[bytes]]:
    """(kind, tag of the canary, tag of the incident; nonce or nothing; columns) of an entry of version 2."""
    first, *columns = line.split(b"\t")
    found = HEADING.fullmatch(first.decode("ascii"))
    if not found or not columns:
        raise Rejected("an entry's header or its parts are missing")
    kind, canary, incident, nonce = found.groups()
    return (kind, canary, incident), bytes.fromhex(nonce), columns


def salted_parts(nonce: bytes, parts: list[bytes]) -> list[tuple[bytes, bytes]]:
    """(salt, part) of each part of an entry that is shown whole."""
    drawn = hashlib.shake_256(nonce).digest(16 * len(parts))
    return [(drawn[16 * n : 16 * n + 16], part) for n, part in enumerate(parts)]


HEADING = re.compile(r'\["([a-z-]*)","([0-9a-f-]*)","([0-9a-f-]*)","([0-9a-f]*)"\]')
COLUMN = re.compile(rb'"([0-9a-f]{64})"|\["([0-9a-f]{32})",(.*)\]', re.DOTALL)
HEADER = re.compile("[a-z-]{1,40}\n(-|[0-9a-f]{32})\n(-|[0-9a-f]{32})")


def one_part(column: bytes) -> tuple[bytes, bytes]:
    """(salt, part), or (nothing, hash) of a part that is held back."""
    found = COLUMN.fullmatch(column)
    if not found:
        raise Rejected("an entry that is shown in part is malformed")
    if found.group(1):
        return b"", bytes.fromhex(found.group(1).decode())
    return bytes.fromhex(found.group(2).decode()), found.group(3)


def content(hashes: list[bytes]) -> bytes:
    """What a header commits to, and an operator signs."""
    return hashed(b"\2" + b"".join(hashes))


def header_leaf(kind: str, canary: str, incident: str, said: bytes) -> bytes:
    """The leaf hash of an entry of version 2."""
    about = f"{kind}\n{canary}\n{incident}"
    need(HEADER.fullmatch(about), "a header is malformed")
    return hashed(f"\0trapline-leaf-v2\n{about}\n{said.hex()}\n".encode())


def tag(key: bytes, said: bytes) -> str:
    """What a header says of the case whose key this is."""
    return hashed(b"\4" + key + said).hex()[:32]


def merkle(leaves: list[bytes]) -> str:
    return roots(leaves, {len(leaves)})[len(leaves)].hex()


def subject(bundle: Bundle) -> tuple[str, str]:
    """(``incident`` or ``canary``, its id)."""
    case = bundle.about().get("External-Identifier", "")
    noun, _, name = case.partition("-")
    need(noun in ("incident", "canary") and name, "bag-info.txt does not say what the case is about")
    need(
        bundle.root in ("", f"dossier-{case}"),
        f"the folder is called {bundle.root!a}, and the case is {case!a}",
    )
    return noun, name


def case_key(bundle: Bundle) -> bytes:
    """What tells headers of the case from others; nothing where the dossier has none."""
    if CASE_KEY not in bundle.members:
        return b""
    text = bundle.text(CASE_KEY)
    need(HEX.fullmatch(text.rstrip("\n")), f"{CASE_KEY} is malformed")
    return bytes.fromhex(text)


def headers(bundle: Bundle) -> Iterator[tuple[int, tuple[str, str, str], bytes]]:
    """headers.tsv: (index, kind and tags, content) of withheld entries, ascending."""
    last = -1
    for line in bundle.lines(HEADERS) if HEADERS in bundle.members else ():
        place, kind, canary, incident, said = line.decode("ascii", "replace").split("\t")
        need(place.isdigit() and int(place) > last and HEX.fullmatch(said), f"{HEADERS} is malformed")
        last = int(place)
        yield last, (kind, canary, incident), bytes.fromhex(said)


def check_tags(entries: Disclosed, key: bytes, noun: str, name: str) -> None:
    """The key is the case's: the header of each disclosed hit, or of its facts, has the tag that follows from it."""
    kind = "hit" if noun == "canary" else "derived"
    for index, (said, canary, incident, owner) in entries.tags.items():
        if owner == name and (index in entries.hits) == (noun == "canary"):
            good = key and (canary if noun == "canary" else incident) == tag(key, said)
            need(good, f"the key of the case does not fit the {kind} entry at {index}")


def moved_away(entries: Disclosed, key: bytes, noun: str, name: str) -> set[bytes]:
    """Leaf hashes of what operators moved into another incident; the key fits what is here."""
    check_tags(entries, key, noun, name)
    left: set[bytes] = set()
    for _, entry in entries.believed("regrouped"):
        body = entry["body"]
        these = set(map(bytes.fromhex, body.get("derived", ())))
        left = left | these if body["incident"] == name else left - these if body["into"] == name else left
    return left


def of_lost_entries(entries: Disclosed, size: int, root: bytes) -> bool:
    """Whether a checkpoint is one of entries that were lost before the log went on after a restore, and says so."""
    bodies = [entry["body"] for _, entry in entries.believed("restored")]
    spans = [(body["size"], body["known"]["size"], body["known"]["root"]) for body in bodies if body["known"]]
    return any(first < size < last or (size, root.hex()) == (last, final) for first, last, final in spans)


def check_table(bundle: Bundle) -> None:
    """Step 5: checkpoints.tsv has a line for each checkpoint here; its times nobody can check."""
    said = [line.split(b"\t") for line in bundle.lines("data/log/checkpoints.tsv")]
    named = [NOTE % int(size) for size, at in said if RFC_3339.fullmatch(at)]
    there = sorted(name for name in bundle.members if name.startswith("data/log/checkpoints/"))
    need(
        len(named) == len(said) and named == there,
        "checkpoints.tsv does not list the checkpoints that are here",
    )


RFC_3339 = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")


def check_brought(
    leaves: list[bytes], entries: Disclosed, vkey: Vkey, brought: Iterable[str], work: Path
) -> tuple[int, int, int]:
    """Step 5: checkpoints from elsewhere: (those that agree, newer than the bundle, of what a restore lost)."""
    signed = [
        (open_note(mended(named_file(str(path)), path), vkey, "the checkpoint you brought", work), path)
        for path in brought
    ]
    found = roots(leaves, {size for (size, _), _ in signed}) if signed else {}
    lost = [head for head, _ in signed if found.get(head[0]) != head[1] and of_lost_entries(entries, *head)]
    newer = [head for head, _ in signed if head[0] > len(leaves) and head not in lost]
    for (size, root), name in signed:
        if size <= len(leaves) and (size, root) not in lost:
            need(found.get(size) == root, f"the first {size} entries are not those that {name} signed")
    return len(signed) - len(newer) - len(lost), len(newer), len(lost)


def owners(entries: Disclosed, noun: str) -> Iterator[tuple[int, Any]]:
    """(index of a hit, the canary or the incident that it is of); None: no entry says of which incident."""
    moved = {
        hit: move["body"]["into"] for _, move in entries.believed("regrouped") for hit in move["body"]["hits"]
    }
    for index, (hit, canary, _) in entries.hits.items():
        incident = moved.get(hit, entries.derived[hit][1] if hit in entries.derived else None)
        yield index, canary if noun == "canary" else incident


def stated_hits(opened: Entries) -> Iterator[tuple[int, dict[str, Any]]]:
    """(index of an *opened* entry, what it states of the case's hits); those of release 0.1 state nothing."""
    for at, entry in opened.items():
        if isinstance(entry["body"].get("hits"), dict):
            yield at, entry["body"]["hits"]


def members(
    leaves: list[bytes], hits: list[int], entries: Disclosed | None, name: str, size: int
) -> list[bytes]:
    """Leaf hashes of the hits that the incident had when the log was of this size: later moves are undone."""
    had = {leaves[index] for index in hits}
    moves = list(entries.believed("regrouped")) if entries else []
    for _, move in reversed([move for move in moves if move[0] >= size]):
        these = set(map(bytes.fromhex, move["body"]["leaves"]))
        if move["body"]["into"] == name:
            had -= these
        elif move["body"]["incident"] == name:
            had |= these
    return [leaf for leaf in leaves[:size] if leaf in had]


def of_case(entries: Iterable[tuple[int, dict[str, Any]]], noun: str, name: str) -> Entries:
    """Those of ``entries`` that speak of the case."""
    return {index: entry for index, entry in entries if entry["body"].get(noun) == name}


def erased_hits(
    gone: Entries, noun: str, name: str, leaves: list[bytes], withheld: Iterable[int], at: int
) -> list[int]:
    """Where the hits stood that the case had when the entry ``at`` was written, and that were erased since."""
    erased = {
        leaf: when
        for when, entry in of_case(gone.items(), noun, name).items()
        for leaf in entry["body"].get("hits", ())
    }
    return [index for index in withheld if erased.get(leaves[index].hex(), -1) >= at]


SIGNED_KINDS = {
    "noted", "assessed", "opened", "revealed", "exported", "held", "erased", "retired", "setting", "rated",
    "regrouped", "proposed", "operator", "restored",
}  # fmt: skip
MACHINES, BY_MACHINES = {"listener", "courier", "supervisor"}, ("setting", "erased")
"""Names of the program itself, and which of these kinds it writes."""
PROGRAM = {*MACHINES, None}
"""Who may stand as the author where only the program writes; None: held back."""
ENTRY_SPACE, KEY_SPACE = "trapline-entry-v1", "trapline-operator-v1"
CURVES = {
    "nistp256": ("06082a8648ce3d030107", "sha256"),
    "nistp384": ("06052b81040022", "sha384"),
    "nistp521": ("06052b81040023", "sha512"),
}
"""Object identifiers (RFC 5480) and hashes (RFC 5656)."""


def check_authors(
    entries: Disclosed, origin: str, work: Path
) -> tuple[dict[str, str], int, Counter[str], int, dict[int, str]]:
    """Step 6: (operators' keys, statements signed, unsigned of each name, of authors held back; forged entries, why).

    The first operator enrols alone; then an operator's signature is needed to enrol another, and once there are two,
    enrolling, removing and erasing need a proposal by another one that says the same, word for word.
    """
    keys: dict[str, str] = {}
    proposed: dict[str, tuple[str, bytes]] = {}
    unsigned: Counter[str] = Counter()
    signed, unseen, forged = 0, 0, {}
    for index, entry in entries.of(*SIGNED_KINDS):
        kind, body = entry["entry"], entry["body"]
        if "by" not in entry or ("hidden" in entry and kind in ("erased", "operator", "proposed")):
            unseen += 1
            continue
        by = entry["by"]
        deed = canonical({name: body[name] for name in body if name not in ("proposal", "proposed_by")})
        if kind == "operator":
            body = {**body, **{name: str(body.get(name, "")) for name in ("act", "name", "key", "proof")}}
        if by in MACHINES:
            if kind not in BY_MACHINES:
                forged[index] = "the program writes no such entry"
            elif keys and kind == "erased":
                forged[index] = "an operator has to sign that"
            continue
        first = kind == "operator" and not keys and body.get("name") == by
        key = body["key"] if first else keys.get(by, "")
        text = statement(origin, entries.line(index))
        other, said = proposed.get(str(body.get("proposal")), ("", b""))
        if kind == "operator" and body["act"] == "enrolled" and not ssh_signed(
            body["key"], body["proof"], f"{KEY_SPACE}\n{origin}\n{body['name']}\n{body['key']}\n".encode(),
            KEY_SPACE, work,
        ):  # fmt: skip
            forged[index] = "the new key did not sign it"
        elif kind == "operator" and body["act"] not in ("enrolled", "removed"):
            forged[index] = "it says neither enrolled nor removed"
        elif kind == "operator" and body["act"] == "enrolled" and has_key(keys, body):
            forged[index] = "another operator has that key, and one person would be two"
        elif not key and (
            "signed" in entry or kind in ("operator", "proposed") or (keys and kind == "erased")
        ):
            forged[index] = "nobody of that name has enrolled a key"
        elif not key:
            unsigned[by] += 1
            continue
        elif "signed" not in entry:
            forged[index] = (
                "it is not signed, and that operator signs: anybody with a shell could have written it"
            )
        elif not ssh_signed(key, entry["signed"], text, ENTRY_SPACE, work):
            forged[index] = "its signature does not hold"
        elif kind in ("erased", "operator") and len(keys) > 1 and (other in ("", by) or said != deed):
            forged[index] = "no other operator proposed it"
        elif kind in ("erased", "operator") and len(keys) > 1 and other not in keys:
            forged[index] = "who proposed it is no operator any more"
        if index in forged:
            continue
        signed += 1
        if kind in ("erased", "operator"):  # a proposal is carried out once
            proposed.pop(str(body.get("proposal")), None)
        if kind == "proposed":
            proposed[entry["id"]] = by, deed
        elif kind == "operator" and body["act"] == "enrolled":
            keys[body["name"]] = body["key"]
        elif kind == "operator":
            keys.pop(body["name"], None)
    return keys, signed, unsigned, unseen, forged


def has_key(keys: dict[str, str], body: dict[str, Any]) -> bool:
    """Whether another operator has the key that is enrolled."""
    return any(
        key.split()[:2] == body["key"].split()[:2] for name, key in keys.items() if name != body["name"]
    )


def reader_of(bundle: Bundle) -> str:
    """Whom this version is for, which settles what it has to show."""
    reader = bundle.about().get("Prepared-For", READERS[0])
    need(
        reader in READERS,
        f"bag-info.txt says that it was prepared for {reader!a}, and there is no such version",
    )
    return reader


def shown_whole(bundle: Bundle) -> tuple[str, ...]:
    """Kinds of entries that this version never holds back."""
    return SHOWN if reader_of(bundle) in NAMELESS else (*SHOWN, *SIGNERS)


def of_every_case(kind: str, whole: tuple[str, ...]) -> bool:
    """Whether entries of this kind concern all: what was lost, and who may sign where a version names operators."""
    return kind == "restored" or (kind == "operator" and kind in whole)


def check_facts(entries: Disclosed, gone: Entries) -> None:
    """Step 7: no facts are without the hit that they are about, unless that was erased."""
    erased = {name for entry in gone.values() for name in entry["body"].get("entries", ())}
    lost = entries.derived.keys() - {hit for hit, _, _ in entries.hits.values()} - erased
    places = sorted(entries.derived[hit][0] for hit in lost)
    need(not places, f"the hits that the derived entries at {places[:9]} are about are not here")


def check_shown(bundle: Bundle, entries: Disclosed) -> None:
    """Steps 6 and 7: what a version has to show whole it shows whole.

    Of hits only versions without bait hold parts back. Where a version shows people, what needs an operator's
    signature has it: it goes with the author.
    """
    reader = reader_of(bundle)
    need(
        reader in BAITLESS or not entries.cut,
        f"the hit or facts at {entries.cut[:9]} are shown in part, and the version for {reader!a} shows them whole",
    )
    if reader in NAMELESS:
        return
    for index, entry in entries.of("erased", "operator", "proposed"):
        need(
            "hidden" not in entry,
            f"the {entry['entry']} entry at {index} is shown only in part: who made it?",
        )


def statement(origin: str, line: bytes) -> bytes:
    """What an operator signed of an entry."""
    _, parts, hashes = unsealed(line)
    if not hashes:
        plainly = {
            name: value for name, value in json.loads(line.decode("utf-8")).items() if name != "signed"
        }
        return f"{ENTRY_SPACE}\n{origin}\n".encode() + canonical(plainly)
    names = json.loads(parts[0].decode("utf-8"))["parts"]
    return f"trapline-entry-v2\n{origin}\n{content(hashes[: 1 + len(names)]).hex()}\n".encode()


def ssh_signed(key: str, signature: str, message: bytes, space: str, work: Path) -> bool:
    """Whether ``signature`` (base64 of what ``ssh-keygen -Y sign`` makes) is this SSH key's over ``message``."""
    try:
        blob, made = base64.b64decode(key.split()[1]), base64.b64decode(signature, validate=True)
        signer, said, reserved, algorithm, inner = ssh_strings(made[10:], 5)
        good = made[:10] == b"SSHSIG\0\0\0\1" and signer == blob and said == space.encode()
        digest = hashlib.new({b"sha256": "sha256", b"sha512": "sha512"}[algorithm], message).digest()
        signed = b"SSHSIG" + b"".join(
            struct.pack(">I", len(p)) + p for p in (said, reserved, algorithm, digest)
        )
        kind, value = ssh_strings(inner, 2, more=True)
        fields = ssh_strings(blob, -1)
        name = fields[0].decode("ascii")
        if name.startswith("sk-"):
            flags, counter = inner[-5:-4], inner[-4:]
            good = good and bool(flags[0] & 1)
            signed = hashed(fields[-1]) + flags + counter + hashed(signed)
        if name == "ssh-rsa":
            hash_name = {b"rsa-sha2-256": "sha256", b"rsa-sha2-512": "sha512"}[kind]
            spki = der(0x30, bytes.fromhex("300d06092a864886f70d0101010500")
                       + der(3, b"\0" + der(0x30, der(2, fields[2]) + der(2, fields[1]))))  # fmt: skip
        elif "ecdsa" in name:
            oid, hash_name = CURVES[fields[1].decode("ascii")]
            spki = der(0x30, der(0x30, bytes.fromhex("06072a8648ce3d0201" + oid)) + der(3, b"\0" + fields[2]))
            value = der(0x30, b"".join(der(2, number) for number in ssh_strings(value, 2)))
        else:
            spki, hash_name = SPKI_ED25519 + fields[1], ""
        return good and signature_holds(spki, signed, value, work, hash_name)
    except (KeyError, IndexError, ValueError, TypeError, struct.error):
        return False


def signature_holds(spki: bytes, message: bytes, signature: bytes, work: Path, hash_name: str = "") -> bool:
    """Whether openssl says that a public key (DER) signed ``message``; without a hash it is an Ed25519 key."""
    for file, content in (("key", spki), ("text", message), ("sig", signature)):
        (work / file).write_bytes(content)
    key = ["-pubin", "-keyform", "DER", "-inkey", str(work / "key")]
    source = ["-rawin", "-in", str(work / "text"), "-sigfile", str(work / "sig")]
    extra = ["-digest", hash_name] if hash_name else []
    good, said = openssl("pkeyutl", "-verify", *key, *source, *extra)
    if not good and re.search("(?i)unknown option|usage:|unrecognized", said):
        raise Rejected("this openssl cannot check Ed25519 signatures (LibreSSL?): use OpenSSL 1.1.1 or newer")
    return good


def ssh_strings(data: bytes, count: int, *, more: bool = False) -> list[bytes]:
    """The first ``count`` strings (RFC 4251, 5), all of them where it is negative; unless ``more``, nothing follows."""
    found: list[bytes] = []
    while len(found) != count and (data or count >= 0):
        (length,) = struct.unpack(">I", data[:4])
        if length > len(data) - 4:
            raise ValueError("cut short")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data and not more:
        raise ValueError("something follows")
    return found


def der(tag: int, content: bytes) -> bytes:
    """One value of DER (X.690)."""
    size = len(content)
    length = (
        bytes([size])
        if size < 128
        else b"\x81" + bytes([size])
        if size < 256
        else b"\x82" + struct.pack(">H", size)
    )
    return bytes([tag]) + length + content


BESIDE = ("hidden", "signed", "allowed")


DOUBTED = (
    "observed_at", "canary", "kind", "front", "connection", "number", "sighting", "peer", "source", "local",
    "raw_len", "raw_size", "raw_truncated",
)  # fmt: skip
"""What of a hit's body `Doubts` looks at."""
Seen = Tuple[str, str, int, List[str], Any, Any]  # noqa: UP006
"""Of an entry: kind, id, time to its second, parts held back, (content, tags) of version 2, what else is kept."""


class Disclosed:
    """The disclosed entries by their index in the log, on disk, so that memory is bounded; in memory is what they name
    each other by."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.starts = array("q", [-1]) * size
        self.kinds: dict[str, array[int]] = {}
        self.times = array("q", [0]) * size
        """When each says it was written: year to second, in digits."""
        self.hits: dict[int, tuple[str, str, str]] = {}
        """Of each hit: id, canary, SHA-256 of the raw request."""
        self.kept: dict[str, int] = {}
        """Of each raw request, by its SHA-256: how many bytes were kept, says the hit; -1 where it does not say."""
        self.derived: dict[str, tuple[int, str]] = {}
        """Of each hit, by its id: index of its first *derived* entry, and the incident that names."""
        self.tags: dict[int, tuple[bytes, str, str, str]] = {}
        """Of each hit and what was derived from it, of version 2: content, its tags, its canary or incident."""
        self.reported = array("q")
        """Hits that the operator's own application or log tells of."""
        self.retold: dict[int, tuple[bytes, bytes]] = {}
        """Of each hit with facts: the SHA-256 of its line in events.ndjson, and of its row in events.csv."""
        self.doubts = Doubts()
        self.ids: set[bytes] = set()
        """The SHA-256 of each one's id."""
        self.held: Counter[str] = Counter()
        """How many parts of each name are held back."""
        self.forged: dict[int, str] = {}
        """Entries that are not to be believed, and why: `check_authors`."""
        self.cut: list[int] = []
        """Hits and facts of which a part is held back."""
        self.divided = size
        """Where entries of version 2 begin."""
        self.length = self.count = 0
        self.pieces: list[list[int]] = []
        """Indices of the entries that are looked at together."""

    def put(self, index: int, line: bytes) -> None:
        """Keep the bytes of one entry; indices come in rising order."""
        piece = self.pieces[-1] if self.pieces else None
        if not piece or len(piece) >= AT_ONCE or self.length - self.starts[piece[0]] > TOGETHER:
            piece = []
            self.pieces.append(piece)
        piece.append(index)
        self.starts[index] = self.length
        self.length += self.file.write(line + b"\n")
        self.count += 1

    def read(self, bundle: Bundle, leaves: list[bytes], work: Path) -> Iterator[tuple[int, bytes]]:
        """(index, SHA-256 of the id) of every entry, in the order of the log, once it was looked at and taken in."""
        self.file.flush()
        tasks: list[Callable[[], Any]] = [partial(self.look, piece, leaves) for piece in self.pieces]
        tasks += [
            *(partial(check_proofs, bundle, leaves, self, share) for share in range(SHARES)),
            lambda: b"".join(bundle.line_hashes(EVENTS)),
            lambda: b"".join(bundle.line_hashes(TABLE)),
        ]
        results = bundle.ahead(tasks, self.count, work)
        for piece in self.pieces:
            entries, events = next(results)
            for index, seen in zip(piece, entries):  # noqa: B905  Python 3.8 runs this file
                self.take(index, seen)
                yield index, hashed(seen[1].encode())
            for at, hit, index, event, row in events:
                if self.derived[hit][0] == index:
                    self.retold[at] = event, row
        bundle.foreseen = results

    def look(self, piece: list[int], leaves: list[bytes]) -> tuple[list[Seen], list[Any]]:
        """What is kept of some entries, and (hit's index and id, facts' index, hashes) of the events that they make."""
        last = piece[-1] + 1
        while last < len(self.starts) and self.starts[last] < 0:
            last += 1
        end = self.starts[last] if last < len(self.starts) else self.length
        lines = read_at(self.file, self.starts[piece[0]], end - self.starts[piece[0]]).split(b"\n")
        waiting: dict[str, tuple[int, dict[str, Any]]] = {}
        found, events = [], []
        for index, line in zip(piece, lines):  # noqa: B905  Python 3.8 runs this file
            entry, seen = glance(index, line, *in_log(index, line, leaves[index]))
            found.append(seen)
            if seen[0] == "hit":
                waiting[entry["id"]] = index, entry
                if len(waiting) > WAITING:
                    del waiting[next(iter(waiting))]
            elif seen[0] == "derived" and entry["body"]["hit"] in waiting:
                name = entry["body"]["hit"]
                at, hit = waiting.pop(name)
                events.append((at, name, index, *retold(event_of(name, at, hit, index, entry))))
        return found, events

    def take(self, index: int, seen: Seen) -> None:
        """Take in one entry; indices come in rising order."""
        kind, name, self.times[index], hidden, tagged, more = seen
        self.kinds.setdefault(kind, array("q")).append(index)
        if tagged:
            self.divided = min(self.divided, index)
            self.held.update(hidden)
        if hidden and kind in ("hit", "derived"):
            self.cut.append(index)
        if kind == "hit":
            canary, raw, reported, body = more
            canary = body["canary"] = sys.intern(canary)
            self.hits[index] = name, canary, raw
            self.kept[raw] = body.get("raw_len", -1)
            if reported:
                self.reported.append(index)
            self.doubts.hit(index, body, self.times[index])
        elif kind == "derived":
            hit, incident, by = more
            if by not in PROGRAM:
                self.doubts.by_program(kind, index)
            if hit not in self.derived:
                self.derived[hit] = index, sys.intern(incident)
            else:
                self.doubts.odd("derived entry", index, "is about a hit that has another")
        else:
            entry = self[index]
            if kind == "opened" and isinstance(entry["body"].get("hits"), dict):
                self.divided = min(self.divided, entry["body"]["hits"].get("divided", self.divided))
            self.doubts.see(index, entry)
        if tagged and kind in ("hit", "derived"):
            self.tags[index] = (*tagged, sys.intern(more[kind == "derived"]))

    def by_hit(self) -> list[int]:
        """Indices of the hits, in the order of their ids."""
        return sorted(self.hits, key=lambda index: self.hits[index][0])

    def event(self, index: int) -> dict[str, Any]:
        """The line of events.ndjson on the hit at this index."""
        hit = self.hits[index][0]
        at = self.derived.get(hit, (None, ""))[0]
        return event_of(hit, index, self[index], at, None if at is None else self[at])

    def told(self, index: int) -> Tuple[bytes, bytes]:  # noqa: UP006
        """The SHA-256 of that line, and of the hit's row in events.csv."""
        return self.retold.get(index) or retold(self.event(index))

    def of(self, *kinds: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(index, entry) of these kinds, in the order of the log."""
        for index in sorted(index for kind in kinds for index in self.kinds.get(kind, ())):
            yield index, self[index]

    def believed(self, *kinds: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The same, without those that are not by whom they name."""
        return ((index, entry) for index, entry in self.of(*kinds) if index not in self.forged)

    def indices(self) -> Iterator[int]:
        return (index for index, start in enumerate(self.starts) if start >= 0)

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, Any]:
        line = self.line(index)
        return merged([line] if line[:1] == b"{" else columns_of(line), AGAIN)

    def line(self, index: int) -> bytes:
        """The exact bytes of an entry."""
        need(self.starts[index] >= 0, f"entry {index} is not disclosed")
        self.file.seek(self.starts[index])
        return self.file.readline()[:-1]


def glance(index: int, line: bytes, parts: list[bytes], hashes: list[bytes]) -> tuple[dict[str, Any], Seen]:
    """An entry, and what is kept of it."""
    entry = merged(parts, ONCE)
    kind, body = entry["entry"], entry["body"]
    good = UTC(entry["at"]) and (kind != "hit" or UTC(body["observed_at"]))
    need(good, f"entry {index} tells a time that is not in the one form that entries have")
    tagged: Any = None
    more: Any = None
    if hashes:
        (said, *tags), _, _ = heading(line[: line.index(b"\t") + 1])
        need(said == kind, f"the header of entry {index} says another kind than the entry")
        tagged = content(hashes), tags[0], tags[1]
    if kind == "hit":
        reported = (body.get("via") or {}).get("how") in REPORTERS
        doubted = {name: body[name] for name in DOUBTED if name in body}
        doubted["by"], doubted["via"] = entry.get("by"), "via" not in body or bool(body["via"])
        doubted["early"] = body["observed_at"] <= entry["at"]
        more = body["canary"], body.get("raw_sha256", ""), reported, doubted
    elif kind == "derived":
        more = body["hit"], body["incident"], entry.get("by")
    return entry, (kind, entry["id"], int(second(entry["at"])), entry.get("hidden", []), tagged, more)


def columns_of(line: bytes) -> list[bytes]:
    """The parts of an entry of version 2, without their hashes."""
    _, nonce, columns = heading(line)
    return columns if nonce else [part if salt else b"" for salt, part in map(one_part, columns)]


def merged(parts: list[bytes], scan: Scan = ONCE) -> dict[str, Any]:
    """An entry out of its parts; ``hidden`` names those that are held back."""
    entry: dict[str, Any] = decoded(parts[0], scan)
    need("parts" not in entry or entry.keys().isdisjoint(BESIDE), "an entry has an unknown field")
    if len(parts) == 1 and "parts" not in entry:
        need(entry["v"] == 1, "an entry of version 2 is not in the form of version 2")
        return entry
    names, hidden, body = [*entry.pop("parts"), "signed"], [], entry["body"]
    good = entry["v"] == 2 and len(parts) in (len(names), len(names) + 1)
    for name, part in zip(names, parts[1:]):  # noqa: B905  Python 3.8 runs this file
        if not part:
            hidden.append(name)
            continue
        said = decoded(part, scan)
        into = entry if name in ("by", "allowed", "signed") else body
        good = good and said.keys().isdisjoint(into)
        into.update(said)
    need(good, "an entry's parts are not those that it names")
    if entry["entry"] == "exported" and any(map(NUMBERED, names)):  # each canary is a part of its own
        shown = [name for name in names if NUMBERED(name) and name in body]
        body["canaries"] = [body.pop(name) for name in shown]
        hidden = list(dict.fromkeys("canaries" if NUMBERED(name) else name for name in hidden))
    if hidden:
        entry["hidden"] = hidden
    return entry


NUMBERED = re.compile(r"canary\.[0-9]{1,9}").fullmatch


def event_of(
    hit: str, index: int, seen: dict[str, Any], at: int | None, derived: dict[str, Any] | None
) -> dict[str, Any]:
    """A line of events.ndjson: what the entry of a hit says, and the one that was derived from it."""
    event = {
        "index": index,
        "id": hit,
        "observed": seen["body"],
        "derived_index": at,
        "derived": derived["body"] if derived else None,
    }
    held = [*seen.get("hidden", ()), *(derived.get("hidden", ()) if derived else ())]
    return {**event, "held_back": held} if held else event


def retold(event: dict[str, Any]) -> tuple[bytes, bytes]:
    """The SHA-256 of an event's line in events.ndjson, and of its row in events.csv."""
    return hashed(canonical(event) + b"\n"), hashed(table_row(table_cells(event, True)))


UTF_8, ASCII = (
    json.JSONEncoder(ensure_ascii=ascii_, separators=(",", ":"), sort_keys=True) for ascii_ in (False, True)
)


def canonical(value: object) -> bytes:
    """One line of JSON: keys sorted, no spaces, UTF-8."""
    return UTF_8.encode(value).encode("utf-8")


def both(one: Iterable[Any], other: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Pairs to the end of the longer; None where the shorter has ended."""
    left, right = iter(one), iter(other)
    while True:
        pair = (next(left, None), next(right, None))
        if pair == (None, None):
            return
        yield pair


class Comparison:
    """Compares bytes that come in pieces with a file that comes in chunks; neither is in memory as a whole."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.more, self.rest, self.at = iter(chunks), b"", 0

    def goes_on(self, piece: bytes) -> bool:
        """Whether the file goes on with this piece."""
        while len(self.rest) - self.at < len(piece):
            chunk = next(self.more, b"")
            if not chunk:
                return False
            self.rest, self.at = self.rest[self.at :] + chunk, 0
        start, self.at = self.at, self.at + len(piece)
        return self.rest[start : self.at] == piece

    def ended(self) -> bool:
        return self.at == len(self.rest) and not next(self.more, b"")


def same(pieces: Iterable[bytes], chunks: Iterable[bytes]) -> bool:
    """Whether both are the same bytes, wherever they are cut."""
    file = Comparison(chunks)
    return all(file.goes_on(piece) for piece in pieces) and file.ended()


def old_table(entries: Disclosed) -> Iterator[bytes]:
    """events.csv as the first version of Trapline wrote it: nested values as they are."""
    yield table_row(COLUMNS)
    for index in entries.by_hit():
        yield table_row(table_cells(entries.event(index), False))


def table_cells(event: dict[str, Any], escaped: bool) -> list[str]:
    """A row of events.csv: what a spreadsheet might act on is disarmed, what cannot be seen is spelled out.

    ``escaped``: nested values in ASCII.
    """
    body, clock = event["observed"], event["observed"]["clock"]
    ends = [
        body[end][part] if end in body else ""
        for end in ("source", "peer", "local")
        for part in ("ip", "port")
    ]
    facts = event["derived"].get("facts") if event["derived"] else None
    encode = (ASCII if escaped else UTF_8).encode
    texts = ["" if one is None else encode(one) for one in (body.get("observed"), facts)]
    values = [
        event["index"],
        event["id"],
        *(body[name] for name in COLUMNS[2:7]),
        *ends,
        body["transport"],
        clock.get("source", ""),
        clock.get("offset_us", ""),
        body.get("raw_sha256", ""),
        body.get("answer", ""),
        *texts,
    ]
    cells = list(map(str, values))
    if not "".join(cells).isprintable():
        return [cell(text) for text in cells]
    return ["'" + text if text.startswith(FORMULA) else text for text in cells]


def table_row(cells: Iterable[str]) -> bytes:
    """A line of a table (RFC 4180), every cell quoted."""
    return ('"' + '","'.join([text.replace('"', '""') for text in cells]) + '"\r\n').encode("utf-8")


KNOWN = "data/case/known.csv"
KNOWN_COLUMNS = ("canary", "at", "index", "act", "by", "words")
REPORTERS = {"sensor": "an application reported", "provider_log": "a log recorded"}
"""How a hit says that it is the word of the operator's own application, or of a log; what the table calls that."""
KNOWN_ACTS = {
    "minted": "minted",
    "amended": "amended",
    "copied": "copy issued",
    "delivered": "copy delivered",
    "withdrawn": "copy withdrawn",
    "planted": "planted",
    "unplanted": "taken back",
    "revealed": "revealed",
    "exported": "exported",
}
"""Kinds of entries that tell who had a canary in hand, and what the table calls that."""
BAITLESS_EXPORTS = ("rdap",)
"""Exports that tell nobody of a canary: a registry is asked whose a network is."""
KNOWN_LONGEST = 300
"""Characters of what an entry says in its own words."""
KnownRow = Tuple[str, str, int, str, str, str]  # noqa: UP006
"""In the order of `KNOWN_COLUMNS`: a canary, when, the entry, what was done, by whom, particulars."""


def known_rows(
    recipients: dict[str, str], hits: dict[str, str], entries: Iterable[tuple[int, dict[str, Any]]]
) -> list[KnownRow]:
    """Who had each canary of the case in hand, as entries and records say: sorted by canary, then as in the log.

    ``recipients``: of each canary, from its record; ``hits``: id of a hit to its canary.
    """
    rows, copies = [], {}
    for index, entry in entries:
        kind, body = entry["entry"], entry["body"]
        if kind == "copied":
            copies[str(body.get("copy"))] = copied_canaries(body)
        for canary in sorted(known_canaries(entry, recipients, hits, copies)):
            if canary not in recipients:
                continue
            at = str(body["observed_at"] if kind == "hit" else entry["at"])
            who, words = (said[:KNOWN_LONGEST] for said in known_words(entry))
            rows.append((canary, at, index, known_act(entry), who, words))
            if kind == "minted" and recipients[canary]:
                rows.append((canary, at, index, "made for", who, recipients[canary][:KNOWN_LONGEST]))
    return sorted(rows, key=lambda row: (row[0], row[2]))


def known_act(entry: dict[str, Any]) -> str:
    kind, body = entry["entry"], entry["body"]
    if kind == "hit":
        return REPORTERS[body["via"]["how"]]
    if kind == "exported" and body.get("what") == "handover":
        return "handed over"
    if kind == "revealed" and body.get("hit"):
        return "request shown"
    return KNOWN_ACTS[kind]


def copied_canaries(body: dict[str, Any]) -> set[str]:
    """Canaries that are in this copy alone, or in it and one other."""
    return {*body.get("private", ()), *(pair[0] for pair in body.get("pairs", ()))}


def known_canaries(
    entry: dict[str, Any], case: Iterable[str], hits: dict[str, str], copies: dict[str, set[str]]
) -> set[str]:
    """Which canaries an entry tells of. An export that does not say which it had counts for all of the case."""
    kind, body = entry["entry"], entry["body"]
    if kind == "minted":
        return {name for name, _ in body["canaries"]}
    if kind in ("copied", "delivered", "withdrawn"):
        return copies.get(str(body.get("copy")), set())
    if kind == "exported" and body.get("what") in BAITLESS_EXPORTS:
        return set()
    if kind == "exported":
        return set(body.get("canaries", [body["canary"]] if body.get("canary") else case))
    return {str(body["canary"]) if body.get("canary") else hits.get(str(body.get("hit")), "")}


def known_words(entry: dict[str, Any]) -> tuple[str, str]:
    """(by whom, particulars), as they stand in the entry; by whom an application or a log is, by its name."""
    kind, body, by = entry["entry"], entry["body"], str(entry.get("by", "held back"))
    changed = body.get("changed") or {}
    said: list[tuple[str, Any]] = []
    if kind == "hit":
        by = ", ".join(map(str, body["via"].get("chain") or ()))
        client = (body["via"].get("client") or [""])[0]
        said = [("", (body.get("observed") or {}).get("request")), ("from", client)]
    elif kind == "amended":
        said = [(name, changed.get(name)) for name in ("recipient", "owner")]
    elif kind in ("copied", "delivered", "withdrawn"):
        said = [
            ("to" if kind != "withdrawn" else "of", body.get("recipient")),
            ("edition", body.get("edition")),
        ]
    elif kind == "exported":
        said = [
            ("", body.get("what")),
            ("for", body.get("for")),
            ("to", body.get("to") or body.get("recipient")),
        ]
        said.append(("", "" if "canaries" in body or body.get("canary") else "which canaries is not stated"))
    elif kind != "minted":
        said = [("", body.get("target") or body.get("reason"))]
    return by, "; ".join(" ".join(filter(None, (word, str(value)))) for word, value in said if value)


def check_known(bundle: Bundle, entries: Disclosed) -> int:
    """Step 8: the table of who could have known is what follows from the entries; how many rows, -1 without one."""
    if KNOWN not in bundle.members:
        return -1
    names = sorted(name for name in bundle.members if name.startswith("data/bait/"))
    recipients = {
        PurePosixPath(name).stem: str(json.loads(bundle.text(name)).get("recipient") or "") for name in names
    }
    asked = {str(entry["body"].get("hit")) for _, entry in entries.of("revealed")}
    hits = {hit: canary for hit, canary, _ in entries.hits.values() if hit in asked}
    told = [*entries.of(*KNOWN_ACTS), *((index, entries[index]) for index in entries.reported)]
    rows = known_rows(recipients, hits, sorted(told, key=lambda one: one[0]))
    pieces = [table_row(KNOWN_COLUMNS), *(table_row(map(steady_cell, row)) for row in rows)]
    need(same(pieces, bundle.chunks(KNOWN)), "known.csv is not what the entries say")
    return len(rows)


def unlisted_acts(bundle: Bundle, withheld: dict[int, str]) -> Counter[str]:
    """Acts of the case that are held back as a whole, by kind: that table lacks them."""
    found: Counter[str] = Counter()
    for index, about, _ in headers(bundle):
        if withheld.get(index) == "held-back" and about[0] in KNOWN_ACTS:
            found[about[0]] += 1
    return found


HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: object) -> str:
    text = str(value)
    guard = "'" if text.startswith(FORMULA) else ""
    if not text.isprintable():  # of what is hidden nothing is printable
        text = "".join(escape(c) if unicodedata.category(c) in HIDDEN else c for c in text)
    return guard + text


UNICODE_3_2 = unicodedata.ucd_3_2_0
"""The same in every Python; of what later versions of Unicode assign, one Python knows more than another."""


def steady_cell(value: object) -> str:
    """As `cell`, but the same in every Python that checks it: characters newer than Unicode 3.2 are spelled out."""
    text = cell(value)
    return text if text.isascii() else "".join(escape(c) if newer(c) else c for c in text)


def newer(char: str) -> bool:
    return UNICODE_3_2.category(char) in HIDDEN


def escape(char: str) -> str:
    point = ord(char)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def counted(count: int, text: str) -> str:
    """So many of something: ``text`` has ``entr{y}``, ``hit{s}`` and ``{are}`` where their number shows."""
    ends = ("y", "", "is") if count == 1 else ("ies", "s", "are")
    return f"{count} {text.format(**dict(zip(('y', 's', 'are'), ends)))}"  # noqa: B905  Python 3.8 runs this file


def plain(text: str) -> str:
    """Text that may be anybody's, for a terminal: what is not printable ASCII is spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in text)


COMPACT = re.compile(
    r"(?<![^\s(\"'])([^\s+\"']+)\s+(0|[1-9][0-9]{0,18})\s+((?:[A-Za-z0-9+/]\s*){43}=)\s+((?:[A-Za-z0-9+/]\s*){91}=)"
)
"""A checkpoint as alerts carry it: origin, size, root, signature; mail may have broken the line anywhere."""


def mended(content: bytes, path: str) -> str:
    """A checkpoint as mail programs hand it back: quoted, with other line ends, with blank lines around it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    lines = [re.sub(r"^(> ?)+", "", line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    lines = [
        re.sub("^(\u2013|-{1,2}|\u00e2\u20ac\u201d) (?=[^ ]+ [A-Za-z0-9+/=]+$)", "\u2014 ", line)
        for line in lines
    ]
    body = "\n".join(lines).strip("\n")
    found = COMPACT.search(body)
    if "\n\u2014 " not in body and found:  # the one line of an alert
        origin_, size, root, signature = ("".join(part.split()) for part in found.groups())
        return f"{origin_}\n{size}\n{root}\n\n\u2014 {origin_} {signature}\n"
    need("\u2014 " in body, f"{plain(str(path))} cannot be read as a checkpoint: it has no signature line")
    head, _, tail = body.partition("\n\u2014 ")
    return head.rstrip("\n") + "\n\n\u2014 " + re.sub("\n+", "\n", tail) + "\n"


class Bundle:
    """The files of a dossier, in a zip or a folder, under their names without the one folder they are all in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip: zipfile.ZipFile | None = None
        self.scratch: IO[bytes] | None = None
        self.members: dict[str, Any] = {}
        self.litter: list[str] = []
        self.root = ""
        """The one folder of a zip."""
        self.sums: dict[str, str] = {}
        self.file: IO[bytes] | None = None
        self.starts: dict[str, int] = {}
        self.helpers: list[Helper] = []
        self.hashing: Iterator[dict[str, str]] = iter(())
        self.foreseen: Iterator[Any] = iter(())
        """Of the inclusion proofs whether they are right, and the hashes of the lines of both files of events."""
        self.lines_of: dict[str, bytes] = {}
        need(path.is_file() or path.is_dir(), "this is neither a file nor a folder")  # a pipe would never end
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
        for helper in self.helpers:
            helper.stop()
        for file in (self.zip, self.scratch, self.file):
            if file:
                file.close()

    def _archive(self) -> None:
        try:
            self.zip = zipfile.ZipFile(str(self.path))
            infos = self.zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise Rejected(f"this is no readable zip file: {plain(str(error))}") from None
        need(infos, "the zip is empty")
        anew = "this zip was packed anew by another program: unpack it and verify the folder"
        need(not any(info.filename.endswith("/") for info in infos), anew)
        unpacked, size = sum(info.file_size for info in infos), self.path.stat().st_size
        need(
            unpacked <= max(SMALL, RATIO * size),
            f"it would unpack to {unpacked} bytes, more than any dossier of its size",
        )
        self.file = open(str(self.path), "rb")  # noqa: PTH123, SIM115  closed with the bundle
        self.starts = one_reading(self.file, infos)
        roots_ = {info.filename.split("/")[0] for info in infos}
        need(len(roots_) == 1, "the files of the zip are not in one folder")
        self.root = roots_.pop()
        need(
            re.fullmatch(r"dossier-(incident|canary)-[0-9a-f]+", self.root),
            f"the folder has a misleading name: {self.root!a}",
        )
        for info in infos:
            name = info.filename.split("/", 1)[-1]
            need(info.filename.count("/"), f"{info.filename!a} is beside the folder")
            kind = info.external_attr >> 28  # the file type of st_mode: 8 a plain file, 0 unsaid, 10 a link
            dos = info.external_attr & 0x5F  # of MS-DOS: all but 0x20, which says that there is a file
            need(kind in (0, 8) and not dos, f"{info.filename!a} would not be unpacked as a plain file")
            need(name not in self.members, f"the zip holds two files called {name!a}")
            need(NAMES.fullmatch(name), f"a dossier has no file called {name!a}")
            self.members[name] = info

    def _folder(self, folder: Path) -> None:
        for root, folders, files in os.walk(str(folder)):
            for name in folders + files:
                need(not Path(root, name).is_symlink(), f"the folder holds a link: {name!a}")
            for name in files:
                full = Path(root, name)
                short = full.relative_to(folder).as_posix()
                need(full.is_file(), f"the folder holds something that is no file: {name!a}")
                if LITTER.fullmatch(short):
                    self.litter.append(short)
                    continue
                need(
                    NAMES.fullmatch(short),
                    f"{short!a} is no file of a dossier: it was added (put files of your own elsewhere)",
                )
                self.members[short] = full

    def about(self) -> dict[str, str]:
        """bag-info.txt, each of whose lines is one field that stands once."""
        lines = self.text("bag-info.txt").split("\n")
        found = dict(line.split(": ", 1) for line in lines if ": " in line)
        need(
            len(found) == len(lines) - 1 and not lines[-1],
            "bag-info.txt says one thing twice, or is malformed",
        )
        return found

    def size(self, name: str) -> int:
        """Bytes of a file that is there."""
        member = self.members[name]
        size: int = member.file_size if self.zip else member.stat().st_size
        return size

    def chunks(self, name: str) -> Iterator[bytes]:
        need(name in self.members, f"{name!a} is missing")
        member = self.members[name]
        try:
            if self.file:
                yield from unpacked(self.file, self.starts[member.filename], member)
                return
            with open(str(member), "rb") as file:  # noqa: PTH123
                while chunk := file.read(1 << 20):
                    yield chunk
        except (zlib.error, OSError) as error:
            raise Rejected(f"{name!a} cannot be read: {plain(str(error))}") from error

    def read(self, name: str) -> bytes:
        content = bytearray()
        for chunk in self.chunks(name):
            content += chunk
            need(len(content) <= LONGEST, f"{name!a} is too long")
        return bytes(content)

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

    def line_hashes(self, name: str) -> Iterator[bytes]:
        """The SHA-256 of each line with its newline; the last one must have one."""
        known = self.lines_of.get(name)
        if known is not None:
            return (known[at : at + 32] for at in range(0, len(known), 32))
        return (hashed(line + b"\n") for line in self.lines(name))

    def ahead(self, tasks: Sequence[Callable[[], Any]], size: int, work: Path) -> Iterator[Any]:
        """The tasks' results in order. Of much work other processes do each their share, ahead of when it is asked for.

        What fails there is done again here, when its turn comes: so verdict, reason and order are the same.
        """
        count = min(processors(), len(tasks)) if size >= MANY else 1
        helpers = [Helper(tasks[at::count], work) for at in range(count if count > 1 else 0)]
        self.helpers += helpers
        return (helpers[at % count].result(task) if helpers else task() for at, task in enumerate(tasks))

    def hash_ahead(self, work: Path) -> None:
        """Have the SHA-256 of every file made."""
        names = sorted(
            self.members, key=lambda name: self.starts.get(getattr(self.members[name], "filename", ""), 0)
        )
        parts = [names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE)]
        if len(names) >= MANY:
            tasks = [partial(self.sums_of, part) for part in parts]
            self.hashing = self.ahead(tasks, len(names), work)

    def sums_of(self, names: list[str]) -> dict[str, str]:
        """The SHA-256 of those of these files that can be read."""
        found = {}
        for name in names:
            try:
                found[name] = self.sha256(name)
            except Rejected:  # it will be, when it is asked for
                continue
        return found

    def sha256(self, name: str) -> str:
        if name not in self.sums:
            state = hashlib.sha256()
            for chunk in self.chunks(name):
                state.update(chunk)
            self.sums[name] = state.hexdigest()
        return self.sums[name]


class Helper:
    """A forked process that does some tasks, in order; their results come through a file, their lengths by a pipe."""

    def __init__(self, tasks: Sequence[Callable[[], Any]], work: Path) -> None:
        self.file = tempfile.TemporaryFile(dir=str(work))  # noqa: SIM115  closed in `stop`
        self.at, (self.pipe, theirs) = 0, os.pipe()
        with warnings.catch_warnings():  # of threads: there are none, see `processors`
            warnings.simplefilter("ignore")
            self.process = os.fork()
        if not self.process:
            try:
                gc.disable()  # a collector that looks at everything would have all of it copied
                for task in tasks:
                    content = marshal.dumps(task())
                    self.file.write(content)
                    self.file.flush()
                    os.write(theirs, struct.pack(">Q", len(content)))
            except BaseException:  # noqa: BLE001, S110  the task is done again by whoever asks for it
                pass
            finally:
                os._exit(0)
        os.close(theirs)

    def result(self, task: Callable[[], Any]) -> Any:
        """Of the next task."""
        head = os.read(self.pipe, 8)
        if len(head) < 8:
            return task()
        (length,) = struct.unpack(">Q", head)
        self.at += length
        return marshal.loads(read_at(self.file, self.at - length, length))  # noqa: S302  our own process wrote it

    def stop(self) -> None:
        os.close(self.pipe)
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        self.file.close()


def processors() -> int:
    """How many processes may work at once: one where a process cannot be forked safely."""
    if not (hasattr(os, "fork") and hasattr(os, "pread")) or threading.active_count() > 1:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(8, len(os.sched_getaffinity(0)))
    return min(8, os.cpu_count() or 1)


def read_at(file: IO[bytes], place: int, size: int) -> bytes:
    """Bytes of a file, fewer only at its end. Forked processes share one position, so none is moved where that goes."""
    if not hasattr(os, "pread"):
        file.seek(place)
        return file.read(size)
    found = b""
    while len(found) < size:
        more = os.pread(file.fileno(), size - len(found), place + len(found))
        if not more:
            break
        found = found + more if found else more
    return found


def unpacked(file: IO[bytes], place: int, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of one member of the zip, in pieces of at most a megabyte; what `one_reading` has seen is read."""
    left, size, crc = info.compress_size, 0, 0
    state = zlib.decompressobj(-15)
    packed = b""
    while True:
        if not packed and left:
            packed = read_at(file, place, min(left, 1 << 20))
            need(packed, f"{info.filename!a} is cut short")
            place, left = place + len(packed), left - len(packed)
        chunk, packed = packed, b""
        if info.compress_type:
            chunk = state.decompress(chunk, 1 << 20)
            packed = state.unconsumed_tail
        if not chunk and not left and not packed:
            break
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        need(size <= info.file_size, f"{info.filename!a} is longer than the zip says")
        yield chunk
    whole = not info.compress_type or (state.eof and not state.unused_data)
    need(
        whole and (size, crc) == (info.file_size, info.CRC), f"{info.filename!a} was changed, or is cut short"
    )


def one_reading(file: IO[bytes], infos: list[zipfile.ZipInfo]) -> dict[str, int]:
    """Step 1: a program that reads from the front and one that reads from the back see the same files.

    The first member begins at byte 0, each follows the one before it without a gap, both its headers agree, the
    directory follows the last, and the file ends with it (APPNOTE.TXT, 4.3.6). Where the content of each begins.
    """
    twofold = "programs may read this zip in different ways"
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 22 - 20 - 56))
    tail = file.read()
    end = tail[-22:]
    need(
        len(end) == 22 and end[:4] == b"PK\5\6" and end[20:] == b"\0\0",
        f"{twofold}: something follows its end",
    )
    short = struct.unpack("<HHHHLL", end[4:20])
    disk, first, here, count, length, start = short
    after = size - 22
    if tail[-42:-38] == b"PK\6\7":  # what both records say is the same, or left to the longer one
        after = size - 22 - 20 - 56
        good = tail[:12] == b"PK\6\6" + struct.pack("<Q", 44) and len(tail) == 98
        good = good and struct.unpack("<LQL", tail[60:76]) == (0, after, 1)
        need(good, f"{twofold}: its end is malformed")
        disk, first, here, count, length, start = long = struct.unpack("<LLQQQQ", tail[16:56])
        agree = all(one in (other, most) for one, other, most in zip(short, long, FULL))  # noqa: B905  Python 3.8 runs this file
        need(agree, f"{twofold}: it has two ends")
    need(start + length == after, f"{twofold}: its directory is not where it should be")
    known = (disk, first, here, count) == (0, 0, len(infos), len(infos))
    need(known, f"{twofold}: its end says another number of files")
    place, starts = 0, {}
    for info in sorted(infos, key=lambda info: info.header_offset):
        need(info.header_offset == place, f"{twofold}: there is something in front of {info.filename!a}")
        file.seek(place)
        head = file.read(30)
        need(len(head) == 30 and head[:4] == b"PK\3\4", f"{twofold}: {info.filename!a} has no header")
        _, _, flags, method, _, _, crc, packed, unpacked, name, extra = struct.unpack("<4sHHHHHLLLHH", head)
        raw, more = file.read(name), file.read(extra)
        if packed == unpacked == 0xFFFFFFFF and more[:4] == b"\1\0\x10\0" and len(more) == 20:
            unpacked, packed = struct.unpack("<QQ", more[4:20])
            more = b""
        sizes = b"\1\0" + struct.pack("<H", max(0, len(info.extra) - 4))  # of one beyond 4 GiB
        beside = more or info.comment or info.extra[:4] not in (b"", sizes)
        need(not beside, f"{twofold}: something else stands beside the name of {info.filename!a}")
        same = (flags, method, crc, packed, unpacked) == (
            info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size,
        )  # fmt: skip
        need(
            same and raw == info.orig_filename.encode("utf-8"),
            f"{twofold}: {info.filename!a} has two headers",
        )
        need(flags & ~0x800 == 0 and method in (0, 8), f"{info.filename!a} is packed in an unusual way")
        starts[info.filename] = place + 30 + name + extra
        place = starts[info.filename] + packed
    need(place == start, f"{twofold}: there is something in front of its directory")
    return starts


FULL = (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
"""What a field of the short record at the end says where the longer one has its value (APPNOTE.TXT, 4.4.1.4)."""
STAMPS = re.compile(r"(?:seal/tagmanifest|data/log/stamps/([0-9]+))\.([a-z0-9-]+)\.tsr")
StampLine = Tuple[int, str, int, bool]  # noqa: UP006
"""Entries stamped, 0 for the list of files; authority; seconds since 1970; whether its certificate was brought."""
TIME = re.compile(r"Time stamp: (\w{3}) +(\d+) ([\d:]{8})(?:\.\d+)? (\d{4}) GMT")


def check_stamps(bundle: Bundle, roots: bytes, work: Path) -> list[StampLine]:
    """Step 5: time stamps (RFC 3161) of checkpoints and of the list of files, judged as of their own time.

    Whether a certificate was revoked is not looked up.
    """
    found: list[StampLine] = []
    for name, match in sorted((name, STAMPS.fullmatch(name)) for name in bundle.members):
        if not match:
            continue
        size, authority = match.group(1), match.group(2)
        note = f"data/log/checkpoints/{size}.note"
        need(not size or note in bundle.members, f"{name} is a stamp of a checkpoint that is not here")
        (work / "tsr").write_bytes(bundle.read(name))
        (work / "stamped").write_bytes(bundle.read(note if size else TAGS))
        _, said = openssl("ts", "-reply", "-in", str(work / "tsr"), "-text")
        told = TIME.search(said.rpartition("TST info:")[2])  # before that stand words that nobody signed
        need(told, f"{name} is no time stamp")
        at = calendar.timegm(time.strptime(" ".join(told.groups()) if told else "", "%b %d %H:%M:%S %Y"))
        source = ["-data", str(work / "stamped"), "-in", str(work / "tsr"), "-attime", str(at)]
        own = f"verify/tsa-{authority}.pem"
        inside = bundle.read(own) if own in bundle.members else b""
        by = [pem for pem in (roots, inside) if pem and stamp_holds(source, pem, work)]
        need(by, f"{name} is no time stamp of what it is beside, or its certificate is missing")
        found.append((int(size or 0), authority, at, bool(roots) and by[0] == roots))
    return found


def stamp_holds(source: list[str], pem: bytes, work: Path) -> bool:
    """Whether openssl says that a time stamp is by whom these certificates name."""
    (work / "tsa").write_bytes(pem)
    return openssl("ts", "-verify", *source, "-CAfile", str(work / "tsa"), "-untrusted", str(work / "tsa"))[0]


def untimely(entries: Disclosed, bundle: Bundle, stamps: list[StampLine]) -> list[str]:
    """Entries whose own time is more than five minutes off what the stamps say, each kind of it a sentence."""
    digests = {bundle.sha256(name) for name in bundle.members if name.startswith("data/log/stamps/")}
    places = [(i, e["body"]) for i, e in entries.of("stamped")]
    after = [(i, minutes_off(body["at"][:19], -5)) for i, body in places if body["sha256"] in digests]
    before = [(size, minutes_off(moment(at)[:19], 5)) for size, _, at, _ in stamps]
    late, early, found = [], [], []
    for index in entries.indices() if before or after else ():
        at = entries.times[index]
        if any(index < size and at > int(second(bound)) for size, bound in before):
            late.append(index)
        if any(index > place and at < int(second(bound)) for place, bound in after):
            early.append(index)
    if late:
        found.append(
            f"a time later than its own time stamp stands in {counted(len(late), 'entr{y}')}, the first at {min(late)}"
        )
    if early:
        found.append(
            f"a time long before the stamp in front of it stands in {counted(len(early), 'entr{y}')}, "
            f"the first at {min(early)}"
        )
    return found


def disorder(entries: Disclosed) -> list[str]:
    """Where the times at which entries say they were written contradict their order by more than ten minutes."""
    latest, bound, before = 0, 0, []
    for index in entries.indices():
        at = entries.times[index]
        if at > latest:
            latest = at
            text = str(at).rjust(14, "0")
            day = "-".join((text[:4], text[4:6], text[6:8]))
            bound = int(second(minutes_off(f"{day}T{text[8:10]}:{text[10:12]}:{text[12:]}", -10)))
        elif at < bound:
            before.append(index)
    where = f"{counted(len(before), 'entr{y}')}, the first at {before[0]}" if before else ""
    return [f"a time long before those in front of it stands in {where}"] if before else []


def moment(seconds: int) -> str:
    """RFC 3339, UTC, as entries write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(seconds))


UTC = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}\.[0-9]{6}Z"
).fullmatch
"""As RFC 3339 has a time, in UTC with microseconds: in another zone it is another moment."""


def second(text: str) -> str:
    """A time (RFC 3339) to its second, in digits: in their order times are."""
    return text[:19].translate(DASHES)


DASHES = {ord(char): None for char in "-:T"}


def minutes_off(text: str, minutes: int) -> str:
    return moment(calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S")) + 60 * minutes)


def openssl(*arguments: str) -> tuple[bool, str]:
    """Whether openssl says yes, and what it said, as plain text."""
    program = shutil.which("openssl") or ""
    need(program, "the openssl program is not here: install it, then verify again")
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0, plain(done.stdout.decode("utf-8", "replace").replace("\n", " "))


def check_zip(path: Path, expected: str) -> str:
    """The zip as a whole: against the hash in the cover letter, and against the .sha256 file beside it."""
    actual = hashlib.sha256()
    with open(str(path), "rb") as file:  # noqa: PTH123
        for chunk in iter(lambda: file.read(1 << 20), b""):
            actual.update(chunk)
    if expected.strip():
        need(actual.hexdigest() == expected.strip().lower(), "the zip's SHA-256 is not the one you gave")
    sidecar = Path(str(path) + ".sha256")
    if sidecar.is_file():
        said = sidecar.read_text("utf-8", "replace").split("  ")[0]
        need(actual.hexdigest() == said, f"the zip's SHA-256 is not the one in {sidecar.name!a}")
    return actual.hexdigest()


def read_vkey(text: str) -> Vkey:
    """(name, key id, 32 bytes) of a C2SP verifier key."""
    try:
        name, key_id, public = text.strip().split("+", 2)
        data = base64.b64decode(public, validate=True)
    except ValueError:
        raise Rejected(
            "the log's key is neither a file that is there nor of the form NAME+ID+BASE64"
        ) from None
    good = len(data) == 33 and data[0] == 1 and hashed(name.encode() + b"\n" + data)[:4].hex() == key_id
    need(good, "the log's key does not match its own id, or is no Ed25519 key")
    return name, bytes.fromhex(key_id), data[1:]


def vkey_text(key: Vkey) -> str:
    """The whole key, as a letter states it: its id alone has 32 bits, and anybody finds a key that has the same."""
    return f"{key[0]}+{key[1].hex()}+{base64.b64encode(bytes([1]) + key[2]).decode()}"


def check_copies(bundle: Bundle, key: Vkey, certificate: bytes) -> None:
    """Step 3: the copies of both keys are the keys that it was checked with: people keep them for next time."""
    need(read_vkey(bundle.text(VKEY)) == key, f"{VKEY} in the bundle is not the log key that you brought")
    same_ = fingerprint(bundle.read(CERTIFICATE)) == fingerprint(certificate)
    need(same_, f"{CERTIFICATE} in the bundle is not the certificate that you brought")


def der_of(certificate: bytes) -> bytes:
    """The one certificate of a PEM file, as DER: of two, one could be shown and the other have signed."""
    found = re.findall(
        rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----", certificate
    )
    need(found, "the certificate is not a PEM file")
    alone = len(found) == certificate.count(b"-----BEGIN") == 1
    need(
        alone,
        "the certificate's file holds more than one certificate: nobody can tell which of them is meant",
    )
    return base64.b64decode(found[0])


def pem_of(certificate: bytes) -> bytes:
    """The same certificate and nothing else, for openssl."""
    text = base64.encodebytes(der_of(certificate))
    return b"-----BEGIN CERTIFICATE-----\n" + text + b"-----END CERTIFICATE-----\n"


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of the certificate (DER): what a letter can state."""
    return hashlib.sha256(der_of(certificate)).hexdigest()


def paths_of(leaves: list[bytes]) -> Callable[[int], List[str]]:  # noqa: UP006
    """What gives the inclusion path of a leaf (RFC 9162, 2.1.3.1), in hexadecimal, each node hashed once."""
    levels, level = [], leaves
    while len(level) > 1:
        levels.append(b"".join(level).hex())
        above = [node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = above + level[len(above) * 2 :]  # an odd one goes up as it is

    last, shared = -1, [""]

    def steps(index: int, lowest: int, highest: int) -> list[str]:
        found = []
        for level in range(lowest, min(highest, len(levels))):
            at = 64 * ((index >> level) ^ 1)
            found += [levels[level][at : at + 64]] if at < len(levels[level]) else []
        return found

    def path(index: int) -> list[str]:
        nonlocal last, shared
        if index >> 5 != last:  # neighbours share all but the lowest steps
            last, shared = index >> 5, steps(index, 5, len(levels))
        return steps(index, 0, 5) + shared

    return path


def check_proofs(bundle: Bundle, leaves: list[bytes], entries: Disclosed, share: int) -> bool:
    """The inclusion proofs, for readers who will be shown single entries only, are those of the log's tree.

    ``share``: of every `SHARES` lines the one with this number is looked at; nothing is left out by all of them.
    """
    disclosed, path = entries.indices(), paths_of(leaves)
    for number, line in enumerate(bundle.lines(PROOFS)):
        index = next(disclosed, -1)
        if number % SHARES != share:
            continue
        steps = path(max(index, 0))
        good = line == f'{{"index":{index},"path":[{",".join(map(QUOTED, steps))}]}}'.encode("ascii")
        good = good or line == json.dumps({"index": index, "path": steps}).encode("ascii")
        need(good, f"the inclusion proof of entry {index} is wrong")
    need(next(disclosed, None) is None, "the inclusion proofs are not those of the disclosed entries")
    return True


SHARES = 2
QUOTED = '"{}"'.format


def check_bait(bundle: Bundle, entries: Disclosed, erased: Entries) -> int:
    """Step 7: each bait record's SHA-256 stands in a disclosed *minted* entry; each hit's canary has its record."""
    minted: dict[str, str] = {}
    for _, entry in entries.of("minted"):
        minted.update((name, digest) for name, digest in entry["body"]["canaries"])
    names = [name for name in bundle.members if name.startswith("data/bait/")]
    for name in names:
        canary = PurePosixPath(name).stem
        need(minted.get(canary) == bundle.sha256(name), f"{name} is not the record that was minted")
    gone = {name for entry in erased.values() for name in entry["body"].get("canaries", ())}
    if reader_of(bundle) in BAITLESS:
        need(not names, "this version of the dossier shows no bait, and here is some")
        return 0
    for canary in sorted({canary for _, canary, _ in entries.hits.values()}):
        if canary not in gone:
            need(f"data/bait/{canary}.json" in bundle.members, f"the record of canary {canary!a} is missing")
    return len(names)


def check_raw(bundle: Bundle, entries: Disclosed, erased: Entries) -> int:
    """Step 7: the raw requests are those whose SHA-256 the hits hold; a missing one was erased, by an entry."""
    lines = [line.decode().partition("\t") for line in bundle.lines("data/raw/missing.tsv")]
    missing = {name for name, _, reason in lines if reason == "erased"}
    need(len(missing) == len(lines), "missing.tsv says more than which hits' requests were erased")
    held = {hit_id for hit_id, _, raw in entries.hits.values() if not raw}
    gone = {name for entry in erased.values() for name in entry["body"].get("entries", ())}
    need(missing <= gone, "a raw request is called erased, and no *erased* entry says so")
    wanted = set()
    for hit_id, _, raw in entries.hits.values():
        name = f"data/raw/{raw}.bin"
        need(
            name in bundle.members or hit_id in missing | held, f"the raw request of hit {hit_id} is missing"
        )
        wanted.add(name)
    names = {name for name in bundle.members if name.startswith("data/raw/") and name.endswith(".bin")}
    for name in names:
        need(name in wanted, f"{name} belongs to no disclosed hit")
        need(bundle.sha256(name) == name[-68:-4], f"{name} is not what its name says")
        size = entries.kept.get(name[-68:-4], -1)
        need(size in (-1, bundle.size(name)), f"{name} is not as long as its hit says")
    return len(names)


class Doubts:
    """What is possible, but asks for an explanation: each a sentence. Sees hits and others in the order of the log."""

    def __init__(self) -> None:
        self.odds: dict[tuple[str, str], list[int]] = {}
        """Places of the entries of one noun of which one thing is odd: of thousands a reader sees one line."""
        self.restored: list[str] = []
        """Where the log went on after a database was put back."""
        self.minted: dict[str, tuple[str, str]] = {}
        """Of each canary: when, and of which kind."""
        self.peers: dict[tuple[str, int], str] = {}
        self.numbers: dict[tuple[str, int], tuple[int, str, str]] = {}
        self.held: dict[str, str] = {}
        self.addresses: set[object] = set()
        """Those that were looked at."""

    def odd(self, noun: str, index: int, what: str) -> None:
        """Of the entry there, which is called ``noun``, something is odd: ``what``, beginning with a verb."""
        self.odds.setdefault((noun, what), []).append(index)

    def found(self) -> Iterator[str]:
        """A sentence for each sort of odd thing."""
        yield from self.restored
        for (noun, what), places in self.odds.items():
            if len(places) == 1:
                yield f"the {noun} at {places[0]} {what}"
            else:
                yield f"each of {len(places)} entries of one kind ({noun}), the first at {places[0]}, {what}"

    def see(self, index: int, entry: dict[str, Any]) -> None:
        kind, body = entry["entry"], entry["body"]
        alert = kind in ("alerted", "alert-failed") and body.get("incident")  # a trial of an alert is of none
        if (alert or kind == "stamped") and entry.get("by") not in PROGRAM:
            self.by_program(kind, index)
        if kind == "minted":
            for name, _ in body["canaries"]:
                if name in self.minted:
                    self.odd("minted entry", index, "names a canary that an entry before it minted")
                self.minted.setdefault(name, (entry["at"], body.get("kind", "")))
        elif kind in ("held", "erased"):
            self.hold(index, entry)
        elif kind == "alerted" and body.get("hits", 0) > index:
            self.odd("alerted entry", index, f"tells of {body['hits']} hits, which the log did not have")
        elif kind == "exported" and len(set(body.get("canaries", ()))) < len(body.get("canaries", ())):
            self.odd("exported entry", index, "names one canary twice")
        elif kind == "restored":
            gone = f"{body['size']} to {body['known']['size'] - 1}" if body["known"] else "of unknown number"
            self.restored.append(
                f"the log went on at {index} after a restore, entries {gone} of before are lost"
            )

    def by_program(self, noun: str, index: int) -> None:
        self.odd(
            f"{noun} entry", index, "names a person as its author, and only the program writes such a one"
        )

    def hold(self, index: int, entry: dict[str, Any]) -> None:
        """What was erased in spite of a legal hold."""
        body = entry["body"]
        named = [body[noun] for noun in ("incident", "canary") if body.get(noun)]
        if entry["entry"] == "erased":
            for one in named:
                if one in self.held.values():
                    self.odd("erased entry", index, f"is of {one!a}, which was under legal hold")
        elif body.get("act") == "placed" and named:
            self.held[entry["id"]] = named[0]
        elif body.get("act") == "released":
            self.held.pop(str(body.get("hold")), None)

    def is_place(self, text: str, port: Any) -> bool:
        """Whether it is an IP address with a port, or nothing where none was seen."""
        if type(port) is not int or not 0 <= port < 1 << 16:
            return False
        if text not in self.addresses and text:
            address, _, zone = text.partition("%")
            try:
                ipaddress.ip_address(address)
            except ValueError:
                return False
            if zone and not INTERFACE(zone):
                return False
            self.addresses.add(text)
        return True

    def hit(self, index: int, body: dict[str, Any], written: int) -> None:
        """``written``: when the entry says it was, in digits."""
        at, kind = self.minted.get(body["canary"], ("", ""))
        if not at:
            self.odd("hit", index, "names a canary that no entry before it minted")
        elif body["observed_at"] < at:
            self.odd("hit", index, "was observed before its canary was minted")
        if kind and body.get("kind", kind) != kind:
            self.odd("hit", index, "says another kind of canary than was minted")
        if not body["early"] and int(second(minutes_off(body["observed_at"][:19], -10))) > written:
            self.odd("hit", index, "was observed after it was written")
        if body["by"] not in PROGRAM:
            self.by_program("hit", index)
        front, sighting = sys.intern(body["front"]), body.get("sighting", "")
        peer = body["peer"]["ip"] if "peer" in body else ""
        for name in ("peer", "source", "local"):
            place = body.get(name)
            if place and not self.is_place(place.get("ip", ""), place.get("port", 0)):
                self.odd("hit", index, f"has a {name} that is no address and port")
        if not body["via"] and "peer" in body and body.get("source", body["peer"]) != body["peer"]:
            self.odd("hit", index, "comes from another address than its connection, and says of no proxy")
        if type(body["number"]) is not int or type(body["connection"]) is not int:
            self.odd("hit", index, "has a number that is none")
        elif min(body["number"], body["connection"]) < 0:
            self.odd("hit", index, "has a number below nought, and they are counted upwards")
        kept, size = body.get("raw_len", 0), body.get("raw_size", 0)
        if "raw_size" in body and (kept > size or body.get("raw_truncated", kept < size) != (kept < size)):
            self.odd("hit", index, "contradicts itself on how much of the request was kept")
        if self.peers.setdefault((front, body["connection"]), peer) != peer:
            self.odd("hit", index, "shares a connection with a hit of another address")
        # one request that names several canaries is a hit of each, with one number
        first, seen, canary = self.numbers.setdefault(
            (front, body["number"]), (index, sighting, body["canary"])
        )
        if first != index and (seen != sighting or canary == body["canary"]):
            self.odd("hit", index, f"has the number of the hit at {first}")


INTERFACE = re.compile(r"[A-Za-z0-9._-]{1,15}").fullmatch
"""What follows the percent sign of a link-local address (RFC 4007, 11): a name of Linux, in ASCII."""


def handover(entry: dict[str, Any]) -> str:
    """An entry on who gave which file to whom, as it was said by an operator: nobody else has seen it."""
    body = entry["body"]
    said = f"{body.get('file', '')!s:.200}", f"{body.get('sha256', '')!s:.64}"
    words = [f"{said[0]!a}, SHA-256 {said[1]!a}", f"at {body.get('when', entry['at'])!a}"]
    for name, word in (("from", "by"), ("to", "to"), ("how", "how:"), ("recipient", "encrypted to")):
        if body.get(name):
            words.append(f"{word} {str(body[name])[:200]!a}")
    return ", ".join(words)


def verify(
    path: Path,
    vkey: str = "",
    certificate: bytes = b"",
    checkpoints: Iterable[str] = (),
    sha256: str = "",
    say: Callable[[str], object] = print,
    roots: bytes = b"",
) -> bool:
    """Check the dossier at ``path``; True where both keys came from outside. Raises Rejected, OSError."""
    path.stat()  # OSError where there is nothing

    def tell(line: str) -> None:
        say(plain(line))

    try:
        with tempfile.TemporaryDirectory() as work, Bundle(path) as bundle:
            bundle.hash_ahead(Path(work))
            need(
                not sha256.strip() or not path.is_dir(),
                "a folder has no SHA-256: give the zip that it came from",
            )
            if not path.is_dir():
                tell(f"ok  the zip's SHA-256 is {check_zip(path, sha256)}")
            _steps(bundle, vkey, certificate, checkpoints, tell, Path(work), roots)
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        ArithmeticError,
        RecursionError,
        struct.error,
    ) as error:
        raise Rejected(f"a file is malformed: {type(error).__name__}") from error
    except Rejected as error:
        raise Rejected(plain(str(error))) from None
    if vkey and certificate:
        tell(
            "--  compare the log key, to its last letter, and the certificate's SHA-256 with the publisher's letter"
        )
        tell("VERIFIED with the keys you brought.")
        return True
    inside = " and ".join(
        name for name, given in (("log key", vkey), ("certificate", certificate)) if not given
    )
    tell(
        f"CONSISTENT, NOT VERIFIED: the {inside} came out of the bundle itself, and anybody can make such a bundle."
    )
    tell(
        "Who made it, and that it was not made anew today, shows only with keys from elsewhere: --vkey and --cert."
    )
    return False


def _steps(
    bundle: Bundle,
    vkey: str,
    certificate: bytes,
    checkpoints: Iterable[str],
    say: Callable[[str], object],
    work: Path,
    roots: bytes,
) -> None:
    if bundle.litter:
        say(f"--  passed over, left by a file manager: {', '.join(map(ascii, sorted(bundle.litter)))}")
    for sums in bundle.hashing:
        bundle.sums.update(sums)
    say(f"ok  all {check_files(bundle)} files are there, unchanged, and no other")
    shown, whose = certificate or bundle.read(CERTIFICATE), "you brought" if certificate else "in the bundle"
    check_signature(bundle, pem_of(shown), work)
    say(f"ok  the list of files is signed with the certificate {whose}, SHA-256 {fingerprint(shown)}")
    reader = reader_of(bundle)
    if reader != "counsel":
        say(f"--  this is the version for: {reader!a}")
    leaves, entries, withheld = read_log(bundle, work)
    reasons = list(withheld.values())
    hidden = "".join(f", {reasons.count(why)} withheld ({why})" for why in sorted(set(reasons)))
    say(f"ok  the log has {len(leaves)} entries: {len(entries)} disclosed{hidden}")
    text = vkey or bundle.text(VKEY)
    key = read_vkey(text)
    check_copies(bundle, key, shown)
    count, root = check_log(bundle, leaves, key, work)
    check_table(bundle)
    operators, signed, unsigned, unseen, forged = check_authors(entries, key[0], work)
    entries.forged = forged
    agreeing, newer, lost = check_brought(leaves, entries, key, checkpoints, work)
    say(
        f"ok  {counted(count + agreeing, 'checkpoint{s} signed by')} {key[0]!a} "
        f"{'agrees' if count + agreeing == 1 else 'agree'} with these entries; root {root.hex()}"
    )
    say(
        f"ok  they are signed with the log key {'you brought' if vkey else 'in the bundle'}, "
        f"{vkey_text(key)!a}"
    )
    if newer:
        say(
            f"--  {counted(newer, 'checkpoint{s} you brought {are} newer than this bundle')}: "
            "signed by the log, not comparable"
        )
    if lost:
        what = counted(lost, "checkpoint{s} you brought {are} of entries that were lost before a restore")
        say(f"!!  {what} (see below)")
    for _ in range(SHARES):
        next(bundle.foreseen)  # whether the inclusion proofs are right
    stamps = check_stamps(bundle, roots, work)
    for size, authority, at, brought in stamps:
        what = f"{size} entries of the log" if size else "the list of files"
        whose = "brought" if brought else "did not bring (--tsa): the one in the bundle was taken"
        say(f"ok  {what} existed at {moment(at)}, says {authority!a}, whose certificate you {whose}")
    if roots and not any(brought for _, _, _, brought in stamps):
        say("--  no time stamp here is by an authority whose certificates you brought")
    if operators:
        who = ", ".join(f"{name!a}" for name in sorted(operators))
        what = counted(signed, "statement{s} {are} signed by operators, whose keys the ledger has:")
        say(f"ok  {what} {who}")
    if unsigned:
        names = ", ".join(f"{name!a:.80}" for name in sorted(unsigned)[:9])
        say(
            f"--  {counted(sum(unsigned.values()), 'statement{s} of operators {are} unsigned')}, under the "
            f"name{'s' if len(unsigned) > 1 else ''} {names}{' and others' if len(unsigned) > 9 else ''}: "
            "anybody with a shell could have written that"
        )
    if unseen:
        say(f"--  {counted(unseen, 'statement{s} of operators {are} shown without the author')}: not checked")
    for index, reason in sorted(forged.items()):
        say(f"!!  entry {index} says it is by {entries[index]['by']!a}, and is not to be believed: {reason}")
    gone = {at: e for at, e in entries.of("erased") if at not in forged}
    there = {leaf.hex() for leaf in leaves} if gone else set()
    for at, entry in gone.items():
        if not there.issuperset(map(str, entry["body"].get("leaves", ()))):
            entries.doubts.odd("erased entry", at, "names entries that this log never had")
    check_shown(bundle, entries)
    nameless = sum("hidden" in entry for entry in gone.values())
    if nameless:
        say(
            f"!!  {counted(nameless, 'erasure{s} {are} shown without the author')}: "
            "who it was, and how many, is not checked"
        )
    noun, name = check_case(bundle, leaves, entries, withheld, gone)
    check_facts(entries, gone)
    stated = list(stated_hits(of_case(entries.believed("opened"), noun, name)))
    if stated:
        at, hits = stated[-1]
        had = f"all {counted(hits['count'], 'hit{s}')} that it had when it was last opened, entry {at} of the log"
        say(f"ok  the case is the {noun} {name!a}, with {had}")
    else:
        say(f"ok  the case is the {noun} {name!a}")
        say(
            "!!  no entry states how many hits the case had (release 0.1 did not): not checked that all are here"
        )
    count = check_headers(bundle, leaves, entries, withheld)
    if count:
        what = counted(count, "withheld entr{y} {are} shown by header")
        say(f"ok  {what}: what is called another matter's is of other cases")
    bare = reasons.count("other-matter") + reasons.count("no-header") + reasons.count("held-back") - count
    if bare > 0:
        what = counted(bare, "withheld entr{y} {are} of the first version, which has no headers")
        say(f"--  {what}: not checked what is in there")
    late = [index for index, reason in withheld.items() if reason == "no-header"]
    if late:
        say(
            f"!!  {counted(len(late), 'entr{y} {are}')} said to be of the first version after the second came in, "
            f"the first at {late[0]}"
        )
    for part, number in sorted(entries.held.items()):
        say(f"--  held back in {'1 entry: its' if number == 1 else f'{number} entries: their'} {part!a}")
    bundle.lines_of = dict(zip((EVENTS, TABLE), bundle.foreseen))  # noqa: B905  Python 3.8 runs this file
    events, raws, baits = (
        check_events(bundle, entries),
        check_raw(bundle, entries, gone),
        check_bait(bundle, entries, gone),
    )
    known = check_known(bundle, entries)
    found = counted(events, "event{s}"), counted(raws, "raw request{s}"), counted(baits, "bait record{s}")
    say(f"ok  {found[0]}, {found[1]} and {found[2]} are those the entries speak of")
    if known >= 0:
        say(f"ok  {counted(known, 'row{s} of known.csv')}, who could have known: what the entries say")
        for kind, number in sorted(unlisted_acts(bundle, withheld).items()):
            say(f"--  known.csv lacks {counted(number, 'act{s}')} ({kind}), withheld as held back")
    elif reader not in BAITLESS:
        say("--  there is no known.csv: who could have known is not stated")
    for index, entry in entries.of("exported"):
        if entry["body"].get("what") == "handover" and "file" in entry["body"]:
            say(f"--  handed over, says entry {index}: {handover(entry)}")
    for index, entry in entries.of("assessed", "noted"):
        cited = entry["body"].get("evidence") or ()
        absent = sum(hashed(str(name).encode()) not in entries.ids for name in cited)
        if absent:
            say(
                f"--  {absent} of {counted(len(cited), 'entr{y}')} that the {entry['entry']} entry at {index} "
                "rests on: not in this dossier"
            )
    scans = [index for index, entry in entries.of("scanned") if entry["body"].get("copies")]
    if scans:
        say(
            f"--  not checked: how the chances of error in the scans at {scans[:9]} were reckoned (whose copy it is)"
        )
    for odd in [*entries.doubts.found(), *disorder(entries), *untimely(entries, bundle, stamps)]:
        say(f"!!  {odd}: possible, but ask the publisher why")
    if bundle.read("verify/verify.py") != Path(__file__).read_bytes():
        say("--  verify/verify.py in the bundle is not this program: another release of it, or changed")
    say(
        "--  not checked: anything that data/report.html and README-FIRST.txt say, tables and numbers too; "
        "who and when in bag-info.txt; the times in data/log/checkpoints.tsv, which are this installation's own"
    )
    say("--  not checked: what other matters' withheld entries say")


def named_file(path: str) -> bytes:
    """What a file holds that was named on the command line: a key, a certificate or a checkpoint."""
    need(is_file(path) or not Path(path).exists(), f"{path!a} is no file")  # a pipe would never end
    with open(path, "rb") as file:  # noqa: PTH123
        content = file.read(MOST_NAMED + 1)
    need(len(content) <= MOST_NAMED, f"{path!a} is too long for a key, a certificate or a checkpoint")
    return content


MOST_NAMED = 1 << 20


def is_file(path: str) -> bool:
    """Whether a file of that name is there; a key in place of one may be too long for a name."""
    try:
        return Path(path).is_file()
    except OSError:
        return False


def origin(path: Path) -> str:
    """Which log the bundle claims to be from, or nothing; a claim, until it is verified."""
    try:
        with Bundle(path) as bundle:
            return bundle.text(VKEY).split("+")[0]
    except (Rejected, OSError):
        return ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Verify a Trapline dossier.",
        epilog="Exit: 0 verified, 1 not, 2 misuse, 3 consistent, but not held against keys from elsewhere.",
    )
    parser.add_argument("bundle", help="the zip, or the folder unpacked from it")
    parser.add_argument(
        "--vkey", default="", help="the log's verifier key, or a file that holds it, from elsewhere"
    )
    parser.add_argument("--cert", default="", help="the publisher's certificate (PEM file), from elsewhere")
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="a checkpoint you were sent earlier (file)"
    )
    parser.add_argument(
        "--tsa",
        action="append",
        default=[],
        help="certificates of a time-stamp authority (PEM file), from elsewhere",
    )
    parser.add_argument("--sha256", default="", help="the zip's SHA-256 from the cover letter")
    given = parser.parse_args(arguments)
    gc.set_threshold(100_000, 50, 100)  # many short-lived objects, none of them in a cycle
    try:
        vkey = given.vkey
        if vkey and is_file(vkey):
            vkey = named_file(vkey).decode("utf-8", "replace")
        certificate = named_file(given.cert) if given.cert else b""
        roots = b"".join(named_file(name) + b"\n" for name in given.tsa)
        good = verify(Path(given.bundle), vkey, certificate, given.checkpoint, given.sha256, roots=roots)
    except Rejected as error:
        print(f"NOT VERIFIED: {error}")
        return 1
    except OSError as error:
        print(f"cannot read {error.filename!a}: {error.strerror}", file=sys.stderr)
        return 2
    return 0 if good else 3


if __name__ == "__main__":
    sys.exit(main())
