"""What git thinks of a file that is about to be planted. Asks only; no command here changes anything.

The repository may be somebody else's, so its configuration gets no say: no hooks, no file system monitor, no locks.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_GIT = (
    "git",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
)


def work_tree(path: Path) -> Path | None:
    """The root of the git work tree that ``path`` lies in, or None. Looks for ``.git``, starts no program."""
    here = path.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)


def advice(path: Path) -> str | None:
    """One sentence on what git will do with a file at ``path``, or None outside a work tree."""
    root = work_tree(path.parent)
    if root is None:
        return None
    inside = path.resolve().relative_to(root)
    if ".git" in inside.parts:
        return None
    try:
        status = _ask(root, inside)
    except (OSError, subprocess.TimeoutExpired):
        return f"git could not be asked whether it ignores {inside}"
    if status == 0:
        return f"git ignores {inside}: it stays in this work tree and no clone gets it"
    if status == 1:
        return f"git does not ignore {inside}: the next 'git add' takes it along, and a push publishes it"
    return f"git would not say whether it ignores {inside} (is the work tree another user's?)"


def _ask(root: Path, inside: Path) -> int:
    """gitignore(5) by git's own mouth: 0 ignored, 1 not, 128 git refuses."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        [*_GIT, "check-ignore", "--quiet", "--", str(inside)],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=10,
        check=False,
    ).returncode
