"""The tag of an incident's state: it changes with what people do to it, and not with what comes in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.core.errors import NotFoundError
from canaries.mint import catalogue
from listener.api import incident_states
from listener.incidents import operator_acts, regroup
from tests.listener.api.conftest import Desk, Story


def test_what_people_do_changes_it_and_a_hit_does_not(
    desk: Desk, story: Story, strike: Callable[..., str]
) -> None:
    home, id_ = desk.home, story.incident
    seen = []

    def tag() -> str:
        return incident_states.tag(home, incident_states.find(home, id_))

    seen.append(tag())
    other = strike(home, catalogue.find(home, story.own))
    operator_acts.note(home, id_, "a note hinders nobody")
    assert tag() == seen[0]
    operator_acts.assign(home, id_, "bo")
    seen.append(tag())
    operator_acts.close(home, id_)
    operator_acts.reopen(home, id_)
    seen.append(tag())
    regroup.split(home, id_, [other], "not the same")
    seen.append(tag())
    assert len(set(seen)) == len(seen)


def test_a_beginning_of_an_id_is_no_id(desk: Desk, story: Story) -> None:
    with pytest.raises(NotFoundError):
        incident_states.find(desk.home, story.incident[:9])
