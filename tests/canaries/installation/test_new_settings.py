"""The settings of a new installation: each answer is right, or refused in one sentence."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import SettingsError
from canaries.installation.new_settings import channel, domain_name, places, reached_at, toml_text
from tests.network import needs_an_address


def test_without_answers_it_is_this_machine_and_with_a_domain_every_name_below_it() -> None:
    assert places("", "", "") == (("127.0.0.1:8080",), "http://127.0.0.1:8080")
    assert places("traps.net", "", "") == (("0.0.0.0:80", "0.0.0.0:443"), "https://{label}.traps.net")
    assert places("traps.net", "0.0.0.0:9000", "")[1] == "http://{label}.traps.net:9000"


@needs_an_address
def test_f1_a_place_to_listen_at_is_never_where_bait_leads() -> None:
    for listen in ("0.0.0.0:8080", "[::]:8080"):
        bind, base_url = places("", listen, "")
        assert bind == (listen,)
        assert "0.0.0.0" not in base_url
        assert "[::]" not in base_url
        assert base_url.endswith(":8080")
    for reached in ("0.0.0.0", "http://0.0.0.0:80"):
        with pytest.raises(SettingsError, match="no address to call"):
            places("", "0.0.0.0:8080", reached)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("www.example.net", "http://www.example.net:8080"),
        ("www.example.net:81", "http://www.example.net:81"),
        ("https://www.example.net/", "https://www.example.net"),
        ("10.0.0.5", "http://10.0.0.5:8080"),
        ("[fd00::5]", "http://[fd00::5]:8080"),
        ("box", "http://box:8080"),
    ],
)
def test_where_it_is_reached(text: str, url: str) -> None:
    assert reached_at(text, "8080") == url
    assert places("", "0.0.0.0:8080", text) == (("0.0.0.0:8080",), url)


@pytest.mark.parametrize(
    "text", ["", "ftp://x", "a b", "http://", "x/?y=1", "http://x:99999", 'e"vil', "a_b"]
)
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(SettingsError):
        reached_at(text)


@pytest.mark.parametrize(
    ("alerts", "kind"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://a.b.logic.azure.com/workflows/1", "teams"),
        ("https://hooks.example.net/x", "webhook"),
        ("duty@example.net", "email"),
    ],
)
def test_a_channel_is_known_by_its_address(alerts: str, kind: str) -> None:
    found = tomllib.loads(channel(alerts, "mail.example.net", "alerts"))
    assert found["type"] == kind
    assert alerts in (found.get("url"), *found.get("to", ()))


@pytest.mark.parametrize("alerts", ["http://x/", "ops", "https:///x", "ssh://x", "a@b@c"])
def test_what_is_no_place_for_alerts_is_refused_and_not_repeated(alerts: str) -> None:
    with pytest.raises(SettingsError) as caught:
        channel(alerts, "mail.example.net")
    assert alerts not in caught.value.sentence


def test_a_mailbox_needs_a_server() -> None:
    with pytest.raises(SettingsError, match="mail server"):
        channel("duty@example.net")
    for server in ("a b", "mail.example.net:x"):
        with pytest.raises(SettingsError, match="no mail server"):
            channel("duty@example.net", server)
    assert tomllib.loads(channel("d@example.net", "m.example.net:465"))["security"] == "tls"


def test_domains() -> None:
    assert domain_name(" Files.Yourdomain.NET. ") == "files.yourdomain.net"
    for bad in ("localhost", "a..b", "-a.net", "a b.net", ""):
        with pytest.raises(SettingsError):
            domain_name(bad)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_settings_file(text: str) -> None:
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == text
