from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt, DeliveryError
from listener.notify.channels.slack import Slack, SlackSettings
from tests.hooks import Way


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """https://api.slack.com/reference/block-kit/blocks: header 150, section 3,000 characters, none empty."""
    content = json.loads(body)
    limits = {"header": 150, "section": 3000}
    lengths = [(len(block["text"]["text"]), limits[block["type"]]) for block in content["blocks"]]
    fine = all(0 < length <= limit for length, limit in lengths) and 0 < len(content["text"]) <= 40_000
    return (200, b"ok") if fine else (400, b"invalid_blocks")


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    settings = {"url": f"{receiver.url}/services/T000/B000/sEcReTpath", "allow": ["127.0.0.1"]}
    return Way(settings, receiver.texts, receiver.close, ("sEcReTpath",))


def sent(http_receiver: Any, alert: Alert) -> dict[str, Any]:
    url = f"{http_receiver.url}/services/T0/B0/xyz"
    Slack(SlackSettings(url, allow=("127.0.0.1",))).send(alert)
    path, headers, body = http_receiver.requests[-1]
    assert path == "/services/T0/B0/xyz"
    assert headers["content-type"] == "application/json"
    assert body.isascii()
    value: dict[str, Any] = json.loads(body)
    return value


def text_objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for item in value for found in text_objects(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if "text" in value and isinstance(value["text"], str) and "type" in value else []
    return own + [found for item in value.values() for found in text_objects(item)]


def test_a_visitors_text_is_plain_text_with_the_three_entities_escaped(
    http_receiver: Any, alert: Alert
) -> None:
    payload = sent(http_receiver, alert)
    objects = text_objects(payload["blocks"])
    assert {one["type"] for one in objects} == {"plain_text"}
    assert not [one for one in objects if set("<>") & set(one["text"])]
    says = next(one["text"] for one in objects if "client claims" in one["text"])
    assert "&lt;!channel&gt; =cmd|'/c calc'!A1 \\u202e &lt;script&gt;" in says
    assert "[@]U1" in says


def test_nothing_is_unfurled_linked_or_mentioned(http_receiver: Any, alert: Alert) -> None:
    payload = sent(http_receiver, alert)
    assert payload["unfurl_links"] is payload["unfurl_media"] is payload["link_names"] is False
    assert payload["mrkdwn"] is False
    assert payload["parse"] == "none"
    assert payload["text"] == "HIGH: aws key used (in the wiki)"


def test_a_memo_with_markup_stays_text(http_receiver: Any, alert: Alert) -> None:
    import dataclasses

    payload = sent(http_receiver, dataclasses.replace(alert, memo="<!here> *bold* & more" + "x" * 300))
    assert payload["text"].startswith("HIGH: aws key used (&lt;!here&gt; *bold* &amp; more")
    assert len(payload["blocks"][0]["text"]["text"]) <= 150


@pytest.mark.parametrize("char", ["<", "&", chr(0xE0041), "\u202e", "\x00", "\U0001f600", "a", "."])
def test_f1_o1_no_text_of_a_visitor_makes_slack_refuse_the_message(
    http_receiver: Any, alert: Alert, char: str
) -> None:
    import dataclasses

    wide: Any = {f"source{number}": {"value": char * 5000} for number in range(40)}
    huge: dict[str, Any] = dict.fromkeys(
        ("client", "request", "memo", "recipient", "source", "facet", "kind", "why"), char * 9000
    )
    payload = sent(http_receiver, dataclasses.replace(alert, facts=wide, places=(char * 9000,) * 9, **huge))
    header, section = payload["blocks"]
    assert len(header["text"]["text"]) <= 150
    assert 0 < len(section["text"]["text"]) <= 3000
    assert len(payload["text"]) <= 3000


def test_f13_a_message_has_eight_lines_that_answer_in_order(http_receiver: Any, alert: Alert) -> None:
    import dataclasses

    told = dataclasses.replace(
        alert,
        places=("/srv/site/.env",),
        zone="Europe/Paris",
        request="GET /v1/balance",
        client="curl/8",
        total=4,
    )
    header, section = sent(http_receiver, told)["blocks"]
    assert header["text"]["text"] == "HIGH: aws key used (in the wiki)"
    assert section["text"]["text"].split("\n") == [
        "Used: secret of the aws key “in the wiki”",
        "Where it lay: /srv/site/.env",
        "Severity: high",
        "From: 203.0.113.9 port 40123 (offline data: AS64496)",
        "What it did: GET /v1/balance; client claims curl/8 (unverified)",
        "When: 2026-11-22 11:59:58 UTC (12:59:58 Europe/Paris), last 2026-11-22 11:59:59 UTC (12:59:59 Europe/Paris)",
        "So far: 4 hits (3 new) in incident aabb. Next: trapline incident aabb",
    ]


def test_with_a_token_growth_goes_into_the_incidents_thread(http_receiver: Any, alert: Alert) -> None:
    http_receiver.answer = b'{"ok": true, "ts": "1503435956.000247"}'
    slack = Slack(
        SlackSettings(token="xoxb-sEcReT", channel="C024BE91L", api=http_receiver.url, allow=("127.0.0.1",))
    )
    receipt = slack.deliver(alert, Attempt())
    assert receipt.thread == "1503435956.000247"
    slack.deliver(alert, Attempt(thread=receipt.thread))
    bodies = [json.loads(body) for _, _, body in http_receiver.requests]
    assert [body.get("thread_ts") for body in bodies] == [None, "1503435956.000247"]
    path, headers, _ = http_receiver.requests[0]
    assert (path, headers["authorization"]) == ("/chat.postMessage", "Bearer xoxb-sEcReT")


@pytest.mark.parametrize(
    ("error", "permanent", "malformed"),
    [("invalid_blocks", True, True), ("invalid_auth", True, False), ("ratelimited", False, False)],
)
def test_what_the_web_api_refuses_is_sorted_by_who_can_mend_it(
    http_receiver: Any, alert: Alert, error: str, permanent: bool, malformed: bool
) -> None:
    http_receiver.answer = json.dumps({"ok": False, "error": error}).encode()
    slack = Slack(SlackSettings(token="xoxb-x", channel="C1", api=http_receiver.url, allow=("127.0.0.1",)))
    with pytest.raises(DeliveryError, match=error) as caught:
        slack.deliver(alert, Attempt())
    assert (caught.value.permanent, caught.value.malformed) == (permanent, malformed)


@pytest.mark.parametrize(
    ("status", "permanent"), [(404, True), (410, True), (302, True), (429, False), (503, False)]
)
def test_what_slack_answers_decides_whether_to_try_again(
    http_receiver: Any, alert: Alert, status: int, permanent: bool
) -> None:
    http_receiver.status = status
    http_receiver.headers = {"Retry-After": "30", "Location": "http://127.0.0.1:1/"}
    with pytest.raises(DeliveryError) as caught:
        sent(http_receiver, alert)
    assert caught.value.permanent is permanent
    assert len(http_receiver.requests) == 1
    assert "xyz" not in str(caught.value)


def test_a_bad_url_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.bind(SlackSettings, {"url": "http://hooks.example/services/sEcReT"}, "channels.ops")
    assert "https://" in caught.value.sentence
    assert "sEcReT" not in caught.value.sentence
