"""One GET: a refused key, a spent allowance and rubbish are told apart; slow, endless and turned-away answers end."""

from __future__ import annotations

from typing import Any

import pytest

from listener.outside import OutsideError, OutsideSettings, _http
from tests.every import every
from tests.outside_servers import WebService, proxy


def got(web: WebService, ca_file: str, **settings: Any) -> tuple[int, dict[str, Any]]:
    chosen = OutsideSettings(ca_file=ca_file, **settings)
    return _http.get(f"{web.url}/x", chosen, headers={"Key": "s3cret"}, parameters={"a": "b c"})


def test_an_object_comes_back_and_the_product_is_not_named(web: WebService, ca_file: str) -> None:
    web.answers["/x"] = 200, {}, {"a": 1}
    assert got(web, ca_file) == (200, {"a": 1})
    ((path, headers),) = web.asked
    assert path == "/x?a=b+c"
    assert (headers["key"], headers["user-agent"]) == ("s3cret", "Mozilla/5.0")
    assert headers["accept-encoding"] == "identity", "what is counted is what came"


ANSWERS = {
    "refused key": ((401, {}, {}), "refuses the key", None, True),
    "forbidden": ((403, {}, {}), "refuses the key", None, True),
    "allowance": ((429, {"Retry-After": "120"}, {}), "no more questions", 120, True),
    "allowance, no time": ((429, {}, {}), "no more questions", 3600, True),
    "allowance, for ever": ((429, {"Retry-After": "9" * 30}, {}), "no more questions", 7 * 86_400, True),
    "allowance, a date": ((429, {"Retry-After": "Fri, 31 Dec 1999"}, {}), "no more questions", 3600, True),
    "broken": ((500, {}, b"<html>"), "answered 500", None, False),
    "turned away": ((302, {"Location": "https://elsewhere.example/"}, b""), "answered 302", None, False),
    "no JSON": ((200, {}, b"<html>"), "something else", None, False),
    "a list": ((200, {}, [1]), "something else", None, False),
    "deep": ((200, {}, b"[" * 100_000), "something else", None, False),
    "endless": ((200, {}, b" " * (_http.LARGEST + 1)), "too much", None, False),
}


@every("name", sorted(ANSWERS))
def test_every_other_answer_is_a_sentence(web: WebService, ca_file: str, name: str) -> None:
    web.asked.clear()
    web.answers["/x"], said, again, ends = ANSWERS[name]
    with pytest.raises(OutsideError, match=said) as caught:
        got(web, ca_file)
    assert (caught.value.again, caught.value.ends) == (again, ends)
    assert "s3cret" not in str(caught.value)
    assert len(web.asked) == 1, "nobody else is asked"


def test_a_server_that_drips_is_left(web: WebService, ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    web.answers["/x"], web.drip = (200, {}, b" " * 200), 0.05
    monkeypatch.setattr(_http, "SECONDS", 0.2)
    with pytest.raises(OutsideError, match=r"too slowly|cannot be asked"):
        got(web, ca_file)
    assert web.dripped < 200


def test_who_is_not_there_or_not_vouched_for_is_a_sentence(web: WebService, ca_file: str) -> None:
    with pytest.raises(OutsideError, match="cannot be asked: SSLError"):
        _http.get(f"{web.url}/x", OutsideSettings(), headers={}, parameters={})
    with pytest.raises(OutsideError, match="cannot be asked: ConnectionError"):
        _http.get("https://127.0.0.1:1/x", OutsideSettings(), headers={}, parameters={})
    with pytest.raises(OutsideError, match="over https"):
        _http.get("http://127.0.0.1:1/x", OutsideSettings(), headers={}, parameters={})
    assert not web.asked


def test_through_a_proxy_and_through_none_of_the_environment(
    web: WebService, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    web.answers["/x"] = 200, {}, {}
    assert got(web, ca_file)[0] == 200
    led: list[str] = []
    with proxy(led.append) as url:
        assert got(web, ca_file, proxy=url)[0] == 200
    assert led == [web.url.removeprefix("https://")]
