"""What opponents and insiders tried on a case, and who notices: build, ledger check, or the stranger's verifier.

Letters and numbers in the names are those of the review that found the first of each sort (A0 to A15).
"""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import os
import shutil
import signal
import struct
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from canaries.core import store
from canaries.core.errors import HomeError, LedgerError
from canaries.installation import operator_key
from canaries.installation.home import Home
from canaries.ledger import parts, statements
from canaries.ledger.checkpoints import Outside, log_verifier, read_checkpoint
from canaries.ledger.entries import draft, new_id
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.operators import enrolment, erasure
from listener.dossier import verify as checker
from listener.dossier.build import build
from listener.dossier.case_lines import CaseLines
from listener.dossier.proof import CaseProof
from listener.dossier.signing import Signer
from listener.incidents import operator_acts
from listener.incidents.regroup import merge, split
from tests.entry_lines import said
from tests.operators import acting, approve, enrol, key_of
from tests.programs import needs, require

pytestmark = needs("openssl")

AT = "2026-11-22T12:00:00.000000Z"
EVENTS, CSV, TABLE, LINES = (
    "data/events/events.ndjson", "data/events/events.csv", "data/log/entries.tsv", "data/log/entries.ndjson",
)  # fmt: skip


def check(path: Path, home: Home, **more: Any) -> bool:
    keys = str(log_verifier(home)), Signer(home).certificate
    return checker.verify(path, *keys, **({"say": lambda _: None} | more))


def unpacked(dossier: Path) -> dict[str, bytes]:
    """Members without their folder."""
    with zipfile.ZipFile(dossier) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def root_of(dossier: Path) -> str:
    with zipfile.ZipFile(dossier) as archive:
        return archive.namelist()[0].split("/")[0]


def resigned(home: Home, files: dict[str, bytes], out: Path, root: str) -> Path:
    """What a lying publisher, or a thief of the dossier key, can make: all lists and the signature made anew."""
    own = {checker.TAGS, checker.SEAL, checker.SEAL_HASH, "manifest-sha256.txt"}
    files = {name: content for name, content in files.items() if name not in own}

    def listed(*, payload: bool) -> bytes:
        names = sorted(name for name in files if name.startswith("data/") == payload)
        return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names).encode()

    files["manifest-sha256.txt"] = listed(payload=True)
    files[checker.TAGS] = listed(payload=False)
    files[checker.SEAL] = Signer(home).sign(files[checker.TAGS])
    files[checker.SEAL_HASH] = f"{hashlib.sha256(files[checker.SEAL]).hexdigest()}  {checker.SEAL}\n".encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{root}/{name}", content)
    return out


# --- A0: one container, one reading ---


def in_front(genuine: bytes, forged: bytes) -> bytes:
    return forged + genuine


def behind(genuine: bytes, forged: bytes) -> bytes:
    return genuine + forged


def junk_in_front(genuine: bytes, forged: bytes) -> bytes:
    return b"x" * 100 + genuine


def junk_behind(genuine: bytes, forged: bytes) -> bytes:
    return genuine + b"x" * 100


def a_comment(genuine: bytes, forged: bytes) -> bytes:
    return genuine[:-2] + struct.pack("<H", 4) + b"hush"


def a_stray_local_entry(genuine: bytes, forged: bytes) -> bytes:
    """One member of the forgery in front, without a directory of its own."""
    name, extra, packed = (*struct.unpack("<HH", forged[26:30]), struct.unpack("<L", forged[18:22])[0])
    return forged[: 30 + name + extra + packed] + genuine


def a_gap_before_the_directory(genuine: bytes, forged: bytes) -> bytes:
    start = struct.unpack("<L", genuine[-6:-2])[0]
    return genuine[:start] + b"gap!" + genuine[start:-6] + struct.pack("<L", start + 4) + genuine[-2:]


def another_local_name(genuine: bytes, forged: bytes) -> bytes:
    length = struct.unpack("<H", genuine[26:28])[0]
    return genuine[:30] + genuine[30 : 30 + length].replace(b"dossier", b"d0ssier") + genuine[30 + length :]


@pytest.mark.parametrize(
    "attack",
    [in_front, behind, junk_in_front, junk_behind, a_comment, a_stray_local_entry, a_gap_before_the_directory,
     another_local_name],
)  # fmt: skip
def test_a0_a_zip_that_two_programs_read_differently_is_refused(
    story: Any, dossier: Path, tmp_path: Path, attack: Callable[[bytes, bytes], bytes]
) -> None:
    files = unpacked(dossier)
    files["data/report.html"] = files["data/report.html"].replace(b"203.0.113.1", b"10.66.6.6")
    forged = resigned(story.home, files, tmp_path / "forged.zip", root_of(dossier)).read_bytes()
    changed = attack(dossier.read_bytes(), forged)
    assert changed != dossier.read_bytes()
    (tmp_path / "both.zip").write_bytes(changed)
    with pytest.raises(checker.Rejected):
        check(tmp_path / "both.zip", story.home)


