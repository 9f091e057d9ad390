"""Through apprise itself, to a receiver of its ``json://`` kind."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt, DeliveryError
from listener.notify.channels.apprise import Apprise, AppriseSettings
from tests.hooks import Way


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    url = f"json://127.0.0.1:{receiver.port}/sEcReTpath"
    return Way({"url": url}, receiver.texts, receiver.close, ("sEcReTpath",))


def test_a_refusal_is_no_delivery_and_says_nothing_of_the_url(http_receiver: Any, alert: Alert) -> None:
    http_receiver.status = 500
    channel = Apprise(AppriseSettings(f"json://127.0.0.1:{http_receiver.port}/sEcReT"))
    with pytest.raises(DeliveryError, match="could not deliver") as caught:
        channel.deliver(alert, Attempt(plain=True))
    assert "sEcReT" not in str(caught.value)


def test_a_url_that_apprise_does_not_know_is_for_an_operator_to_mend(alert: Alert) -> None:
    with pytest.raises(DeliveryError, match="does not know") as caught:
        Apprise(AppriseSettings("nosuchservice://x")).send(alert)
    assert caught.value.permanent


def test_what_is_no_url_is_refused() -> None:
    with pytest.raises(SettingsError, match="one of apprise's"):
        settings.bind(AppriseSettings, {"url": "gotify"}, "channels.a")
