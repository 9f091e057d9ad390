"""What is held back or withheld: provably what it is called, and no lie about it passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.ledger import parts
from canaries.ledger.verification import verify
from listener.dossier import verify as checker
from listener.dossier.build import build
from tests.entry_lines import put_first_version, said
from tests.listener.dossier.test_attacks import LINES, TABLE, check, resigned, root_of, unpacked
from tests.operators import enrol

PROOFS, HEADERS, KEY = "data/log/proofs.ndjson", "data/log/headers.tsv", "data/log/case.key"
Files = dict[str, bytes]


def place(files: Files, kind: str) -> tuple[int, int]:
    """(line in entries.ndjson, index in the log) of the first entry of a kind."""
    rows = [line for line in files[TABLE].splitlines() if line.endswith(b"\tdisclosed")]
    at = next(n for n, line in enumerate(files[LINES].splitlines()) if said(line)["entry"] == kind)
    return at, int(rows[at].split(b"\t")[0])


def replace(files: Files, kind: str, change: Callable[[bytes], bytes]) -> None:
    """Another line in place of the first entry of a kind."""
    at, _ = place(files, kind)
    lines = files[LINES].splitlines()
    lines[at] = change(lines[at])
    files[LINES] = b"".join(line + b"\n" for line in lines)


def withhold(
    files: Files, kind: str, reason: str, header: str = "{kind}\t{canary}\t{incident}\t{content}"
) -> int:
    """Withhold an entry in all files; its index comes back. ``header``: how its header is told, empty: not at all."""
    at, index = place(files, kind)
    lines = files[LINES].splitlines(keepends=True)
    head = parts.header(lines.pop(at)[:-1])
    assert head is not None
    files[LINES] = b"".join(lines)
    files[TABLE] = b"".join(
        row.replace(b"disclosed", f"withheld:{reason}".encode()) if row.startswith(b"%d\t" % index) else row
        for row in files[TABLE].splitlines(keepends=True)
    )
    files[PROOFS] = b"".join(
        row for row in files[PROOFS].splitlines(keepends=True) if json.loads(row)["index"] != index
    )
    if header:
        told = header.format(
            kind=head.kind, canary=head.canary, incident=head.incident, content=head.content.hex()
        )
        rows = [*files[HEADERS].splitlines(), f"{index}\t{told}".encode()]
        files[HEADERS] = b"".join(
            row + b"\n" for row in sorted(rows, key=lambda row: int(row.split(b"\t")[0]))
        )
    return index


@pytest.fixture
def bundle(story: Any, dossier: Path, tmp_path: Path) -> tuple[Files, Callable[[Files], list[str]]]:
    """The files of a dossier, and how to have them verified, signed anew by the publisher."""

    def checked(files: Files) -> list[str]:
        out = tmp_path / "again.zip"
        out.unlink(missing_ok=True)
        lines: list[str] = []
        made = resigned(story.home, files, out, root_of(dossier))
        assert check(made, story.home, say=lines.append)
        return lines

    return unpacked(dossier), checked


def test_every_withheld_entry_shows_that_it_is_of_another_case(bundle: Any) -> None:
    files, checked = bundle
    withheld = [row for row in files[TABLE].splitlines() if b"withheld:other-matter" in row]
    assert len(files[HEADERS].splitlines()) == len(withheld) > 0
    assert {row.split(b"\t")[1] for row in files[HEADERS].splitlines()} >= {b"hit", b"derived", b"noted"}
    lines = checked(files)
    assert any(f"{len(withheld)} withheld entries are shown by header" in line for line in lines)


def test_a_note_s_words_are_held_back_and_all_else_still_holds(bundle: Any) -> None:
    files, checked = bundle
    replace(files, "noted", lambda line: parts.redacted(line, ["text", "by"]))
    assert b"a note" not in files[LINES]
    lines = checked(files)
    assert {line for line in lines if "held back" in line} == {
        "--  held back in 1 entry: its 'text'", "--  held back in 1 entry: its 'by'",
    }  # fmt: skip
    assert any("1 statement of operators is shown without the author" in line for line in lines)


def _swap_salts(line: bytes) -> bytes:
    columns = parts.redacted(line, ["by"]).split(b"\t")
    columns[1], columns[2] = columns[2][:36] + columns[1][36:], columns[1][:36] + columns[2][36:]
    return b"\t".join(columns)


def _another_text(line: bytes) -> bytes:
    return parts.redacted(line, ["by"]).replace(b"a note", b"a vote")


def _another_hash(line: bytes) -> bytes:
    shown = parts.redacted(line, ["text"])
    (hidden,) = [column for column in shown.split(b"\t") if len(column) == 66]
    return shown.replace(hidden, b'"' + b"0" * 64 + b'"')


def _short_salt(line: bytes) -> bytes:
    """The salt's last byte becomes the part's first."""
    columns = parts.redacted(line, ["by"]).split(b"\t")
    columns[2] = columns[2][:32] + columns[2][34:]
    return b"\t".join(columns)


def _parts_in_another_order(line: bytes) -> bytes:
    first, head, *others = line.split(b"\t")
    return b"\t".join([first, head, *reversed(others)])


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (_swap_salts, "is not the one in the log"),
        (_another_text, "is not the one in the log"),
        (_another_hash, "is not the one in the log"),
        (_short_salt, "is shown in part is malformed"),
        (_parts_in_another_order, "is not the one in the log"),
        (lambda line: line.replace(b'["noted"', b'["rated"', 1), "is not the one in the log"),
        (
            lambda line: line.replace(b'["noted"', b'["noted\\n"', 1),
            "an entry's header or its parts are missing",
        ),
        (lambda line: line.replace(b'"entry":"noted"', b'"entry":"rated"'), "is not the one in the log"),
        (lambda line: parts.redacted(line, ["by"]) + b'\t"' + b"0" * 64 + b'"', "is not the one in the log"),
        (lambda line: json.dumps(said(line)).encode(), "is not the one in the log"),
    ],
)
def test_no_lie_about_an_entry_that_is_shown_in_part_passes(
    bundle: Any, attack: Callable[[bytes], bytes], reason: str
) -> None:
    files, checked = bundle
    replace(files, "noted", attack)
    with pytest.raises(checker.Rejected, match=reason):
        checked(files)


@pytest.mark.parametrize("kind", ["noted", "assessed", "alerted"])
def test_an_entry_of_the_case_cannot_be_called_another_matter_s(bundle: Any, kind: str) -> None:
    files, checked = bundle
    index = withhold(files, kind, "other-matter")
    with pytest.raises(
        checker.Rejected, match=f"the {kind} entry at {index} is of this case, and is withheld"
    ):
        checked(files)


def test_it_can_be_called_held_back(bundle: Any) -> None:
    files, checked = bundle
    withhold(files, "noted", "held-back")
    assert any("1 withheld (held-back)" in line for line in checked(files))


@pytest.mark.parametrize("reason", ["held-back", "other-matter"])
def test_who_operators_are_cannot_be_left_out(story: Any, tmp_path: Path, reason: str) -> None:
    """Without their keys an erasure that nobody signed would be believed."""
    enrol(story.home, "alice", "ben")
    made = build(story.home, out=tmp_path / "case.zip", incident=story.incident)
    files = unpacked(made)
    withhold(files, "operator", reason)
    out = resigned(story.home, files, tmp_path / "without.zip", root_of(made))
    with pytest.raises(
        checker.Rejected, match=r"(says who operators are|this version shows it|of this case)"
    ):
        check(out, story.home)


@pytest.mark.parametrize("noun", ["incident", "canary"])
def test_a_hit_of_the_case_cannot_be_called_another_matter_s_nor_held_back(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noun: str
) -> None:
    """Even where no *opened* entry stated how many there are: its header, or that of its facts, gives it away."""
    names = {noun: story.incident if noun == "incident" else story.canary}
    made = build(story.home, out=tmp_path / "case.zip", **names)
    monkeypatch.setattr(checker, "stated_hits", lambda _: iter(()))
    for reason in ("other-matter", "no-header", "held-back"):
        files = unpacked(made)
        hit = said(files[LINES].splitlines()[place(files, "hit")[0]])
        for kind in ("hit", "derived"):
            withhold(files, kind, reason)
        for name in ("data/events/events.ndjson", "data/events/events.csv"):
            rows = files[name].splitlines(keepends=True)
            files[name] = b"".join(row for row in rows if hit["id"].encode() not in row)
        del files[f"data/raw/{hit['body']['raw_sha256']}.bin"]
        out = resigned(story.home, files, tmp_path / f"{reason}.zip", root_of(made))
        with pytest.raises(checker.Rejected, match=r"(is of this case, and is|this version shows it)"):
            check(out, story.home)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "withheld without a header"),
        ("{kind}\t-\t-\t{content}", "is not the one in the log"),
        ("{kind}\t" + "0" * 32 + "\t" + "0" * 32 + "\t{content}", "is not the one in the log"),
        ("setting\t{canary}\t{incident}\t{content}", "is not the one in the log"),
        ("{kind}\t{canary}\t{incident}\t" + "0" * 64, "is not the one in the log"),
        ("{kind}\t{canary}\t{content}", "malformed"),
    ],
)
def test_no_lie_about_a_header_passes(bundle: Any, header: str, reason: str) -> None:
    files, checked = bundle
    withhold(files, "noted", "other-matter", header)
    with pytest.raises(checker.Rejected, match=reason):
        checked(files)


def test_a_header_that_is_not_told_is_named_where_it_is_said_to_be_of_the_first_version(bundle: Any) -> None:
    files, checked = bundle
    index = withhold(files, "noted", "no-header", "")
    assert any(
        line.startswith("!!  1 entry is said to be of the first version") and line.endswith(f"at {index}")
        for line in checked(files)
    )


def test_another_key_of_the_case_does_not_fit_its_hits(bundle: Any) -> None:
    files, checked = bundle
    withhold(files, "noted", "other-matter")
    for key in (b"0" * 64 + b"\n", None):
        if key is None:
            del files[KEY]
        else:
            files[KEY] = key
        with pytest.raises(checker.Rejected, match="key of the case does not fit"):
            checked(files)


def test_entries_of_the_first_version_are_of_a_case_like_others(story: Any, tmp_path: Path) -> None:
    """An older program that still writes after the second version came in is named, and nothing is refused."""
    home = story.home
    note = {"incident": story.incident, "text": "by an older program"}
    put_first_version(home, "noted", home.now(), "carol", note)
    put_first_version(home, "noted", home.now(), "carol", note | {"incident": "elsewhere"})
    assert not [odd for odd in verify(home).oddities if "canonical" in odd]
    made = build(home, incident=story.incident, out=tmp_path / "case.zip")
    lines: list[str] = []
    assert check(made, home, say=lines.append)
    assert unpacked(made)[LINES].count(b"by an older program") == 1
    assert any("1 entry is said to be of the first version" in line for line in lines)
    assert any("1 withheld (no-header)" in line for line in lines)


def test_a_case_with_an_entry_under_another_s_tag_is_not_built(story: Any, tmp_path: Path) -> None:
    """The ledger's check refuses it: tests/canaries/ledger/test_verification.py."""
    from canaries.core.errors import LedgerError
    from canaries.ledger.entries import EntryWriter, new_id

    home = story.home
    writer = EntryWriter(home.store, home.keys.vault_public, cases=parts.CaseKeys(bytes(32)))
    with home.store.write() as connection:
        body = {"incident": story.incident, "text": "forged"}
        writer.append(connection, [("noted", new_id(), home.now(), "carol", body)])
    with pytest.raises(LedgerError, match="is tagged as one of another case"):
        build(home, incident=story.incident, out=tmp_path / "case.zip")
