"""What git thinks of a file that is about to be planted. Asks only; no command here changes anything.

The repository may be somebody else's, so its configuration gets no say: no hooks, no file system monitor, no locks.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

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


def history(path: Path) -> tuple[str, ...]:
    """What a change of a tracked file means: nothing where git does not track it."""
    root = work_tree(path.parent)
    if root is None or ".git" in path.resolve().relative_to(root).parts:
        return ()
    inside = str(path.resolve().relative_to(root))
    try:
        if _run(root, "ls-files", "--error-unmatch", "--", inside).returncode:
            return ()
        remotes = _run(root, "remote").stdout.split()
        hooks = _hooks(root)
    except (OSError, subprocess.TimeoutExpired):
        return (f"git could not be asked whether it tracks {inside}",)
    where = f", a push takes it to {', '.join(remotes[:3])}" if remotes else ""
    told = [f"git tracks {inside}: 'git diff' shows the bait at once, the next commit keeps it{where}"]
    if hooks:
        told.append(f"{hooks} may look for secrets and refuse that commit")
    return tuple(told)


def remains(path: Path, wanted: list[bytes], since: str) -> tuple[str, ...]:
    """Commits since ``since`` (RFC 3339) that hold any of ``wanted`` in this file, as sentences for people."""
    root = work_tree(path.parent)
    if root is None or not wanted:
        return ()
    inside = str(path.resolve().relative_to(root))
    try:
        log = _run(
            root, "log", "--all", "--format=%H", f"--since={since}", "--max-count=200", "--", inside
        ).stdout
        held = [one for one in log.split() if _holds(root, one, inside, wanted)]
        if not held:
            return ()
        pushed = _run(root, "branch", "--remotes", "--contains", held[-1]).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return (f"git could not be asked whether it keeps the bait in the history of {inside}",)
    count = f"{len(held)} commit{'' if len(held) == 1 else 's'}"
    told = [
        f"git keeps it in {count} of {inside}, the latest {held[0][:12]}: whoever has the history has the bait"
    ]
    return (*told, f"it was pushed: {', '.join(pushed[:3])}") if pushed else tuple(told)


def _holds(root: Path, commit: str, inside: str, wanted: list[bytes]) -> bool:
    found = subprocess.run(
        [*_GIT, "cat-file", "blob", f"{commit}:{inside}"],
        cwd=root,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=10,
        check=False,
    )
    return any(one in found.stdout for one in wanted)


def repository_names(root: Path) -> Iterator[str]:
    """What every clone of the repository at ``root`` has in common: addresses of its remotes, then its first commits.

    A shallow clone has only the former, a repository that was never pushed only the latter; a fork has both. Nothing
    where git cannot be asked. The first commits are looked up only where the caller goes on asking.
    """
    try:
        remotes = _run(root, "config", "--local", "--get-regexp", r"^remote\..*\.url$").stdout
        for line in remotes.splitlines():
            yield remote_address(line.partition(" ")[2])
        yield from _run(root, "rev-list", "--max-parents=0", "HEAD", "--").stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return


def remote_address(url: str) -> str:
    """Host and path of a remote, however it is reached: ``git@host:a/b.git`` and ``https://host/a/b`` are the same."""
    scp = re.fullmatch(r"(?:[^@/]+@)?([^:/]+):(?!//)(.+)", url)
    host, path = scp.groups() if scp else (urlsplit(url).hostname or "", urlsplit(url).path)
    return f"{host.lower()}/{path.strip('/').removesuffix('.git')}"


def _hooks(root: Path) -> str:
    if (root / ".pre-commit-config.yaml").is_file():
        return "pre-commit (.pre-commit-config.yaml)"
    for folder in (root / ".git" / "hooks", root / ".husky"):
        if (folder / "pre-commit").is_file():
            return f"the hook {(folder / 'pre-commit').relative_to(root)}"
    return ""


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_GIT, *arguments],
        cwd=root,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=10,
        check=False,
    )


def _ask(root: Path, inside: Path) -> int:
    """gitignore(5) by git's own mouth: 0 ignored, 1 not, 128 git refuses."""
    return subprocess.run(
        [*_GIT, "check-ignore", "--quiet", "--", str(inside)],
        cwd=root,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=10,
        check=False,
    ).returncode
