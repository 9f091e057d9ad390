"""The sensors' way in: what is signed is on disk before it is answered, what is not is refused and not kept."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import queries
from listener.ingest.intake import Intake
from listener.net.sockets import open_unix_socket
from listener.sensors import enrolment
from listener.sensors.keys import signature
from tests import steady
from tests.hooks import crowding

FIRST = [
    b"POST /report HTTP/1.1\r\nHost: a\r\nAuthorization: Sensor web:00\r\nContent-Length: 2\r\n\r\n{}",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
]
POKE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
FLOODS = [
    crowding(FIRST[0] * 500),
    crowding(
        b"POST /report HTTP/1.1\r\nHost: a\r\n"
        + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 50) for n in range(250))
    ),
    crowding(b"POST /report HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n", *[b"x" * 1000] * 59),
    crowding(
        b"POST /report HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        *[b"1\r\nx\r\n" * 1000] * 50,
    ),
]
"""Many reports that nobody signed, and one with a long head, body, or list of chunks."""
TOKEN = "a token of the test"


class UnixHttp(http.client.HTTPConnection):
    """HTTP over a Unix socket, as ``curl --unix-socket`` speaks it."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=steady.PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(steady.PATIENCE)
        self.sock.connect(str(self._path))


def report(**more: Any) -> bytes:
    return json.dumps({"id": "0123456789abcdef", "event": "login", **more}).encode()


def post(
    connection: http.client.HTTPConnection,
    body: bytes,
    authorization: str,
    path: str = "/report",
    times: int = 1,
) -> tuple[int, dict[str, str]]:
    """The last answer to ``times`` reports on one connection."""
    try:
        for _ in range(times):
            connection.request("POST", path, body, {"Authorization": authorization} if authorization else {})
            response = connection.getresponse()
            status, said = response.status, json.loads(response.read())
        return status, said
    finally:
        connection.close()


@pytest.fixture(scope="module")
def sensors_front(start_front: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A front with the sensors' way in, over TCP and a Unix socket; ``web`` may report, ``old`` was removed."""
    path = tmp_path_factory.mktemp("s") / "s.sock"
    keys = {}

    def prepare(home: Home) -> None:
        for name in ("web", "old"):
            keys[name] = enrolment.add_sensor(home, name).encode()
        enrolment.remove_sensor(home, "old")

    sms = {"public_url": "https://sms.example", "twilio_token": TOKEN, "vonage_secret": TOKEN}
    front = start_front("sensors", prepare=prepare, more=[open_unix_socket(f"unix:{path}", "here")], **sms)
    front.keys, front.path = keys, path
    return front


def test_a_signed_report_is_on_disk_before_it_is_answered(sensors_front: Any) -> None:
    body = report(id="signed-report", facts={"client": "2001:db8::7", "account": "17"})
    connection = http.client.HTTPConnection(*sensors_front.address)
    signed = signature("web", sensors_front.keys["web"], "/report", body)
    assert post(connection, body, signed, times=2) == (200, {"ok": "recorded"})
    again, found = sensors_front.sightings()[-2:]
    assert again.id == found.id, "the same report, sent once more"
    assert body in found.raw
    assert (found.trap, found.transport, found.notes["sensor"]) == ("sensors", "tcp", "web")
    assert found.peer[0] == "127.0.0.1", "the peer is who connected"
    assert found.via == {"how": "sensor", "chain": ["web"], "client": ["2001:db8::7", 0]}


def test_a_program_of_this_machine_reports_over_a_unix_socket(sensors_front: Any) -> None:
    body = report(id="over a socket")
    signed = signature("web", sensors_front.keys["web"], "/report", body)
    assert post(UnixHttp(sensors_front.path), body, signed)[0] == 200
    found = sensors_front.sightings()[-1]
    assert (found.transport, found.peer) == ("unix", ("127.0.0.1", 0))
    assert (found.notes["peer_pid"], found.notes["peer_uid"]) == (os.getpid(), os.getuid())
    assert found.via == {"how": "sensor", "chain": ["web"]}


@pytest.mark.parametrize(
    ("name", "spoil", "path", "status"),
    [
        ("web", b"", "/report", 401),
        ("old", b"", "/report", 401),
        ("web", b" ", "/report", 401),
        ("nobody", b"", "/report", 401),
        ("web", b"", "/reports", 404),
    ],
    ids=["unsigned", "removed", "changed", "unknown", "elsewhere"],
)
def test_what_no_sensor_signed_is_refused_and_not_kept(
    sensors_front: Any, name: str, spoil: bytes, path: str, status: int, request: pytest.FixtureRequest
) -> None:
    before = len(sensors_front.sightings())
    body = report()
    signed = signature(name, sensors_front.keys.get(name, b"x" * 64), path, body)
    if "unsigned" in request.node.name:
        signed = ""
    found = post(http.client.HTTPConnection(*sensors_front.address), body + spoil, signed, path)
    assert found[0] == status
    assert "error" in found[1]
    assert len(sensors_front.sightings()) == before


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": "short"}', b"\xff", report(found=[{"value": 7}])]
)
def test_what_is_no_report_is_told_to_its_sensor(sensors_front: Any, body: bytes) -> None:
    before = len(sensors_front.sightings())
    signed = signature("web", sensors_front.keys["web"], "/report", body)
    status, said = post(http.client.HTTPConnection(*sensors_front.address), body, signed)
    assert (status, said["error"][:14]) == (400, "this is no rep")
    assert len(sensors_front.sightings()) == before