@pytest.mark.parametrize("program", ["bsdtar", "unzip", "7z"])
def test_a0_foreign_unpackers_read_what_verified(dossier: Path, tmp_path: Path, program: str) -> None:
    require(program)
    commands = {
        "bsdtar": ["bsdtar", "-xf", str(dossier), "-C", str(tmp_path)],
        "unzip": ["unzip", "-q", str(dossier), "-d", str(tmp_path)],
        "7z": ["7z", "x", "-y", f"-o{tmp_path}", str(dossier)],
    }
    subprocess.run(commands[program], check=True, capture_output=True)
    folder = tmp_path / root_of(dossier)
    assert {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    } == unpacked(dossier)


# --- A1: the index tables decide nothing ---


def hide_a_hit(story: Any) -> tuple[Any, ...]:
    return (delete(store.hit).where(store.hit.c.id == story.hits[0]),)


def move_a_hit_away(story: Any) -> tuple[Any, ...]:
    return (update(store.hit).where(store.hit.c.id == story.hits[0]).values(incident_id="f" * 16),)


def move_a_strangers_hit_in(story: Any) -> tuple[Any, ...]:
    others = store.hit.c.incident_id != story.incident
    return (update(store.hit).where(others).values(incident_id=story.incident),)


def another_canary(story: Any) -> tuple[Any, ...]:
    return (update(store.hit).where(store.hit.c.id == story.hits[0]).values(canary_id=story.other),)


def delete_a_hit_whole(story: Any) -> tuple[Any, ...]:
    gone = story.hits[0]
    return (
        delete(store.hit).where(store.hit.c.id == gone),
        delete(store.raw).where(store.raw.c.entry_id == gone),
        delete(store.entry).where(store.entry.c.id == gone),
    )


def empty_a_hit(story: Any) -> tuple[Any, ...]:
    return (update(store.entry).where(store.entry.c.id == story.hits[0]).values(sealed=None),)


def empty_an_assessment(story: Any) -> tuple[Any, ...]:
    return (update(store.entry).where(store.entry.c.kind == "assessed").values(sealed=None),)


def another_kind_in_the_column(story: Any) -> tuple[Any, ...]:
    return (update(store.entry).where(store.entry.c.id == story.hits[0]).values(kind="noted"),)


def delete_a_leaf(story: Any) -> tuple[Any, ...]:
    return (delete(store.leaf).where(store.leaf.c.entry_id == story.hits[0]),)


def drop_the_raw_request(story: Any) -> tuple[Any, ...]:
    return (delete(store.raw).where(store.raw.c.entry_id == story.hits[0]),)


def drop_the_canary(story: Any) -> tuple[Any, ...]:
    return (delete(store.canary).where(store.canary.c.id == story.canary),)


def drop_a_checkpoint_and_leaves(story: Any) -> tuple[Any, ...]:
    return (
        delete(store.leaf).where(store.leaf.c.seq >= 5),
        delete(store.checkpoint).where(store.checkpoint.c.size > 5),
    )


@pytest.mark.parametrize(
    "attack",
    [hide_a_hit, move_a_hit_away, move_a_strangers_hit_in, another_canary, delete_a_hit_whole, empty_a_hit,
     empty_an_assessment, another_kind_in_the_column, delete_a_leaf, drop_the_raw_request, drop_the_canary,
     drop_a_checkpoint_and_leaves],
)  # fmt: skip
def test_a1_one_sql_statement_stops_the_build_with_the_entry_named(
    story: Any, tmp_path: Path, attack: Callable[[Any], tuple[Any, ...]]
) -> None:
    sealer = LogSealer(story.home)
    sealer.seal_once()
    sealer.checkpoint()
    with story.home.store.write() as connection:
        for statement in attack(story):
            connection.execute(statement)
    with pytest.raises(LedgerError):
        build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    with pytest.raises(LedgerError):
        verify(story.home)
    assert not list(tmp_path.glob("*.zip*"))


def test_a1_a_later_dossier_with_fewer_hits_shows(story: Any, dossier: Path, tmp_path: Path) -> None:
    """The publisher withholds the exculpatory hit in a bundle signed anew: the *opened* entry states the number."""
    files = unpacked(dossier)
    lines = files[LINES].splitlines(keepends=True)
    gone = next(at for at, line in enumerate(lines) if said(line[:-1])["entry"] == "hit")
    hit = said(lines[gone][:-1])
    table = files[TABLE].decode().splitlines(keepends=True)
    shown = [at for at, row in enumerate(table) if row.endswith("disclosed\n")]
    table[shown[gone]] = table[shown[gone]].replace("disclosed", "withheld:other-matter")
    del lines[gone]
    files[LINES], files[TABLE] = b"".join(lines), "".join(table).encode()
    proofs = files["data/log/proofs.ndjson"].splitlines(keepends=True)
    files["data/log/proofs.ndjson"] = b"".join(
        line for line in proofs if json.loads(line)["index"] != shown[gone]
    )
    events = files[EVENTS].splitlines(keepends=True)
    files[EVENTS] = b"".join(line for line in events if json.loads(line)["id"] != hit["id"])
    rows = files[CSV].decode().splitlines(keepends=True)
    files[CSV] = "".join(row for row in rows if hit["id"] not in row).encode()
    del files[f"data/raw/{hit['body']['raw_sha256']}.bin"]
    out = resigned(story.home, files, tmp_path / "fewer.zip", root_of(dossier))
    with pytest.raises(checker.Rejected, match="had 3 hits when it was opened"):
        check(out, story.home)


