"""``python -m listener`` is ``trapline``."""

from __future__ import annotations

import subprocess
import sys

import pytest

from canaries import __version__

pytestmark = pytest.mark.usefixtures("all_started_by_exec")  # this is about a start itself


def test_it_answers_with_its_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "listener", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"trapline, version {__version__}"
