"""Building: what the bag holds, what the ledger is told, and that nothing half-made is left."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import shutil
import stat
import subprocess
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.errors import LedgerError, NotFoundError, StoreAwayError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.checkpoints import log_verifier
from canaries.ledger.entries import EntryReader
from canaries.ledger.verification import verify as verify_ledger
from listener.dossier import build as building
from listener.dossier import verify as checker
from listener.dossier.build import build
from listener.dossier.signing import Signer
from listener.dossier.versions import VERSIONS
from listener.incidents import linking
from tests import steady
from tests.entry_lines import said
from tests.programs import needs


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return {name.split("/", 1)[1] for name in archive.namelist()}


def read(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        root = archive.namelist()[0].split("/")[0]
        return archive.read(f"{root}/{name}").decode()


def kinds(home: Home, kind: str) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, kind)]


def test_the_bag_has_its_parts(dossier: Path) -> None:
    expected = {
        "bagit.txt",
        "bag-info.txt",
        "README-FIRST.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "seal/tagmanifest.p7s",
        "seal/sha256.txt",
        "verify/verify.py",
        "verify/dossier.pem",
        "data/report.html",
        "data/events/events.ndjson",
        "data/events/events.csv",
        "data/log/entries.tsv",
        "data/log/entries.ndjson",
        "data/log/proofs.ndjson",
        "data/log/log.vkey",
        "data/raw/missing.tsv",
    }
    assert expected <= names(dossier)
    assert read(dossier, "bagit.txt") == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert read(dossier, "bag-info.txt").startswith("Source-Organization: Test Trust\n")
    size, count = read(dossier, "bag-info.txt").split("Payload-Oxum: ")[1].split(".")
    with zipfile.ZipFile(dossier) as archive:
        payload = [info for info in archive.infolist() if "/data/" in info.filename]
    assert (int(size), int(count)) == (sum(info.file_size for info in payload), len(payload))


def test_the_zip_is_private_and_has_its_hash_beside_it(dossier: Path) -> None:
    digest = hashlib.sha256(dossier.read_bytes()).hexdigest()
    assert (dossier.parent / "case.zip.sha256").read_text("utf-8") == f"{digest}  case.zip\n"
    assert stat.S_IMODE(dossier.stat().st_mode) == 0o600
    assert {path.name for path in dossier.parent.iterdir()} == {"home", "case.zip", "case.zip.sha256"}


def test_opening_and_exporting_are_entries_with_who_what_and_hash(story: Any, tmp_path: Path) -> None:
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip", why="asked by counsel")
    [opened] = kinds(story.home, "opened")
    [exported] = kinds(story.home, "exported")
    assert opened["hits"].pop("root")
    assert opened.pop("hits")["count"] == 3
    assert [link["incident"] for link in opened.pop("links")] == [story.incident], "the same odd client"
    assert opened == {"what": "dossier", "incident": story.incident, "why": "asked by counsel"}
    assert exported["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (exported["file"], exported["hits"], exported["size"]) == ("case.zip", 3, out.stat().st_size)
    assert '"entry":"opened"' in read(out, "data/log/entries.ndjson"), "its own opening is part of the case"
    second = build(story.home, incident=story.incident, out=tmp_path / "second.zip")
    assert exported["sha256"] in read(second, "data/log/entries.ndjson"), (
        "the custody of the first is in the second"
    )
    assert verify_ledger(story.home).unsealed == 1


def test_everything_disclosed_is_of_this_case(story: Any, dossier: Path) -> None:
    entries = [said(line.encode()) for line in read(dossier, "data/log/entries.ndjson").splitlines()]
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry["entry"]] = counts.get(entry["entry"], 0) + 1
    assert counts == {
        "minted": 1,
        "planted": 1,
        "hit": 3,
        "derived": 3,
        "alerted": 1,
        "noted": 1,
        "assessed": 1,
        "opened": 1,
        "setting": 1,
    }
    with zipfile.ZipFile(dossier) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"tokentwo" not in everything
    assert b"not of this case" not in everything
    assert story.other.encode() not in everything
    table = read(dossier, "data/log/entries.tsv")
    assert table.count("withheld:other-matter") == 4


def test_a_dossier_on_a_canary_holds_its_hits(story: Any, tmp_path: Path) -> None:
    out = build(story.home, canary=story.other[:8], out=tmp_path / "canary.zip")
    events = [json.loads(line) for line in read(out, "data/events/events.ndjson").splitlines()]
    assert [event["observed"]["canary"] for event in events] == [story.other]
    assert f"data/bait/{story.other}.json" in names(out)
    checker.verify(out, say=lambda _: None)


def test_an_erased_request_and_an_erased_hit_leave_a_dossier_that_verifies(
    story: Any, tmp_path: Path
) -> None:
    home = story.home
    with home.store.write() as connection:
        for table, key, gone in (
            (store.raw, store.raw.c.entry_id, story.hits[0]),
            (store.raw, store.raw.c.entry_id, story.hits[1]),
            (store.entry, store.entry.c.id, story.hits[1]),
        ):
            connection.execute(update(table).where(key == gone).values(sealed=None))
        leaf = connection.execute(
            select(store.entry.c.hash).where(store.entry.c.id == story.hits[1])
        ).scalar_one()
        body = {"entries": [story.hits[0], story.hits[1]], "leaves": [leaf.hex()]}
        home.writer.record(connection, "erased", home.now(), "bob", body)
    out = build(home, incident=story.incident, out=tmp_path / "case.zip")
    said: list[str] = []
    checker.verify(out, say=said.append)
    assert "1 withheld (erased)" in "\n".join(said)
    assert "2 events, 1 raw request " in "\n".join(said)
    assert read(out, "data/raw/missing.tsv") == f"{story.hits[0]}\terased\n"


def test_a_changed_record_stops_the_build_and_leaves_nothing(story: Any, tmp_path: Path) -> None:
    home = story.home
    with home.store.write() as connection:
        change = update(store.raw).where(store.raw.c.entry_id == story.hits[0])
        connection.execute(change.values(sealed=bytes(80)))
    with pytest.raises(LedgerError, match="does not open"):
        build(home, incident=story.incident, out=tmp_path / "case.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"home"}
    assert kinds(home, "exported") == []


def test_exchanged_raw_bytes_are_noticed(story: Any, tmp_path: Path) -> None:
    """A box of other bytes that opens: the vault's public key is enough to make one."""
    home = story.home
    with home.store.write() as connection:
        box = home.writer.seal(b"GET /forged HTTP/1.1\r\n\r\n", story.hits[0])
        connection.execute(update(store.raw).where(store.raw.c.entry_id == story.hits[0]).values(sealed=box))
    with pytest.raises(LedgerError, match="raw bytes"):
        build(home, incident=story.incident, out=tmp_path / "case.zip")


