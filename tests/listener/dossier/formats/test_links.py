"""Links to other incidents: suggested ones as the opening stated them, decided ones by their last word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.dossier import verify
from listener.dossier.build import build
from listener.dossier.signing import Signer
from listener.dossier.versions import VERSIONS
from listener.incidents import linking, queries
from tests.listener.dossier.test_attacks import LINES, check, resigned, root_of, unpacked

HOSTILE = "two testers <b>\u202e"


@pytest.fixture
def pair(home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two incidents, of two canaries and two days, by one odd client from one address."""
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    one, two = (found.canary for found in mint(home, "url", count=2))
    hits = [
        strike(home, canary, agent="odd-tool/7", at=f"2026-11-{day}T12:00:00.000000Z")
        for canary, day in ((one, 20), (two, 22))
    ]
    Signer.make(home)
    first, second = (queries.one(home, hit).incident for hit in hits)
    return first, second


def chapter(home: Home, incident: str, out: Path, version: str = "counsel") -> str:
    """The chapter; empty where there is none."""
    build(home, incident=incident, out=out, version=VERSIONS[version])
    assert check(out, home)
    page = unpacked(out)["data/report.html"].decode()
    assert page.count("Links to other incidents</h2>") == page.count('id="links"')
    return page.partition('id="links"')[2].partition("</section>")[0]


def test_a_suggestion_is_sealed_with_its_weights_and_printed(
    home: Home, pair: tuple[str, str], tmp_path: Path
) -> None:
    (link,) = linking.suggestions(home).links
    page = chapter(home, pair[0], tmp_path / "a.zip")
    assert pair[1] in page
    assert f"{link.bits:.1f} bits beyond chance" in page
    for reason in link.reasons:
        assert f"{reason.sentence} ({reason.bits:+.1f})" in page
    assert "is no evidence" in page
    with home.store.read() as connection:
        (opened,) = home.reader.entries(connection, "opened")
    (stated,) = opened.body["links"]
    assert (stated["incident"], stated["with"]) == pair
    assert stated["centibits"] == round(100 * link.bits)


def test_the_last_word_counts_and_rejected_is_named_as_that(
    home: Home, pair: tuple[str, str], tmp_path: Path
) -> None:
    linking.decide(home, *pair, linking.CONFIRMED, "the same ticket")
    page = chapter(home, pair[0], tmp_path / "a.zip")
    assert page.count("<tr>") == 2, "one row: decided, so no suggestion beside it"
    assert "confirmed by alice" in page
    assert "the same ticket" in page
    linking.decide(home, *pair, linking.REJECTED, HOSTILE)
    for number, name in enumerate(pair):
        page = chapter(home, name, tmp_path / f"{number}.zip")
        assert "<b>rejected</b> by alice" in page
        assert "the same ticket" not in page
        assert "two testers &lt;b&gt;\\u202e" in page
        assert "\u202e" not in page


def test_court_and_authority_are_shown_no_guesses(home: Home, pair: tuple[str, str], tmp_path: Path) -> None:
    for version in ("court", "authority"):
        out = tmp_path / f"{version}.zip"
        assert not chapter(home, pair[0], out, version)
        assert pair[1].encode() not in unpacked(out)[LINES]


def test_nothing_in_common_is_no_chapter(
    home: Home, strike: Callable[..., str], pair: tuple[str, str], tmp_path: Path
) -> None:
    (found,) = mint(home, "url")
    hit = strike(home, found.canary, agent="else/1", ip="198.51.100.77", at="2026-11-25T03:00:00.000000Z")
    assert not chapter(home, queries.one(home, hit).incident, tmp_path / "a.zip")


def test_a_publisher_cannot_change_a_weight(home: Home, pair: tuple[str, str], tmp_path: Path) -> None:
    out = build(home, incident=pair[0], out=tmp_path / "a.zip")
    files = unpacked(out)
    assert b'"centibits":' in files[LINES]
    lie = files | {LINES: files[LINES].replace(b'"centibits":', b'"centibits":9', 1)}
    with pytest.raises(verify.Rejected, match="is not the one in the log"):
        check(resigned(home, lie, tmp_path / "b.zip", root_of(out)), home)
