"""Only the recipient's key opens it; what is inside verifies; the ledger knows who got it; a slip leaves nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import TraplineError
from canaries.ledger.checkpoints import log_verifier
from listener import cli
from listener.dossier import verify as checker
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
