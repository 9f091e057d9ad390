"""Each version shows what its reader needs and nothing else, and verifies all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from canaries.core import store
from canaries.core.errors import LedgerError, TraplineError
from canaries.ledger.entries import KINDS
from listener.dossier.build import build
from listener.dossier.versions import VERSIONS
from tests.entry_lines import put_first_version, said
from tests.listener.dossier.test_attacks import LINES, check, forged_hit, unpacked

TABLE_DOC = Path(__file__).parents[3] / "docs/dossier-format.md"
ADDRESS, OTHERS = b"203.0.113.", b"198.51.100."


def made(story: Any, tmp_path: Path, name: str, **more: Any) -> tuple[dict[str, bytes], list[str]]:
    """(files, what the verifier said)."""
    out = build(
        story.home, incident=story.incident, out=tmp_path / f"{name}.zip", version=VERSIONS[name], **more
    )
    lines: list[str] = []
    assert check(out, story.home, say=lines.append)
    return unpacked(out), lines


def everything(files: dict[str, bytes]) -> bytes:
    """All that the reader is shown of the case; the verifier's own text is not."""
    return b"\n".join(content for name, content in files.items() if name != "verify/verify.py")


def kinds(files: dict[str, bytes]) -> list[str]:
    return [json.loads(line.split(b"\t")[0])[0] for line in files[LINES].splitlines()]


def test_counsel_is_shown_everything(story: Any, tmp_path: Path) -> None:
    files, lines = made(story, tmp_path, "counsel")
    assert not [line for line in lines if "held back" in line or "held-back" in line or "version for" in line]
    assert b"Prepared-For: counsel" in files["bag-info.txt"]
    assert all(said(line) for line in files[LINES].splitlines())


def test_the_court_is_not_shown_what_operators_think_aloud(story: Any, tmp_path: Path) -> None:
    files, lines = made(story, tmp_path, "court")
    whole = everything(files)
    assert b"a note" not in whole
    assert {"hit", "derived", "assessed"} <= set(kinds(files))
    assert "noted" not in kinds(files)
    assert any("1 withheld (held-back)" in line for line in lines)
    assert any("version for: 'court'" in line for line in lines)
    assert b"caroline" in whole, "who assessed is for the court"


def test_an_authority_is_shown_no_operator_s_name(story: Any, tmp_path: Path) -> None:
    files, lines = made(story, tmp_path, "authority")
    whole = everything(files)
    for name in (b"robert", b"caroline", b"a note"):
        assert name not in whole
    assert b"alice.a" not in files[LINES], "only the bait's own record names who made it"
    assert ADDRESS in whole
    assert [name for name in files if name.startswith("data/bait/")]
    assert any("shown without the author" in line for line in lines)
    assert any("their 'by'" in line for line in lines)


def test_a_provider_is_shown_addresses_ports_and_times_of_its_network(story: Any, tmp_path: Path) -> None:
    files, lines = made(story, tmp_path, "provider")
    whole = everything(files)
    for name in (b"alice.a", b"robert", b"caroline", b"a note", b"User-Agent", b"tokenone"):
        assert name not in whole, name
    assert not [
        name
        for name in files
        if name.startswith(("data/bait/", "data/raw/")) and name != "data/raw/missing.tsv"
    ]
    events = [json.loads(line) for line in files["data/events/events.ndjson"].splitlines()]
    assert len(events) == 3
    assert all(event["observed"]["peer"]["port"] for event in events)
    assert all(event["held_back"] == ["content", "facts"] for event in events)
    assert b"203.0.113.1" in files["data/report.html"]
    assert any("held back in 3 entries: their 'content'" in line for line in lines)


def test_a_publication_is_shown_no_address_no_name_and_no_bait(story: Any, tmp_path: Path) -> None:
    files, _ = made(story, tmp_path, "publication")
    whole = everything(files)
    for name in (ADDRESS, OTHERS, b"alice.a", b"robert", b"caroline", b"a note", b"User-Agent", b"tokenone"):
        assert name not in whole, name
    assert kinds(files).count("hit") == 3, "no hit is left out"


def test_a_provider_is_shown_the_addresses_of_one_network(story: Any, tmp_path: Path) -> None:
    forged_hit(story, peer={"ip": "192.0.2.99", "port": 7}, source={"ip": "192.0.2.99", "port": 7})
    for asn, message in ((None, "of several networks"), (7, "no hit is of AS7")):
        with pytest.raises(TraplineError, match=message):
            made(story, tmp_path, "provider", asn=asn)
        assert not list(tmp_path.glob("provider.zip*"))
    files, lines = made(story, tmp_path, "provider", asn=64500)
    assert kinds(files).count("hit") == 4
    assert b"192.0.2.99" not in everything(files)
    assert any("held back in 1 entry: its 'address'" in line for line in lines)


def test_of_what_is_not_named_nothing_is_shown() -> None:
    for name in ("provider", "publication"):
        for kind in KINDS:
            assert VERSIONS[name].hides(kind, ["of a later release", "by"]) == {"of a later release", "by"}
    assert VERSIONS["authority"].hides("hit", ["content", "by"]) == {"by"}
    assert VERSIONS["counsel"].hides("noted", ["text", "by"]) == set()


def test_an_entry_of_release_0_1_is_not_cut(story: Any, tmp_path: Path) -> None:
    body = {"canary": story.canary, "reason": "x"}
    at = story.home.now()
    put_first_version(story.home, "retired", at, "carol", body)
    with story.home.store.write() as connection:
        mine = store.canary.c.id == story.canary
        connection.execute(store.canary.update().where(mine).values(retired_at=at))
    for name in ("counsel", "court"):
        made(story, tmp_path, name)
    with pytest.raises(LedgerError, match="is of release 0"):
        made(story, tmp_path, "authority")
    assert not list(tmp_path.glob("authority.zip*"))


@pytest.mark.parametrize("name", sorted(VERSIONS))
def test_events_are_the_same_bytes_for_the_same_log(story: Any, tmp_path: Path, name: str) -> None:
    """What was sealed in between (its own opening and export) is new; the events are not."""
    first, _ = made(story, tmp_path, name)
    (tmp_path / "again").mkdir()
    second, _ = made(story, tmp_path / "again", name)
    for file in (
        "data/events/events.ndjson",
        "data/events/events.csv",
        "data/raw/missing.tsv",
    ):
        assert first[file] == second[file]


def test_the_page_names_each_version() -> None:
    text = TABLE_DOC.read_text("utf-8")
    assert all(f"| `{name}` |" in text for name in VERSIONS)
