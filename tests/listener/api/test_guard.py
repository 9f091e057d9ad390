"""The guard: tokens alone, so often, and what the role allows."""

from __future__ import annotations

from pathlib import Path

from canaries.installation.home import Home
from listener.api.application import create_api
from listener.api.rates import RateLimiter
from tests.accounts import token
from tests.listener.api.conftest import Desk


def test_a_token_is_slowed_down_and_another_is_not(home: Home) -> None:
    app = create_api(home, limiter=RateLimiter(0.0001, 3))
    one, two = ({"Authorization": f"bearer {token(home, name, 'analyst')}"} for name in ("ann", "bea"))
    client = app.test_client()
    statuses = [client.get("/me", headers=one).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert client.get("/me", headers=two).status_code == 200
    slow = client.get("/me", headers=one)
    assert int(slow.headers["Retry-After"]) >= 1
    assert slow.mimetype == "application/problem+json"


def test_guesses_are_slowed_down_by_network(home: Home) -> None:
    app = create_api(home, limiter=RateLimiter(0.0001, 3))
    client = app.test_client()
    statuses = [
        client.get(
            "/me", headers={"Authorization": f"Bearer x{n}"}, environ_base={"REMOTE_ADDR": "198.51.100.7"}
        ).status_code
        for n in range(4)
    ]
    assert statuses == [401, 401, 401, 429]
    assert client.get("/nowhere", environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 429
    assert client.get("/docs", environ_base={"REMOTE_ADDR": "198.51.100.8"}).status_code == 200


def test_what_came_by_the_api_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.mint("planter", memo="x")
    (entry,) = desk.entries("minted")
    assert entry.by == "planter"
    assert entry.allowed["role"] == "planter"
    assert entry.allowed["by"].startswith("token ")


def test_an_upload_has_its_own_bound(desk: Desk) -> None:
    big = b"x" * (2 << 20)
    assert (
        desk.ask("admin", "POST", "/scans", data=big, content_type="application/octet-stream").status_code
        == 202
    )
    more = desk.ask("admin", "POST", "/scans", data=big * 5, content_type="application/octet-stream")
    assert more.status_code == 413
