"""What whoever carries a dossier, or signs it, can make of a true one: each is refused or named by the verifier.

Of the sorts that `test_attacks` begins with: two readings of one container, files that say more than the entries, a hit
that is left out, keys and times that are others.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.ledger import parts
from listener.dossier import verify as checker
from listener.dossier.build import build
from tests.entry_lines import said
from tests.listener.dossier.conftest import hit as put_hit
from tests.listener.dossier.test_attacks import (
    EVENTS,
    LINES,
    TABLE,
    check,
    events,
    resigned,
    root_of,
    told_by,
    unpacked,
)  # fmt: skip
from tests.listener.dossier.test_verify_held_back import HEADERS, PROOFS, replace, withhold
from tests.programs import needs

pytestmark = needs("openssl")

Files = dict[str, bytes]
BAG, CHECKPOINTS = "bag-info.txt", "data/log/checkpoints.tsv"


# --- one container, one reading ---


def packed_anew(
    dossier: Path,
    out: Path,
    change: Callable[[zipfile.ZipInfo], None] = lambda info: None,
    end: Callable[[bytes], bytes] = lambda content: content,
) -> Path:
    with zipfile.ZipFile(dossier) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            again = zipfile.ZipInfo(info.filename, info.date_time)
            again.compress_type, again.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
            change(again)
            new.writestr(again, old.read(info))
    out.write_bytes(end(out.read_bytes()))
    return out


def another_name_in_unicode(info: zipfile.ZipInfo) -> None:
    """Info-ZIP's Unicode Path (APPNOTE.TXT, 4.6.9), by which unzip and 7-Zip call the file."""
    if info.filename.endswith("report.html"):
        name = b"../../evil.html"
        found = struct.pack("<BL", 1, zlib.crc32(info.filename.encode())) + name
        info.extra = struct.pack("<HH", 0x7075, len(found)) + found


def hidden_in_windows(info: zipfile.ZipInfo) -> None:
    info.create_system, info.external_attr = 0, 0x02


def a_folder_in_windows(info: zipfile.ZipInfo) -> None:
    info.create_system, info.external_attr = 0, 0x10


def an_accusation(info: zipfile.ZipInfo) -> None:
    info.comment = b"the culprit is Bob"


@pytest.mark.parametrize(
    "change", [another_name_in_unicode, hidden_in_windows, a_folder_in_windows, an_accusation]
)
def test_what_one_program_sees_of_a_member_and_another_does_not_is_refused(
    story: Any, dossier: Path, tmp_path: Path, change: Callable[[zipfile.ZipInfo], None]
) -> None:
    with pytest.raises(checker.Rejected, match=r"different ways|as a plain file"):
        check(packed_anew(dossier, tmp_path / "x.zip", change), story.home)


def fewer_files(content: bytes) -> bytes:
    return content[:-14] + struct.pack("<HH", 3, 3) + content[-10:]


def another_disk(content: bytes) -> bytes:
    return content[:-18] + struct.pack("<HH", 7, 7) + content[-14:]


def long_end(content: bytes, *, short: bytes = b"", size: int = 44, place: int = 0) -> bytes:
    """The same zip with the longer record at its end too; ``short``: what the shorter one says then."""
    count, length, start = struct.unpack("<HLL", content[-12:-2])
    at = len(content) - 22
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", size, 45, 45, 0, 0, count, count, length, start)
    where = struct.pack("<4sLQL", b"PK\6\7", 0, place or at, 1)
    return content[:at] + record + where + (short or content[-22:])


def two_ends(content: bytes) -> bytes:
    """Programs that pass the longer record over find a directory of one file, somewhere else."""
    return long_end(content, short=b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, 46, 1234, 0))


def an_end_with_more(content: bytes) -> bytes:
    return long_end(content, size=45)


def an_end_elsewhere(content: bytes) -> bytes:
    return long_end(content, place=4)


