"""In by the link, out by the button."""

from __future__ import annotations

from typing import Any

from listener.console import auth


def test_the_first_page_is_health(console: Any) -> None:
    response = console.get("/")
    assert (response.status_code, response.headers["Location"]) == (303, "/health")


def test_the_door_leads_on_by_itself_and_shows_no_secret(console: Any) -> None:
    link = console.app.extensions["trapline"].doorkeeper.link()
    page = console.get(f"/enter/{link}").get_data(as_text=True)
    assert '<meta http-equiv="refresh" content="0; url=/">' in page
    assert link not in page


def test_who_leaves_has_no_cookie_and_sees_nothing(console: Any) -> None:
    response = console.post("/leave")
    assert response.status_code == 200
    assert f"{auth.COOKIE}=;" in response.headers["Set-Cookie"]
    assert console.get("/hits").status_code == 401
