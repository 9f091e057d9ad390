"""The role for Ansible, run by ansible-playbook against a real server: bait is planted once and printed nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from canaries.installation.home import Home
from canaries.mint import catalogue
from tests.accounts import token
from tests.house import ROOT
from tests.served import serving

pytestmark = pytest.mark.clients

CLIENTS = Path(os.environ.get("CLIENTS", ROOT / ".venv-clients"))
FOLDER = ROOT / "examples/ansible"


def test_a_host_gets_its_bait_once(home: Home, tmp_path: Path) -> None:
    secret, path = token(home, "ansible", "planter", "canaries:mint"), tmp_path / "mallory/.aws/credentials"
    (play,) = yaml.safe_load((FOLDER / "plant.yml").read_text("utf-8"))
    assert set(play["roles"][0]["vars"]) == {f"trapline_bait_{name}" for name in ("server", "kind", "path")}
    with serving(home) as server:

        def run() -> str:
            playbook = (FOLDER / "plant.yml").read_text("utf-8")
            here = tmp_path / "plant.yml"
            here.write_text(
                playbook.replace("https://trapline.example.net", server).replace(
                    "/root/.aws/credentials", str(path)
                )
            )
            done = subprocess.run(
                [str(CLIENTS / "bin/ansible-playbook"), "-vvv", "-i", "localhost,", "-c", "local", str(here)],
                env={
                    "PATH": f"{CLIENTS / 'bin'}:{os.environ['PATH']}",
                    "HOME": str(tmp_path),
                    "LANG": "C.UTF-8",
                    "TRAPLINE_TOKEN": secret,
                    "ANSIBLE_ROLES_PATH": str(FOLDER / "roles"),
                    "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
                    "ANSIBLE_REMOTE_TEMP": str(tmp_path / "ansible"),
                },
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout + done.stderr

        said = run()
        bait = path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
        assert secret not in said
        assert bait.partition("aws_secret_access_key = ")[2].split()[0] not in said
        again = run()
        assert "changed=0" in again
        assert path.read_text() == bait
    (one,) = catalogue.listing(home)
    assert one.memo == f"{path} of localhost"
