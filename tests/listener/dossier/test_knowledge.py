"""Who could have known: recorded acts in the order of the log, for each canary of the case, and nobody's beside."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from canaries.ledger.oddities import Oddities
from canaries.ledger.sealer import LogSealer
from listener.dossier import verify
from listener.dossier.build import build
from listener.dossier.collect import collect, scope_of
from listener.dossier.formats.report import Report
from listener.dossier.knowledge import known
from listener.dossier.proof import sealed_hits
from listener.dossier.signing import Signer
from listener.dossier.versions import VERSIONS
from tests.listener.dossier.test_attacks import check, forged_hit, resigned, root_of, unpacked
from tests.listener.dossier.test_related import of_before

AT = "2026-11-22T13:00:00.000000Z"
HOSTILE = "<script>alert(1)</script>\u202e=1+1"


def record(story: Any, kind: Any, by: str, **body: Any) -> str:
    with story.home.store.write() as connection:
        return str(story.home.writer.record(connection, kind, AT, by, body))


def acted(story: Any) -> None:
    """What people and programs did with the canary, and with the other matter's."""
    Signer.make(story.home)  # before a dossier is on record
    record(story, "amended", "bob", canary=story.canary, changed={"recipient": "Ida"}, tags=[], reason="x")
    record(story, "revealed", "dora", canary=story.canary, reason=HOSTILE)
    record(story, "revealed", "erik", hit=story.hits[0], reason="the console of before names no canary")
    record(story, "revealed", "nobody", canary=story.other, reason="another matter")
    elsewhere = {"what": "dossier", "incident": "f" * 16, "why": "their matter", "file": "theirs.zip"}
    record(story, "exported", "fred", **elsewhere, **{"for": "court"}, canaries=[story.canary])
    record(story, "exported", "nobody", **elsewhere, canaries=[story.other])
    record(story, "exported", "gil", what="rdap", incident=story.incident, networks=[])
    handed = {
        "what": "handover",
        "to": "Counsel",
        "sha256": "",
        "recipient": "",
        "file": "a.zip",
        "how": "by hand",
    }
    record(story, "exported", "hal", incident=story.incident, **handed)
    record(story, "exported", "ivo", incident="f" * 16, canaries=[story.canary], **handed)
    record(story, "unplanted", "bob", canary=story.canary, target="/srv", reason="over")
    via = {"how": "provider_log", "chain": ["people-db"], "client": ["203.0.113.9", 0]}
    forged_hit(story, via=via, observed={"request": f"SELECT by account app {HOSTILE}"})


def case_of(story: Any) -> Any:
    sealed_hits(story.home, scope_of(story.home, story.incident, None))
    LogSealer(story.home).checkpoint()
    return collect(story.home, scope_of(story.home, story.incident, None))


def rows_of(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[verify.KNOWN].decode(), newline="")))


def test_each_act_is_a_row_with_time_author_and_entry(story: Any) -> None:
    acted(story)
    rows = known(case_of(story))
    assert {row[0] for row in rows} == {story.canary}
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert [(row[3], row[4], row[5]) for row in rows] == [
        ("minted", "alice.a", ""),
        ("planted", "alice.a", "/srv"),
        ("amended", "bob", "recipient Ida"),
        ("revealed", "dora", HOSTILE),
        ("request shown", "erik", "the console of before names no canary"),
        ("exported", "fred", "dossier; for court"),
        ("handed over", "hal", "handover; to Counsel; which canaries is not stated"),
        ("handed over", "ivo", "handover; to Counsel"),
        ("taken back", "bob", "/srv"),
        ("a log recorded", "people-db", f"SELECT by account app {HOSTILE}; from 203.0.113.9"),
    ]


