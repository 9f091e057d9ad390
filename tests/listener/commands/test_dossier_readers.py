"""A reading copy says what the zip was checked with, and of a changed zip there is none."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from click.testing import CliRunner, Result

from canaries.core.errors import DossierError, TraplineError
from listener import cli
from tests.listener.dossier.reading_copy.test_reading_copy import SAMPLE, text_of
from tests.programs import needs


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.trapline, ["dossier", "pdf", *arguments])


@needs("openssl")
def test_without_keys_it_says_so_and_a_changed_zip_makes_none(tmp_path: Path) -> None:
    out = tmp_path / "copy.pdf"
    done = run(str(SAMPLE / "sample.zip"), "--out", str(out), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert "foundconsistent,notverifiedwithkeysfromelsewhere" in text_of(out.read_bytes())
    assert "already there" in str(run(str(SAMPLE / "sample.zip"), "--out", str(out)).exception)
    changed = bytearray((SAMPLE / "sample.zip").read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / "changed.zip").write_bytes(changed)
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for name in ("changed.zip", "no.zip"):
        assert isinstance(run(str(tmp_path / name), "--out", str(tmp_path / "x.pdf")).exception, DossierError)
    assert isinstance(run(str(SAMPLE / "sample.zip"), "--out", "/no/x.pdf").exception, TraplineError)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["changed.zip", "copy.pdf", "no.zip"]


def test_a_key_file_that_is_no_text_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"caf\xe9")
    zipped, key = str(SAMPLE / "sample.zip"), str(tmp_path / "key")
    for words in (["pdf", zipped, "--out", str(tmp_path / "x.pdf")], ["verify", zipped]):
        result = CliRunner().invoke(cli.trapline, ["dossier", *words, "--vkey", key])
        assert isinstance(result.exception, TraplineError)
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
