from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, DeliveryError
from listener.notify.channels.slack import Slack, SlackSettings
from tests.hooks import Way


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
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
    says = next(one["text"] for one in objects if one["text"].startswith("Client says\n"))
    assert "&lt;!channel&gt; =cmd|'/c calc'!A1 \\u202e &lt;script&gt;" in says
    assert "[@]U1" in says


def test_nothing_is_unfurled_linked_or_mentioned(http_receiver: Any, alert: Alert) -> None:
    payload = sent(http_receiver, alert)
    assert payload["unfurl_links"] is payload["unfurl_media"] is payload["link_names"] is False
    assert payload["mrkdwn"] is False
    assert payload["parse"] == "none"
    assert payload["text"] == "A canary was used: aws-key (in the wiki)"


def test_a_memo_with_markup_stays_text(http_receiver: Any, alert: Alert) -> None:
    import dataclasses

    payload = sent(http_receiver, dataclasses.replace(alert, memo="<!here> *bold* & more" + "x" * 300))
    assert payload["text"].startswith("A canary was used: aws-key (&lt;!here&gt; *bold* &amp; more")
    assert len(payload["blocks"][0]["text"]["text"]) <= 170


def test_blocks_keep_to_slacks_limits(http_receiver: Any, alert: Alert) -> None:
    import dataclasses

    wide = {f"source{number}": {"value": "<" * 5000} for number in range(40)}
    payload = sent(http_receiver, dataclasses.replace(alert, client="<" * 9000, facts=wide))
    assert len(payload["blocks"]) <= 50
    for block in payload["blocks"]:
        assert len(block.get("fields", ())) <= 10
        assert all(len(one["text"]) <= 2000 for one in block.get("fields", ()))


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
