"""Somebody gets all that is held about them, and nothing about others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.mint import minting
from listener import cli
from listener.evidence.sighting import Sighting
from listener.incidents import operator_acts, queries, subject_access

MINE, OTHER = "203.0.113.7", "198.51.100.23"


@pytest.fixture
def told(home: Home, strike: Callable[..., str]) -> tuple[str, str]:
    """(a hit from one address, one from another), and a note of an operator on the first."""
    (minted,) = minting.mint(home, "url")
    hits = tuple(strike(home, minted.canary, ip=ip) for ip in (MINE, OTHER))
    incident = next(one.incident for one in queries.hits(home) if one.id == hits[0])
    operator_acts.note(
        home.acting("alice", {"role": "analyst"}), incident, f"seen: {MINE} and {OTHER}, says bob"
    )
    operator_acts.note(home.acting("bob", {"role": "analyst"}), incident, "alice looks at it")
    return hits[0], hits[1]


def text_of(home: Home, out: Path, **about: Any) -> str:
    subject_access.write(home, out, **about)
    return out.read_text("utf-8")


def test_an_address_gets_its_hits_with_facts_and_bytes_and_nobody_else_s(
    home: Home, told: tuple[str, str], tmp_path: Path
) -> None:
    said = text_of(home, tmp_path / "about.txt", address=MINE)
    assert told[0] in said
    assert told[1] not in said
    assert "received, exactly:" in said
    assert "derived" in said
    assert OTHER not in said
    assert "seen: 203.0.113.7 and [another address], says [another person]" in said
    assert "alice" not in said


def test_a_person_gets_what_they_wrote_and_what_was_written_of_them(
    home: Home, told: tuple[str, str], tmp_path: Path
) -> None:
    said = text_of(home, tmp_path / "about.txt", person="Alice")
    assert "by: alice" in said
    assert "alice looks at it" in said
    assert "bob" not in said
    assert MINE not in said


def test_that_it_was_made_is_an_entry_and_is_held_about_them_too(
    home: Home, told: tuple[str, str], tmp_path: Path
) -> None:
    digest, count = subject_access.write(home, tmp_path / "1.txt", address=MINE, why="request of 27 November")
    with home.store.read() as connection:
        body = [entry.body for entry in home.reader.entries(connection, "exported")][-1]
    assert (body["what"], body["subject"], body["why"]) == ("access", MINE, "request of 27 November")
    assert (body["sha256"], body["count"]) == (digest, count)
    assert subject_access.write(home, tmp_path / "2.txt", address=MINE)[1] == count + 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"X-Forwarded-For: {MINE}, {OTHER}:443", f"X-Forwarded-For: {MINE}, [another address]:443"),
        ("http://198.51.100.23/x [2001:db8::9]:80", "http://[another address]/x [[another address]]:80"),
        ("Chrome/142.0.0.0 at 12:00:00", "Chrome/142.0.0.0 at 12:00:00"),
        ("::ffff:198.51.100.23 \x1b", "[another address] \\x1b"),
        ("10.0.0.1 bob, bobby", "10.0.0.1 [another person], bobby"),
    ],
)
def test_addresses_of_others_are_made_out_wherever_they_stand(text: str, shown: str) -> None:
    subject: Any = subject_access._subject(MINE, "")
    subject.others, subject.ours = {"bob"}, {"10.0.0.1"}
    assert subject.redacted(text) == shown


def test_a_slip_writes_nothing(home: Home, told: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "about.txt"
    slips: tuple[dict[str, Any], ...] = ({}, {"address": MINE, "person": "x"}, {"address": "nonsense"})
    for about in slips:
        with pytest.raises(TraplineError):
            subject_access.write(home, out, **about)
    with pytest.raises(NotFoundError):
        subject_access.write(home, out, address="192.0.2.99")
    assert not out.exists()
    words = ["--home", str(home.path), "subject", "--address", MINE, "--out", str(out), "--json"]
    done = CliRunner().invoke(cli.trapline, words)
    assert '"entries":' in done.output
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_person_whom_only_a_canary_s_record_names_gets_it_and_others_are_made_out_of_it(
    home: Home, tmp_path: Path
) -> None:
    (minted,) = minting.mint(home, "url", recipient="Ida Roe", memo="Ida Roe, told by\u202e Zoe Lee")
    next(minting.mint(home, "url", recipient="Zoe Lee"))
    said = text_of(home, tmp_path / "about.txt", person="ida roe")
    assert f"canary {minted.canary.id} (url)" in said
    assert "recipient: Ida Roe" in said
    assert "\u202e" not in said
    assert not [token.value for token in minted.canary.tokens if token.value in said]
    assert "Nor was what was seen and not recognised" in said
    said = text_of(home, tmp_path / "zoe.txt", person="Zoe Lee")
    assert "told by\\u202e Zoe Lee" in said
    assert "recipient: [another person]" in said, "whom the same record names"


def test_an_address_gets_what_was_seen_of_it_and_not_recognised(home: Home, tmp_path: Path) -> None:
    seen = [
        Sighting(
            id=f"{number:032x}", trap="http", observed_at=1_800_000_000_000_000, peer=(ip, 1), local=("192.0.2.1", 80),
            transport="tcp", raw=f"GET / HTTP/1.1 from {OTHER}".encode(), size=20, front="f", number=number,
            connection=number, clock={"source": "ntp", "offset_us": 1, "checked_at": ""}, answer="",
        )
        for number, ip in enumerate((MINE, OTHER, MINE))
    ]  # fmt: skip
    out = tmp_path / "about.txt"
    _, count = subject_access.write(home, out, address=MINE, unrecognised=iter(seen))
    said = out.read_text("utf-8")
    assert count == said.count("seen and not recognised, 2027-01-15T08:00:00") == 2
    assert OTHER not in said
    assert "Nor was" not in said
    with pytest.raises(NotFoundError):
        subject_access.write(home, tmp_path / "none.txt", address="203.0.113.99", unrecognised=iter(seen))