def test_a_report_becomes_a_hit_with_the_applications_word_marked(
    sensors_front: Any, home: Home, fact_sources: Any, strike: Callable[..., str]
) -> None:
    """Taken in twice it is one hit; the same canary used at a trap is of the same incident."""
    person = next(mint(home, "user")).canary
    email = next(token.value for token in person.tokens if token.facet == "email")
    facts = {"client": "203.0.113.9", "account": "4711", "route": "/login", "method": "POST"}
    body = report(found=[{"where": "form email", "value": email.upper()}], facts=facts)
    post(UnixHttp(sensors_front.path), body, signature("web", sensors_front.keys["web"], "/report", body))
    sighting = sensors_front.sightings()[-1]
    intake = Intake(home, fact_sources)
    assert intake.ingest([sighting], "segment", 1) == 1
    assert intake.ingest([sighting], "segment", 2) == 0
    strike(home, person, at=home.now())
    inside, outside = queries.hits(home)
    assert inside.incident == outside.incident
    assert (inside.trap, inside.facet, inside.ip) == ("sensors", "email", "203.0.113.9")
    assert inside.label == "Reported by the operator's application, log or mailbox"
    assert inside.request == "login POST /login by account 4711"
    seen: Any = inside.body["observed"]
    assert (seen["sensor"], seen["reported"]["account"]) == ("web", "4711")
    assert inside.facts["verdict"]["event"] == "used_inside"
    assert inside.facts["verdict"]["severity"] == "high"


def test_reports_without_a_client_are_not_joined_by_the_applications_address(
    sensors_front: Any, home: Home, fact_sources: Any
) -> None:
    sightings = []
    for number in range(2):
        key = next(mint(home, "github-token")).canary.tokens[0].value
        body = report(id=f"no client {number}", found=[{"value": key}])
        post(UnixHttp(sensors_front.path), body, signature("web", sensors_front.keys["web"], "/report", body))
        sightings.append(sensors_front.sightings()[-1])
    assert Intake(home, fact_sources).ingest(sightings, "segment", 1) == 2
    assert len({hit.incident for hit in queries.hits(home)}) == 2


def test_an_announced_send_is_on_disk_before_it_is_sent(sensors_front: Any) -> None:
    body = json.dumps({"id": "campaign 1", "list": "subscribers", "text": "All clear"}).encode()
    signed = signature("web", sensors_front.keys["web"], "/sends", body)
    assert post(UnixHttp(sensors_front.path), body, signed, "/sends")[0] == 200
    assert sensors_front.sightings()[-1].answer == "send 200"
    wrong = signature("web", sensors_front.keys["web"], "/report", body)
    assert post(UnixHttp(sensors_front.path), body, wrong, "/sends")[0] == 401


def test_twilios_own_library_is_believed_and_a_forger_is_not(sensors_front: Any) -> None:
    validator = pytest.importorskip("twilio.request_validator").RequestValidator(TOKEN)
    fields = {
        "MessageSid": "SM1",
        "To": "+15557654321",
        "From": "+15550100",
        "Body": "Turn yourself in, José.",
    }
    url = "https://sms.example/sms/twilio?a=1"
    good = validator.compute_signature(url, fields)
    forged = (
        pytest.importorskip("twilio.request_validator").RequestValidator("x").compute_signature(url, fields)
    )
    before = len(sensors_front.sightings())
    for said, status in ((forged, 403), ("", 403), (good, 200)):
        connection = http.client.HTTPConnection(*sensors_front.address)
        headers = {"X-Twilio-Signature": said, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sms/twilio?a=1", urlencode(fields), headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        assert response.status == status
    assert answer == b"<Response/>"
    assert len(sensors_front.sightings()) == before + 1
    found = sensors_front.sightings()[-1]
    assert (found.notes["number"], found.notes["message"]) == ("15557654321", "Turn yourself in, José.")
    assert found.notes["sensor"] == "twilio"
