"""Lists are answered by their indexes: no sort, no look at rows that are not shown."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.dialects import sqlite

from canaries.core import schema_lists, store
from canaries.installation.home import Home

_CANARY, _HIT, _INCIDENT, _ENTRY = store.canary.c, store.hit.c, store.incident.c, store.entry.c
_KNOWN = _CANARY.sealed.is_not(None)
LISTS: dict[str, Select[Any]] = {
    "canary_of_kind": select(_CANARY.id).where(_KNOWN, _CANARY.kind == "url"),
    "canary_retired": select(_CANARY.id).where(store.RETIRED),
    "canary_expires": select(_CANARY.id).where(store.EXPIRES),
    "hit_of_canary": select(_HIT.id).where(_HIT.canary_id == "a", _HIT.part == ""),
    "hit_of_incident": select(_HIT.id).where(_HIT.incident_id == "a", _HIT.part == ""),
    "incident_listed": select(_INCIDENT.id),
    "incident_in_state": select(_INCIDENT.id).where(_INCIDENT.state == "open"),
    "entry_acts": select(_ENTRY.id).where(store.ACTED),
}
_ORDER = {
    "canary": (_CANARY.created_at.desc(), _CANARY.id.desc()),
    "hit": (_HIT.id.desc(),),
    "incident": (_INCIDENT.last_at.desc(), _INCIDENT.id.desc()),
    "entry": (_ENTRY.id.desc(),),
}


@pytest.mark.parametrize("index", LISTS)
def test_each_list_is_answered_by_its_index(home: Home, index: str) -> None:
    query = LISTS[index].order_by(*_ORDER[index.partition("_")[0]]).limit(50)
    with home.store.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {_literal(query)}")]
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan


def test_what_visitors_cause_is_no_act() -> None:
    assert {"hit", "derived", "alerted"} <= set(store.NOT_ACTS)
    assert not {"noted", "revealed", "minted", "setting", "erased"} & set(store.NOT_ACTS)


@pytest.mark.parametrize(
    ("index", "query"),
    [
        (
            "hit_of_source",
            select(_HIT.incident_id).where(_HIT.source_tag.in_([b"a", b"b"])).group_by(_HIT.incident_id),
        ),
        (
            "hit_uses",
            select(_HIT.canary_id, func.min(_HIT.id)).where(_HIT.incident_id == "a").group_by(_HIT.canary_id),
        ),
        ("hit_follows", select(_HIT.id).where(_HIT.follows.in_(["a", "b"]), schema_lists.PART)),
    ],
)
def test_what_belongs_to_an_incident_or_a_hit_is_found_by_an_index(
    home: Home, index: str, query: Select[Any]
) -> None:
    """Not by looking at every hit."""
    with home.store.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {_literal(query)}")]
    assert any(step.startswith("SEARCH hit") and index in step for step in plan), plan


def _literal(query: Any) -> str:
    return str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
