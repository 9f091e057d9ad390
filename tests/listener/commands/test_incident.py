"""``trapline incident``: observed, derived and assessed apart; writing under a name, or refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli
from listener.incidents import queries

HOSTILE = "\x1b[31mred\u202e\u200b"


@pytest.fixture
def case(home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    canary = next(iter(mint(home, "url"))).canary
    for _ in range(2):
        strike(home, canary, agent=HOSTILE)
    return queries.incidents(home)[0].id


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli.trapline, ["--home", str(home.path), "incident", *arguments])


def test_the_three_things_stand_apart(home: Home, case: str) -> None:
    judged = run(
        home, case, "--assess", f"A leak. {HOSTILE}", "--likelihood", "very-likely", "--confidence", "low",
        "--because", "one hit", "--alternative", "a test", "--would-change", "a log",
    )  # fmt: skip
    assert judged.exit_code == 0, judged.exception
    assert run(home, case, "--note", "line one\nline two").exit_code == 0
    said = run(home, case[:6]).stdout
    assert said.count("  observed  path of url") == 2
    assert said.count("  derived   verdict: ") == 2
    assert "reasons The canary's address was fetched." in said
    assert "[Trapline's own rules" in said, "of an address that no list gives to anybody"
    assert "Assessed by alice" in said
    assert "This is judged very likely (80-95 %)." in said
    assert "Confidence in this judgement is low: one hit" in said
    assert "alternative: a test" in said
    assert "line one\\x0aline two" in said
    assert not any(char in said for char in "\x1b\u202e\u200b")


def test_json_holds_everything(home: Home, case: str) -> None:
    entry = json.loads(run(home, case, "--note", "n", "--json").stdout)["entry"]
    value = json.loads(run(home, case, "--json", "--limit", "1").stdout)
    assert value["notes"][0]["id"] == entry
    assert (value["hits"], len(value["timeline"])) == (2, 1)
    assert "The newest 1 of 2 hits" in run(home, case, "--limit", "1").stdout


def test_closing_and_reopening(home: Home, case: str) -> None:
    assert run(home, case, "--close", "--reason", "reported").exit_code == 0
    assert queries.incident(home, case).state == "closed"
    assert "Note [closed] by alice" in run(home, case).stdout
    assert run(home, case, "--reopen").exit_code == 0
    assert queries.incident(home, case).state == "open"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--note", "a", "--close"), "one of --note"),
        (("--assess", "a"), "needs --likelihood and --confidence"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_wrong_use(home: Home, case: str, arguments: tuple[str, ...], problem: str) -> None:
    said = run(home, case, *arguments)
    assert said.exit_code == 2
    assert problem in said.stderr
    assert queries.incident(home, case).notes == ()


def test_refusals(home: Home, case: str) -> None:
    assert isinstance(run(home, "zz").exception, NotFoundError)
    bad = run(home, case, "--assess", "x", "--likelihood", "sure", "--confidence", "low")
    assert isinstance(bad.exception, TraplineError)
    assert queries.incident(home, case).assessments == ()


def test_an_explanation_is_weighed_and_rated(home: Home, case: str) -> None:
    assert (
        run(home, case, "--rate", "preview", "--likelihood", "unlikely", "--because", "no unfurler").exit_code
        == 0
    )
    said = run(home, case, "--hypotheses").stdout
    assert "  rated    unlikely (20-45 %) by alice: no unfurler" in said
    lines = [json.loads(line) for line in run(home, case, "--hypotheses", "--json").stdout.splitlines()]
    assert {line["hypothesis"]: line["rated"] and line["rated"]["by"] for line in lines}["preview"] == "alice"
    assert len(lines) == 18
    assert isinstance(run(home, case, "--rate", "magic", "--likelihood", "likely").exception, TraplineError)
    assert "--rate needs --likelihood" in run(home, case, "--rate", "preview").output


def test_a_split_and_a_merge(home: Home, case: str) -> None:
    hit = json.loads(run(home, case, "--json").stdout)["timeline"][0]["id"]
    new = json.loads(run(home, case, "--split", hit, "--reason", "another", "--json").stdout)["incident"]
    assert f"see also {new}: a source address of this incident" in run(home, case).stdout
    assert "the hits are now in incident" in run(home, case, "--merge", new, "--reason", "the same").stdout
    assert json.loads(run(home, case, "--json").stdout)["hits"] == 2


def test_closing_says_what_it_turned_out_to_be(home: Home, case: str) -> None:
    assert run(home, case, "--outcome", "test").exit_code != 0
    assert (
        run(home, case, "--close", "--outcome", "own-scanner", "--reason", "our own crawler").exit_code == 0
    )
    assert "Note [closed: own-scanner] by alice" in run(home, case).stdout
    assert json.loads(run(home, case, "--json").stdout)["notes"][-1]["outcome"] == "own-scanner"
    assert run(home, case, "--close", "--outcome", "maybe").exit_code != 0


@pytest.mark.parametrize(
    ("given", "flag"),
    [
        (("--note", "n", "--reason", "r"), "--reason"),
        (("--confidence", "high"), "--confidence"),
        (("--note", "n", "--evidence", "00"), "--evidence"),
        (("--rate", "scanner", "--likelihood", "likely", "--alternative", "a"), "--alternative"),
        (("--reopen", "--because", "b"), "--because"),
        (("--outcome", "real"), "--outcome"),
        (("--assess", "a", "--likelihood", "likely", "--confidence", "low", "--reason", "r"), "--reason"),
    ],
)
def test_what_an_act_would_leave_out_of_the_ledger_is_refused(
    home: Home, case: str, given: tuple[str, ...], flag: str
) -> None:
    said = run(home, case, *given)
    assert said.exit_code == 2
    assert f"{flag} needs " in said.stderr
    assert not queries.incident(home, case).notes