@pytest.mark.parametrize("end", [fewer_files, another_disk, two_ends, an_end_with_more, an_end_elsewhere])
def test_an_end_that_programs_read_differently_is_refused(
    story: Any, dossier: Path, tmp_path: Path, end: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(checker.Rejected, match="different ways"):
        check(packed_anew(dossier, tmp_path / "x.zip", end=end), story.home)


@pytest.mark.parametrize("end", [lambda content: content, long_end])
def test_the_control_packed_anew_without_a_trick_verifies(
    story: Any, dossier: Path, tmp_path: Path, end: Callable[[bytes], bytes]
) -> None:
    assert check(packed_anew(dossier, tmp_path / "x.zip", end=end), story.home)


# --- what the publisher, or a thief of the key that signs dossiers, can say beside the entries ---


def swap(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


def twice(line: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[BAG] = line + b"\n" + files[BAG]

    return change


def another_log_key(files: Files) -> None:
    """For the next case: people keep the keys of a dossier that verified."""
    key = b"\1" + bytes(32)
    name = files[checker.VKEY].decode().partition("+")[0]
    key_id = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    files[checker.VKEY] = f"{name}+{key_id}+{base64.b64encode(key).decode()}\n".encode()


def another_certificate(files: Files) -> None:
    files[checker.CERTIFICATE] = (
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + files[checker.CERTIFICATE]
    )


def notes(files: Files) -> list[str]:
    return sorted(name for name in files if name.startswith("data/log/checkpoints/"))


def an_early_checkpoint_as_a_late_one(files: Files) -> None:
    """With its time stamp beside it more entries would have existed then."""
    files["data/log/checkpoints/000000000009.note"] = files.pop(notes(files)[0])


def no_early_checkpoint(files: Files) -> None:
    for name in notes(files)[:-1]:
        del files[name]


def a_proof_of_two_places(files: Files) -> None:
    rows = files[PROOFS].splitlines(keepends=True)
    rows[1] = rows[1].replace(b'{"index":', b'{"index":77,"index":', 1)
    files[PROOFS] = b"".join(rows)


LIES: dict[str, Callable[[Files], None]] = {
    "the case twice": twice(b"External-Identifier: incident-ffffffffffffffff"),
    "a reader that no version is for": swap(BAG, b"For: counsel", b"For: the public"),
    "the reader twice": twice(b"Prepared-For: publication"),
    "a line that is no field": twice(b"By order of the court"),
    "another log key beside": another_log_key,
    "another certificate beside": another_certificate,
    "a checkpoint under a later one's name": an_early_checkpoint_as_a_late_one,
    "no early checkpoint": no_early_checkpoint,
    "words among the checkpoints": swap(CHECKPOINTS, b"Z\n", b"Z by a notary\n"),
    "a size that no checkpoint has": swap(CHECKPOINTS, b"\t", b"0\t"),
    "a proof of two places": a_proof_of_two_places,
    "a hit without its request": lambda files: replace(
        files, "hit", lambda line: parts.redacted(line, ["content"])
    ),
    "a hit without its address": lambda files: replace(
        files, "hit", lambda line: parts.redacted(line, ["address"])
    ),
    "facts held back": lambda files: replace(files, "derived", lambda line: parts.redacted(line, ["facts"])),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_said_beside_the_entries_is_refused(
    story: Any, dossier: Path, tmp_path: Path, lie: str
) -> None:
    files = unpacked(dossier)
    LIES[lie](files)
    with pytest.raises(checker.Rejected) as caught:
        check(resigned(story.home, files, tmp_path / "lie.zip", root_of(dossier)), story.home)
    assert "malformed" not in str(caught.value) or BAG in str(caught.value)


def test_a_folder_named_after_another_case_is_refused(story: Any, dossier: Path, tmp_path: Path) -> None:
    made = resigned(story.home, unpacked(dossier), tmp_path / "x.zip", "dossier-incident-ffffffffffffffff")
    with pytest.raises(checker.Rejected, match="is called 'dossier-incident-ffffffffffffffff'"):
        check(made, story.home)


def test_a_reason_of_one_s_own_for_a_missing_request_is_refused(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    files = unpacked(dossier)
    files["data/raw/missing.tsv"] = f"{story.hits[0]}\tdeleted by order of the court\n".encode()
    with pytest.raises(checker.Rejected, match=r"missing\.tsv says more"):
        check(resigned(story.home, files, tmp_path / "x.zip", root_of(dossier)), story.home)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("data/report.html", b"the culprit is Bob", "anything that data/report.html"),
        (BAG, b"Source-Organization: a ministry\n", "who and when in bag-info.txt"),
        ("verify/verify.py", b"print('VERIFIED with the keys you brought.')\n", "is not this program"),
    ],
)
def test_what_nobody_can_check_is_named(
    story: Any, dossier: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    files = unpacked(dossier)
    rest = [line for line in files[name].splitlines(keepends=True) if not line.startswith(content[:15])]
    files[name] = content + b"".join(rest) if name == BAG else content
    lines: list[str] = []
    made = resigned(story.home, files, tmp_path / "x.zip", root_of(dossier))
    assert check(made, story.home, say=lines.append)
    assert any(line.startswith("--  ") and words in line for line in lines)


def test_the_program_in_the_bundle_is_not_called_another_where_it_is_this_one(
    story: Any, dossier: Path
) -> None:
    assert not any("is not this program" in line for line in told_by(dossier, story.home))


def test_a_hash_that_is_given_for_a_folder_is_not_passed_over(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(tmp_path / "u")
    with pytest.raises(checker.Rejected, match="a folder has no SHA-256"):
        check(tmp_path / "u" / root_of(dossier), story.home, sha256="0" * 64)


# --- a hit that came after the first dossier, and is left out of the second ---


def left_out(files: Files, entry_id: str, reason: str) -> None:
    """Withhold an entry in all files."""
    lines, table = files[LINES].splitlines(), files[TABLE].splitlines()
    at = next(at for at, line in enumerate(lines) if said(line)["id"] == entry_id)
    index = [number for number, row in enumerate(table) if row.endswith(b"disclosed")][at]
    head = parts.header(lines.pop(at))
    assert head is not None
    table[index] = table[index].replace(b"disclosed", f"withheld:{reason}".encode())
    row = f"{index}\t{head.kind}\t{head.canary}\t{head.incident}\t{head.content.hex()}".encode()
    headers = sorted([*files[HEADERS].splitlines(), row], key=lambda row: int(row.split(b"\t")[0]))
    proofs = [line for line in files[PROOFS].splitlines() if json.loads(line)["index"] != index]
    for name, rows in ((LINES, lines), (TABLE, table), (HEADERS, headers), (PROOFS, proofs)):
        files[name] = b"".join(row + b"\n" for row in rows)


@pytest.fixture
def later(story: Any, dossier: Path, tmp_path: Path) -> tuple[Path, str]:
    """A second dossier, and the hit that came between the two."""
    with story.home.store.write() as connection:
        fourth = put_hit(story.home, connection, story.canary, story.incident, 77)
    return build(story.home, incident=story.incident, out=tmp_path / "later.zip"), fourth


def without_the_fourth(later: tuple[Path, str]) -> Files:
    """The hit as another matter's, its request and its events gone; its facts, which carry the case's tag, stay."""
    files, fourth = unpacked(later[0]), later[1]
    raw = next(said(line) for line in files[LINES].splitlines() if said(line)["id"] == fourth)["body"][
        "raw_sha256"
    ]
    left_out(files, fourth, "other-matter")
    del files[f"data/raw/{raw}.bin"]
    for name in (EVENTS, "data/events/events.csv"):
        rows = files[name].splitlines(keepends=True)
        files[name] = b"".join(row for row in rows if fourth.encode() not in row)
    return files


def test_its_opening_cannot_be_held_back_with_it(story: Any, later: tuple[Path, str], tmp_path: Path) -> None:
    files = without_the_fourth(later)
    opened = [said(line)["id"] for line in files[LINES].splitlines() if said(line)["entry"] == "opened"]
    left_out(files, opened[-1], "held-back")
    with pytest.raises(checker.Rejected, match="are about are not here"):
        check(resigned(story.home, files, tmp_path / "x.zip", root_of(later[0])), story.home)
    whole = unpacked(later[0])
    left_out(whole, opened[-1], "held-back")
    with pytest.raises(checker.Rejected, match=r"the opened entry at .* is withheld as held back"):
        check(resigned(story.home, whole, tmp_path / "y.zip", root_of(later[0])), story.home)


def test_the_verdict_names_the_opening_that_counts(story: Any, later: tuple[Path, str]) -> None:
    assert len(events(later[0])) == 4
    lines = told_by(later[0], story.home)
    assert any(
        "with all 4 hits that it had when it was last opened, entry 20 of the log" in line for line in lines
    )


def test_a_dossier_of_release_0_1_claims_no_number_of_hits() -> None:
    lines: list[str] = []
    checker.verify(Path(__file__).parents[2] / "data/dossier-0.1.zip", say=lines.append)
    assert not any("with all" in line for line in lines)
    assert any(line.startswith("!!  no entry states how many hits the case had") for line in lines)


def test_a_moved_hit_s_entry_cannot_be_held_back(story: Any, dossier: Path, tmp_path: Path) -> None:
    from listener.incidents.regroup import split

    split(story.home, story.incident, [story.hits[0]], "another visitor")
    made = build(story.home, incident=story.incident, out=tmp_path / "split.zip")
    files = unpacked(made)
    withhold(files, "regrouped", "held-back")
    with pytest.raises(checker.Rejected):
        check(resigned(story.home, files, tmp_path / "x.zip", root_of(made)), story.home)


def test_an_older_dossier_of_the_case_is_held_against_a_newer_one(
    story: Any, dossier: Path, later: tuple[Path, str], tmp_path: Path
) -> None:
    """As docs/dossier-format.md says: by the last checkpoint of one of them."""
    told: dict[str, list[str]] = {"case.zip": [], "later.zip": []}
    for brought, held in ((dossier, later[0]), (later[0], dossier)):
        files = unpacked(brought)
        note = tmp_path / f"{brought.name}.note"
        note.write_bytes(files[max(name for name in files if name.startswith("data/log/checkpoints/"))])
        assert check(held, story.home, checkpoints=[str(note)], say=told[brought.name].append)
    assert not any("newer than this bundle" in line for line in told["case.zip"])
    assert any("newer than this bundle" in line for line in told["later.zip"])
