"""Where a user name tells, a hash says whether the password behind it was the canary's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from canaries.core.model import Token
from canaries.crypto.verifiers import verifiers
from listener.evidence.sighting import Sighting
from listener.facts import Use
from listener.facts.secret import Secret
from listener.incidents.briefing import UsedCanary, brief
from tests.every import every
from tests.listener.proofs import showings
from tests.listener.proofs.showings import CHALLENGED, REQUESTS, SECRET, TRAPS, WAYS, WITHOUT, WRONG

PASSWORD, SALT = "kQ3v9sLr2Xw8Tn5Bz7Yc", bytes(range(1, 22))
HELD = verifiers([Token("password", PASSWORD)], ["mysql"])


def scramble(password: str) -> dict[str, str]:
    from pymysql import _auth

    answer = _auth.scramble_native_password(password.encode(), SALT[:20])
    return {"challenge": SALT.hex(), "response": answer.hex()}


@pytest.mark.parametrize(
    ("trap", "seen", "wanted"),
    [
        ("mysql", scramble(PASSWORD), ("right", "MySQL scramble")),
        ("mysql", scramble("guess"), ("wrong", "MySQL scramble")),
        ("redis", {"password": "guess"}, ("wrong", "in clear")),
        ("ssh", {"request": "proven"}, ("right", "SSH signature")),
        ("redis", {"password": ""}, None),
        ("mysql", {"challenge": "zz", "response": "00"}, None),
        ("mysql", {"challenge": 1, "response": []}, None),
        ("http", {}, None),
    ],
)
def test_what_is_said(
    tmp_path: Path, use: Callable[..., Use], trap: str, seen: dict[str, Any], wanted: tuple[str, str] | None
) -> None:
    one = use(facet="user", facets=("user",), trap=trap, observed=seen, verifiers=HELD)
    fact = Secret(tmp_path).derive(one, {})
    assert (fact and (fact["shown"], fact["how"])) == wanted


def test_nothing_is_said_where_the_secret_betrayed_itself(tmp_path: Path, use: Callable[..., Use]) -> None:
    one = use(facet="user", facets=("user", "password"), trap="redis", observed={"password": PASSWORD})
    assert Secret(tmp_path).derive(one, {}) is None


def test_nothing_is_said_of_bait_without_a_hash(tmp_path: Path, use: Callable[..., Use]) -> None:
    one = use(facet="user", facets=("user",), trap="redis", observed={"password": "x"})
    assert Secret(tmp_path).derive(one, {}) is None


def test_the_line_that_alerts_and_lists_share_says_it() -> None:
    fact: Any = {"secret": {"source": "trapline", "shown": "wrong", "how": "MySQL scramble"}}
    said = brief(UsedCanary("mysql", "user", "2026-11-22T12:30:00.000000Z", facts=fact)).used
    assert said == "user of the mysql, with a wrong secret (MySQL scramble)"


# --- whichever trap it is and however a secret is shown ---------------------------------------------------------------

ALL = [(trap, way) for trap, ways in WAYS.items() for way in ways]


def said(home: Path, trap: str, seen: Any, held: dict[str, str], sighting: Sighting | None = None) -> str:
    one = Use(
        canary_id="c" * 16, kind="k", facet="user", facets=("user",), trap=trap, created_at="", planted_at="",
        observed_at="", source=("127.0.0.1", 1), observed=seen, verifiers=held,
        sighting=sighting or showings.sighting(trap),
    )  # fmt: skip
    fact = Secret(home).derive(one, {})
    return fact["shown"] if fact else ""


def test_every_trap_is_in_the_table() -> None:
    assert {*WAYS, *WITHOUT} == {name for name, trap in TRAPS.items() if trap.baited}
    assert set(ALL) >= CHALLENGED


@every("case", ALL)
def test_right_and_wrong_are_told(case: tuple[str, str], tmp_path: Path) -> None:
    trap, way = case
    secret = SECRET[:8] if trap == "vnc" else SECRET
    held = showings.held(trap, secret)
    assert said(tmp_path, trap, showings.shown(trap, way, secret), held) == "right"
    assert said(tmp_path, trap, showings.shown(trap, way, WRONG), held) == "wrong"
    assert said(tmp_path, trap, showings.shown(trap, way, secret), {}) == "", "of bait from before"


@every("case", sorted(CHALLENGED))
def test_an_answer_to_another_challenge_or_a_tampered_one_is_wrong(
    case: tuple[str, str], tmp_path: Path
) -> None:
    trap, way = case
    secret = SECRET[:8] if trap == "vnc" else SECRET
    held, seen = showings.held(trap, secret), showings.shown(trap, way, secret)
    assert said(tmp_path, trap, showings.shown(trap, way, secret, replayed=True), held) == "wrong"
    response = seen["response"]
    at = response.index("p=") + 2 if "p=" in response else 0
    flipped = response[:at] + ("B" if response[at] in "aA" else "a") + response[at + 1 :]
    assert said(tmp_path, trap, seen | {"response": flipped}, held) == "wrong"


@every("way", REQUESTS)
def test_requests_tell_it_too(way: str, tmp_path: Path) -> None:
    held = showings.held("http")

    def of(raw: bytes) -> str:
        sighting = showings.sighting("http", raw)
        return said(tmp_path, "http", TRAPS["http"].read(sighting).observed, held, sighting)

    assert of(REQUESTS[way](SECRET)) == "right"
    assert of(REQUESTS[way](WRONG)) == "wrong"
    if way.startswith("AWS"):
        tampered = REQUESTS[way](SECRET).replace(b"list-type=2", b"list-type=1")
        assert of(tampered) == "wrong", "a signature copied to another request"


def test_a_request_that_is_not_kept_whole_tells_nothing(tmp_path: Path) -> None:
    raw = REQUESTS["AWS, header"](SECRET)
    whole = showings.sighting("http", raw)
    seen = TRAPS["http"].read(whole).observed
    cut = msgspec.structs.replace(whole, raw=raw[:-1])
    assert said(tmp_path, "http", seen, showings.held("http"), cut) == ""
