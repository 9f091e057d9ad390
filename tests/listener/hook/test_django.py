"""Django's middleware notes account, session and view; with requests of Django's shape."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from listener.hook.django import FactsMiddleware
from listener.hook.wsgi import FACTS


def a_request(**more: Any) -> Any:
    user = SimpleNamespace(is_authenticated=True, get_username=lambda: "jo")
    match = SimpleNamespace(view_name="people:search")
    session = SimpleNamespace(session_key="secret")
    return SimpleNamespace(**{"user": user, "session": session, "resolver_match": match, "META": {}, **more})


def test_account_session_and_view_are_noted() -> None:
    request = a_request()
    assert FactsMiddleware(lambda one: (one, "answer"))(request) == (request, "answer")
    facts = request.META[FACTS]
    assert (facts["account"], facts["endpoint"], len(facts["session"])) == ("jo", "people:search", 16)
    assert "secret" not in str(facts)
    asgi = a_request(scope={})
    FactsMiddleware(lambda one: one)(asgi)
    assert asgi.scope[FACTS]["account"] == "jo"


@pytest.mark.parametrize("more", [{"user": None, "session": None}, {"resolver_match": 7}, {"META": None}])
def test_nothing_that_is_missing_reaches_the_application(more: dict[str, Any]) -> None:
    assert FactsMiddleware(lambda _: "answer")(a_request(**more)) == "answer"
