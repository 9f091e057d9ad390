"""``make docs``: one site of written and generated pages, every link sound, nothing loaded from another host."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from tests.house import ROOT
from tools import docs, reference

pytestmark = pytest.mark.rehearsal

OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source)[^>]+src=["']?(?:https?:)?//|<link[^>]+href=["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "tools.docs", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages() -> set[str]:
    """What the site should have: all that is written, and all that is generated."""
    return {page for page in docs.written().values() if page.endswith(".md")} | set(reference.pages())


def test_every_page_becomes_html(site: Path, pages: set[str]) -> None:
    assert "index.md" in pages
    assert not {page for page in pages if not (site / page).with_suffix(".html").is_file()}


def test_every_page_is_in_the_contents(site: Path, pages: set[str]) -> None:
    index = (site / "index.html").read_text()
    assert not {page for page in pages - {"index.md"} if page.replace(".md", ".html") not in index}


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    found = {
        f"{path.relative_to(site)}: {match[0]}"
        for path in site.rglob("*")
        if path.suffix in (".html", ".css")
        for match in OUTSIDE.finditer(path.read_text("utf-8"))
    }
    assert not found


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    """For this one page is a site."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Here\n\n[nowhere](nowhere.md)\n")
    with pytest.raises(Abort):
        docs.build(tmp_path / "docs", tmp_path / "site")
    (tmp_path / "docs" / "nowhere.md").write_text("# There\n")
    docs.build(tmp_path / "docs", tmp_path / "site")
    assert (tmp_path / "site" / "nowhere.html").is_file()


PLACES = {"README.md": "index.md", "ARCHITECTURE.md": "architecture.md", "docs/guide/one.md": "guide/one.md"}


@pytest.mark.parametrize(
    ("file", "text", "linked"),
    [
        ("README.md", "[a](ARCHITECTURE.md#rules)", "[a](architecture.md#rules)"),
        ("README.md", "[a](docs/guide/one.md)", "[a](guide/one.md)"),
        ("docs/guide/one.md", "[a](../../README.md)", "[a](../index.md)"),
        ("README.md", "[the licence](LICENSE)", "the licence"),
        ("README.md", "[a](https://example.org/x.md)", "[a](https://example.org/x.md)"),
        ("README.md", "[a](#here)", "[a](#here)"),
    ],
)
def test_links_between_files_become_links_between_pages(file: str, text: str, linked: str) -> None:
    assert docs.relink(file, text, PLACES) == linked


def test_a_page_without_a_heading_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("no heading")
    with pytest.raises(ValueError, match=r"page\.md has no heading"):
        docs.title(tmp_path / "page.md")
