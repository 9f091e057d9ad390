"""What every channel in the folder must keep: found, not listed. Its own test file has a ``way``."""

from __future__ import annotations

import dataclasses
import os
import random
import re
import unicodedata
from pathlib import Path
from typing import Any, cast

import pytest

from canaries.core import plugins, settings
from canaries.core.errors import SettingsError
from listener.notify.channels import FOLDER, Alert, Channel, DeliveryError
from tests import hooks

NAMES = sorted(plugins.classes(FOLDER, Channel))


@pytest.fixture(params=NAMES)
def kind(request: pytest.FixtureRequest) -> type[Channel]:
    return plugins.classes(FOLDER, Channel)[request.param]


@pytest.fixture
def way(request: pytest.FixtureRequest, kind: type[Channel]) -> hooks.Way:
    own = hooks.own_tests("tests.listener.notify.channels", kind.name)
    assert own is not None, f"channel {kind.name} has no test file"
    assert hasattr(own, "way"), f"{own.__name__} has no way(request): see tests/hooks.py"
    found: hooks.Way = own.way(request)
    return found


def ready(kind: type[Channel], way: Any) -> Channel:
    return kind(settings.bind(kind.Settings, way.settings, "channels.test"))


def test_a_channel_is_one_file_of_its_name_with_a_test_of_its_own(kind: type[Channel]) -> None:
    assert kind.__module__ == f"{FOLDER}.{kind.name}"
    assert kind.__doc__
    assert (Path(__file__).parent / f"test_{kind.name}.py").is_file()


def test_its_settings_are_frozen_and_their_secrets_do_not_show(kind: type[Channel], way: Any) -> None:
    bound = settings.bind(kind.Settings, way.settings, "channels.test")
    assert kind.Settings.__dataclass_params__.frozen
    assert not [secret for secret in way.secrets if secret in repr(bound)]


def test_an_unknown_setting_is_refused_by_name(kind: type[Channel], way: Any) -> None:
    with pytest.raises(SettingsError, match="frobnicate"):
        settings.bind(kind.Settings, way.settings | {"frobnicate": 1}, "channels.test")


def test_a_secret_of_the_wrong_type_is_refused_without_being_shown(kind: type[Channel], way: Any) -> None:
    for item in dataclasses.fields(kind.Settings):
        if not item.repr:
            with pytest.raises(SettingsError, match=f"channels.test.{item.name}: expected a text") as caught:
                settings.bind(kind.Settings, way.settings | {item.name: 987654}, "channels.test")
            assert "987654" not in caught.value.sentence


def test_every_event_goes_out_and_brings_a_receipt(
    kind: type[Channel], way: Any, every_event: list[Alert]
) -> None:
    channel = ready(kind, way)
    for one in every_event:
        receipt = channel.send(one)
        assert receipt
        assert receipt.isascii()
        assert not [secret for secret in way.secrets if secret in receipt]


def test_nothing_hostile_acts_in_its_medium(kind: type[Channel], way: Any, alert: Alert) -> None:
    ready(kind, way).send(alert)
    texts = way.captured()
    assert any("203.0.113.9" in text for text in texts), "the source must be told"
    for text in texts:
        hidden = {char for char in text if unicodedata.category(char) in ("Cc", "Cf")} - {"\n", "\r", "\t"}
        assert not hidden
        assert "\nBcc:" not in text
        assert not text.startswith(("=", "+", "@"))
    if any("script" in text for text in texts):
        assert any("\\u202e" in text for text in texts), (
            "what was hidden must be shown, where the client is shown"
        )


def test_what_people_read_makes_no_links_of_what_a_visitor_wrote(
    kind: type[Channel], way: Any, alert: Alert
) -> None:
    ready(kind, way).send(alert)
    linkable = re.compile(r"https?://|www\.|evil\.example|\b\w+@U1|all@example\.org")
    found = [text for text in way.captured() if linkable.search(text)]
    assert bool(found) is not way.for_people


def test_a_receiver_that_is_away_is_a_temporary_failure_without_secrets(
    kind: type[Channel], way: Any, alert: Alert
) -> None:
    way.break_it()
    with pytest.raises(DeliveryError) as caught:
        ready(kind, way).send(alert)
    assert caught.value.permanent is False
    assert not [
        secret for secret in way.secrets if secret in str(caught.value) + repr(caught.value.__cause__)
    ]


HUGE = (
    "a",
    "<",
    "&",
    "\\",
    '"',
    "\n",
    "*",
    "_",
    "|",
    "=",
    "\x00",
    "\u202e",
    "\ue000",
    "é",
    "漢",
    "\U0001f600",
    "\U000e0041",
)
HUGE_ALERTS = int(os.environ.get("HUGE_ALERTS", "2000"))
"""Of each channel, in `make soak`; a short form runs always."""


@pytest.mark.soak
def test_two_thousand_hostile_and_huge_alerts_are_all_taken(
    kind: type[Channel], way: Any, alert: Alert
) -> None:
    send_huge(ready(kind, way), alert, HUGE_ALERTS)


def test_no_hostile_or_huge_text_makes_a_receiver_that_enforces_its_limits_refuse(
    kind: type[Channel], way: Any, alert: Alert
) -> None:
    """The receivers of the channels' own test files judge by what their services document."""
    send_huge(ready(kind, way), alert, 30)


def send_huge(channel: Channel, alert: Alert, count: int) -> None:
    """``count`` alerts whose every text is hostile or huge; the same ones in every run."""
    draw = random.Random(f"hostile {channel.name}")
    for number in range(count):

        def some() -> str:
            char = draw.choice(HUGE)
            return char * draw.choice((0, 1, 7, 300, 2_000, 9_000)) + draw.choice(
                ("", "x", "<!here>", "\r\n")
            )

        names = (
            "memo",
            "kind",
            "facet",
            "client",
            "request",
            "source",
            "recipient",
            "owner",
            "why",
            "organisation",
        )
        told = dataclasses.replace(
            alert,
            id=f"{number:032x}",
            event=draw.choice(("first", "stronger", "digest", "flood", "used-in-test", "summary", "unwell")),
            severity=draw.choice(("", "low", "high", "critical")),
            places=tuple(some() for _ in range(draw.randrange(4))),
            facts=cast(
                Any,
                {
                    some()[:50]: {some()[:50]: some()},
                    "verdict": {"kind": some(), "reasons": [some(), some()]},
                },
            ),
            note="\n".join(some() for _ in range(draw.randrange(5))),
            **cast(Any, {name: some() for name in names}),
        )
        assert channel.send(told)
