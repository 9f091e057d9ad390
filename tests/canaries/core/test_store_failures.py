"""An error of the database says what is to be done, where that can be known."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from canaries.core.errors import StoreAwayError, StoreError
from canaries.core.store import Store
from canaries.core.store_failures import ROOM, words
from canaries.installation.home import Home


def refused(said: str) -> OperationalError:
    return OperationalError("SELECT 1", {}, sqlite3.OperationalError(said))


@pytest.mark.parametrize(
    "said", ["disk I/O error", "database or disk is full", "unable to open database file"]
)
@pytest.mark.parametrize(
    ("flag", "free", "sentence"),
    [
        (0, 0, "the disk of {folder} is full"),
        (0, ROOM - 1, "the disk of {folder} is full"),
        (0, ROOM, "database error: {said}"),
        (os.ST_RDONLY, ROOM, "{folder} is on a disk that cannot be written"),
    ],
)
def test_a_full_disk_and_one_that_cannot_be_written_are_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, flag: int, free: int, sentence: str
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flag, f_bavail=free, f_frsize=1))
    found, hint = words(refused(said), make_url(f"sqlite:///{tmp_path}/trapline.db"))
    assert found == sentence.format(folder=tmp_path, said=said)
    assert (hint is None) == found.startswith("database error")


def test_a_server_s_words_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=0, f_bavail=0, f_frsize=1))
    error = OperationalError("SELECT 1", {}, RuntimeError("no space\nmore"))
    assert words(error, make_url("postgresql://x@127.0.0.1/db")) == ("database error: no space", None)


def test_the_store_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in place of the database cannot be opened, whatever the reason is."""
    (tmp_path / "trapline.db").mkdir()
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=0, f_bavail=0, f_frsize=1))
    kept = Store.sqlite(tmp_path / "trapline.db")
    with pytest.raises(StoreAwayError, match="is full") as caught, kept.read():
        pass
    assert caught.value.hint == "make room, and try again"
    kept.close()


def test_a_connection_that_is_gone_before_its_cursor_leaves_no_trace_beside_the_error(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """As where Ctrl-C comes during a statement: a command says one line, not the trace that a pool logs."""
    with contextlib.suppress(StoreError), home.store.read() as connection:
        found = connection.execute(text("SELECT 1 UNION SELECT 2"))
        found.cursor.connection.close()  # type: ignore[attr-defined]  # sqlite3's
        found.close()
    assert caplog.records == []
