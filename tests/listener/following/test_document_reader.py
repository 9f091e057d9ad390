"""Whole documents: each once, also packed, late, copied, or after a restart; what is none is told once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from canaries.installation.home import Home
from listener.following.document_reader import DocumentReader
from listener.following.log_reader import LogLook
from listener.following.log_settings import FollowedLog
from listener.logs import source
from tests.listener.following.test_log_reader import Taken

KEY = b"AKIAIOSFODNN7EXAMPLE"


def document(*names: str) -> bytes:
    calls = [{"eventName": name, "userIdentity": {"accessKeyId": KEY.decode()}} for name in names]
    return json.dumps({"Records": [{"eventName": "Quiet"}, *calls]}).encode()


class Bucket:
    """A folder of CloudTrail's files, with a reader that can be started again."""

    def __init__(self, home: Home, folder: Path, from_start: bool = True) -> None:
        self.folder, self._home, self._from_start = folder, home, from_start
        folder.mkdir()
        self.taken = Taken(home)
        self.restart()

    def restart(self, path: str = "") -> None:
        log = FollowedLog("trail", source("cloudtrail"), path or str(self.folder), self._from_start)
        self.reader = DocumentReader(
            log, self._home.store, self.taken, lambda block: [(1, 1)] if KEY in block else []
        )

    def put(self, name: str, content: bytes) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(content)

    def look(self) -> LogLook:
        return self.reader.look()


def test_every_record_once(home: Home, tmp_path: Path) -> None:
    bucket = Bucket(home, tmp_path / "trail")
    bucket.put("a.json.gz", gzip.compress(document("One", "Two")))
    bucket.put("27/b.json", document("Three"))
    look = bucket.look()
    assert (look.lines, look.hits, look.problems) == (5, 3, [])
    bucket.restart()
    assert bucket.look().read == 0
    bucket.put("copy.json", document("Two", "Four"))
    assert bucket.look().hits == 1, "a record that is in two files is one"
    assert len(bucket.taken.known) == 4
    bucket.restart(f"{bucket.folder}/*.json")
    assert bucket.look().read == 0
    assert bucket.reader.counts == (8, 0)


def test_what_was_there_before_is_left_alone(home: Home, tmp_path: Path) -> None:
    bucket = Bucket(home, tmp_path / "trail", from_start=False)
    bucket.put("a.json", document("One"))
    assert bucket.look().hits == 0
    bucket.put("b.json", document("Two"))
    assert bucket.look().hits == 1


def test_one_that_is_still_written_is_read_when_it_is_whole(home: Home, tmp_path: Path) -> None:
    bucket, whole = Bucket(home, tmp_path / "trail"), gzip.compress(document("One"))
    bucket.look()
    bucket.put("a.json.gz", whole[:-9])
    assert (bucket.look().hits, bucket.look().malformed) == (0, 1), "the second time it is told"
    bucket.put("a.json.gz", whole)
    assert bucket.look().hits == 1


@pytest.mark.parametrize("content", [b"[]", b"\x1f\x8bnoise", b"{", gzip.compress(b" " * ((64 << 20) + 1))])
def test_what_is_none_is_told_once(home: Home, tmp_path: Path, content: bytes) -> None:
    bucket = Bucket(home, tmp_path / "trail")
    bucket.put("a.json", content)
    assert bucket.look().problems == []
    [problem] = bucket.look().problems
    assert problem.startswith(f"{bucket.folder}/a.json is passed over: it ")
    assert bucket.look().problems == []
    assert bucket.reader.counts == (0, 1)


def test_a_folder_that_is_missing_is_told(home: Home, tmp_path: Path) -> None:
    bucket = Bucket(home, tmp_path / "trail")
    bucket.restart(str(tmp_path / "none"))
    assert bucket.look().problems == [f"{tmp_path}/none is not there"]
