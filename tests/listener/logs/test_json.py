"""Objects in lines: what is not there is empty, and nothing raises."""

from __future__ import annotations

from listener.logs import _json


def test_what_is_no_object_is_none() -> None:
    for raw in (b"", b"[1]", b"{", b"\xff{}", b"[" * 100_000, b'"x"'):
        assert _json.parsed(raw) is None
    assert _json.parsed(b'{"a": {"b": 1}}') == {"a": {"b": 1}}


def test_what_stands_below_names() -> None:
    record = {"a": {"b": "x" * 9, "c": True, "d": 2.5, "e": [1]}}
    assert _json.text(record, "a", "b", limit=4) == "xxxx"
    assert _json.text(record, "a", "d") == "2.5"
    assert [_json.text(record, "a", name) for name in ("c", "e", "none")] == ["", "", ""]
    assert _json.text(record, "a", "b", "deeper") == ""
    assert [_json.port({"p": said}, "p") for said in ("443", 443, 70_000, "9" * 5000, "x", None)] == [
        443,
        443,
        0,
        0,
        0,
        0,
    ]


def test_lines_that_look_like_one() -> None:
    assert _json.sound(b'{"a":1}\nnoise\n{"b":2}\r\n{"half\n') == 2