def test_the_collector_looks_as_often_as_before(story: Any, tmp_path: Path) -> None:
    before = gc.get_threshold()
    build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    with pytest.raises(TraplineError):
        build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert gc.get_threshold() == before


@pytest.mark.parametrize("taken", ["case.zip", "case.zip.sha256"])
def test_nothing_is_overwritten(story: Any, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine", "utf-8")
    with pytest.raises(TraplineError, match="already there"):
        build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert (tmp_path / taken).read_text("utf-8") == "mine"
    assert kinds(story.home, "opened") == []


def test_what_does_not_exist_is_said(story: Any, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        build(story.home, incident="ffffffff", out=tmp_path / "case.zip")
    with pytest.raises(NotFoundError):
        build(story.home, canary="ffffffff", out=tmp_path / "case.zip")
    with pytest.raises(TraplineError, match="no folder"):
        build(story.home, incident=story.incident, out=tmp_path / "nowhere" / "case.zip")


def test_many_hits_build_and_verify(home: Home, telling: Callable[[Home, int], Any], tmp_path: Path) -> None:
    """More than a page of each query; the report prints what it can and says so."""
    told = telling(home, 1_100)
    out = build(home, incident=told.incident, out=tmp_path / "case.zip")
    said: list[str] = []
    checker.verify(out, say=said.append)
    assert "1100 events, 1100 raw requests" in "\n".join(said)
    assert "The first 1000 of 1100" in read(out, "data/report.html")


@needs("openssl")
def test_the_commands_in_the_readme_work(story: Any, dossier: Path, tmp_path: Path) -> None:
    """Step 2, word for word, with the certificate from elsewhere."""
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(tmp_path / "unpacked")
    folder = next((tmp_path / "unpacked").iterdir())
    (folder.parent / "dossier.pem").write_bytes(Signer(story.home).certificate)
    shutil.copy(dossier, folder.parent / "FILE.zip")
    text = (folder / "README-FIRST.txt").read_text("utf-8")
    assert Signer(story.home).fingerprint not in text, "a blank, for the letter"
    step = text.split("\n2. ")[1].split("\n3. ")[0]
    commands = [line.strip() for line in step.replace("\\\n", " ").splitlines() if line.startswith("       ")]
    ran = [line for line in commands if line.startswith(("sha256sum", "openssl", "grep"))]
    assert len(ran) == 4
    heard = []
    for line in ran:
        done = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
        heard.append(done.stdout.decode())
    assert Signer(story.home).fingerprint in heard[0]
    assert heard[1] == "1\n"
    (line,) = [line.strip() for line in text.splitlines() if "python3 verify/verify.py" in line]
    line = line.replace("________________", f"'{log_verifier(story.home)}'")
    done = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode().splitlines()[-1]) == (
        0,
        "VERIFIED with the keys you brought.",
    )
    assert checker.verify(folder, say=str) is False, "the reader's own files are not in it"


@pytest.mark.parametrize("name", sorted(VERSIONS))
def test_the_readme_names_no_chapter_that_is_not_there(story: Any, tmp_path: Path, name: str) -> None:
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip", version=VERSIONS[name])
    says = "in the chapter of that name" in read(out, "README-FIRST.txt")
    assert says == (". What this dossier cannot show</h2>" in read(out, "data/report.html"))
    assert not re.search("[cC]hapter [0-9]", read(out, "README-FIRST.txt"))


def test_it_works_on_either_database(
    any_home: Home, telling: Callable[[Home, int], Any], tmp_path: Path
) -> None:
    told = telling(any_home, 3)
    out = build(any_home, incident=told.incident, out=tmp_path / "case.zip")
    said: list[str] = []
    checker.verify(out, say=said.append)
    assert "3 events, 3 raw requests and 1 bait record " in "\n".join(said)


def test_it_waits_for_a_sealer_that_is_at_work(
    postgres_home: Home, telling: Callable[[Home, int], Any], tmp_path: Path
) -> None:
    home, out = postgres_home, tmp_path / "case.zip"
    told = telling(home, 3)
    builder = threading.Thread(target=build, args=(home,), kwargs={"incident": told.incident, "out": out})
    with home.store.write() as connection:
        assert home.store.lock(connection, "seal")
        builder.start()
        builder.join(0.5)
        assert builder.is_alive()
    builder.join(steady.PATIENCE)
    assert '"entry":"opened"' in read(out, "data/log/entries.ndjson")
    checker.verify(out, say=lambda _: None)


def test_a_lock_that_another_process_keeps_is_said_and_nothing_is_written(
    home: Home, telling: Callable[[Home, int], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, out = telling(home, 1), tmp_path / "case.zip"
    monkeypatch.setattr(building, "_PATIENCE", 0.0)
    monkeypatch.setattr(store.Store, "lock", lambda *_: False)
    with pytest.raises(StoreAwayError, match="held the log's lock for too long"):
        build(home, incident=told.incident, out=out)
    assert not out.exists()


def test_o19_the_rest_of_the_log_is_checked_once_and_read_no_further(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole log is checked before a dossier is signed: each entry as a leaf and beside its index row."""
    opened: Counter[str] = Counter()
    real = EntryReader.open

    def counting(self: EntryReader, sealed: bytes, context: str) -> bytes:
        opened[context] += 1
        return real(self, sealed, context)

    monkeypatch.setattr(EntryReader, "open", counting)
    monkeypatch.setattr(linking, "stated", lambda *_: [])  # that looks at the newest hits, of any case
    build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    table = store.hit
    query = select(table.c.id, table.c.derived_id).where(table.c.incident_id != story.incident)
    with story.home.store.read() as connection:
        theirs = connection.execute(query).all()
    assert theirs
    assert {(opened[row.id], opened[row.derived_id]) for row in theirs} == {
        (3, 2)
    }  # its raw bytes beside it; its header
