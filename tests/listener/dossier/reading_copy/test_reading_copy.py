"""The PDF says what the report says, is tagged and archivable, is the same each time, and is signed where asked."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest

from listener.dossier.build import build
from listener.dossier.reading_copy import reading_copy
from listener.dossier.reading_copy.tree import tree_of
from listener.dossier.versions import VERSIONS
from tests.listener.dossier.reading_copy.test_tree import words
from tests.programs import needs

SAMPLE = Path(__file__).parents[4] / "examples" / "sample-dossier"
KEYS: dict[str, Any] = {
    "vkey": (SAMPLE / "log.vkey").read_text(),
    "certificate": (SAMPLE / "dossier.pem").read_bytes(),
}
pytestmark = needs("openssl")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the sample dossier."""
    path = tmp_path_factory.mktemp("copy") / "sample.pdf"
    reading_copy.make(SAMPLE / "sample.zip", path, **KEYS)
    return path


def text_of(pdf: bytes) -> str:
    """Without white space, which setting changes, and without the words at the foot of each page."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return "".join("".join(page.split()) for page in pages).replace("\u200b", "").replace("\u00ad", "")


def test_every_word_of_the_report_is_in_it(copy: Path) -> None:
    with zipfile.ZipFile(SAMPLE / "sample.zip") as archive:
        name = next(one for one in archive.namelist() if one.endswith("data/report.html"))
        _, body = tree_of(archive.read(name).decode())
    said = text_of(copy.read_bytes()).lower()
    missing = [cell for cell in leaves(["body", [], body]) if cell.lower() not in said]
    assert len(missing) < 0.02 * len(leaves(["body", [], body])), missing  # what a page break cuts in two
    digest = hashlib.sha256((SAMPLE / "sample.zip").read_bytes()).hexdigest()
    assert said.count(digest[:16]) > len(pypdf.PdfReader(copy).pages)
    assert "verifiedwithkeysfromelsewhere" in said


def leaves(node: Any) -> list[str]:
    if isinstance(node, str) or node[0] == "svg":
        return []
    if node[0] in ("td", "th", "p", "li", "h2", "dd"):
        return [words(node)]
    return [one for child in node[2] for one in leaves(child)]


def test_it_is_tagged_archivable_and_holds_the_events(copy: Path) -> None:
    pdf = pypdf.PdfReader(copy)
    about = pdf.xmp_metadata
    assert about is not None
    claims = about.stream.get_data().decode()
    for claim in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in claims
    root: Any = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    with zipfile.ZipFile(SAMPLE / "sample.zip") as archive:
        kept = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert sorted(pdf.attachments) == ["events.csv", "events.ndjson", "manifest-sha256.txt"]
    for name, (content,) in pdf.attachments.items():
        assert content == kept[name]
    assert len(pictures(root["/StructTreeRoot"])) == 4
    assert all(pictures(root["/StructTreeRoot"]))


def pictures(node: Any) -> list[str]:
    """The words of each figure in the structure."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [one for child in node for one in pictures(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node.get("/Alt", ""))] if node.get("/S") == "/Figure" else []
    return own + pictures(node.get("/K", []))


def test_the_same_dossier_gives_the_same_bytes(copy: Path, tmp_path: Path) -> None:
    digest = reading_copy.make(SAMPLE / "sample.zip", tmp_path / "again.pdf", **KEYS)
    assert digest == hashlib.sha256(copy.read_bytes()).hexdigest()


def test_every_version_has_one(story: Any, tmp_path: Path) -> None:
    build(story.home, incident=story.incident, out=tmp_path / "case.zip", version=VERSIONS["publication"])
    reading_copy.make(tmp_path / "case.zip", tmp_path / "case.pdf")
    assert "publication" in text_of((tmp_path / "case.pdf").read_bytes()).lower()