def test_a1_the_opened_entry_states_the_hits_of_the_entries(story: Any, dossier: Path) -> None:
    opened = [e for e in map(said, unpacked(dossier)[LINES].splitlines()) if e["entry"] == "opened"]
    assert opened[0]["body"]["hits"]["count"] == 3


# --- A2: who writes to the database leaves traces ---


def forged_hit(story: Any, **changes: Any) -> dict[str, Any]:
    """A hit that the vault's public key and a database login are enough to write."""
    home = story.home
    with home.store.read() as connection:
        body = dict(home.reader.fetch(connection, [story.hits[0]])[story.hits[0]].body)
    raw = b"GET /forged HTTP/1.1\r\n\r\n"
    body |= {
        "sighting": "e" * 32,
        "raw_sha256": hashlib.sha256(raw).hexdigest(),
        "raw_len": len(raw),
        "raw_size": len(raw),
        "number": 999,
        "connection": 999,
    }
    body |= changes
    hit_id, derived_id = new_id(), new_id()
    derived = {"hit": hit_id, "incident": story.incident, "facts": {}, "failed": {}, "egress": []}
    with home.store.write() as connection:
        home.writer.append(
            connection,
            [
                ("hit", hit_id, home.now(), "listener", body),
                ("derived", derived_id, home.now(), "listener", derived),
            ],
        )
        home.store.bulk(connection, store.raw, [(hit_id, home.writer.seal(raw, hit_id))])
        row = (
            hit_id,
            body["canary"],
            "path",
            "http",
            body["observed_at"],
            body["sighting"],
            bytes(16),
            story.incident,
        )
        home.store.bulk(connection, store.hit, [(*row, derived_id)])
    return body


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"observed_at": "2026-11-20T12:00:00.000000Z"}, "observed before its canary was minted"),
        (
            {"connection": 1, "peer": {"ip": "203.0.113.66", "port": 4}},
            "shares a connection with a hit of another",
        ),
        ({"number": 1}, "number of another hit"),
    ],
)
def test_a2_a_forged_hit_asks_for_an_explanation(story: Any, changes: dict[str, Any], sentence: str) -> None:
    before = verify(story.home).oddities
    assert not any(sentence in odd for odd in before)
    forged_hit(story, **changes)
    assert any(sentence in odd for odd in verify(story.home).oddities)


def test_a2_the_strangers_verifier_says_it_too(story: Any, tmp_path: Path) -> None:
    forged_hit(story, observed_at="2026-11-20T12:00:00.000000Z")
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    said: list[str] = []
    checker.verify(out, say=said.append)
    assert [line for line in said if line.startswith("!!") and "before its canary was minted" in line]


def test_a2_a_line_that_is_not_canonical_asks_for_an_explanation(story: Any) -> None:
    home, entry_id = story.home, new_id()
    line = (
        b'{"at":"2026-11-22T12:00:00.000000Z","body":{"incident":"x","text":"y"},"by":"alice",'
        b'"entry":"noted","entry":"noted","id":"'
        + entry_id.encode()
        + b'","nonce":"'
        + b"0" * 32
        + b'","v":1}'
    )
    digest = hashlib.sha256(b"\0" + line).digest()
    with home.store.write() as connection:
        home.store.bulk(
            connection,
            store.entry,
            [(entry_id, "noted", "2026-11-22T12:00:00.000000Z", digest, home.writer.seal(line, entry_id))],
        )
        home.store.bulk(connection, store.unsealed, [(entry_id, digest)])
    assert any("canonical" in odd for odd in verify(home).oddities)


def test_a2_an_erasure_is_in_the_dossier_of_what_it_erased(story: Any, tmp_path: Path) -> None:
    home = story.home
    with home.store.write() as connection:
        leaf = home.reader.fetch(connection, [story.hits[0]])[story.hits[0]]
        digest = leaf.leaf.hex()
        for table, key in ((store.raw, store.raw.c.entry_id), (store.entry, store.entry.c.id)):
            connection.execute(update(table).where(key == story.hits[0]).values(sealed=None))
        body = {"entries": [story.hits[0]], "leaves": [digest], "why": "a reason"}
        home.writer.record(connection, "erased", home.now(), "alice", body)
    out = build(home, incident=story.incident, out=tmp_path / "case.zip")
    assert check(out, home)
    shown = [said(line) for line in unpacked(out)[LINES].splitlines()]
    assert [(one["by"], one["body"]["why"]) for one in shown if one["entry"] == "erased"] == [
        ("alice", "a reason")
    ]


# --- A3: the anchor outside ---


