"""Shared records: made once for one key, written once as any mapping is, never changed."""

from __future__ import annotations

import pytest

from canaries.ledger.entries import canonical
from listener.evidence.shared_record import SharedRecord, SharedRecords, shared, written

FACT = {"source": "trapline", "labels": [{"class": "cloud"}], "asn": 1, "é": None}


def test_it_reads_and_is_written_as_a_mapping_is() -> None:
    record = shared(FACT)
    assert record == FACT
    assert shared(record) is record
    assert canonical({"a": written(record), "b": written(FACT)}) == canonical({"a": FACT, "b": FACT})
    assert record.written is record.written
    assert type(record | {"more": 1}) is dict


def test_it_refuses_to_be_changed() -> None:
    record = shared(FACT)
    for change in (
        lambda: record.update(asn=2),
        lambda: record.pop("asn"),
        lambda: record.__setitem__("asn", 2),
        lambda: record.__delitem__("asn"),
        lambda: record.__ior__({"asn": 2}),
        lambda: record.setdefault("more", 2),
        record.popitem,
        record.clear,
    ):
        with pytest.raises(TypeError):
            change()
    assert record == FACT


def test_two_that_say_the_same_are_two_keys() -> None:
    one, other = shared(FACT), shared(FACT)
    assert one == other
    assert {one: 1}.get(other) is None
    assert {(one, "x"): 1}[one, "x"] == 1


def test_each_key_has_its_record_and_a_failure_is_not_kept() -> None:
    records, made = SharedRecords(2), []

    def make(name: str) -> SharedRecord:
        made.append(name)
        if name == "bad":
            raise ValueError(name)
        return shared({"name": name})

    for name in ("a", "b", "a", "b"):
        assert records.get(name, lambda name=name: make(name))["name"] == name  # type: ignore[misc]
    assert made == ["a", "b"]
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            records.get("bad", lambda: make("bad"))
    assert records.get("c", lambda: make("c"))["name"] == "c"
    assert len(made) == 5, "the bound was reached: it began anew, and holds no more than that"
    assert records.get("a", lambda: make("a")) is records.get("a", lambda: make("a"))
