"""What a request must satisfy, and what every answer says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from listener.console import auth, permits, security

HOST = "127.0.0.1:4711"

PAGES = ["/health", "/hits", "/incidents", "/canaries", "/placements"]


def rules(console: Any, method: str) -> list[str]:
    """Every address the console answers ``method`` on, with an id in each gap."""
    return [
        re.sub(r"<[^>]+>", "0123456789abcdef", rule.rule)
        for rule in console.app.url_map.iter_rules()
        if method in rule.methods and rule.endpoint not in permits.OPEN
    ]


def test_the_policy_is_exactly_this(console: Any) -> None:
    response = console.get("/hits")
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/static/console.css", "/enter/wrong", "/"])
def test_every_answer_carries_the_headers(console: Any, path: str) -> None:
    response = console.get(path)
    for name, value in security.HEADERS.items():
        assert response.headers.getlist(name) == [value], name
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:80",
        "localhost.evil.example:4711",
        "127.0.0.1",
        "127.0.0.1:80",
        "evil.example",
        "127.0.0.1:4711.evil.example",
        "",
    ],
)
def test_another_name_for_the_address_is_refused(console: Any, host: str) -> None:
    """DNS rebinding: the browser believes in evil.example, the socket is ours."""
    client = console.app.test_client(use_cookies=False)  # a jar would look for the host's cookies itself
    for path in ("/hits", "/static/console.css", "/enter/x"):
        response = client.get(path, base_url=f"http://{HOST}", headers={"Host": host}, buffered=True)
        assert response.status_code == 400, path


def test_a_rebound_name_does_not_use_the_link_up(console: Any) -> None:
    link = console.app.extensions["trapline"].doorkeeper.link()
    assert console.client.get(f"/enter/{link}", headers={"Host": "evil.example"}).status_code == 400
    assert console.get(f"/enter/{link}").status_code == 200


def test_nothing_is_shown_without_a_session(console: Any) -> None:
    stranger = console.app.test_client()
    for path in [*rules(console, "GET"), "/nowhere"]:
        response = stranger.get(path, base_url=f"http://{HOST}")
        assert response.status_code == 401, path
        assert "locked" in response.get_data(as_text=True)


def test_nothing_is_done_without_a_session(console: Any) -> None:
    stranger = console.app.test_client()
    posts = rules(console, "POST")
    assert len(posts) >= 6
    for path in posts:
        response = stranger.post(
            path, base_url=f"http://{HOST}", data={"csrf": console.csrf(), "reason": "x"}
        )
        assert response.status_code == 401, path


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800".encode("utf-8", "replace").decode()])
def test_nothing_is_done_without_our_form(console: Any, token: str) -> None:
    for path in rules(console, "POST"):
        assert console.post(path, {"reason": "x"}, csrf=token).status_code == 403, path


def test_the_token_of_another_session_is_not_ours(console: Any) -> None:
    mine = console.csrf()
    other = console.app.test_client()
    other.get(f"/enter/{console.app.extensions['trapline'].doorkeeper.link()}", base_url=f"http://{HOST}")
    response = other.post("/leave", base_url=f"http://{HOST}", data={"csrf": mine})
    assert response.status_code == 403
    assert console.post("/leave").status_code == 200


def test_the_token_counts_in_the_form_only(console: Any) -> None:
    assert console.post(f"/leave?csrf={console.csrf()}", csrf="").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_and_other_ports_of_this_machine_get_nothing(console: Any, site: str) -> None:
    """127.0.0.1:9999 is the *same site* as we are: a SameSite=Strict cookie alone would let it in."""
    for mode in ("navigate", "no-cors", "cors"):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
        assert console.get("/hits", headers=headers).status_code == 403
        assert console.post("/leave", headers=headers).status_code == 403
    assert console.get("/hits", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_link_clicked_in_a_web_terminal_still_opens(console: Any) -> None:
    link = console.app.extensions["trapline"].doorkeeper.link()
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert console.get(f"/enter/{link}", headers=headers).status_code == 403
    headers["Sec-Fetch-Mode"] = "navigate"
    assert console.get(f"/enter/{link}", headers=headers).status_code == 200


def test_the_link_works_once_and_a_previewer_does_not_use_it_up(console: Any) -> None:
    link = console.app.extensions["trapline"].doorkeeper.link()
    browser = console.app.test_client()
    path = f"/enter/{link}"
    assert browser.head(path, base_url=f"http://{HOST}").status_code == 405
    first = browser.get(path, base_url=f"http://{HOST}")
    assert first.status_code == 200
    assert link not in first.get_data(as_text=True)
    assert browser.get("/hits", base_url=f"http://{HOST}").status_code == 200
    again = console.app.test_client()
    assert again.get(path, base_url=f"http://{HOST}").status_code == 401
    assert again.get("/hits", base_url=f"http://{HOST}").status_code == 401


def test_the_cookie_is_for_this_browser_and_no_script(console: Any) -> None:
    link = console.app.extensions["trapline"].doorkeeper.link()
    cookie = console.app.test_client().get(f"/enter/{link}", base_url=f"http://{HOST}").headers["Set-Cookie"]
    parts = cookie.split("; ")
    assert re.fullmatch(rf"{auth.COOKIE}=[\w-]{{43}}", parts[0])
    assert set(parts[1:]) == {"HttpOnly", "Path=/", "SameSite=Strict"}


def test_a_session_ends_by_itself_and_by_leaving(console: Any) -> None:
    console.ticks.now += auth.SESSION_SECONDS + 1
    assert console.get("/hits").status_code == 401
    link = console.app.extensions["trapline"].doorkeeper.link()
    console.get(f"/enter/{link}")
    kept = console.client.get_cookie(auth.COOKIE, domain="127.0.0.1")
    assert console.post("/leave").status_code == 200
    console.client.set_cookie(auth.COOKIE, kept.value, domain="127.0.0.1")
    assert console.get("/hits").status_code == 401


def test_a_body_without_end_is_refused(console: Any) -> None:
    assert console.post("/leave", {"reason": "x" * 100_000}).status_code == 413


@pytest.mark.parametrize(
    "path", ["/canaries/../etc/passwd", "/static/../base.html.j2", "/static/%2e%2e/base.html.j2"]
)
def test_no_file_outside_the_static_folder_is_served(console: Any, path: str) -> None:
    assert console.get(path).status_code == 404


def test_sources_of_templates_are_never_served(console: Any) -> None:
    assert console.get("/static/base.html.j2").status_code == 404
    assert console.get("/base.html.j2").status_code == 404


def test_errors_never_show_code(console: Any) -> None:
    page = console.get("/canaries/zzzzzzzz")
    assert page.status_code == 404
    assert "Traceback" not in page.get_data(as_text=True)
    assert (
        console.client.put("/hits", base_url=f"http://{HOST}", data={"csrf": console.csrf()}).status_code
        == 405
    )
