"""What of a request is looked at."""

from __future__ import annotations

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from listener.hook import values


def test_credentials_of_every_scheme() -> None:
    basic = base64.b64encode(b"Jane@Example.net:s3cret:x").decode()
    assert list(values.authorization(f"Basic {basic}")) == [
        ("basic user", "Jane@Example.net"),
        ("basic password", "s3cret:x"),
        ("basic pair", "jane@example.net:s3cret:x"),
    ]
    assert list(values.authorization("Bearer abc.def")) == [("authorization bearer", "abc.def")]
    assert list(values.authorization("abc.def")) == [("authorization abc.def", "abc.def")]
    assert list(values.authorization("Basic abc")) == []


def test_cookies_query_form_and_json() -> None:
    assert list(values.cookies("a=1; session=abc%2Bdef")) == [("cookie session", "abc+def")]
    assert values.fields("q=jane+doe&x=&y=%40a", "query") == [("query q", "jane doe"), ("query y", "@a")]
    form = values.body(b"email=Jane%40Example.net&password=Summer1", "application/x-www-form-urlencoded")
    assert form[-1] == ("form pair", "jane@example.net:Summer1")
    found = values.body(
        json.dumps({"user": {"email": "A@b.c"}, "password": "x"}).encode(), "application/json"
    )
    assert found == [("json user email", "A@b.c"), ("json password", "x"), ("json pair", "a@b.c:x")]


def test_a_value_is_looked_up_as_it_is_and_folded_and_guessable_ones_apart() -> None:
    assert values.forms("Jane@Example.net ", guessable=False) == [b"Jane@Example.net ", b"jane@example.net"]
    assert values.forms("Token0", guessable=False) == [b"Token0"]
    assert values.forms("short", guessable=True) == []
    assert values.forms("+1 (212) 555-0123", guessable=True)[-1] == values.weak("phone", "212-555-0123")
    assert values.weak("user_name", " Jane.Doe ") in values.forms("jane.doe", guessable=True)
    assert all(form[:1] != b"\x1f" for form in values.forms("jane.doe", guessable=False))


@given(
    st.binary(max_size=300),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/x"]),
)
def test_any_body_is_read_without_an_error(data: bytes, media: str) -> None:
    for where, value in values.body(data, media):
        assert isinstance(where, str)
        values.forms(value, guessable=True)


@given(st.text(max_size=200))
def test_any_header_is_read_without_an_error(text: str) -> None:
    list(values.authorization(text))
    list(values.authorization(f"Basic {text}"))
    list(values.cookies(text))


def test_deep_and_endless_bodies_are_bounded() -> None:
    assert values.body(b"[" * 60_000, "application/json") == []
    assert (
        len(values.body(json.dumps([f"value {n}" for n in range(1000)]).encode(), "application/json")) == 64
    )
    assert len(values.fields("&".join(f"a{n}=b" for n in range(1000)), "form")) <= 65
    assert values.body(b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded") == []
