from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.clock import FixedClock
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert
from listener.notify.channels.webhook import Webhook, WebhookSettings, key_of, signature
from tests.hooks import Way


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    settings = {"url": f"{receiver.url}/sEcReTpath", "secret": SECRET, "allow": ["127.0.0.1"]}
    return Way(settings, receiver.texts, receiver.close, ("sEcReTpath", SECRET[6:]), for_people=False)


SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def send(http_receiver: Any, alert: Alert, moment: datetime) -> tuple[dict[str, str], bytes]:
    bound = WebhookSettings(http_receiver.url + "/hook?t=1", SECRET, allow=("127.0.0.1",))
    assert Webhook(bound, FixedClock(moment)).send(alert) == "HTTP 200"
    path, headers, body = http_receiver.requests[-1]
    assert path == "/hook?t=1"
    return headers, body


def test_the_published_example_has_the_published_signature() -> None:
    """Standard Webhooks' reference libraries test with this secret, message and signature."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    said = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_check_id_time_and_body(http_receiver: Any, alert: Alert) -> None:
    headers, body = send(http_receiver, alert, datetime(2026, 11, 22, 13, tzinfo=UTC))
    assert headers["webhook-id"] == f"msg_{alert.id}"
    assert headers["webhook-timestamp"] == "1795352400"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_the_id_stays_and_the_time_moves_when_it_is_sent_again(http_receiver: Any, alert: Alert) -> None:
    first, body = send(http_receiver, alert, datetime(2026, 11, 22, 13, tzinfo=UTC))
    again, same = send(http_receiver, alert, datetime(2026, 11, 22, 14, tzinfo=UTC))
    assert first["webhook-id"] == again["webhook-id"]
    assert first["webhook-timestamp"] != again["webhook-timestamp"]
    assert first["webhook-signature"] != again["webhook-signature"]
    assert body == same


def test_the_body_says_what_happened(http_receiver: Any, alert: Alert) -> None:
    _, body = send(http_receiver, alert, datetime(2026, 11, 22, 13, tzinfo=UTC))
    value = json.loads(body)
    assert body.isascii()
    assert value["type"] == "alert.first"
    assert value["timestamp"] == alert.at
    assert value["data"]["source"] == "203.0.113.9"
    assert value["data"]["port"] == 40123
    assert value["data"]["client"].startswith("<!channel> =cmd|'/c calc'!A1 \\u202e <script>\\x0d\\x0aBcc:")
    assert "sequence" not in value["data"]


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_***", SECRET[6:]])
def test_a_weak_or_odd_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.bind(WebhookSettings, {"url": "https://example.org/", "secret": secret}, "channels.ops")
    assert "24 to 64 bytes" in caught.value.sentence
    assert not secret.removeprefix("whsec_") or secret.removeprefix("whsec_") not in caught.value.sentence


def test_m5_further_headers_and_a_body_of_ones_own(http_receiver: Any, alert: Alert) -> None:
    made = settings.bind(
        WebhookSettings,
        {
            "url": f"{http_receiver.url}/x",
            "allow": ["127.0.0.1"],
            "headers": "Authorization: Splunk sEcReT\nX-Team: soc",
            "body": '{"event": {{ headline | tojson }}, "from": {{ alert.source | tojson }}, "n": {{ alert.hits }}}',
        },
        "channels.splunk",
    )
    Webhook(made).send(alert)
    _, headers, body = http_receiver.requests[-1]
    assert (headers["authorization"], headers["x-team"]) == ("Splunk sEcReT", "soc")
    assert "webhook-signature" not in headers
    assert json.loads(body) == {"event": "HIGH: aws key used (in the wiki)", "from": "203.0.113.9", "n": 3}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"headers": "no colon"}, "lines of Name: value"),
        ({"headers": "Bad Name: x"}, "lines of Name: value"),
        ({"headers": "X: sEcReT\x00"}, "header X must be plain ASCII"),
        ({"headers": "X: 1", "body": "{{ nothing }}"}, "no template that can be filled in"),
        ({"headers": "X: 1", "body": "{% for %}"}, "no template that can be filled in"),
        ({"headers": "X: 1", "body": "{{ alert.__class__.__mro__ }}"}, "no template that can be filled in"),
        ({"headers": "X: 1", "body": '{"text": "{{ alert.memo }}"}'}, "write {{ value | tojson }}"),
        ({}, "a secret is missing by which the receiver knows the sender"),
        ({"secret": "sEcReT"}, "secret must be whsec_"),
    ],
)
def test_a_bad_header_or_template_is_refused_without_its_secret(
    change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as caught:
        settings.bind(WebhookSettings, {"url": "https://example.net/x"} | change, "channels.w")
    assert "sEcReT" not in caught.value.sentence
