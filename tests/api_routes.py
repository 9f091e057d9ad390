"""Which requests a part of the API's client makes, held against the routes that there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from canaries.client.bounded import ServerAnswer
from canaries.client.calls import ApiCalls
from canaries.installation.home import Home
from listener.api.application import create_api
from listener.api.guard import rule_of

Calls = TypeVar("Calls", bound=ApiCalls)


class Recorder:
    """In the transport's place: keeps what is asked, and answers with one thing that has every field."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self._answer = answer

    def send(self, method: str, path: str, **more: Any) -> ServerAnswer:
        self.asked.append((method, path, more))
        return ServerAnswer(200, {}, json.dumps(self._answer).encode())

    def json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return dict(self.send(method, path, **more).json())

    def tagged(self, method: str, path: str, **more: Any) -> tuple[dict[str, Any], str]:
        return self.json(method, path, **more), "the-tag"


def asked_of(
    calls: type[Calls], answer: dict[str, Any], ask: Callable[[Calls], object], folder: Path
) -> set[str]:
    """Endpoints of the API that ``ask`` asks. Raises NotFound, MethodNotAllowed where there is no such route, and
    AssertionError where a body or a precondition is not what the route takes."""
    made, recorder = calls(), Recorder(answer)
    vars(made).update(_transport=recorder, _pause=lambda seconds: None)
    ask(made)
    found = set()
    with Home.create(folder / "home", "") as home:
        app = create_api(home)
        router = app.url_map.bind("x")
        for method, path, more in recorder.asked:
            endpoint, _ = router.match(path, method=method)
            rule = rule_of(app.view_functions[endpoint])
            assert rule is not None
            assert bool(rule.takes) == bool(more.get("json")), f"{method} {path}: its body"
            assert rule.conditional <= ("If-Match" in (more.get("headers") or {})), (
                f"{method} {path}: If-Match"
            )
            found.add(endpoint)
        app.extensions["trapline-api"].jobs.close()
    return found
