"""The sample dossier in examples/: what the programs make today, and verified as a stranger would."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.programs import needs

SAMPLE = Path(__file__).parent.parent / "examples" / "sample-dossier"
SIGNED = ("seal/tagmanifest.p7s", "seal/sha256.txt")
"""An ECDSA signature is another each time."""

pytestmark = needs("openssl")


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def test_it_is_what_the_programs_make_byte_for_byte_but_for_the_signature(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLE / "make.py"), str(tmp_path)], check=True, capture_output=True)
    fresh, kept = members(tmp_path / "sample.zip"), members(SAMPLE / "sample.zip")
    assert fresh.keys() == kept.keys()
    other = [name for name in fresh if name not in SIGNED and fresh[name] != kept[name]]
    assert not other, f"run: python examples/sample-dossier/make.py examples/sample-dossier ({other})"
    for name in ("log.vkey", "dossier.pem"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes()


def test_it_verifies_with_the_script_inside_of_it(tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_bytes(members(SAMPLE / "sample.zip")["verify/verify.py"])
    keys = ["--vkey", str(SAMPLE / "log.vkey"), "--cert", str(SAMPLE / "dossier.pem")]
    command = [sys.executable, "-I", str(script), str(SAMPLE / "sample.zip"), *keys]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("VERIFIED with the keys you brought.\n")
    assert "ok  9 events, 4 raw requests" in done.stdout
