"""Bodies are read by their type, or by their looks."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http import content


def test_forms() -> None:
    expected = [("a", "1 2"), ("b", "ü"), ("c", ""), ("d", "\\xff")]
    for kind in ("application/x-www-form-urlencoded; charset=utf-8", ""):
        assert content.read_body(kind, b"a=1+2&b=%C3%BC&c&&d=%ff").form == expected
    assert content.read_body("text/plain", b"a=1").form == []
    assert len(content.fields("a=b&" * 5000)) == 500
    assert len(content.read_body("", b"a=b&" * 5000).form) == 500


def test_json_in_the_order_of_the_document() -> None:
    body = {"messages": [{"role": "user", "content": "hi"}, "x"], "n": 1, "": {"k": "v"}}
    assert content.read_body("", json.dumps(body).encode()).json == [
        ("messages[0].role", "user"),
        ("messages[0].content", "hi"),
        ("messages[1]", "x"),
        ("k", "v"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 5000 + b'"x"' + b"}" * 5000,
        b"[1" + b"0" * 9000 + b"]",
        b"{",
        b"\xff",
        b'{"a": NaN}',
    ],
)
def test_hostile_json_gives_nothing(body: bytes) -> None:
    assert content.read_body("application/json", body).json == []


def test_json_is_bounded() -> None:
    assert len(content.read_body("application/json", json.dumps(["x"] * 5000).encode()).json) == 500


def test_multipart_without_an_end_or_a_boundary() -> None:
    body = b'--b\nContent-Disposition: form-data; name="a"\n\n1\n--b\r\nContent-Type: x/y\r\n\r\n2'
    read = content.read_body('Multipart/Form-Data; boundary="b"', body)
    assert read.form == [("a", "1"), ("", "2")]
    assert [part["type"] for part in read.parts] == ["", "x/y"]
    assert content.read_body("multipart/form-data", body) == content.Body()


KINDS = ["", "application/json", "multipart/x; boundary=-", "application/x-www-form-urlencoded"]


@given(st.sampled_from(KINDS), st.binary(max_size=100))
def test_no_body_raises(kind: str, body: bytes) -> None:
    read = content.read_body(kind, body)
    json.dumps([read.form, read.json, read.parts]).encode()
