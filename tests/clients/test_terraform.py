"""The Terraform example, read by Terraform itself where that is installed: no package registry has it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests import steady
from tests.house import ROOT

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed"),
]


def terraform(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )


def test_it_is_in_terraforms_own_form_and_asks_for_the_providers_it_names(tmp_path: Path) -> None:
    """An apply needs the provider ``external`` from Terraform's registry."""
    shutil.copy(ROOT / "examples/terraform/main.tf", tmp_path)
    assert terraform(tmp_path, "fmt", "-check", "-diff").returncode == 0
    done = terraform(tmp_path, "providers")
    assert (done.returncode, "hashicorp/external" in done.stdout) == (0, True), done.stderr

    (tmp_path / "main.tf").write_text('data "external" { program = [] }\n')
    assert terraform(tmp_path, "providers").returncode != 0