def test_a3_a_checkpoint_kept_outside_shows_a_roll_back_with_all_local_copies(
    story: Any, tmp_path: Path
) -> None:
    home = story.home
    kept = tmp_path / "mail.txt"
    newest = Outside(home.path / "checkpoints", log_verifier(home)).latest()
    assert newest is not None
    kept.write_text("> " + newest.note.replace("\n", "\r\n> "), "utf-8")
    assert verify(home, kept=[read_checkpoint(home, kept)]).entries == newest.checkpoint.size
    with home.store.write() as connection:
        connection.execute(delete(store.unsealed))
        for statement in drop_a_checkpoint_and_leaves(story):
            connection.execute(statement)
        for table, column in ((store.hit, store.hit.c.id), (store.raw, store.raw.c.entry_id)):
            connection.execute(delete(table).where(column.in_(story.hits)))
        leaves = connection.execute(store.leaf.select()).all()
        ids = [row.entry_id for row in leaves]
        connection.execute(delete(store.entry).where(store.entry.c.id.not_in(ids)))
    shutil.rmtree(home.path / "checkpoints")
    with pytest.raises(LedgerError, match=r"but the file .*mail\.txt signed"):
        verify(home, kept=[read_checkpoint(home, kept)])


@pytest.mark.parametrize(
    "mail",
    [
        lambda note: note,
        lambda note: note + "\n",
        lambda note: note.rstrip("\n"),
        lambda note: "\n\n" + note,
        lambda note: note.replace("\n", "\r\n"),
        lambda note: "".join(f"> {line}\n" for line in note.splitlines()),
        lambda note: note.replace("\u2014", "\u2013"),
        lambda note: note.replace("\u2014", "--"),
        lambda note: "\ufeff" + note,
    ],
)
def test_a15_a_checkpoint_is_read_however_mail_left_it(
    story: Any, dossier: Path, tmp_path: Path, mail: Callable[[str], str]
) -> None:
    newest = Outside(story.home.path / "checkpoints", log_verifier(story.home)).latest()
    assert newest is not None
    (tmp_path / "kept").write_bytes(mail(newest.note).encode("utf-8"))
    assert verify(story.home, kept=[read_checkpoint(story.home, tmp_path / "kept")])
    assert check(dossier, story.home, checkpoints=[str(tmp_path / "kept")])


def test_a15_cp1252_from_an_old_mail_program_is_read(story: Any, dossier: Path, tmp_path: Path) -> None:
    newest = Outside(story.home.path / "checkpoints", log_verifier(story.home)).latest()
    assert newest is not None
    (tmp_path / "kept").write_bytes(newest.note.encode("cp1252"))
    assert check(dossier, story.home, checkpoints=[str(tmp_path / "kept")])


