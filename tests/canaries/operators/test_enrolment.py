"""Enrolling: the first alone, the second by the first, the third by two; and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import HomeError, NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from canaries.operators import enrolment, proposals
from canaries.operators.enrolment import EnrolmentRequest
from tests.operators import acting, approve, enrol, key_of


def test_the_first_enrols_alone_and_the_third_by_two(home: Home) -> None:
    enrol(home, "alice", "bob")
    asked = enrolment.request(home, "carol", key_of("carol"))
    with acting(home, "alice"):
        proposal = enrolment.enrol(home, EnrolmentRequest.parse(asked.text))
        assert [one.name for one in enrolment.enrolled(home)] == ["alice", "bob"]
        with pytest.raises(TraplineError, match="another operator approves"):
            approve(home, proposal)
    with acting(home, "bob"):
        approve(home, proposal)
    assert [one.name for one in enrolment.enrolled(home)] == ["alice", "bob", "carol"]
    assert verify(home).operators == ("alice", "bob", "carol")
    assert proposals.pending(home) == []


def test_the_first_needs_their_own_key(home: Home) -> None:
    asked = enrolment.request(home, "alice", key_of("alice"))
    with acting(home, "alice", signs=False), pytest.raises(HomeError, match="their own key"):
        enrolment.enrol(home, asked)
    with acting(home, "bob"), pytest.raises(HomeError, match="their own key"):
        enrolment.enrol(home, asked)


def test_removing_needs_a_reason_and_a_second_operator(home: Home) -> None:
    enrol(home, "alice", "bob", "carol")
    with acting(home, "alice"):
        for name, reason in (("dave", "left"), ("carol", " ")):
            with pytest.raises(TraplineError):
                enrolment.remove(home, name, reason)
        proposal = enrolment.remove(home, "carol", "left")
    with acting(home, "bob"):
        approve(home, proposal)
    assert verify(home).operators == ("alice", "bob")
    with pytest.raises(NotFoundError):
        proposals.find(home, proposal)


def test_a_request_of_another_installation_is_refused(home: Home) -> None:
    asked = enrolment.request(home, "alice", key_of("alice"))
    with acting(home, "alice"), pytest.raises(TraplineError, match="another installation"):
        enrolment.enrol(home, EnrolmentRequest("trapline/log/0", asked.name, asked.key, asked.proof))


@pytest.mark.parametrize("name", ["", "courier", "a" * 65, "two\nlines", "x\u202e"])
def test_some_names_are_nobodys(home: Home, name: str) -> None:
    with pytest.raises(TraplineError, match="cannot be an operator's name"):
        enrolment.request(home, name, key_of("alice"))


def test_a_request_is_changed_by_nobody(home: Home) -> None:
    text = enrolment.request(home, "alice", key_of("alice")).text
    assert EnrolmentRequest.parse(text).name == "alice"
    with pytest.raises(TraplineError):
        EnrolmentRequest.parse(text.replace('"alice"', '"bob"'))


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_rubbish_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(TraplineError):
        EnrolmentRequest.parse(text)
