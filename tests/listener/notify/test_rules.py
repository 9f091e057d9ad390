from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.notify import rules
from listener.notify.rules import MarkingRule

NOW, LATER = "2026-11-22T12:00:00.000000Z", "2099-01-01T00:00:00.000000Z"
RULE = MarkingRule(
    id="aa",
    mark="own",
    created_at=NOW,
    expires_at=LATER,
    owner="ana",
    reason="our scanner",
    networks=("192.0.2.0/24",),
)


@pytest.mark.parametrize(
    ("change", "applies"),
    [
        ({}, True),
        ({"networks": ("198.51.100.0/24", "192.0.2.7/32")}, True),
        ({"networks": ("198.51.100.0/24",)}, False),
        ({"networks": ("2001:db8::/32",)}, False),
        ({"client": "NESSUS"}, True),
        ({"client": "curl"}, False),
        ({"canary": "cc"}, True),
        ({"canary": "dd"}, False),
        ({"created_at": "2026-11-22T12:00:02.000000Z"}, False),
        ({"expires_at": "2026-11-22T12:00:01.000000Z"}, False),
    ],
)
def test_m1_a_rule_marks_hits_to_which_all_of_it_applies(change: dict[str, Any], applies: bool) -> None:
    at = "2026-11-22T12:00:01.000000Z"
    assert replace(RULE, **change).applies("192.0.2.7", "Nessus/10", "cc", at) is applies


def test_an_address_in_the_ipv6_form_of_ipv4_is_the_same_address() -> None:
    assert RULE.applies("::ffff:192.0.2.7", "", "", NOW)


@given(st.text(max_size=40), st.text(max_size=9), st.text(max_size=9))
def test_no_address_or_client_of_any_shape_stops_it(ip: str, client: str, canary: str) -> None:
    assert RULE.applies(ip, client, canary, NOW) in (True, False)


def test_making_and_removing_a_rule_is_an_entry_and_it_says_why(any_home: Home) -> None:
    made = rules.add(
        any_home, "own", expires_at=LATER, reason="ticket 7", networks=["192.0.2.9/24"], client="nessus"
    )
    assert made.networks == ("192.0.2.0/24",)
    with any_home.store.read() as connection:
        assert rules.load(connection, any_home, any_home.now()) == [made]
        assert rules.load(connection, any_home, LATER) == []
    rules.remove(any_home, made.id, "over")
    with any_home.store.read() as connection:
        assert rules.load(connection, any_home, any_home.now()) == []
        bodies = [entry.body for entry in any_home.reader.entries(connection, "setting")]
    assert [body["section"] for body in bodies] == ["rules", "rules"]
    assert bodies[0]["added"]["reason"] == "ticket 7"
    assert bodies[1] == {"section": "rules", "removed": made.id, "reason": "over"}
    with pytest.raises(NotFoundError):
        rules.remove(any_home, made.id)


def test_a_rule_lies_sealed(home: Home) -> None:
    rules.add(home, "own", expires_at=LATER, reason="ticket 7", networks=["192.0.2.9/24"], client="nessus")
    home.store.close()
    content = b"".join(path.read_bytes() for path in home.path.glob("trapline.db*"))
    assert not [secret for secret in (b"192.0.2", b"nessus", b"ticket 7") if secret in content]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"mark": "own", "reason": ""}, "needs a reason"),
        ({"mark": "own", "reason": "x", "client": "curl"}, "no proof that it is yours"),
        ({"mark": "mute", "reason": "x"}, "needs a network or a canary"),
        ({"mark": "own", "reason": "x", "networks": ["here"]}, "'here' is not a network"),
        *(
            ({"mark": "own", "reason": "x", "networks": ["192.0.2.0/24", wide]}, "is no network of yours")
            for wide in ("0.0.0.0/0", "128.0.0.0/1", "8.0.0.0/7", "::/0", "2000::/3", "2001::/15")
        ),
    ],
)
def test_a_rule_that_would_mark_too_much_is_refused(home: Home, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TraplineError, match=sentence):
        rules.add(home, expires_at=LATER, **given)


def test_a_use_gets_the_mark_as_a_fact_with_its_source_and_date(home: Home) -> None:
    made = rules.add(home, "mute", expires_at=LATER, reason="noisy", canary="cc")
    uses: list[rules.Markable] = [
        (ip, "", canary, made.created_at, {}) for ip, canary in (("1", "cc"), ("1", "dd"))
    ]
    with home.store.read() as connection:
        rules.mark(connection, home, uses, home.now())
    fact = {"source": "operator rule", "date": made.created_at, "rule": made.id, "mark": "mute"}
    assert uses[0][-1] == {"operator_rule": fact | {"owner": home.operator, "reason": "noisy"}}
    assert uses[1][-1] == {}
