"""The SHACL validator of the CASE community says that the graph conforms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.case_uco import CaseUco


def test_case_validate_conforms(exchanged: ExchangeCase, tmp_path: Path) -> None:
    path = tmp_path / "case.jsonld"
    path.write_bytes(b"".join(CaseUco().write(exchanged)))
    done = subprocess.run(
        [Path(sys.executable).parent / "case_validate", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Conforms: True" in done.stdout


def test_each_hit_is_an_exhibit(exchanged: ExchangeCase) -> None:
    text = b"".join(CaseUco().write(exchanged)).decode()
    assert all(f'"incident-00ff-{number:04d}"' in text for number in range(1, 7))
