"""https://spec.matrix.org/v1.11/client-server-api/#size-limits: an event of at most 65,536 bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt
from listener.notify.channels.matrix import Matrix, MatrixSettings
from tests.hooks import Way

TOKEN, ROOM = "syt_sEcReT", "!abc:example.net"


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    content = json.loads(body)
    size = len(json.dumps(content, ensure_ascii=False).encode()) + 2000  # what the server adds
    if headers.get("authorization") != f"Bearer {TOKEN}":
        return 401, b'{"errcode":"M_UNKNOWN_TOKEN"}'
    if size > 65_536 or not content["body"]:
        return 413, b'{"errcode":"M_TOO_LARGE"}'
    return 200, b'{"event_id":"$first"}'


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    made = {"homeserver": receiver.url, "room": ROOM, "token": TOKEN, "allow": ["127.0.0.1"]}
    return Way(made, receiver.texts, receiver.close, (TOKEN,))


def channel(receiver: Any) -> Matrix:
    return Matrix(MatrixSettings(receiver.url, ROOM, TOKEN, ("127.0.0.1",)))


def test_growth_goes_into_the_thread_and_a_repetition_is_the_same_event(
    http_receiver: Any, alert: Alert
) -> None:
    http_receiver.judge = judge
    receipt = channel(http_receiver).deliver(alert, Attempt())
    assert receipt.thread == "$first"
    channel(http_receiver).deliver(alert, Attempt(thread="$first"))
    channel(http_receiver).deliver(alert, Attempt(plain=True))
    paths = [path for path, _, _ in http_receiver.requests]
    begin = "/_matrix/client/v3/rooms/%21abc%3Aexample.net/send/m.room.message/"
    assert paths == [f"{begin}{alert.id}", f"{begin}{alert.id}", f"{begin}{alert.id}p"]
    first, second, _ = (json.loads(body) for _, _, body in http_receiver.requests)
    assert "m.relates_to" not in first
    assert second["m.relates_to"]["event_id"] == "$first"
    assert (first["msgtype"], first["m.mentions"], "format" in first) == ("m.text", {}, False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"room": "#alias:example.net"}, "room's id"), ({"token": "a\nb"}, "token must be plain ASCII")],
)
def test_bad_settings_are_refused(change: dict[str, Any], sentence: str) -> None:
    good = {"homeserver": "https://matrix.example.net", "room": ROOM, "token": TOKEN}
    with pytest.raises(SettingsError, match=sentence):
        settings.bind(MatrixSettings, good | change, "channels.m")
