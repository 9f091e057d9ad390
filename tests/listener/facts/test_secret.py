"""Where a user name tells, a hash says whether the password behind it was the canary's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Token
from canaries.crypto.verifiers import verifiers
from listener.facts import Use
from listener.facts.secret import Secret
from listener.incidents.briefing import UsedCanary, brief

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
