"""A link of this installation leads on; every other one is just a page."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from canaries.protocols.redirect_links import parameter_names, redirect_query
from tests import steady

SHAPES: dict[str, list[tuple[str, str, dict[str, str]]]] = {}
"""None: it claims only what this installation has signed; what is not is a page's."""

KEY = bytes(range(32))
TARGET = "https://intranet.example.net/wiki?page=a&x=ü#top"


def test_a_signed_link_leads_to_its_target(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", f"/q7f3k29xk2m5v8w1z4y6c/?{redirect_query(KEY, TARGET)}")
    assert (name, answer.status) == ("redirect", 302)
    assert dict(answer.headers)["Location"] == "https://intranet.example.net/wiki?page=a&x=%C3%BC#top"


@pytest.mark.parametrize("target", ["https://evil.example/", "", "//evil.example", "javascript:alert(1)"])
def test_a_forged_link_is_answered_like_any_page(ask, target: str) -> None:  # type: ignore[no-untyped-def]
    first, second = parameter_names(KEY)
    assert ask("GET", f"/?{first}={target}&{second}=0123456789abcdef") == ask("GET", "/")
    assert ask("GET", f"/?{redirect_query(bytes(32), target)}") == ask("GET", "/")


def test_a_client_follows_it(stand_in: str) -> None:
    class Remember(HTTPRedirectHandler):
        seen = ""

        def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
            Remember.seen = newurl
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    goal = f"{stand_in}/landed.css"
    try:
        build_opener(Remember()).open(
            f"{stand_in}/?{redirect_query(KEY, goal)}", timeout=steady.PATIENCE
        ).close()
    except HTTPError as error:  # what lies there is another matter
        error.close()
    assert Remember.seen == goal
