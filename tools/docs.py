"""Build the documentation site: ``python -m tools.docs`` writes ``build/site``.

The pages that people write (the Markdown files of the top level and ``docs/``) and those that `tools.reference` makes
are put together in ``build/docs``; MkDocs turns that folder into HTML and stops at a link that leads nowhere.
"""

from __future__ import annotations

import logging
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from tests.house import ROOT
from tools.reference import pages

TOP = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
"""Where a file of the top level stands in the site."""
CONFIG = "docs/mkdocs.yml"
_LINK = re.compile(r"(!?)\[([^\]]+)\]\(([^)#\s]*)(#[^)\s]*)?\)")


def written(root: Path = ROOT) -> dict[str, str]:
    """The files that people write: each one's path in the repository, and its path in the site."""
    top = {name: page for name, page in TOP.items() if (root / name).is_file()}
    files = sorted(path for path in (root / "docs").rglob("*") if path.is_file() and path != root / CONFIG)
    own = {path.relative_to(root).as_posix(): path.relative_to(root / "docs").as_posix() for path in files}
    return top | own


def assemble(target: Path, root: Path = ROOT) -> None:
    """Write the source of every page below ``target``, which is made anew."""
    shutil.rmtree(target, ignore_errors=True)
    places = written(root)
    for name, page in places.items():
        (target / page).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".md"):
            (target / page).write_text(relink(name, (root / name).read_text("utf-8"), places), "utf-8")
        else:
            shutil.copyfile(root / name, target / page)
    for page, text in pages().items():
        (target / page).parent.mkdir(parents=True, exist_ok=True)
        (target / page).write_text(text, "utf-8")


def relink(name: str, text: str, places: Mapping[str, str]) -> str:
    """The text of file ``name`` with links between files made links between pages.

    What has no page (source code, the licence) keeps its words and loses the link.
    """

    def link(match: re.Match[str]) -> str:
        mark, words, target, anchor = match.groups()
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        if path not in places:
            return str(words)
        there = posixpath.relpath(places[path], posixpath.dirname(places[name]) or ".")
        return f"{mark}[{words}]({there}{anchor or ''})"

    return _LINK.sub(link, text)


def contents(folder: Path) -> list[dict[str, Any]]:
    """The site's table of contents: hand-written pages first, then the reference."""
    own = sorted(path.name for path in folder.glob("*.md"))
    first = [page for page in TOP.values() if page in own]
    order = ["index.md", *(page for page in own if page not in first), *first[1:]]
    reference = sorted(path.relative_to(folder).as_posix() for path in folder.glob("reference/*.md"))
    return [{title(folder / page): page} for page in order] + [
        {"Reference": [{title(folder / page): page} for page in reference]}
    ]


def title(path: Path) -> str:
    """A page's first heading."""
    found = re.search(r"^# (.+)$", path.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{path} has no heading: begin it with one")
    return found[1]


def build(source: Path, site: Path) -> None:
    """Turn the assembled pages into HTML. Raises Abort where a link leads nowhere."""
    config = load_config(str(ROOT / CONFIG), docs_dir=str(source), site_dir=str(site), nav=contents(source))
    build_site(config)


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build")
    assemble(folder / "docs")
    try:
        build(folder / "docs", folder / "site")
    except Abort as stopped:
        print(f"the site was not built: {stopped}", file=sys.stderr)
        return 1
    print(os.path.relpath(folder / "site" / "index.html"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
