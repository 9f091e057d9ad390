"""Only the recipient's key opens it; what is inside verifies; the ledger knows who got it; a slip leaves nothing."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import TraplineError
from canaries.ledger.checkpoints import log_verifier
from listener import cli
from listener.dossier import verify as checker
from listener.dossier.build import build
from listener.dossier.handover import Transfer, hand_over
from listener.dossier.signing import Signer
from tests.programs import needs


def run(story: Any, out: Path, to: str) -> Result:
    words = ["--home", str(story.home.path), "dossier", "build", "--incident", story.incident]
    return CliRunner().invoke(cli.trapline, [*words, "--out", str(out), "--to", to])


@needs("openssl")
def test_the_recipient_opens_and_verifies_it(story: Any, tmp_path: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    done = run(story, tmp_path / "case.zip", str(key.to_public()))
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.glob("case*")) == ["case.zip.age", "case.zip.sha256"]
    plain = pyrage.decrypt((tmp_path / "case.zip.age").read_bytes(), [key])
    assert hashlib.sha256(plain).hexdigest() == (tmp_path / "case.zip.sha256").read_text().split()[0]
    (tmp_path / "got.zip").write_bytes(plain)
    keys = str(log_verifier(story.home)), Signer(story.home).certificate
    assert checker.verify(tmp_path / "got.zip", *keys, say=lambda _: None)
    with story.home.store.read() as connection:
        handed = [entry.body for entry in story.home.reader.entries(connection, "exported")][-1]
    assert (handed["what"], handed["incident"]) == ("handover", story.incident)
    assert handed["recipient"] == str(key.to_public())
    other = pyrage.x25519.Identity.generate()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt((tmp_path / "case.zip.age").read_bytes(), [other])


@pytest.mark.parametrize("to", ["age1nonsense", "x\x1b", "ssh-ed25519 AAAA"])
def test_what_is_no_recipient_builds_nothing(story: Any, tmp_path: Path, to: str) -> None:
    assert isinstance(run(story, tmp_path / "case.zip", to).exception, TraplineError)
    assert not list(tmp_path.glob("case*"))


def handed(story: Any, *words: str) -> Result:
    return CliRunner().invoke(
        cli.trapline, ["--home", str(story.home.path), "dossier", "handover", *words], catch_exceptions=False
    )


@needs("openssl")
def test_who_gave_it_to_whom_is_an_entry_that_the_next_dossier_shows(
    story: Any, dossier: Path, tmp_path: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    to, how = "Dana Hall, Example LLP \x1b[8m", "in person"
    words = ["--to", to, "--how", how, "--when", "2026-11-27T14:05:00Z", "--encrypt", str(key.to_public())]
    assert handed(story, str(dossier), *words).exit_code == 0
    envelope = tmp_path / "case.zip.age"
    assert pyrage.decrypt(envelope.read_bytes(), [key]) == dossier.read_bytes()
    passed_on = ["--to", "the court", "--how", "courier", "--from", "Dana Hall"]
    assert handed(story, str(envelope), *passed_on).exit_code == 0
    with story.home.store.read() as connection:
        one, two = [entry.body for entry in story.home.reader.entries(connection, "exported")][-2:]
    digest, sealed = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (dossier, envelope))
    assert (one["incident"], one["sha256"], one["envelope_sha256"]) == (story.incident, digest, sealed)
    assert (one["to"], one["how"], one["when"]) == (to, how, "2026-11-27T14:05:00.000000Z")
    assert (two["from"], two["to"], two["sha256"]) == ("Dana Hall", "the court", digest)

    made = build(story.home, incident=story.incident, out=tmp_path / "next.zip")
    told: list[str] = []
    keys = str(log_verifier(story.home)), Signer(story.home).certificate
    assert checker.verify(made, *keys, say=told.append)
    (first, second) = [line for line in told if "handed over" in line]
    assert digest in first
    assert "Example LLP" in first
    assert "\x1b" not in first
    assert "by 'Dana Hall', to 'the court', how: 'courier'" in second
    with zipfile.ZipFile(made) as archive:
        page = archive.read(f"dossier-incident-{story.incident}/data/report.html").decode()
    assert "Dana Hall to the court" in page


def test_what_was_never_exported_here_is_not_handed_over(story: Any, tmp_path: Path) -> None:
    (tmp_path / "other.zip").write_bytes(b"PK")
    with pytest.raises(TraplineError, match="no dossier with the SHA-256"):
        handed(story, str(tmp_path / "other.zip"), "--to", "x", "--how", "y")
    blank = handed(story, str(tmp_path / "other.zip"), "--to", " ", "--how", "y")
    assert blank.exit_code == 2
    assert "'--to' is empty" in blank.output
    with pytest.raises(TraplineError, match="who received it and how"):
        hand_over(story.home, tmp_path / "other.zip", Transfer(" ", "y"))
