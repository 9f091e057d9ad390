"""What the stand-alone verifier accepts, and that it rejects every change, the publisher's own ones too."""

from __future__ import annotations

import ast
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.ledger.checkpoints import Outside, log_verifier
from canaries.ledger.signed_note import Checkpoint, sign_checkpoint
from listener import cli
from listener.dossier import verify as checker
from listener.dossier.build import build
from listener.dossier.signing import Signer
from tests import steady
from tests.entry_lines import said
from tests.programs import needs

pytestmark = needs("openssl")

ENTRIES, HASHES, EVENTS = "data/log/entries.ndjson", "data/log/entries.tsv", "data/events/events.ndjson"


def silent(_: str) -> None:
    """Say nothing."""


def check(path: Path, home: Home) -> bool:
    """With the installation's keys, as somebody has them who got them from elsewhere."""
    return checker.verify(path, str(log_verifier(home)), Signer.make(home).certificate, say=silent)


@pytest.fixture
def folder(dossier: Path, tmp_path: Path) -> Path:
    """The dossier, unpacked."""
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(tmp_path / "unpacked")
    return next((tmp_path / "unpacked").iterdir())


def manifest(folder: Path, *, resign: Signer | None = None) -> None:
    """Make the lists of files anew, and with ``resign`` the signature: what the real publisher could do."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for target, payload in (("manifest-sha256.txt", True), (checker.TAGS, False)):
        listed = [name for name in names if name.startswith("data/") == payload and name != checker.TAGS]
        listed = [name for name in listed if not name.startswith("seal/")]
        lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in listed]
        (folder / target).write_text("".join(lines), "utf-8")
    if resign:
        signature = resign.sign((folder / checker.TAGS).read_bytes())
        (folder / checker.SEAL).write_bytes(signature)
        seals = [name for name in names if name.startswith("seal/") and name != checker.SEAL_HASH]
        sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in seals]
        (folder / checker.SEAL_HASH).write_text("".join(sums), "utf-8")


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]


def put(path: Path, content: list[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in content))


def places(folder: Path, kind: str) -> list[int]:
    """Which lines of the entries file are of this kind."""
    return [at for at, line in enumerate(lines(folder / ENTRIES)) if said(line)["entry"] == kind]


def test_an_untouched_dossier_verifies(story: Any, dossier: Path, folder: Path) -> None:
    assert check(dossier, story.home) is True
    assert check(folder, story.home) is True


def test_without_keys_from_elsewhere_it_says_so(dossier: Path) -> None:
    said: list[str] = []
    assert checker.verify(dossier, say=said.append) is False
    assert said[-2].startswith("CONSISTENT, NOT VERIFIED: the log key and certificate")
    assert "--vkey" in said[-1]


def change_an_address(folder: Path) -> None:
    path = folder / ENTRIES
    path.write_bytes(path.read_bytes().replace(b'"ip":"203.0.113.1"', b'"ip":"203.0.113.9"'))


def change_an_address_and_its_hash(folder: Path) -> None:
    old = lines(folder / ENTRIES)
    change_an_address(folder)
    path = folder / HASHES
    text = path.read_text("utf-8")
    for before, after in zip(old, lines(folder / ENTRIES), strict=True):
        wrong, right = (hashlib.sha256(b"\0" + line).hexdigest() for line in (before, after))
        text = text.replace(wrong, right)
    path.write_text(text, "utf-8")


def remove_an_entry(folder: Path) -> None:
    rows = lines(folder / ENTRIES)
    put(folder / ENTRIES, rows[:4] + rows[5:])


def remove_an_entry_and_its_hash(folder: Path) -> None:
    remove_an_entry(folder)
    rows = lines(folder / HASHES)
    shown = [at for at, row in enumerate(rows) if row.endswith(b"disclosed")]
    del rows[shown[4]]
    put(folder / HASHES, [b"%d\t" % at + row.split(b"\t", 1)[1] for at, row in enumerate(rows)])


def hide_an_entry(folder: Path) -> None:
    """Withhold a hit that is told of elsewhere."""
    hit = places(folder, "hit")[0]
    rows = lines(folder / ENTRIES)
    del rows[hit]
    put(folder / ENTRIES, rows)
    table = lines(folder / HASHES)
    shown = [at for at, row in enumerate(table) if row.endswith(b"disclosed")]
    table[shown[hit]] = table[shown[hit]].replace(b"disclosed", b"withheld:other-matter")
    put(folder / HASHES, table)


def add_an_entry(folder: Path) -> None:
    rows = lines(folder / ENTRIES)
    put(folder / ENTRIES, [*rows, rows[-1]])


def swap_entries(folder: Path) -> None:
    rows = lines(folder / ENTRIES)
    rows[3], rows[5] = rows[5], rows[3]
    put(folder / ENTRIES, rows)


def swap_entries_and_hashes(folder: Path) -> None:
    swap_entries(folder)
    rows = [row.split(b"\t") for row in lines(folder / HASHES)]
    shown = [at for at, row in enumerate(rows) if row[2] == b"disclosed"]
    one, two = shown[3], shown[5]
    rows[one][1], rows[two][1] = rows[two][1], rows[one][1]
    put(folder / HASHES, [b"\t".join(row) for row in rows])


def cut_the_log(folder: Path) -> None:
    """Drop the newest checkpoint: what came after the one before would be unproven."""
    sorted((folder / "data/log/checkpoints").iterdir())[-1].unlink()


def change_a_checkpoint(folder: Path) -> None:
    path = min((folder / "data/log/checkpoints").iterdir())
    text = path.read_text("utf-8").split("\n")
    path.write_text("\n".join([text[0], str(int(text[1]) + 1), *text[2:]]), "utf-8")


def change_an_event(folder: Path) -> None:
    path = folder / EVENTS
    path.write_bytes(path.read_bytes().replace(b"203.0.113.1", b"203.0.113.9"))


def change_a_fact(folder: Path) -> None:
    path = folder / EVENTS
    path.write_bytes(path.read_bytes().replace(b'"asn":64500', b'"asn":64501', 1))


def add_a_word_to_an_event(folder: Path) -> None:
    path = folder / EVENTS
    path.write_bytes(path.read_bytes().replace(b'{"derived"', b'{"culprit":"somebody","derived"', 1))


def remove_an_event(folder: Path) -> None:
    put(folder / EVENTS, lines(folder / EVENTS)[1:])


def repeat_an_event(folder: Path) -> None:
    put(folder / EVENTS, [*lines(folder / EVENTS), lines(folder / EVENTS)[0]])


def change_a_raw_request(folder: Path) -> None:
    path = next((folder / "data/raw").glob("*.bin"))
    path.write_bytes(path.read_bytes() + b"x")


def remove_a_raw_request(folder: Path) -> None:
    next((folder / "data/raw").glob("*.bin")).unlink()


def add_a_raw_request(folder: Path) -> None:
    (folder / "data/raw" / f"{hashlib.sha256(b'x').hexdigest()}.bin").write_bytes(b"x")


def change_a_bait(folder: Path) -> None:
    path = next((folder / "data/bait").iterdir())
    path.write_bytes(path.read_bytes().replace(b"tokenone", b"tokentwo"))


def change_a_proof(folder: Path) -> None:
    path = folder / "data/log/proofs.ndjson"
    rows = lines(path)
    put(path, [rows[0].replace(b'["', b'["00', 1), *rows[1:]])


def change_another_proof(folder: Path) -> None:
    path = folder / "data/log/proofs.ndjson"
    first, second, *rows = lines(path)
    put(path, [first, second.replace(b'["', b'["00', 1), *rows])


def rubbish_entries(folder: Path) -> None:
    (folder / HASHES).write_bytes(b"\xff\x00\n")


def rubbish_events(folder: Path) -> None:
    (folder / EVENTS).write_bytes(b"[" * 100_000 + b"\n")


ATTACKS = [
    change_an_address,
    change_an_address_and_its_hash,
    remove_an_entry,
    remove_an_entry_and_its_hash,
    hide_an_entry,
    add_an_entry,
    swap_entries,
    swap_entries_and_hashes,
    cut_the_log,
    change_a_checkpoint,
    change_an_event,
    change_a_fact,
    add_a_word_to_an_event,
    remove_an_event,
    repeat_an_event,
    change_a_raw_request,
    remove_a_raw_request,
    add_a_raw_request,
    change_a_bait,
    change_a_proof,
    change_another_proof,
    rubbish_entries,
    rubbish_events,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_is_rejected_at_every_power_of_the_attacker(
    story: Any, folder: Path, attack: Callable[[Path], None]
) -> None:
    """By anybody; with recomputed lists; and by the publisher, who signs them again."""
    attack(folder)
    with pytest.raises(checker.Rejected, match=r"SHA-256|missing|not listed"):
        check(folder, story.home)
    manifest(folder)
    with pytest.raises(checker.Rejected, match="not signed with this certificate"):
        check(folder, story.home)
    manifest(folder, resign=Signer(story.home))
    with pytest.raises(checker.Rejected) as caught:
        check(folder, story.home)
    assert "signed with this certificate" not in str(caught.value)


def test_the_helpers_of_these_tests_resign_correctly(story: Any, folder: Path) -> None:
    """Otherwise the attacks above would be rejected for the wrong reason."""
    (folder / "data/report.html").write_text("another reading copy", "utf-8")
    manifest(folder, resign=Signer(story.home))
    assert check(folder, story.home) is True


def test_an_added_file_is_noticed_although_sha256sum_passes(story: Any, folder: Path) -> None:
    (folder / "data" / "more.txt").write_text("x", "utf-8")
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", "manifest-sha256.txt", checker.TAGS],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    with pytest.raises(checker.Rejected, match="was added"):
        check(folder, story.home)


def test_a_log_made_anew_with_other_keys_is_rejected(story: Any, tmp_path: Path, dossier: Path) -> None:
    other = Home.create(tmp_path / "other", "")
    with pytest.raises(checker.Rejected, match="not signed with this certificate"):
        checker.verify(dossier, str(log_verifier(story.home)), Signer.make(other).certificate, say=silent)
    with pytest.raises(checker.Rejected, match="is not the log key that you brought"):
        checker.verify(dossier, str(log_verifier(other)), Signer(story.home).certificate, say=silent)


def test_an_older_checkpoint_from_elsewhere_is_held_against_the_log(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    """The one thing that catches a publisher who holds every key and makes the whole log anew."""
    log = log_verifier(story.home)
    oldest = next(Outside(story.home.path / "checkpoints", log).all())
    brought = tmp_path / "mailed.note"
    brought.write_text(oldest.note, "utf-8")
    assert checker.verify(dossier, str(log), Signer(story.home).certificate, [str(brought)], say=silent)
    contrary = Checkpoint(log.name, oldest.checkpoint.size, bytes(32))
    brought.write_text(sign_checkpoint(contrary, story.home.keys.log), "utf-8")
    with pytest.raises(checker.Rejected, match="entries are not those"):
        checker.verify(dossier, str(log), Signer(story.home).certificate, [str(brought)], say=silent)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def test_300_flipped_bits_in_the_files_are_all_noticed(story: Any, dossier: Path, tmp_path: Path) -> None:
    """Every file gets some; the zip is packed anew, so no checksum of the zip helps."""
    dice, files, target = random.Random(11), members(dossier), tmp_path / "flipped.zip"
    names = sorted(name for name in files if files[name])
    for number in range(300):
        name = names[number % len(names)]
        changed = bytearray(files[name])
        place = dice.randrange(len(changed) * 8)
        changed[place // 8] ^= 1 << place % 8
        pack(target, {**files, name: bytes(changed)})
        with pytest.raises(checker.Rejected):
            check(target, story.home)


def test_300_flipped_bits_in_the_zip_are_all_noticed(story: Any, dossier: Path) -> None:
    """Wherever they are, the zip's own bookkeeping too: by the SHA-256 beside it."""
    dice, content = random.Random(12), dossier.read_bytes()
    for _ in range(300):
        changed = bytearray(content)
        place = dice.randrange(len(changed) * 8)
        changed[place // 8] ^= 1 << place % 8
        dossier.write_bytes(changed)
        with pytest.raises(checker.Rejected):
            check(dossier, story.home)


def test_the_hash_from_the_cover_letter_is_compared(story: Any, dossier: Path) -> None:
    digest = hashlib.sha256(dossier.read_bytes()).hexdigest()
    assert checker.verify(dossier, sha256=digest, say=silent) is False
    with pytest.raises(checker.Rejected, match="not the one you gave"):
        checker.verify(dossier, sha256="0" * 64, say=silent)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "dossier/../../x", "dossier//x", "dossier\\x", "elsewhere/x"]
)
def test_misleading_names_in_a_zip_are_rejected(dossier: Path, tmp_path: Path, name: str) -> None:
    pack(tmp_path / "evil.zip", {**members(dossier), name: b"x"})
    with pytest.raises(checker.Rejected):
        checker.verify(tmp_path / "evil.zip", say=silent)


