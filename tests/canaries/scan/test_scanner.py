"""Canaries in a dump: found in every form they take, named with their copy, and nothing else is."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from canaries.core import plugins
from canaries.core.model import Canary
from canaries.decoders import FOLDER
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan import index as index_module
from canaries.scan import known
from canaries.scan.containers import Unreadable
from canaries.scan.dumps import OVERLAP, PIECE
from canaries.scan.scanner import Finding, scan, scan_with
from tests.every import every


@pytest.fixture
def canary(home: Home) -> Canary:
    """A phony person: an address, a password with signs in it, a path."""
    return next(mint(home, "user", memo="list of May", recipient="partner 7")).canary


def value(canary: Canary, facet: str) -> str:
    return next(token.value for token in canary.tokens if token.facet == facet)


def findings(home: Home, *paths: Path) -> list[Finding]:
    results = list(scan(home, paths))
    assert not [result for result in results if isinstance(result, Unreadable)]
    return [result for result in results if isinstance(result, Finding)]


FORMS: dict[str, Callable[[str], bytes]] = {
    "csv": lambda text: f"1,{text},x\n".encode(),
    "sql": lambda text: f"INSERT INTO t VALUES (1,'{text}','y');\n".encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "env": lambda text: f"KEY={text}\n".encode(),
    "sentence": lambda text: f"see {text}.\n".encode(),
    "percent": lambda text: f"https://x.example/?q={quote(text, safe='')}&r=1".encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "base64": lambda text: b"x: " + base64.b64encode(text.encode()),
    "basic": lambda text: b"Authorization: Basic " + base64.b64encode(f"user:{text}".encode()) + b"\r\n",
    "base64 without padding": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "utf-16": lambda text: f"a {text} b".encode("utf-16"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("facet", ["email", "password", "path"])
def test_every_form_is_found(home: Home, canary: Canary, tmp_path: Path, form: str, facet: str) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(b"first line\n" + FORMS[form](value(canary, facet)))
    found = findings(home, dump)
    assert [(one.canary, one.facet, one.recipient, one.memo) for one in found] == [
        (canary.id, facet, "partner 7", "list of May")
    ]


def _ways_of_the_traps() -> dict[str, Callable[[bytes], bytes]]:
    found: dict[str, Callable[[bytes], bytes]] = {}
    for name in plugins.module_names(FOLDER):
        found |= importlib.import_module(f"tests.canaries.decoders.test_{name}").WRAPPERS
    return found


@every("form", _ways_of_the_traps())
def test_what_a_trap_recognises_a_scan_finds(home: Home, tmp_path: Path, form: str) -> None:
    canary = next(mint(home, "stripe-key")).canary
    key = next(token.value for token in canary.tokens if token.value.startswith("sk_live_")).encode()
    (tmp_path / "dump").write_bytes(_ways_of_the_traps()[form](key))
    results = list(scan(home, [tmp_path / "dump"]))
    found = {one.canary for one in results if isinstance(one, Finding)}
    cut = any(isinstance(one, Unreadable) for one in results)
    assert found == {canary.id} or (cut and "cut short" in form)


@pytest.mark.parametrize(
    "kind", ["aws-key", "github-token", "openai-key", "stripe-key", "sms-gateway", "postgres-url"]
)
def test_the_own_text_of_every_kind_is_found(home: Home, tmp_path: Path, kind: str) -> None:
    one = next(mint(home, kind))
    dump = tmp_path / "dump"
    dump.write_text(one.bait.text)
    present = {token.facet for token in one.canary.tokens if not token.weak and token.value in one.bait.text}
    assert present
    assert present <= {finding.facet for finding in findings(home, dump)}


def test_addresses_in_capitals_are_the_same(home: Home, canary: Canary, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.write_text(value(canary, "email").upper())
    assert [one.facet for one in findings(home, dump)] == ["email"]


def test_line_and_offset_are_those_of_the_file(home: Home, canary: Canary, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    head = "x\n" * 7 + "name, "
    dump.write_text(head + value(canary, "email") + "\n" + value(canary, "email"))
    (found,) = findings(home, dump)
    assert (found.line, found.offset, found.path) == (8, len(head), str(dump))


@pytest.mark.parametrize("shift", [-400, -25, -1, 0, 1, 25])
def test_a_token_on_the_edge_of_two_pieces_is_found(
    home: Home, canary: Canary, tmp_path: Path, shift: int
) -> None:
    dump = tmp_path / "dump"
    filler = (b"0123456789\n" * (PIECE // 11 + 1))[: PIECE + shift]
    dump.write_bytes(filler + b" " + value(canary, "email").encode() + b"\n" + filler)
    (found,) = findings(home, dump)
    assert found.offset == len(filler) + 1
    assert found.line == 1 + filler.count(b"\n")
    assert OVERLAP > 400


@pytest.mark.parametrize("shift", range(4))
def test_base64_that_began_in_the_piece_before_is_read_wherever_it_is_cut(
    home: Home, canary: Canary, tmp_path: Path, shift: int
) -> None:
    """A text encoded without line breaks, a little longer than a piece: its end stands in the second piece only."""
    dump = tmp_path / "dump"
    text = (b"a line of text\n" * (PIECE // 15 + 1))[: PIECE // 4 * 3 + 300] + b"\n"
    encoded = base64.b64encode(text + value(canary, "email").encode() + b"\nend\n")
    dump.write_bytes(b"." * shift + b"\n" + encoded)
    assert PIECE < len(encoded) < PIECE + OVERLAP
    assert [one.facet for one in findings(home, dump)] == ["email"]


def test_packed_files_and_folders_are_looked_into(home: Home, canary: Canary, tmp_path: Path) -> None:
    import bz2
    import gzip
    import lzma
    import zipfile

    text = f"a,{value(canary, 'email')}\n".encode()
    folder = tmp_path / "dumps"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.gz").write_bytes(gzip.compress(text))
    (folder / "b.bz2").write_bytes(bz2.compress(text))
    (folder / "c.xz").write_bytes(lzma.compress(text))
    with zipfile.ZipFile(folder / "deep" / "d.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", text)
    names = [Path(one.path).name for one in findings(home, folder)]
    assert names == ["a.gz", "b.bz2", "c.xz", "document.xml"]


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08broken", b"BZhbroken", b"\xfd7zXZ\0broken"])
def test_what_cannot_be_read_is_said(home: Home, tmp_path: Path, content: bytes) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(content)
    (result,) = scan(home, [dump])
    assert isinstance(result, Unreadable)
    assert result.reason


def test_others_secrets_and_names_that_others_may_have_are_not_found(
    home: Home, canary: Canary, tmp_path: Path
) -> None:
    dump = tmp_path / "dump"
    dump.write_text(f"{value(canary, 'name')} AKIAIOSFODNN7EXAMPLE\n" + "0123456789abcdef" * 9)
    assert findings(home, dump) == []


DISGUISES: dict[str, Callable[[str], bytes]] = {
    "md5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().encode(),
    "sha1": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper().encode(),
    "sha256": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
    "sha512": lambda text: hashlib.sha512(text.encode()).hexdigest().encode(),
    "base64": lambda text: base64.b64encode(b"a:" + text.encode() + b":z"),
    "hex": lambda text: b"\\x" + text.encode().hex().encode(),
    "reversed": lambda text: text[::-1].encode(),
    "escaped": lambda text: "".join(c if c.isalnum() else f"%{ord(c):02X}" for c in text).encode(),
}


@pytest.mark.parametrize("form", DISGUISES)
def test_an_address_in_disguise_is_found_and_the_disguise_named(
    home: Home, canary: Canary, tmp_path: Path, form: str
) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(b"row;" + DISGUISES[form](value(canary, "email")) + b";glued")
    assert [(one.canary, one.facet, one.form) for one in findings(home, dump)] == [(canary.id, "email", form)]


def test_the_database_file_itself_is_searched(home: Home, canary: Canary, tmp_path: Path) -> None:
    """Its pages hold the values one after the other, with nothing between them."""
    with contextlib.closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.execute("CREATE TABLE users (name TEXT, email TEXT, note TEXT)")
        connection.execute("INSERT INTO users VALUES ('Anna', ?, 'x')", [value(canary, "email")])
        connection.commit()
    assert [one.facet for one in findings(home, tmp_path / "app.db")] == ["email"]


def test_what_was_found_is_an_entry_in_the_ledger(home: Home, canary: Canary, tmp_path: Path) -> None:
    (tmp_path / "dump").write_text("nothing")
    assert findings(home, tmp_path / "dump") == []
    with home.store.read() as connection:
        assert list(home.reader.entries(connection, "scanned")) == []
    (tmp_path / "dump").write_text(value(canary, "email"))
    findings(home, tmp_path / "dump")
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "scanned")
    assert entry.body["found"] == 1
    assert [(one["canary"], one["facet"]) for one in entry.body["findings"]] == [(canary.id, "email")]


def test_somebody_else_finds_the_same_with_an_index_and_no_home(
    home: Home, canary: Canary, tmp_path: Path
) -> None:
    index_module.write(known.for_somebody_else(home, bytes(32)), tmp_path / "index")
    (tmp_path / "dump").write_text(f"{value(canary, 'email')} {value(canary, 'password')}")
    results = [one for one in scan_with(tmp_path / "index", [tmp_path / "dump"]) if isinstance(one, Finding)]
    assert {(one.canary, one.facet, one.recipient) for one in results} == {
        (canary.id, "email", ""),
        (canary.id, "password", ""),
    }
