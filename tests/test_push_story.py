"""A false alert by push, as a real sender sends it to a list with a canary subscriber in it: through the real trap, to
the alarm; and a subscription that was retired."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import amending, catalogue
from canaries.mint.minting import mint
from listener.dossier.build import build
from listener.incidents import queries
from listener.sensors import sends
from tests import steady

ALERT = {"title": "City alerts", "body": "Road works at 5th and Main.", "tag": "alert-7"}
FALSE = {"title": "City alerts", "body": "Your data has been handed over. Turn yourself in."}


class Sender:
    """The alert service's own, with its VAPID key."""

    def __init__(self, root: str, ca_file: Path) -> None:
        self._root, self._session, self._key = root, requests.Session(), Vapid02()
        self._session.verify, self._session.trust_env = str(ca_file), False
        self._key.generate_keys()

    def send(self, canary: Canary, payload: object) -> int:
        path = canary.row["endpoint"].partition("://")[2].partition("/")[2]
        subscription = {
            "endpoint": f"{self._root}/{path}",
            "keys": {"p256dh": canary.row["p256dh"], "auth": canary.row["auth"]},
        }
        claims = {"sub": "mailto:jo@alerts.example"}
        try:
            answer = webpush(
                subscription, json.dumps(payload), vapid_private_key=self._key, vapid_claims=claims, ttl=60,
                requests_session=self._session, timeout=steady.PATIENCE,
            )  # fmt: skip
        except WebPushException as error:
            return int(error.response.status_code) if error.response is not None else 0
        return int(answer.status_code)


def events(home: Home) -> list[str]:
    return sorted(hit.facts["verdict"]["event"] for hit in queries.hits(home))


def test_a_false_push_is_an_alarm_and_an_announced_one_is_not(
    home: Home, listen: Callable[..., Any], tmp_path: Path
) -> None:
    first, second = (one.canary for one in mint(home, "push-subscription", count=2))
    amending.amend(home, [first, second], tags=["list:subscribers"])
    alerts, ca_file = tmp_path / "alerts.ndjson", tmp_path / "ca.pem"
    ca_file.write_text(home.ca_pem)
    running = listen(
        home,
        TRAPLINE_CHANNELS_LOG_TYPE="file",
        TRAPLINE_CHANNELS_LOG_PATH=str(alerts),
    )
    host, port = running.http
    sender = Sender(f"https://{host}:{port}", ca_file)
    sends.authorise(home, "subscribers", "City alerts Road works at 5th and Main.", 5)
    assert sender.send(first, ALERT) == 201
    steady.until(lambda: events(home) == ["authorised_send"], running.log.read_text)
    assert sender.send(second, FALSE) == 201
    steady.until(lambda: alerts.exists() and "critical" in alerts.read_text(), running.log.read_text)
    (hit,) = [hit for hit in queries.hits(home) if hit.facts["verdict"]["event"] == "unauthorised_send"]
    said: Any = hit.facts["push"]  # type: ignore[typeddict-item,unused-ignore]
    assert json.loads(said["text"]) == FALSE
    assert (said["sender"], said["sender_says"]["subject"]) == (
        "signed with its key",
        "mailto:jo@alerts.example",
    )
    assert "no authorised send matches it" in alerts.read_text()
    build(home, incident=hit.incident, out=tmp_path / "case.zip")
    catalogue.retire(home, first.id, "left the list")
    steady.until(lambda: sender.send(first, FALSE) == 410, running.log.read_text)
    assert sender.send(second, ALERT) == 201
    running.stop()
    assert len([one for one in events(home) if one == "authorised_send"]) == 2
    with home.store.read() as connection:
        (one,) = sends.sends(connection, home)
    assert one.copies == 2


def test_a_message_that_the_service_refuses_is_no_copy(home: Home, listen: Callable[..., Any]) -> None:
    """Announced words, but no sender that the service would take it from: nothing arrived, and nobody is alarmed."""
    canary = next(mint(home, "push-subscription")).canary
    amending.amend(home, [canary], tags=["list:subscribers"])
    running = listen(home)
    host, port = running.http
    path = canary.row["endpoint"].partition("://")[2].partition("/")[2]
    answer = requests.post(f"http://{host}:{port}/{path}", data=b"x" * 200, timeout=steady.PATIENCE)
    assert answer.status_code == 401
    steady.until(lambda: events(home) == ["unauthorised_send"], running.log.read_text)
    assert requests.get(f"http://{host}:{port}/{path}", timeout=steady.PATIENCE).status_code == 405
    steady.until(lambda: len(events(home)) == 2, running.log.read_text)
    assert events(home) == ["push_received", "unauthorised_send"]
    running.stop()


def test_the_front_has_neither_an_endpoint_nor_a_key(home: Home, listen: Callable[..., Any]) -> None:
    canary = next(mint(home, "push-subscription")).canary
    running = listen(home)
    catalogue.retire(home, canary.id, "left the list")
    folder = home.path / "front"
    steady.until(lambda: len((folder / "retired").read_bytes().rstrip(b"\0")) > 30, running.log.read_text)
    running.stop()
    loot = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for token in canary.tokens:
        assert token.value.encode() not in loot
    assert not (folder / "lookup").exists()
