"""Programs that tests run but do not bring: where one is missing, or is there and does not work, the skip names it.

Continuous integration installs all of them and forbids skips (NO_SKIPS).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests import steady

_SAMPLES = {"writer": ("sample.txt", "words\n"), "calc": ("sample.csv", "1,2\n")}
"""A part of LibreOffice: a file that only its filters can read."""


def reason(*programs: str) -> str:
    """Why tests that run ``programs`` cannot run here; empty where they can."""
    absent = [program for program in programs if shutil.which(program) is None]
    return f"needs {' and '.join(absent)}" if absent else ""


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip the test, or the tests of a file as its ``pytestmark``, where one of ``programs`` is missing."""
    why = reason(*programs)
    return pytest.mark.skipif(bool(why), reason=why or "nothing is missing")


def require(*programs: str) -> None:
    """The same from within a test or a fixture."""
    if why := reason(*programs):
        pytest.skip(why)


def require_any(*programs: str) -> str:
    """The path of the first of ``programs`` that is there; skips where none is."""
    for program in programs:
        if found := shutil.which(program):
            return found
    pytest.skip(f"needs {' or '.join(programs)}")


def require_libreoffice(part: str) -> None:
    """Skip where LibreOffice cannot convert what its ``writer`` or ``calc`` reads: soffice may lack filters."""
    require("soffice")
    if not _converts(part):
        pytest.skip(f"needs LibreOffice's {part}: soffice is there but converts nothing")


@cache
def _converts(part: str) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample, text = _SAMPLES[part]
        (folder / sample).write_text(text)
        convert_to_pdf(folder / sample)
        return (folder / sample).with_suffix(".pdf").is_file()


def convert_to_pdf(path: Path) -> None:
    """Have LibreOffice write ``path`` as a PDF beside it, with a profile of its own."""
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(path.parent),
        str(path),
    ]
    subprocess.run(command, capture_output=True, timeout=steady.PATIENCE, check=False)
