"""A file that somebody sends is looked through; the server's folders are not in the answer."""

from __future__ import annotations

from canaries.accounts import accounts
from tests import steady
from tests.listener.api.conftest import Desk


def test_a_leak_names_its_canary(desk: Desk) -> None:
    bait = desk.mint("planter", recipient="Ann")
    body = f"line\n{bait['text']}".encode()
    started = (
        desk.ask("analyst", "POST", "/scans", data=body, content_type="application/octet-stream").json or {}
    )
    look = lambda: desk.ask("analyst", "GET", f"/jobs/{started['id']}").json or {}  # noqa: E731
    steady.until(lambda: look()["state"] in ("done", "failed"), lambda: str(look()))
    (finding,) = look()["result"]["findings"]
    assert (finding["canary"], finding["recipient"], finding["path"]) == (bait["id"], "Ann", "upload")
    assert str(desk.home.path) not in str(look())
    accounts.set_role(desk.home, "analyst", "planter")
    path = f"/jobs/{started['id']}"
    assert desk.ask("analyst", "GET", path).status_code == 404, "what a role could see, it does not any more"
    assert (desk.ask("analyst", "GET", "/jobs").json or {})["items"] == []
    accounts.set_role(desk.home, "analyst", "analyst")
    empty = desk.ask("analyst", "POST", "/scans", data=b"", content_type="application/octet-stream")
    assert empty.status_code == 422
