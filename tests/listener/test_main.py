"""``python -m listener`` is ``trapline``."""

from __future__ import annotations

import subprocess
import sys

from canaries import __version__


def test_it_answers_with_its_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "listener", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"trapline, version {__version__}"