def test_the_file_verifies_and_a_changed_one_does_not(story: Any, tmp_path: Path) -> None:
    acted(story)
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    said: list[str] = []
    assert check(out, story.home, say=said.append)
    assert any("10 rows of known.csv" in line for line in said)
    files = unpacked(out)
    for change in (
        lambda table: table.replace(b'"dora"', b'"carl"'),
        lambda table: b"".join(line for line in table.splitlines(True) if b"planted" not in line),
        lambda table: table + b'"x","","0","minted","carl",""\r\n',
    ):
        lie = files | {verify.KNOWN: change(files[verify.KNOWN])}
        forged = resigned(story.home, lie, tmp_path / "forged.zip", root_of(out))
        with pytest.raises(verify.Rejected, match=r"known\.csv is not what the entries say"):
            check(forged, story.home)


def test_of_an_export_of_another_case_no_more_is_shown_than_who_and_what_for(
    story: Any, tmp_path: Path
) -> None:
    acted(story)
    out, lines = build(story.home, incident=story.incident, out=tmp_path / "case.zip"), list[str]()
    assert check(out, story.home, say=lines.append)
    files = unpacked(out)
    assert files["data/report.html"].count(b"ivo") == 1, "it is no custody of this case"
    assert sum("handed over" in line for line in lines) == 1
    whole = b"\n".join(content for name, content in files.items() if name != "verify/verify.py")
    assert b"fred" in whole
    for words in (b"their matter", b"theirs.zip", b'another matter"', b'"by":"nobody"'):
        assert words not in whole, words


@pytest.mark.parametrize("noun", ["incident", "canary"])
def test_nothing_says_of_which_case_another_export_was(story: Any, tmp_path: Path, noun: str) -> None:
    """Whoever has the dossiers of both cases does not learn from one that the other is of the same canary."""
    Signer.make(story.home)
    theirs, hits, size = "f" * 16, 98765432123456, 87654321234567
    body = {"what": "dossier", noun: theirs, "file": "theirs.zip", "hits": hits, "size": size, "for": "court"}
    record(story, "exported", "fred", **body, canaries=[story.other, story.canary, "e" * 16])
    with story.home.store.write() as connection:
        story.home.writer.put(connection, of_before({**body, "canaries": [story.canary]}))
    lines: list[str] = []
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert check(out, story.home, say=lines.append)
    files = unpacked(out)
    told = [row for row in rows_of(files) if row["act"] == "exported"]
    assert [(row["canary"], row["by"], row["words"]) for row in told] == [
        (story.canary, "fred", "dossier; for court")
    ]
    assert "--  known.csv lacks 1 act (exported), withheld as held back" in lines, "of before"
    whole = b"\n".join(content for name, content in files.items() if name != "verify/verify.py")
    for words in (theirs, "e" * 16, story.other, str(hits), str(size)):
        assert words.encode() not in whole, words


def test_an_export_names_its_canaries_for_the_next_dossier(story: Any, tmp_path: Path) -> None:
    build(story.home, incident=story.incident, out=tmp_path / "one.zip")
    build(story.home, incident=story.incident, out=tmp_path / "pub.zip", version=VERSIONS["publication"])
    files = unpacked(build(story.home, canary=story.canary, out=tmp_path / "two.zip"))
    exports = [row["words"] for row in rows_of(files) if row["act"] == "exported"]
    assert exports == ["dossier; for counsel"], "what was published held no bait"


@pytest.mark.parametrize("name", ["authority", "provider", "publication"])
def test_colleagues_are_held_back_by_the_version(story: Any, tmp_path: Path, name: str) -> None:
    acted(story)
    asn = 64500 if name == "provider" else None
    where = tmp_path / "case.zip"
    out = build(story.home, incident=story.incident, out=where, version=VERSIONS[name], asn=asn)
    assert check(out, story.home)
    files = unpacked(out)
    assert (verify.KNOWN in files) == (name == "authority")
    for person in (b"dora", b"erik", b"fred", b'hal"', b"Ida"):
        readable = files.get(verify.KNOWN, b"") + files["data/report.html"]
        assert person not in readable or (name, person) == ("authority", b"Ida")
    if name == "authority":
        assert {row["by"] for row in rows_of(files)} == {"held back", "people-db"}
        assert not [row for row in rows_of(files) if row["act"] == "revealed"], (
            "they are for counsel and court"
        )


