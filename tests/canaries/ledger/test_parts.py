"""The parts of an entry: shown or held back each on its own, bound to the log, telling nothing of what is held back."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from canaries.ledger import part_plan, parts
from canaries.ledger.entries import Draft, draft
from listener.dossier import verify as checker

AT = "2026-11-22T12:00:00.000000Z"
NOTE = {"incident": "ab12", "text": "Quendelweg told me"}
HIT = {
    "canary": "cd34",
    "kind": "url",
    "facet": "path",
    "trap": "http",
    "observed_at": AT,
    "source": {"ip": "203.0.113.7", "port": 4},
    "peer": {"ip": "203.0.113.7", "port": 4},
    "via": None,
    "local": {"ip": "198.51.100.1", "port": 443},
    "raw_sha256": "ab" * 32,
    "observed": {"target": "/secret"},
    "answer": "page 404",
    "not_known_yet": {"of": "a later release"},
}
KEYS = parts.CaseKeys(bytes(32))


def sealed(made: Draft) -> tuple[bytes, bytes]:
    return parts.sealed(made.kind, made.body, made.nonce, made.parts, KEYS)


def test_what_is_not_known_to_be_harmless_is_a_part_of_its_own() -> None:
    made = draft("hit", AT, "listener", HIT)
    head, *others = map(json.loads, made.parts)
    assert head["body"] == {name: HIT[name] for name in ("canary", "kind", "facet", "trap", "observed_at")}
    assert head["parts"] == ["address", "content", "not_known_yet"]
    assert [set(one) for one in others] == [
        {"source", "peer", "via", "local"}, {"raw_sha256", "observed", "answer"}, {"not_known_yet"},
    ]  # fmt: skip


def test_an_operator_s_name_is_a_part_and_the_program_s_is_not() -> None:
    assert json.loads(draft("noted", AT, "carol", NOTE).parts[-1]) == {"by": "carol"}
    assert json.loads(draft("derived", AT, "listener", {"hit": "1"}).parts[0])["by"] == "listener"


@example({"by": "x", "signed": "y", "allowed": 7, "id": "z", "parts": None, "hidden": 1}, "noted", "carol")
@given(
    st.dictionaries(
        st.text(max_size=9), st.text() | st.integers(-9, 9) | st.none() | st.booleans(), max_size=9
    ),
    st.sampled_from(["hit", "derived", "noted", "setting", "exported"]),
    st.text(min_size=1, max_size=9),
)
def test_what_is_split_is_put_together_again_here_and_by_the_stranger(
    body: dict[str, Any], kind: Any, by: str
) -> None:
    made = draft(kind, AT, by, body)
    line, leaf = sealed(made)
    value = parts.merged(line)
    assert (value["body"], value["by"], value["id"], value["entry"]) == (body, by, made.id, kind)
    assert parts.is_canonical(line)
    assert b"\n" not in line
    there, columns, hashes = checker.unsealed(line)
    assert (there, checker.merged(columns, checker.ONCE)) == (leaf, value)
    assert len(hashes) == len(columns) == len(made.parts)


def test_whoever_changes_what_an_entry_says_changes_a_copy() -> None:
    line, _ = sealed(draft("noted", AT, "carol", NOTE))
    for _ in range(2):
        value = parts.merged(line)
        assert value["body"] == NOTE
        value["body"].clear()
        value.clear()
        assert parts.is_canonical(line)
        assert not parts.is_canonical(line.replace(b'"id":', b'"id": '))


@pytest.mark.parametrize("count", [0, 1, 12, 150])
def test_each_canary_of_an_export_is_a_part_and_so_is_its_case(count: int) -> None:
    names = [f"{number:016x}" for number in range(7, 7 + count)]
    body = {"what": "dossier", "incident": "f" * 16, "canaries": names, "hits": 9, "size": 8, "why": "x"}
    line, leaf = sealed(draft("exported", AT, "carol", body))
    assert parts.merged(line)["body"] == body
    there, columns, _ = checker.unsealed(line)
    assert (there, checker.merged(columns, checker.ONCE)) == (leaf, parts.merged(line))
    kept = parts.of_canaries(line, names[-2:])
    assert len(kept) == min(2, count)
    shown = parts.redacted(line, {*parts.part_names(line)} - {"", "by", part_plan.SIGNED} - kept)
    there, columns, _ = checker.unsealed(shown)
    entry = checker.merged(columns, checker.ONCE)
    held = ["case", *(["canaries"] if count > 2 else []), "why"]
    assert (there, sorted(entry.pop("hidden"))) == (leaf, sorted(held))
    assert entry["body"] == {"what": "dossier", "canaries": names[-2:]}
    assert parts.without(line, {*parts.part_names(line)} - {"", "by"} - kept)[0]["body"] == entry["body"]


def test_a_part_that_is_held_back_leaves_the_leaf_and_none_of_its_words() -> None:
    line, leaf = sealed(draft("noted", AT, "carol", NOTE))
    for hidden in (["text"], ["by"], ["text", "by"]):
        shown = parts.redacted(line, hidden)
        there, columns, _ = checker.unsealed(shown)
        assert there == leaf
        entry = checker.merged(columns, checker.ONCE)
        assert entry.pop("hidden") == hidden
        assert ("text" in entry["body"], "by" in entry) == ("text" not in hidden, "by" not in hidden)
        assert (b"Quendelweg" in shown, b"carol" in shown) == ("text" not in hidden, "by" not in hidden)
    assert parts.redacted(line, ["unheard of"]) == line


def test_the_nonce_of_what_is_held_back_is_gone_and_salts_tell_nothing_of_each_other() -> None:
    """With the nonce every salt follows, and a guess at a short word could be tried."""
    made = draft("noted", AT, "carol", NOTE)
    line, _ = sealed(made)
    shown = parts.redacted(line, ["text"])
    assert made.nonce.hex().encode() not in shown
    given_away = [bytes.fromhex(salt.decode()) for salt in re.findall(rb'\["([0-9a-f]{32})",', shown)]
    hidden = re.findall(rb'\t"([0-9a-f]{64})"', shown)
    assert (len(given_away), len(hidden)) == (2, 1)
    guess = made.parts[1]
    for salt in [*given_away, b"", bytes(16), made.id.encode()]:
        assert hashlib.sha256(b"\3" + salt + guess).hexdigest().encode() != hidden[0]
        assert hashlib.sha256(salt + guess).hexdigest().encode() != hidden[0]


def test_a_signature_goes_with_its_author() -> None:
    made = draft("noted", AT, "carol", NOTE)
    made = Draft(
        made.id, made.kind, made.at, made.by, made.body, made.nonce, (*made.parts, b'{"signed":"bm8="}')
    )
    line, leaf = sealed(made)
    assert parts.merged(line)["signed"] == "bm8="
    shown = parts.redacted(line, ["by"])
    assert checker.unsealed(shown)[0] == leaf
    assert checker.merged(checker.unsealed(shown)[1], checker.ONCE)["hidden"] == ["by", "signed"]
    assert b"bm8=" not in shown


def test_a_case_s_key_knows_its_own_headers_and_says_nothing_of_two_others() -> None:
    mine, other, third = (
        sealed(draft("noted", AT, "x", {"incident": name}))[0] for name in ("a1", "b2", "b2")
    )
    heads = [parts.header(line) for line in (mine, other, third)]
    found = [head for head in heads if head]
    key = KEYS.key("incident", "a1")
    assert [head.incident == checker.tag(key, head.content) for head in found] == [True, False, False]
    assert found[1].incident != found[2].incident, "or a reader could count the hits of another case"
    assert {head.canary for head in found} == {parts.UNTAGGED}


def test_a_header_that_lies_about_its_case_is_noticed() -> None:
    line, _ = sealed(draft("hit", AT, "listener", HIT))
    head = parts.header(line)
    assert head is not None
    assert not parts.mistagged(head, HIT, KEYS)
    assert parts.mistagged(head, HIT | {"canary": "another"}, KEYS)
    untagged = parts.EntryHeader(head.kind, parts.UNTAGGED, parts.UNTAGGED, head.content)
    assert parts.mistagged(untagged, HIT, KEYS), "a hit has its tag always"
    note = parts.EntryHeader("noted", parts.UNTAGGED, parts.UNTAGGED, head.content)
    assert not parts.mistagged(note, NOTE, KEYS), "a note may be written where the key is not"


@pytest.mark.parametrize("noun", ["canary", "incident"])
def test_the_header_of_an_export_is_of_its_own_case_or_of_none(noun: Literal["canary", "incident"]) -> None:
    """The canaries that it held give it no tag: only the case that it was of does."""
    body = {"what": "dossier", noun: "a1", "canaries": ["b2", "c3"]}
    head = parts.header(sealed(draft("exported", AT, "carol", body))[0])
    assert head is not None
    own, other = (checker.tag(KEYS.key(noun, name), head.content) for name in ("a1", "b2"))
    for tag, lies in ((own, False), (parts.UNTAGGED, False), (other, True)):
        tags = {"canary": parts.UNTAGGED, "incident": parts.UNTAGGED, noun: tag}
        said = parts.EntryHeader("exported", tags["canary"], tags["incident"], head.content)
        assert parts.mistagged(said, body, KEYS) == lies
        assert (said == head) == (tag == own)
    assert parts.mistagged(parts.EntryHeader("exported", own, own, head.content), body, KEYS), "of both"


@pytest.mark.parametrize(
    "line",
    [
        b"", b"[]", b'["noted"]\t{}', b'["noted","-","-","zz"]\t{}', b'["noted","-","-",7]\t{}', b"\t\t", b"\xff\t{}",
    ],
)  # fmt: skip
def test_what_is_no_entry_is_refused(line: bytes) -> None:
    with pytest.raises(parts.PartsError):
        parts.header(line)


def test_an_entry_that_says_one_field_twice_or_has_parts_it_does_not_name_is_refused() -> None:
    made = draft("noted", AT, "carol", NOTE)
    first = made.parts[0]
    for pieces in (
        (first, b'{"incident":"other"}', made.parts[2]),
        (first, made.parts[1]),
        (*made.parts, b'{"signed":"a"}', b"{}"),
        (first.replace(b'"entry":"noted"', b'"entry":"hit"'), *made.parts[1:]),
        (b"{}", *made.parts[1:]),
        (b"[]", *made.parts[1:]),
    ):
        line = parts.sealed("noted", NOTE, made.nonce, pieces, None)[0]
        with pytest.raises(parts.PartsError):
            parts.merged(line)
        if pieces[0] == first:  # that the kind is the header's is looked at elsewhere
            with pytest.raises(checker.Rejected):
                checker.merged(checker.unsealed(line)[1], checker.ONCE)


def test_an_entry_of_version_1_is_shown_whole_or_not_at_all() -> None:
    with pytest.raises(parts.PartsError):
        parts.redacted(b'{"v":1}', ["by"])
