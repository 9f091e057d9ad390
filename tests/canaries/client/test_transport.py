"""A server that is silent is asked once; one that drops the connection, three times where that does no harm."""

from __future__ import annotations

import pytest
import requests

from canaries.client.transport import ApiTransport, RefusedByServerError
from tests import steady


@pytest.mark.parametrize(
    ("error", "method", "again", "asked"),
    [
        (requests.ConnectionError(), "GET", False, 3),
        (requests.ConnectionError(), "POST", False, 1),
        (requests.ConnectionError(), "POST", True, 3),
        (requests.ReadTimeout(), "GET", False, 1),
        (requests.ReadTimeout(), "POST", True, 1),
    ],
)
def test_how_often_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, error: Exception, method: str, again: bool, asked: int
) -> None:
    count = 0

    def fail(*_: object, **__: object) -> requests.Response:
        nonlocal count
        count += 1
        raise error

    monkeypatch.setattr(requests.Session, "request", fail)
    transport = ApiTransport(
        "http://127.0.0.1:1", "token", ca_file=None, timeout=steady.PATIENCE, pause=lambda seconds: None
    )
    with pytest.raises(RefusedByServerError, match=type(error).__name__):
        transport.send(method, "/me", again=again)
    assert count == asked
    transport.close()
