"""What was pushed, out of the raw request: read, or why not; and in which forms its words may have been announced."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.protocols import push_endpoints
from canaries.protocols.push_endpoints import endpoint_token, subscription_keys
from listener.http.push_request import PushRequest, read_push_request
from tests import steady
from tests.listener.protocol.test_web_push import sealed

LOOKUP = steady.key("lookup")
TOKEN = endpoint_token(steady.key("front"), 1, steady.key("drawn", push_endpoints.DRAWN))


def raw(body: bytes, method: str = "POST", token: str = TOKEN, **headers: str) -> bytes:
    told = {"Host": "push.test", "Content-Encoding": "aes128gcm", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} /q7f3/wpush/v2/{token} HTTP/1.1\r\n{head}\r\n".encode() + body


def sent(content: bytes) -> PushRequest:
    found = read_push_request(raw(sealed(content, subscription_keys(LOOKUP, TOKEN))), LOOKUP)
    assert found is not None
    return found


def test_what_is_no_push_is_none() -> None:
    assert read_push_request(raw(b"x", "GET"), LOOKUP) is None
    assert read_push_request(raw(b"x").replace(b"wpush", b"other"), LOOKUP) is None
    assert read_push_request(b"", LOOKUP) is None


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (raw(b""), "there is no message in it"),
        (raw(b"x" * 200, **{"Content-Encoding": "aesgcm"}), "not encrypted as RFC 8291 has it"),
        (raw(b"x" * 200), "names no key"),
        (raw(sealed(b"text")), "not encrypted to this subscription"),
    ],
)
def test_what_cannot_be_read_has_no_words(request_: bytes, why: str) -> None:
    found = read_push_request(request_, LOOKUP)
    assert found is not None
    assert why in found.problem
    assert found.wordings() == [""]


@pytest.mark.parametrize(
    ("content", "forms"),
    [
        ("All clear", ["All clear"]),
        ({"title": "City", "body": "All clear"}, ["City All clear"]),
        ({"title": "City", "body": "All clear", "icon": "/i.png", "tag": "a-1"}, ["City All clear"]),
        ({"notification": {"title": "City", "body": "All clear"}, "n": 5}, ["City All clear"]),
    ],
)
def test_what_a_notification_shows_is_one_of_its_forms(content: object, forms: list[str]) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    assert forms[-1] in sent(text.encode()).wordings()


@pytest.mark.parametrize(
    "content",
    [
        {"title": "All clear", "body": "Turn yourself in."},
        {"body": "All clear", "data": {"note": "Turn yourself in."}},
        {"body": "All clear", "url": "https://evil.example/"},
        {"body": "All clear", "actions": [{"title": "Turn yourself in."}]},
        {"body": ["All clear", "Turn yourself in."]},
    ],
)
def test_what_is_announced_in_part_is_not_announced(content: object) -> None:
    assert "All clear" not in sent(json.dumps(content).encode()).wordings()


@given(st.binary(max_size=1000))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    assert sent(content).wordings()


@given(
    st.recursive(
        st.text() | st.none() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_document_breaks_the_reader(document: object) -> None:
    content = json.dumps(document).encode()
    if len(content) < 3900:
        assert sent(content).wordings()


def test_a_document_without_an_end_is_text() -> None:
    assert sent(b"[" * 3000).wordings() == ["[" * 3000]
