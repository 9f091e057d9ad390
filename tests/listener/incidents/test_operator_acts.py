"""What operators say of an incident: entries under their names, in the form of ICD 203, or a clear refusal."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.incidents import grouping, operator_acts

AT = "2026-11-22T12:00:00.000000Z"


def place(connection: Connection, canary: str, tag: bytes) -> str:
    return grouping.assign(connection, [grouping.GroupedUse(canary, tag, AT)])[0].incident


@pytest.fixture
def case(home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    with home.store.write() as connection:
        return place(connection, "a" * 16, b"\x01" * 16)


def entries(home: Home, kind: str) -> list[Any]:
    with home.store.read() as connection:
        return list(home.reader.entries(connection, kind))


def test_a_note_is_an_entry_with_a_name(home: Home, case: str) -> None:
    written = operator_acts.note(home, case[:4], "  called the provider  ")
    (entry,) = entries(home, "noted")
    assert (entry.id, entry.by) == (written, "alice")
    assert entry.body == {"incident": case, "text": "called the provider"}


def test_a_judgement_keeps_likelihood_and_confidence_apart(home: Home, case: str) -> None:
    rests_on = operator_acts.note(home, case, "the backup server's log was asked for")
    operator_acts.assess(
        home,
        case,
        "The key was taken from the backup.",
        "likely",
        "moderate",
        ["a colleague tried the key"],
        because="one source",
        evidence=[rests_on],
        would_change="a log of the backup server",
    )
    (entry,) = entries(home, "assessed")
    assert entry.body == {
        "incident": case,
        "statement": "The key was taken from the backup.",
        "likelihood": "likely",
        "band": "55-80 %",
        "confidence": "moderate",
        "because": "one source",
        "alternatives": ["a colleague tried the key"],
        "assumptions": [],
        "evidence": [rests_on],
        "would_change": "a log of the backup server",
    }


def test_a_judgement_rests_on_entries_that_are_there(home: Home, case: str) -> None:
    with pytest.raises(NotFoundError, match="no entry 'nosuchid'"):
        operator_acts.assess(home, case, "Said without a basis.", "likely", "low", evidence=["nosuchid"])
    assert entries(home, "assessed") == []


def test_the_bands_of_icd_203_cover_everything_once() -> None:
    bands = [
        tuple(map(int, band.removesuffix(" %").split("-"))) for band in operator_acts.LIKELIHOODS.values()
    ]
    assert bands[0][0] == 1
    assert bands[-1][1] == 99
    assert all(one[1] == other[0] for one, other in pairwise(bands))


def test_closing_and_reopening(home: Home, case: str) -> None:
    operator_acts.close(home, case, "done")
    with home.store.write() as connection:
        assert place(connection, "a" * 16, b"\x01" * 16) != case
    operator_acts.reopen(home, case)
    assert [entry.body for entry in entries(home, "noted")] == [
        {"incident": case, "text": "done", "state": "closed"},
        {"incident": case, "text": "", "state": "open"},
    ]


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda home, case: operator_acts.note(home, case, " \n"), "an empty note says nothing"),
        (lambda home, case: operator_acts.assess(home, case, "", "likely", "low"), "an empty assessment"),
        (
            lambda home, case: operator_acts.assess(home, case, "x", "probable", "low"),
            "'probable' is not a likelihood",
        ),
        (
            lambda home, case: operator_acts.assess(home, case, "x", "likely", "medium"),
            "'medium' is not a confidence",
        ),
    ],
)
def test_refusals_write_nothing(
    home: Home, case: str, write: Callable[[Home, str], str], sentence: str
) -> None:
    with pytest.raises(TraplineError, match=sentence) as raised:
        write(home, case)
    assert raised.value.hint
    assert entries(home, "noted") == entries(home, "assessed") == []


@pytest.mark.parametrize("prefix", ["", "  ", "%", "_", "zz", "..", "\x1b[2J"])
def test_what_is_no_id_finds_nothing(home: Home, case: str, prefix: str) -> None:
    with pytest.raises(NotFoundError, match="is not the id of an incident"):
        operator_acts.note(home, prefix, "x")


def test_an_id_must_be_known_and_unambiguous(home: Home, case: str) -> None:
    other = "0" if case[0] != "0" else "1"
    with pytest.raises(NotFoundError, match="there is no incident"):
        operator_acts.note(home, other * 10, "x")
    with home.store.write() as connection:
        for number in range(1, 20):  # 20 ids over 16 first digits: two of them share theirs
            place(connection, f"{number:016x}", number.to_bytes(16, "little"))
    with home.store.read() as connection:
        ids = sorted(connection.execute(store.incident.select()).scalars())
    shared = next(one[0] for one, next_ in pairwise(ids) if one[0] == next_[0])
    with pytest.raises(NotFoundError, match="more than one incident begins with"):
        operator_acts.note(home, shared, "x")
