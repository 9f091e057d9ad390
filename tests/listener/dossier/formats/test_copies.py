"""Whose copy: a real edition, a real scan of a leaked copy, and the dossier states the finding with its error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from canaries.copies import editions
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.scan.scanner import scan
from listener.dossier import verify
from listener.dossier.build import build
from listener.dossier.versions import VERSIONS
from tests.issued import as_csv, copy, installation, issue, subscribers
from tests.listener.dossier.conftest import hit, incident
from tests.listener.dossier.test_attacks import check, unpacked

HOSTILE = "Partner <b>\u202e&"
NAMES = ["Partner A", HOSTILE, "Partner C"]


@dataclass(frozen=True, slots=True)
class Leaked:
    """An edition of three, and the incident in which a canary of its second copy was used."""

    home: Home
    incident: str
    leak: Path


@pytest.fixture(scope="module")
def leaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leaked]:
    folder = tmp_path_factory.mktemp("leaked")
    home = installation(folder / "home")
    made = issue(home, folder, as_csv(subscribers(150)), NAMES, colluders=1, share=1.0)
    (edition,) = editions.editions(home)
    editions.deliver(home, edition.copies[1], edition, b"", "by courier")
    mine = edition.copies[1].private[:1]
    assert len(edition.copies[1].private) > 1, "the scan finds a canary that nobody used"
    with home.store.write() as connection:
        case = incident(connection)
        for number, canary in enumerate(mine):
            hit(home, connection, canary, case, number)
    leak = folder / "leak.csv"
    leak.write_bytes(copy(made, 1))
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    yield Leaked(home, case, leak)
    home.store.close()


def page_of(
    leaked: Leaked, out: Path, name: str = "counsel", **more: Any
) -> tuple[str, dict[str, bytes], list[str]]:
    """(the report, all files, what the verifier said)."""
    build(leaked.home, incident=leaked.incident, out=out, version=VERSIONS[name], **more)
    said: list[str] = []
    assert check(out, leaked.home, say=said.append)
    files = unpacked(out)
    return files["data/report.html"].decode(), files, said


def test_without_a_scan_there_is_no_finding_and_with_one_it_has_its_error(
    leaked: Leaked, tmp_path: Path
) -> None:
    page, files, _ = page_of(leaked, tmp_path / "before.zip")
    chapter = page.split('id="copies"')[1].split("</section>")[0]
    assert "in no other copy" in chapter
    assert "handed over" in chapter
    assert "no chance of an error can be stated" in chapter
    assert "<th>Whose copy</th>" not in page
    rows = files[verify.KNOWN].decode()
    assert '"copy issued"' in rows
    assert '"copy delivered"' in rows

    list(scan(leaked.home, [leaked.leak]))
    page, files, said = page_of(leaked, tmp_path / "after.zip")
    chapter = page.split('id="copies"')[1].split("</section>")[0]
    with leaked.home.store.read() as connection:
        (scanned,) = leaked.home.reader.entries(connection, "scanned")
    (finding,) = scanned.body["copies"]
    assert finding["named"]
    sentence = finding["sentence"].replace("<b>\u202e&", "&lt;b&gt;\\u202e&amp;")
    assert sentence in chapter.replace("&#39;", "'"), "the sentence that was sealed, word for word"
    assert f"error at most {finding['chance']}" in chapter
    assert f"chance of error of at most {finding['chance']}" in page.split('id="observed"')[0], (
        "page one has it"
    )
    assert "who passed a copy on" in chapter
    assert "\u202e" not in page
    assert any("not checked: how the chances of error" in line for line in said)
    where = str(leaked.leak).encode()
    disclosed = files["data/log/entries.ndjson"]
    assert disclosed.count(b'["scanned"') == disclosed.count(b'["copied"') == 1, (
        "others' copies are no matter of this"
    )
    assert where not in disclosed, "the scan found other canaries, so where is held back"


def test_a_scan_that_found_two_editions_shows_in_a_case_of_one_nothing_of_the_other(tmp_path: Path) -> None:
    home = installation(tmp_path / "home")
    leaks, cases = tmp_path / "leaks", []
    leaks.mkdir()
    for number, names in enumerate((["Partner A", "Partner B"], ["Branch C", "Branch D"])):
        made = issue(
            home, tmp_path, as_csv(subscribers(150)), names, f"list{number}.csv", colluders=1, share=1.0
        )
        (leaks / f"{number}.csv").write_bytes(copy(made, 1))
    for edition in editions.editions(home):
        with home.store.write() as connection:
            cases.append(incident(connection))
            hit(home, connection, edition.copies[1].private[0], cases[-1], len(cases))
    list(scan(home, [leaks]))
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    texts = []
    for case in cases:
        out = tmp_path / f"{case}.zip"
        build(home, incident=case, out=out, version=VERSIONS["counsel"])
        assert check(out, home)
        files = unpacked(out)
        texts.append((files["data/log/entries.ndjson"] + files["data/report.html"]).decode())
    for text, own, other in zip(texts, ("Partner B", "Branch D"), ("Branch", "Partner"), strict=True):
        assert own in text
        assert other not in text
    home.store.close()


def test_nobody_outside_is_shown_who_was_issued_what(leaked: Leaked, tmp_path: Path) -> None:
    page, files, _ = page_of(leaked, tmp_path / "public.zip", "publication")
    for content in (page, files["data/log/entries.ndjson"].decode()):
        assert "Partner" not in content
        assert '["copied"' not in content, "not even that there are copies"
    page, _, _ = page_of(leaked, tmp_path / "authority.zip", "authority")
    assert 'id="copies"' in page


def test_a_case_without_copies_has_no_chapter(case: Any) -> None:
    from listener.dossier.formats._copies import copy_chapters

    assert copy_chapters(case) == []
