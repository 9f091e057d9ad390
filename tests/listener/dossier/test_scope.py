"""Which entries belong to a case."""

from __future__ import annotations

from listener.dossier.scope import Scope


def test_an_incident_takes_its_own_entries_and_those_of_its_canaries() -> None:
    scope = Scope("incident", "i1", frozenset({"i1"}), frozenset({"c1"}))
    assert scope.concerns({"incident": "i1", "canary": "c9"}, set())
    assert not scope.concerns({"incident": "i2", "canary": "c1"}, set())
    assert scope.concerns({"canary": "c1"}, set())
    assert scope.concerns({"canaries": ["c0", "c1"]}, set())
    assert scope.concerns({"hit": "h1"}, {"h1"})
    assert not scope.concerns({"text": "nothing named"}, {"h1"})


def test_a_canary_takes_what_names_it_and_what_is_said_of_its_incidents() -> None:
    scope = Scope("canary", "c1", frozenset({"i1"}), frozenset({"c1"}))
    assert scope.concerns({"canary": "c1", "incident": "i7"}, set())
    assert not scope.concerns({"canary": "c2", "incident": "i1"}, set())
    assert scope.concerns({"incident": "i1", "text": "a note"}, set())


def test_an_export_is_of_the_case_that_it_names_and_of_no_other() -> None:
    scope = Scope("canary", "c1", frozenset({"i1"}), frozenset({"c1"}))
    assert scope.exported({"canary": "c1", "canaries": ["c1"]}, set())
    assert not scope.exported({"incident": "i1", "canaries": ["c1", "c2"]}, set())
    assert not scope.exported({"incident": "i1", "what": "rdap"}, set())
    assert scope.exported({"incident": "i1", "what": "handover"}, set()), "0.1 names no canaries"