def test_hostile_words_are_inert_in_table_and_report(story: Any, tmp_path: Path) -> None:
    acted(story)
    files = unpacked(build(story.home, incident=story.incident, out=tmp_path / "case.zip"))
    for name in (verify.KNOWN, "data/report.html"):
        assert "\u202e" not in files[name].decode()
    page = files["data/report.html"].decode()
    chapter = page.split('id="known"')[1].split("</section>")[0]
    assert "<script" not in chapter
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e=1+1" in chapter


def test_who_looks_after_a_canary_from_now_on_is_a_colleague_too(story: Any, tmp_path: Path) -> None:
    """*Amended* has it in a part of another name than the owner of a hold."""
    Signer.make(story.home)
    record(
        story, "amended", "bob", canary=story.canary, changed={"owner": "Carl Amende"}, tags=[], reason="x"
    )
    record(story, "amended", "bob", canary=story.canary, changed={"recipient": "Ida"}, tags=[], reason="x")
    for name, shown in (("court", True), ("authority", False)):
        out = build(story.home, incident=story.incident, out=tmp_path / f"{name}.zip", version=VERSIONS[name])
        assert check(out, story.home)
        whole = b"\n".join(unpacked(out).values())
        assert (b"Carl Amende" in whole) == shown
        assert b"recipient Ida" in whole


def test_held_back_acts_and_a_missing_table_are_said(story: Any, tmp_path: Path) -> None:
    acted(story)
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip", version=VERSIONS["authority"])
    said: list[str] = []
    assert check(out, story.home, say=said.append)
    assert "--  known.csv lacks 2 acts (revealed), withheld as held back" in said
    files = unpacked(out)
    del files[verify.KNOWN]
    said.clear()
    check(resigned(story.home, files, tmp_path / "without.zip", root_of(out)), story.home, say=said.append)
    assert "--  there is no known.csv: who could have known is not stated" in said


def test_the_table_is_the_same_in_every_python() -> None:
    """Emoji of Unicode 13 (Python 3.9), 14 (3.11) and 15 (3.12), which others take for unassigned."""
    assert verify.steady_cell("J\u00f6rg, \u6f22\u5b57 \U0001fad6\U0001fae0\U0001fae8\u202e") == (
        "J\u00f6rg, \u6f22\u5b57 \\U0001fad6\\U0001fae0\\U0001fae8\\u202e"
    )
    assert verify.steady_cell("=1+1") == "'=1+1"


def test_a_time_that_is_none_is_one_sentence(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a publisher whose own program does not look at times."""
    monkeypatch.setattr(Oddities, "see", lambda *_: None)
    body = {"canary": story.canary, "changed": {}, "tags": [], "reason": "x"}
    with story.home.store.write() as connection:
        story.home.writer.record(connection, "amended", "9" * 19, "bob", body)
    out = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    with pytest.raises(verify.Rejected, match="tells a time that is not in the one form"):
        check(out, story.home)


def test_no_cell_is_longer_than_what_is_cut_there() -> None:
    long = "x" * 100_000
    minted = {"entry": "minted", "at": AT, "by": long, "body": {"canaries": [["a", ""]]}}
    rows = verify.known_rows({"a": long}, {}, [(0, minted)])
    assert [row[3] for row in rows] == ["minted", "made for"]
    assert all(len(words) <= verify.KNOWN_LONGEST for row in rows for words in row[3:])


def test_the_name_of_an_application_is_cut_on_the_page(story: Any) -> None:
    via = {"how": "sensor", "chain": ["y" * 100_000], "client": ["203.0.113.9", 0]}
    forged_hit(story, via=via, observed={"request": "read"})
    [(_, content)] = Report().files(case_of(story))
    page = b"".join(content)
    assert b"y" * 20 in page
    assert b"y" * 1000 not in page
