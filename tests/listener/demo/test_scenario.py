"""The story's parts; the story itself is told in tests/test_story.py."""

from __future__ import annotations

from canaries.core import settings
from listener.demo import scenario
from listener.notify.configured import channels


def test_its_channels_are_real_settings() -> None:
    made = settings.parse({}, scenario._channels(2525, "http://127.0.0.1:1/x"))
    assert {name: section["type"] for name, section in made.channels.items()} == {
        "duty": "email",
        "hook": "webhook",
    }

    class Installation:
        settings = made

    assert set(channels(Installation())) == {"duty", "hook"}  # type: ignore[arg-type]