def test_a15_what_is_no_checkpoint_is_said_to_be_none(story: Any, dossier: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("Dear colleague,\nplease find the checkpoint attached.\n")
    with pytest.raises(checker.Rejected, match="cannot be read as a checkpoint"):
        check(dossier, story.home, checkpoints=[str(tmp_path / "kept")])
    with pytest.raises(LedgerError, match="holds no checkpoint"):
        read_checkpoint(story.home, tmp_path / "kept")


def test_a15_a_checkpoint_newer_than_the_bundle_is_no_failure(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    with story.home.store.write() as connection:
        story.home.writer.record(connection, "noted", story.home.now(), "bob", {"incident": "x", "text": "y"})
    sealer = LogSealer(story.home)
    sealer.seal_once()
    (tmp_path / "kept").write_text(sealer.checkpoint() or "", "utf-8")
    said: list[str] = []
    verifier, certificate = str(log_verifier(story.home)), Signer(story.home).certificate
    assert checker.verify(dossier, verifier, certificate, [str(tmp_path / "kept")], say=said.append)
    assert any("newer than this bundle" in line for line in said)


def test_a3_a_note_with_a_witness_signature_is_accepted(story: Any, dossier: Path, tmp_path: Path) -> None:
    newest = Outside(story.home.path / "checkpoints", log_verifier(story.home)).latest()
    assert newest is not None
    witness = "\u2014 witness.example/w1 " + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\n"
    for note in (newest.note + witness, newest.note.replace("\n\n", "\n\n" + witness, 1)):
        (tmp_path / "kept").write_text(note, "utf-8")
        assert check(dossier, story.home, checkpoints=[str(tmp_path / "kept")])


# --- A5: an open segment that is removed ---


# --- A8: the screen of the verifier ---


def test_a8_nothing_that_a_forger_controls_reaches_the_terminal_raw(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    files = unpacked(dossier)
    files[TABLE] = files[TABLE].replace(b"withheld:other-matter", b"withheld:\x1b[8mVERIFIED")
    out = resigned(story.home, files, tmp_path / "forged.zip", root_of(dossier))
    with pytest.raises(checker.Rejected) as caught:
        check(out, story.home)
    assert "\x1b" not in str(caught.value)
    assert "VERIFIED" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["a\x1b[8m", "a\r\nVERIFIED with the keys you brought.", "\u202eevil", "b" * 3000]
)
def test_a8_names_are_quoted(story: Any, dossier: Path, tmp_path: Path, name: str) -> None:
    out = resigned(
        story.home, {**unpacked(dossier), f"data/{name}": b"x"}, tmp_path / "x.zip", root_of(dossier)
    )
    with pytest.raises(checker.Rejected) as caught:
        check(out, story.home)
    assert str(caught.value).isprintable()
    assert str(caught.value).isascii()


def test_a8_without_keys_the_exit_status_is_3_and_the_last_line_does_not_say_verified(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checker.main([str(dossier)]) == 3
    shown = capsys.readouterr().out
    assert "\nVERIFIED" not in shown
    assert "CONSISTENT, NOT VERIFIED" in shown


def test_a8_fingerprints_of_both_keys_are_printed(story: Any, dossier: Path) -> None:
    said: list[str] = []
    checker.verify(dossier, str(log_verifier(story.home)), Signer(story.home).certificate, say=said.append)
    text = "\n".join(said)
    assert Signer(story.home).fingerprint in text
    assert str(log_verifier(story.home)).split("+")[1] in text


# --- A9: readable files that tell another story, signed by the real publisher ---


def edit(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


def add(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files[name] = b"my own opinion"

    return change


def no_facts(files: dict[str, bytes]) -> None:
    events = [
        json.loads(line) | {"derived": None, "derived_index": None} for line in files[EVENTS].splitlines()
    ]
    files[EVENTS] = b"".join(
        json.dumps(one, separators=(",", ":"), sort_keys=True).encode() + b"\n" for one in events
    )


def reversed_events(files: dict[str, bytes]) -> None:
    files[EVENTS] = b"".join(reversed(files[EVENTS].splitlines(keepends=True)))


def no_raw(files: dict[str, bytes]) -> None:
    hits = [e["id"] for e in map(said, files[LINES].splitlines()) if e["entry"] == "hit"]
    for name in [name for name in files if name.endswith(".bin")]:
        del files[name]
    files["data/raw/missing.tsv"] = "".join(f"{hit}\terased\n" for hit in hits).encode()


def no_bait(files: dict[str, bytes]) -> None:
    for name in [name for name in files if name.startswith("data/bait/")]:
        del files[name]


def called_erased(files: dict[str, bytes]) -> None:
    files[TABLE] = files[TABLE].replace(b"withheld:other-matter", b"withheld:erased", 1)


def another_case(files: dict[str, bytes]) -> None:
    lines = files["bag-info.txt"].decode().splitlines(keepends=True)
    files["bag-info.txt"] = "".join(
        "External-Identifier: incident-0123456789abcdef\n" if line.startswith("External") else line
        for line in lines
    ).encode()


LIES = {
    "an address in the table": edit(CSV, b"203.0.113.1", b"203.0.113.9"),
    "an address in the events": edit(EVENTS, b"203.0.113.1", b"203.0.113.9"),
    "a fact in the events": edit(EVENTS, b"64500", b"64501"),
    "true for one": edit(EVENTS, b'"number":1,', b'"number":true,'),
    "a float for an index": edit(EVENTS, b'"index":', b'"index":1'),
    "a key twice": edit(EVENTS, b'"transport":"tcp"', b'"transport":"udp","transport":"tcp"'),
    "a space": edit(EVENTS, b'"transport":"tcp"', b'"transport": "tcp"'),
    "no facts": no_facts,
    "another order": reversed_events,
    "an opinion": add("data/EXPERT-OPINION.html"),
    "corrected events": add("data/events/events-corrected.ndjson"),
    "one that folds case": add("data/REPORT.HTML"),
    "one with a blank": add("data/report.html "),
    "one beside": add("verify/helper.py"),
    "a composed name": add("data/bait/\u00e9.json"),
    "all raw requests called erased": no_raw,
    "no bait records": no_bait,
    "an entry called erased": called_erased,
    "another case": another_case,
}


@pytest.mark.parametrize("lie", LIES)
def test_a9_what_the_publisher_signs_still_has_to_follow_from_the_entries(
    story: Any, dossier: Path, tmp_path: Path, lie: str
) -> None:
    files = unpacked(dossier)
    LIES[lie](files)
    with pytest.raises(checker.Rejected):
        check(resigned(story.home, files, tmp_path / "lie.zip", root_of(dossier)), story.home)


def broken_entry(files: dict[str, bytes]) -> None:
    """A line of the log whose JSON is cut, and whose leaf is made to fit."""
    lines = files[LINES].splitlines()
    at, line = next((at, line) for at, line in enumerate(lines) if b'"hit"' in line[:9])
    lines[at] = line[:-1]
    files[LINES] = b"\n".join(lines) + b"\n"


HARMED = {
    **LIES,
    "nothing": lambda files: None,
    "a cut entry": broken_entry,
    "an entry less": edit(LINES, b"\n", b"\n\n"),
    "a proof": edit("data/log/proofs.ndjson", b'"path":["', b'"path":["0'),
    "a proof less": edit("data/log/proofs.ndjson", b'{"index":0', b'\n{"index":0'),
    "a table without its end": edit(CSV, b'"\r\n', b'"\r'),
}


HARMS = [
    pytest.param(harm, ended, marks=pytest.mark.rehearsal if at % 4 in (1, 2) else ())
    for at, (harm, ended) in enumerate(itertools.product(HARMED, (False, True)))
]
"""Each with helpers that go on or, in turns, are ended by somebody else; the other way is for `make rehearse`."""


@pytest.mark.parametrize(("harm", "ended"), HARMS)
def test_several_processes_find_and_say_what_one_does(
    story: Any, dossier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str, ended: bool
) -> None:
    """Also where the helpers were ended by somebody else before they had done anything."""
    files = unpacked(dossier)
    HARMED[harm](files)
    path = resigned(story.home, files, tmp_path / "harmed.zip", root_of(dossier))
    monkeypatch.setattr(checker, "AT_ONCE", 2)
    alone = told_by(path, story.home)
    helpers: list[checker.Helper] = []
    made = checker.Helper.__init__

    def counted(self: checker.Helper, *arguments: Any) -> None:
        made(self, *arguments)
        helpers.append(self)
        if ended:
            os.kill(self.process, signal.SIGKILL)

    monkeypatch.setattr(checker.Helper, "__init__", counted)
    monkeypatch.setattr(checker, "MANY", 0)
    monkeypatch.setattr(checker, "processors", lambda: 3)
    assert told_by(path, story.home) == alone
    assert helpers or "no file called" in alone[-1] or "is missing" in alone[-1], alone
    for helper in helpers:
        with pytest.raises(ChildProcessError):
            os.waitpid(helper.process, os.WNOHANG)


def told_by(path: Path, home: Home) -> list[str]:
    """What is said, and the reason where it is refused."""
    said: list[str] = []
    try:
        check(path, home, say=said.append)
    except checker.Rejected as error:
        return [*said, str(error)]
    return said


def test_where_threads_run_no_process_is_forked() -> None:
    """A forked copy of a process with threads may wait for a lock for ever."""
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert checker.processors() == 1
    finally:
        ended.set()
        thread.join()


def test_a9_the_control_signed_anew_without_a_lie_verifies(story: Any, dossier: Path, tmp_path: Path) -> None:
    assert check(resigned(story.home, unpacked(dossier), tmp_path / "same.zip", root_of(dossier)), story.home)


def test_a9_the_output_names_what_it_cannot_check(dossier: Path) -> None:
    said: list[str] = []
    checker.verify(dossier, say=said.append)
    assert any(line.startswith("--  not checked: anything that data/report.html") for line in said)


# --- A13, A14, A15 ---


def test_a13_a_zip_that_unpacks_to_more_than_any_dossier_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checker.SMALL <= 256 << 20
    monkeypatch.setattr(checker, "SMALL", 1 << 20)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("dossier-x/data/a", "w") as file,
    ):
        for _ in range(3):
            file.write(bytes(1 << 20))
    (tmp_path / "bomb.zip").write_bytes(packed.getvalue())
    with pytest.raises(checker.Rejected, match="would unpack to"):
        checker.verify(tmp_path / "bomb.zip", say=lambda _: None)


def test_a13_nothing_is_hashed_before_it_is_known_to_be_a_dossier(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(4 << 30)
    said: list[str] = []
    with pytest.raises(checker.Rejected, match="no readable zip"):
        checker.verify(tmp_path / "sparse", say=said.append)
    assert said == []


def test_a14_a_check_makes_no_key(story: Any, dossier: Path) -> None:
    (story.home.path / "keys" / "dossier").unlink()
    with pytest.raises(HomeError, match="signs dossiers is not in"):
        Signer(story.home)
    assert not (story.home.path / "keys" / "dossier").exists()


def test_a14_where_dossiers_were_signed_no_second_key_is_made(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    (story.home.path / "keys" / "dossier").unlink()
    with pytest.raises(HomeError, match="signed earlier dossiers") as caught:
        build(story.home, incident=story.incident, out=tmp_path / "second.zip")
    assert "backup" in (caught.value.hint or "")


def test_a14_making_the_key_is_an_entry_with_its_fingerprint(story: Any, dossier: Path) -> None:
    with story.home.store.read() as connection:
        made = [entry.body for entry in story.home.reader.entries(connection, "setting")]
    assert made == [{"what": "key", "name": "dossier", "sha256": Signer(story.home).fingerprint}]


@pytest.mark.parametrize("litter", [".DS_Store", "data/Thumbs.db", "desktop.ini", "data/._report.html"])
def test_a15_what_file_managers_leave_is_passed_over_and_named(
    story: Any, dossier: Path, tmp_path: Path, litter: str
) -> None:
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(tmp_path / "u")
    folder = tmp_path / "u" / root_of(dossier)
    (folder / litter).write_bytes(b"x")
    said: list[str] = []
    assert checker.verify(
        folder, str(log_verifier(story.home)), Signer(story.home).certificate, say=said.append
    )
    assert litter in said[0]


def test_a15_a_zip_packed_anew_says_what_to_do(dossier: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(tmp_path / "u")
    shutil.make_archive(str(tmp_path / "anew"), "zip", tmp_path / "u")
    with pytest.raises(checker.Rejected, match="packed anew"):
        checker.verify(tmp_path / "anew.zip", say=lambda _: None)


def test_a15_a_hash_with_a_blank_at_its_end_is_that_hash(story: Any, dossier: Path) -> None:
    digest = hashlib.sha256(dossier.read_bytes()).hexdigest()
    assert check(dossier, story.home, sha256=f" {digest.upper()}\n")
    with pytest.raises(checker.Rejected, match="not the one you gave"):
        check(dossier, story.home, sha256="0" * 64)


def test_the_part_that_a_stranger_has_to_read_is_short() -> None:
    text = Path(checker.__file__).read_text("utf-8")
    part = text.partition("# --- part one")[2].partition("# --- part two")[0]
    assert len([line for line in part.splitlines() if line.strip()]) < 150
    for step in (
        "check_files",
        "check_signature",
        "read_log",
        "open_note",
        "check_log",
        "check_case",
        "check_events",
    ):
        assert f"def {step}(" in part


def test_the_strangers_program_writes_events_as_the_product_does(dossier: Path, story: Any) -> None:
    """The two writers of canonical JSON agree on whatever text a visitor can send."""
    from canaries.ledger.entries import canonical

    for text in ("\x00\x1f\x7f\x80\u2028\u202e\ufeff\U0001f600", '"\\/\b\f\n\r\t', "\u00e9<>&'"):
        assert checker.canonical({"b": text, "a": [1, None, True, {}]}) == canonical(
            {"b": text, "a": [1, None, True, {}]}
        )


# --- incidents that were split or merged: the dossier follows the entry, and nothing leaves without one ---


@pytest.fixture
def parted(story: Any, dossier: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Dossiers on both halves of an incident of which one was made before it was split."""
    assert check(dossier, story.home)
    new = split(story.home, story.incident, [story.hits[0]], "another visitor")
    made = [build(story.home, incident=name, out=tmp_path / f"{name}.zip") for name in (story.incident, new)]
    return made[0], made[1]


def events(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in unpacked(path)[EVENTS].splitlines()]


def test_a_split_shows_in_both_dossiers_and_both_verify(story: Any, parted: tuple[Path, Path]) -> None:
    stayed, left = parted
    assert (sorted(events(stayed)), events(left)) == (sorted(story.hits[1:]), [story.hits[0]])
    for path in parted:
        assert b'"entry":"regrouped"' in unpacked(path)[LINES]
        assert check(path, story.home)


def test_a_merge_brings_them_back(story: Any, parted: tuple[Path, Path], tmp_path: Path) -> None:
    other = said(unpacked(parted[1])[LINES].splitlines()[-1])["body"]["incident"]
    merge(story.home, story.incident, other, "one visitor after all")
    again = build(story.home, incident=story.incident, out=tmp_path / "again.zip")
    assert sorted(events(again)) == sorted(story.hits)
    assert check(again, story.home)


def test_a_hit_cannot_leave_without_its_entry(story: Any, parted: tuple[Path, Path], tmp_path: Path) -> None:
    """Without the *regrouped* entry the earlier *opened* entry has one hit more than is shown."""
    files = unpacked(parted[0])
    lines = files[LINES].splitlines(keepends=True)
    gone = next(number for number, line in enumerate(lines) if b'"entry":"regrouped"' in line)
    place = [row for row in files[TABLE].splitlines() if row.endswith(b"disclosed")][gone].split(b"\t")[0]
    del lines[gone]
    files[LINES] = b"".join(lines)
    files[TABLE] = b"".join(
        row.replace(b"disclosed", b"withheld:other-matter") if row.split(b"\t")[0] == place else row
        for row in files[TABLE].splitlines(keepends=True)
    )
    proofs = files["data/log/proofs.ndjson"].splitlines(keepends=True)
    del proofs[gone]
    files["data/log/proofs.ndjson"] = b"".join(proofs)
    forged = resigned(story.home, files, tmp_path / "forged.zip", root_of(parted[0]))
    with pytest.raises(checker.Rejected, match="had 3 hits when it was opened"):
        check(forged, story.home)


# --- who wrote it: operators sign ---


def told(path: Path, home: Home) -> list[str]:
    """What the verifier prints."""
    said: list[str] = []
    checker.verify(
        path, str(log_verifier(home)), Signer(home).certificate, say=lambda line: said.append(str(line))
    )
    return said


@pytest.mark.parametrize("kind", [["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"],
                                  ["ecdsa", "-b", "521"], ["rsa", "-b", "3072"]])  # fmt: skip
def test_the_verifier_checks_ssh_signatures_with_openssl(
    story: Any, tmp_path: Path, kind: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    require("ssh-keygen")
    subprocess.run(["ssh-keygen", "-q", "-t", *kind, "-N", "", "-f", tmp_path / "key"], check=True)
    home, key = story.home, operator_key.load(tmp_path / "key")
    monkeypatch.setenv("TRAPLINE_OPERATOR", "dora")
    monkeypatch.setitem(home.__dict__, "operator_key", key)
    enrolment.enrol(home, enrolment.request(home, "dora", key))
    operator_acts.note(home, story.incident, "was signed \u2028 by me")
    said = told(build(home, incident=story.incident, out=tmp_path / "case.zip"), home)
    assert any("4 statements are signed" in line and "'dora'" in line for line in said)
    assert any("2 statements of operators are unsigned" in line for line in said)
    assert not any(line.startswith("!!") for line in said)


def test_a_fido_key_s_signature_is_checked_too(tmp_path: Path) -> None:
    from tests.canaries.crypto.test_ssh_signature import SPACE, WORDS, touched

    for flags, good in ((1, True), (0, False)):
        key, signature = touched(WORDS, flags)
        coded = base64.b64encode(signature).decode()
        assert checker.ssh_signed(str(key), coded, WORDS, SPACE, tmp_path) is good
        assert not checker.ssh_signed(str(key), coded, WORDS + b"!", SPACE, tmp_path)


@pytest.mark.parametrize(("by", "signer", "reason"), [
    ("alice", "", "not signed"), ("alice", "bob", "does not hold"), ("eve", "eve", "nobody of that name"),
])  # fmt: skip
def test_a_colleague_s_forged_words_are_named(
    story: Any, tmp_path: Path, by: str, signer: str, reason: str
) -> None:
    """With shell, database and a key of one's own: the dossier carries the words, and says whose they are not."""
    home = story.home
    enrol(home, "alice", "bob")
    words = {
        "likelihood": "likely",
        "band": "55-80 %",
        "confidence": "low",
        "because": "",
        "would_change": "",
    }
    lists: dict[str, Any] = {"alternatives": [], "assumptions": [], "evidence": []}
    body = {"incident": story.incident, "statement": "it was a colleague", **words, **lists}
    made = draft("assessed", AT, by, body)
    if signer:
        made = statements.signed(made, home.origin, key_of(signer))
    with home.store.write() as connection:
        home.writer.put(connection, made)
    with acting(home, "bob"):
        said = told(build(home, incident=story.incident, out=tmp_path / "case.zip"), home)
    (named,) = [line for line in said if line.startswith("!!  entry")]
    assert repr(by) in named
    assert reason in named
    assert reason.split()[-1] in " ".join(verify(home).forged) or signer == "bob"


@pytest.mark.parametrize("raw_only", [False, True])
def test_an_erasure_by_two_verifies(story: Any, tmp_path: Path, *, raw_only: bool) -> None:
    home = story.home
    before = build(home, incident=story.incident, out=tmp_path / "before.zip")
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        proposal = erasure.erase(home, story.hits[0], "request of the person", raw_only=raw_only)
    with acting(home, "bob"):
        approve(home, proposal)
        after = build(home, incident=story.incident, out=tmp_path / "after.zip")
    said = told(after, home)
    assert any("withheld (erased)" in line for line in said) is not raw_only
    assert any(f"{3 if raw_only else 2} events, 2 raw requests" in line for line in said)
    assert check(before, home)


def test_an_erasure_that_one_of_two_signed_is_none(story: Any, dossier: Path, tmp_path: Path) -> None:
    """Neither the build nor, with the bundle made all the same, the verifier takes it for one."""
    home = story.home
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        body = erasure._body(home, story.hits[0], raw_only=True) | {"reason": "none of yours"}
        said = home.act("erased", body)
        with home.store.write() as connection:
            erasure.carry_out(home, connection, said, body)
        with pytest.raises(LedgerError, match=r"no \*erased\* entry says so"):
            build(home, incident=story.incident, out=tmp_path / "one.zip")
        stated = {"size": 0, "count": 0, "root": hashlib.sha256().hexdigest(), "divided": 0}
        nothing = CaseProof(stated, frozenset(), frozenset(), CaseLines(home))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("listener.dossier.build.sealed_hits", lambda *_: nothing)
            made = build(home, incident=story.incident, out=tmp_path / "one.zip")
    with pytest.raises(checker.Rejected, match=r"no \*erased\* entry says so"):
        check(made, home)


def test_an_erasure_whose_author_is_held_back_is_none(story: Any, tmp_path: Path) -> None:
    """With the author the signature goes: one of two could erase, and nobody would see it."""
    home = story.home
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        proposal = erasure.erase(home, story.hits[0], "request of the person", raw_only=True)
    with acting(home, "bob"):
        approve(home, proposal)
        made = build(home, incident=story.incident, out=tmp_path / "whole.zip")
    for kind in ("erased", "operator", "proposed"):
        files = unpacked(made)
        lines = files[LINES].splitlines()
        at = next(n for n, line in enumerate(lines) if said(line)["entry"] == kind)
        lines[at] = parts.redacted(lines[at], ["by"])
        files[LINES] = b"".join(line + b"\n" for line in lines)
        out = resigned(home, files, tmp_path / f"{kind}.zip", root_of(made))
        with pytest.raises(checker.Rejected, match=f"the {kind} entry at .* is shown only in part"):
            check(out, home)
    told_without(home, made, tmp_path / "provider.zip")


def told_without(home: Home, made: Path, out: Path) -> None:
    """A version without names may do it, and it is said aloud."""
    files = unpacked(made)
    files["bag-info.txt"] = files["bag-info.txt"].replace(b"For: counsel", b"For: authority")
    files[LINES] = b"".join(
        (parts.redacted(line, ["by"]) if said(line)["entry"] == "erased" else line) + b"\n"
        for line in files[LINES].splitlines()
    )
    lines: list[str] = []
    assert check(resigned(home, files, out, root_of(made)), home, say=lines.append)
    assert any(line.startswith("!!  1 erasure is shown without the author") for line in lines)


def test_a_key_file_that_is_no_text_is_refused_in_a_sentence(
    dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00\x80" * 20)
    assert checker.main([str(dossier), "--vkey", str(tmp_path / "key")]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("NOT VERIFIED: ")
