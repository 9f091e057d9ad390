"""The settings of a new installation: each answer is right, or refused in one sentence."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import SettingsError
from canaries.installation.new_settings import (
    channel,
    database_url,
    domain_name,
    places,
    reached_at,
    toml_text,
)
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
        ("box/intranet", "http://box:8080/intranet"),
    ],
)
def test_where_it_is_reached(text: str, url: str) -> None:
    assert reached_at(text, "8080") == url
    assert places("", "0.0.0.0:8080", text) == (("0.0.0.0:8080",), url)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "ftp://x",
            "a b",
            "http://",
            "x/?y=1",
            "http://x:99999",
            'e"vil',
            "a_b",
            "::1",
            "http://x\ny",
            "127.1",
        ),
        *("http://me:word@x", "x/../y", "http://x:", "256.1.1.1"),
    ],
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
    server = ("mail.example.net", "alerts") if kind == "email" else ()
    found = tomllib.loads(channel(alerts, *server))
    assert found["type"] == kind
    assert alerts in (found.get("url"), *found.get("to", ()))


NO_WEBHOOKS = (
    *(
        "http://x/",
        "ops",
        "https:///x",
        "ssh://x",
        "a@b@c",
        "https://[::1/",
        "https://x:99999/",
        "https://x:\uff18/",
    ),
    *("https://x/\ny", "https://ä.example/", "https://me:word@x.example/"),
)


@pytest.mark.parametrize("alerts", NO_WEBHOOKS, ids=ascii)
def test_what_is_no_place_for_alerts_is_refused_and_not_repeated(alerts: str) -> None:
    with pytest.raises(SettingsError) as caught:
        channel(alerts)
    assert alerts not in caught.value.sentence


def test_a_mailbox_needs_a_server() -> None:
    with pytest.raises(SettingsError, match="mail server"):
        channel("duty@example.net")
    with pytest.raises(SettingsError, match="or to a mailbox"):
        channel("du\x1bty@example.net", "mail.example.net")
    for server in (
        "a b",
        "mail.example.net:x",
        "mail.example.net:",
        "mail.example.net:0",
        "m:65536",
        "m:\uff18",
    ):
        with pytest.raises(SettingsError, match="no mail server"):
            channel("duty@example.net", server)
    assert tomllib.loads(channel("d@example.net", "m.example.net:465"))["security"] == "tls"


@pytest.mark.parametrize("alerts", ["", "https://hooks.example.net/x"])
def test_a_mail_server_without_a_mailbox_is_not_passed_over(alerts: str) -> None:
    for server in (("mail.example.net", ""), ("", "alerts")):
        with pytest.raises(SettingsError, match="a mail server is for alerts to a mailbox"):
            channel(alerts, *server)


def test_a_database_is_the_same_one_in_every_folder() -> None:
    for good in ("", "sqlite:////srv/trapline.db", "postgresql://me@db/trapline"):
        assert database_url(good) == good
    for bad in ("sqlite://", "sqlite:///:memory:", "sqlite:///trapline.db", "sqlite+pysqlite:///a.db"):
        with pytest.raises(SettingsError, match="whole path"):
            database_url(bad)


@pytest.mark.parametrize(
    "listen",
    [
        *(
            "8080",
            ":8080",
            "127.0.0.1:0",
            "127.0.0.1:\uff18\uff10",
            "127.0.0.1:8\n0",
            "::1:80",
            "[::1:80",
            "[x]:80",
        ),
        *("256.1.1.1:80", "127.1:80", "0:80", "*:80", "a b:80", f"127.0.0.1:{'9' * 5000}"),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_no_place_to_listen_at(listen: str) -> None:
    with pytest.raises(SettingsError, match="is not an address"):
        places("", listen, "")


def test_domains() -> None:
    assert domain_name(" Files.Yourdomain.NET. ") == "files.yourdomain.net"
    for bad in ("localhost", "a..b", "-a.net", "a b.net", "", "192.0.2.7", "a_b.net"):
        with pytest.raises(SettingsError):
            domain_name(bad)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_settings_file(text: str) -> None:
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == text
