"""WSGI: an application is answered as ever, and its bait is reported behind the answer."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from listener.hook import Hook
from listener.hook.wsgi import FACTS, WsgiSensor
from tests import steady
from tests.listener.hook.conftest import BAIT

FORM = "application/x-www-form-urlencoded"


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Reads its body in pieces and gives it back."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    data = environ["wsgi.input"].read(min(size, 5)) + environ["wsgi.input"].read(max(0, size - 5))
    environ[FACTS] = {"account": "17"}
    start_response("403 Forbidden", [("Content-Type", "text/plain")])
    return [data or b"nothing"]


def call(application: Any, body: bytes = b"", **environ: str) -> bytes:
    made: dict[str, Any] = {"wsgi.input": io.BytesIO(body), "SCRIPT_NAME": "", "QUERY_STRING": "", **environ}
    setup_testing_defaults(made)
    if body:
        made["CONTENT_LENGTH"] = str(len(body))
    answer = application(made, lambda *_: lambda _: None)
    try:
        return b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()


@pytest.mark.parametrize(
    ("body", "environ", "where"),
    [
        (b"", {"QUERY_STRING": f"q={BAIT[0]}"}, "query q"),
        (b"", {"HTTP_COOKIE": f"a=b; sid={BAIT[1]}"}, "cookie sid"),
        (b"", {"HTTP_AUTHORIZATION": f"Bearer {BAIT[1]}"}, "authorization bearer"),
        (b"", {"HTTP_X_API_KEY": BAIT[1]}, "header x-api-key"),
        (b"", {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(BAIT[2].encode()).decode()}, "basic user"),
        (b"email=Planted.Person%40harbour.example&password=x", {"CONTENT_TYPE": FORM}, "form email"),
        (
            b'{"user": {"token": "%s"}}' % BAIT[1].encode(),
            {"CONTENT_TYPE": "application/json"},
            "json user token",
        ),
    ],
)
def test_bait_is_noticed_wherever_it_is(
    fake_listener: Any, hook: Hook, body: bytes, environ: dict[str, str], where: str
) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/login", "REMOTE_ADDR": "203.0.113.7", **environ}
    application = validator(WsgiSensor(validator(echo), hook))
    assert call(application, body, **environ) == (body or b"nothing")
    (report,) = steady.until(lambda: fake_listener.reports)
    assert where in [one["where"] for one in report["found"]]
    facts = report["facts"]
    assert (facts["account"], facts["client"], facts["route"]) == ("17", "203.0.113.7", "/login")
    assert (report["event"], facts["status"]) == ("login", 403)


def test_a_cracked_password_is_noticed_as_the_pair_that_it_is(fake_listener: Any, hook: Hook) -> None:
    call(
        WsgiSensor(echo, hook),
        b"password=Summer07&email=" + BAIT[0].upper().encode(),
        CONTENT_TYPE=FORM,
    )
    (report,) = steady.until(lambda: fake_listener.reports)
    assert {"where": "form pair", "value": BAIT[2]} in report["found"]
    call(WsgiSensor(echo, hook), b"password=Summer07&email=other@x.example", CONTENT_TYPE=FORM)
    assert hook.reporter.flush(0)
    assert len(fake_listener.reports) == 1, "the password alone is anybody's"


@pytest.mark.parametrize("way", ["read", "readinto", "readline", "readlines", "iter"])
def test_a_body_is_seen_whichever_way_it_is_read(fake_listener: Any, hook: Hook, way: str) -> None:
    body = b"email=" + BAIT[0].encode()
    seen = []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        stream, room = environ["wsgi.input"], bytearray(len(body))
        match way:
            case "readinto":
                assert stream.readinto(room) == len(body)
                seen.append(bytes(room))
            case "iter":
                seen.extend(stream)
            case _:
                found = getattr(stream, way)()
                seen.extend(found if isinstance(found, list) else [found])
        return []

    call(WsgiSensor(application, hook), body, CONTENT_TYPE=FORM)
    assert seen == [body]
    assert steady.until(lambda: fake_listener.reports)


def test_without_bait_the_application_has_the_request_to_itself(fake_listener: Any, hook: Hook) -> None:
    answer = [b"as it is"]

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        assert isinstance(environ["wsgi.input"], io.BytesIO)
        return answer

    made: dict[str, Any] = {"HTTP_COOKIE": "sid=of-a-real-visitor", "wsgi.input": io.BytesIO()}
    assert WsgiSensor(application, hook)(made, print) is answer
    assert not fake_listener.reports


def test_an_application_that_fails_fails_as_before_and_its_bait_is_reported(
    fake_listener: Any, hook: Hook
) -> None:
    def broken(environ: dict[str, Any], _: object) -> Iterable[bytes]:
        raise LookupError("its own")

    with pytest.raises(LookupError, match="its own"):
        call(WsgiSensor(broken, hook), HTTP_X_API_KEY=BAIT[1])
    assert steady.until(lambda: fake_listener.reports)[0]["facts"]["status"] == 500