def test_a_root_that_leads_out_of_the_folder_on_another_system_is_rejected(
    dossier: Path, tmp_path: Path
) -> None:
    renamed = {f"..\\..\\{name}": content for name, content in members(dossier).items()}
    pack(tmp_path / "evil.zip", renamed)
    with pytest.raises(checker.Rejected, match="misleading name"):
        checker.verify(tmp_path / "evil.zip", say=silent)


def test_a_file_that_would_be_unpacked_as_a_link_is_rejected(dossier: Path, tmp_path: Path) -> None:
    """Its content is the listed one, so the manifests say nothing of it."""
    with zipfile.ZipFile(dossier) as old, zipfile.ZipFile(tmp_path / "evil.zip", "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith("bagit.txt"):
                info.external_attr = 0o120777 << 16
            new.writestr(info, content)
    with pytest.raises(checker.Rejected, match="would not be unpacked as a plain file"):
        checker.verify(tmp_path / "evil.zip", say=silent)


def test_a_zip_bomb_does_not_fill_the_memory(
    dossier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of files is read before anything is known to be signed."""
    assert checker.LONGEST <= 64 << 20
    monkeypatch.setattr(checker, "LONGEST", 1 << 20)
    root = next(iter(members(dossier))).split("/")[0]
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members(dossier).items():
            archive.writestr(member, bytes(3 << 20) if member == f"{root}/{checker.TAGS}" else content)
    with pytest.raises(checker.Rejected, match="too long"):
        checker.verify(tmp_path / "bomb.zip", say=silent)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_rejected(dossier: Path, tmp_path: Path) -> None:
    shutil.copy(dossier, tmp_path / "twice.zip")
    with zipfile.ZipFile(tmp_path / "twice.zip", "a") as archive:
        archive.writestr(archive.namelist()[0], b"another")
    with pytest.raises(checker.Rejected, match="two files"):
        checker.verify(tmp_path / "twice.zip", say=silent)


def test_a_link_in_a_folder_is_rejected(folder: Path) -> None:
    (folder / "data" / "link").symlink_to("/etc/passwd")
    with pytest.raises(checker.Rejected, match="holds a link"):
        checker.verify(folder, say=silent)


def test_what_is_no_file_in_a_folder_is_rejected(folder: Path) -> None:
    """Reading a named pipe that nobody writes to would never end."""
    os.mkfifo(folder / "data" / "pipe")
    with pytest.raises(checker.Rejected, match="holds something that is no file"):
        checker.verify(folder, say=silent)


@pytest.mark.parametrize("what", ["device", "pipe"])
def test_what_never_ends_is_not_read_to_its_end(story: Any, tmp_path: Path, what: str) -> None:
    """By the script, and by the command, which asks first whose dossier it is."""
    os.mkfifo(tmp_path / "pipe")
    path = Path("/dev/zero") if what == "device" else tmp_path / "pipe"
    with pytest.raises(checker.Rejected, match="neither a file nor a folder"):
        checker.verify(path, say=silent)
    assert checker.origin(path) == ""
    done = CliRunner().invoke(cli.trapline, ["--home", str(story.home.path), "dossier", "verify", str(path)])
    assert "neither a file nor a folder" in str(done.exception)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a zip"])
def test_what_is_no_dossier_is_rejected(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(checker.Rejected):
        checker.verify(tmp_path / "x.zip", say=silent)


def alone(script: Path, *arguments: str) -> tuple[int, str]:
    """The script as a stranger runs it: its own process, isolated from this environment's packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    return done.returncode, done.stdout + done.stderr


def test_the_script_inside_the_bundle_runs_alone(
    story: Any, dossier: Path, folder: Path, tmp_path: Path
) -> None:
    script = folder / "verify" / "verify.py"
    certificate, vkey = tmp_path / "cert.pem", tmp_path / "log.vkey"
    certificate.write_bytes(Signer(story.home).certificate)
    vkey.write_text(f"{log_verifier(story.home)}\n", "utf-8")
    status, said = alone(script, str(dossier), "--vkey", str(vkey), "--cert", str(certificate))
    assert (status, said.splitlines()[-1]) == (0, "VERIFIED with the keys you brought.")
    change_an_event(folder)
    status, said = alone(script, str(folder))
    assert status == 1
    assert said.startswith("NOT VERIFIED")
    assert alone(script)[0] == 2
    assert alone(script, str(tmp_path / "absent.zip"))[0] == 2


def test_the_script_uses_the_standard_library_only() -> None:
    tree = ast.parse(Path(checker.__file__).read_text("utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_o14_memory_does_not_grow_with_the_entries_of_a_case(
    tmp_path: Path, telling: Callable[[Home, int], Any]
) -> None:
    """What is kept of a hit is its place, its name and its hash; held whole, an entry is some ten kilobytes."""
    peaks = []
    for count in (40, 240):
        home = steady.installation(tmp_path / f"{count}", '[bait]\nbase_url = "http://1.1.1.1"\n', "bounded")
        case = build(home, incident=telling(home, count).incident, out=tmp_path / f"{count}.zip")
        key, certificate = str(log_verifier(home)), Signer.make(home).certificate
        tracemalloc.start()
        try:
            assert checker.verify(case, key, certificate, say=silent)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    print((peaks[1] - peaks[0]) / 200)
    assert (peaks[1] - peaks[0]) / 200 < 4_000  # bytes a hit


def test_o14_facts_that_come_long_after_their_hit_are_told_all_the_same(
    dossier: Path, story: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are then read again from disk."""
    monkeypatch.setattr(checker, "WAITING", 0)
    assert check(dossier, story.home)


@pytest.mark.parametrize(
    ("pieces", "chunks", "equal"),
    [
        ([b"ab", b"c"], [b"a", b"bc"], True),
        ([], [], True),
        ([b"abc"], [b"ab"], False),
        ([b"ab"], [b"ab", b"c"], False),
        ([b"ab"], [b"abc"], False),
        ([b"ab", b"d"], [b"abc"], False),
        ([], [b"a"], False),
    ],
)
def test_streams_are_compared_wherever_they_are_cut(
    pieces: list[bytes], chunks: list[bytes], equal: bool
) -> None:
    assert checker.same(pieces, chunks) is equal


@pytest.mark.parametrize("month", [1, 9, 10, 11, 12])
def test_a_time_more_than_ten_minutes_before_those_in_front_of_it_is_disorder(month: int) -> None:
    day = 20_260_000 + 100 * month + 20
    times = [day * 1_000_000 + time for time in (115_000, 120_000, 115_000, 114_959, 115_001)]
    entries: Any = SimpleNamespace(times=times, indices=lambda: range(len(times)))
    (line,) = checker.disorder(entries)
    assert line == "a time long before those in front of it stands in 1 entry, the first at 3"
    del times[3]
    assert checker.disorder(entries) == []
