"""Where bait points to is looked at when it is set, not when somebody steals it."""

from __future__ import annotations

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from canaries.core.settings_bait import BaitSettings


def test_what_is_sound_stays_as_it_is() -> None:
    bait = BaitSettings("https://{label}.traps.example.net", "traps.example.net", ("lists.example.net",))
    assert (
        settings.parse({"bait": {"domain": bait.domain, "base_url": bait.base_url}}, {}).bait.domain
        == bait.domain
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(
            ("base_url", url)
            for url in ("http://h:99999", "http://[::1", "http://a b", "http://h/?q", "http://")
        ),
        *(("domain", name) for name in ("192.0.2.7", "a..b", "https://a.example", "*.a.example", "a b")),
        ("mail_domains", ["good.example", "me@bad.example"]),
    ],
)
def test_what_nobody_could_call_is_refused_by_name(setting: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"bait: {setting}"):
        settings.parse({"bait": {setting: value}}, {})
