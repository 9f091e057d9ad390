"""Client: SDKs and tools are known by name and are no spiders; hostile names stay bounded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from listener.evidence.derived import ClientFact
from listener.facts import Use
from listener.facts.client import Client, _finder


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def asked(client: Client, use: Use) -> ClientFact:
    fact = client.derive(use, {})
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("agent", "sort", "family", "version"),
    [
        ("curl/8.5.0", "http_library", "curl", "8.5.0"),
        ("Wget/1.21.3", "http_library", "Wget", "1.21.3"),
        ("python-requests/2.31.0", "http_library", "Python Requests", "2.31.0"),
        ("Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/linux#6.1", "sdk", "Boto3", "1.34.0"),
        ("aws-cli/2.15.0 Python/3.11.6 Linux/6.1 exe/x86_64", "cli", "AWS CLI", "2.15.0"),
        ("OpenAI/Python 1.30.1", "sdk", "OpenAI SDK", "1.30.1"),
        ("AsyncOpenAI/Python 1.30.1", "sdk", "OpenAI SDK", "1.30.1"),
        ("Stripe/v1 PythonBindings/9.1.0", "sdk", "Stripe SDK", "9.1.0"),
        ("PyGithub/Python", "sdk", "PyGithub", ""),
        ("git/2.39.2", "git", "git", "2.39.2"),
        ("Go-http-client/1.1", "http_library", "Go net/http", "1.1"),
        ("Mozilla/5.0 zgrab/0.x", "scanner", "zgrab", ""),
        ("TruffleHog", "secret_scanner", "TruffleHog", ""),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word)", "office", "Microsoft Office", "16.0"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview", "Slack", ""),
        ("Mozilla/5.0 (Windows NT 5.1) (via ggpht.com GoogleImageProxy)", "image_proxy", "Gmail image proxy", ""),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0", "automation", "Headless Chrome", "120.0.0.0"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "browser", "Firefox", "128.0"),
        ("something-new/1", "unknown", "something-new", ""),
        ("unheard-of-http/1.0", "http_library", "unheard-of-http", ""),
        ("UnheardOfSDK/2", "sdk", "UnheardOfSDK", ""),
        ("UnheardOfBot/2 (+https://x.example)", "crawler", "UnheardOfBot", ""),
        ("Mozilla/5.0 (X11) http", "unknown", "Mozilla", ""),
        ("NOKIA6120c/UC Browser7.4.0.65/28/352", "browser", "UC Browser", "7.4"),
        ("MacOutlook/15.27.0.161010 (Intelx64 Mac OS X Version 10.11.6)", "mail", "Outlook", ""),
        ("Microsoft Office Word 2014", "office", "Microsoft Office", ""),
        ("Mozilla/5.0 (Macintosh; Intel) AppleWebKit/605.1.15 (KHTML, like Gecko)", "mail", "Apple Mail", ""),
        ("Mozilla/5.0 (Linux; Android 11) Chrome/87.0 Mobile DuckDuckGo/5 Safari", "browser", "DuckDuckGo Mobile", "5"),
        ("Mail/1816 CFNetwork/673.0.3 Darwin/13.0.0 (x86_64)", "mail", "Apple Mail", "1816"),
        ("Pages/12.1 CFNetwork/1335 Darwin/21.6.0", "office", "Apple iWork", "12.1"),
        ("Example/7 CFNetwork/1335 Darwin/21.6.0", "http_library", "CFNetwork", "1335"),
        ("GStreamer souphttpsrc 1.18.0 libsoup/2.70.0", "http_library", "libsoup", "2.70.0"),
        ("Lavf/60.3.100", "http_library", "ffmpeg", "60.3.100"),
        ("Unheard/1.0 (+http://unheard.example/about)", "crawler", "Unheard", ""),
        ("unheard-client/1.0 (+http://unheard.example/)", "http_library", "unheard-client", ""),
        ("Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML; compatible; unheard) Chrome/98", "crawler", "unheard", ""),
        ("Mozilla/5.0 (compatible; Unheard-Of/2.1; +https://x.example)", "crawler", "Unheard-Of", "2.1"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)", "browser", "IE", "8.0"),
        ("Mozilla/5.0 (compatible; Konqueror/4.5; Linux) KHTML/4.5.4 (like Gecko)", "browser", "Konqueror", "4.5"),
        ("cohere-training-data-crawler (+crawler@cohere.ai)", "ai_crawler", "Cohere training data crawler", ""),
    ],
)  # fmt: skip
def test_families(
    client: Client, use: Callable[..., Use], agent: str, sort: str, family: str, version: str
) -> None:
    fact = asked(client, use(agent=agent))
    assert (fact["sort"], fact["family"], fact.get("version", "")) == (sort, family, version)


def test_a_browser_and_its_system(client: Client, use: Callable[..., Use], chrome: str) -> None:
    fact = asked(client, use(agent=chrome))
    assert (fact["sort"], fact["family"], fact["version"], fact["os"]) == (
        "browser",
        "Chrome",
        "120.0",
        "Windows 10",
    )
    assert fact["user_agent"] == chrome
    assert fact["date"].isdecimal()


def test_header_order_and_case_make_the_hash(client: Client, use: Callable[..., Use]) -> None:
    orders = [
        (("Accept", "*/*"), ("X-A", "1")),
        (("X-A", "1"), ("Accept", "*/*")),
        (("accept", "*/*"), ("X-A", "1")),
    ]
    hashes = [asked(client, use(headers=order))["header_order"] for order in orders]
    assert len(set(hashes)) == 3
    assert asked(client, use(headers=(("Accept", "other"), ("X-A", "2"))))["header_order"] == hashes[0]


def test_a_client_without_a_name_is_said_to_have_none(client: Client, use: Callable[..., Use]) -> None:
    fact = asked(client, use(agent=None))
    assert (fact["sort"], fact["family"]) == ("none", "")


def test_an_endless_name_is_cut_before_it_is_matched(client: Client, use: Callable[..., Use]) -> None:
    fact = asked(client, use(agent="Mozilla/5.0 (" + "a;" * 100_000))
    assert len(fact["user_agent"]) == 2048


def test_another_protocols_client_counts(client: Client, use: Callable[..., Use]) -> None:
    fact = asked(client, use(agent=None, observed={"headers": [], "client": "curl/7.1"}))
    assert (fact["family"], "header_order" in fact) == ("curl", False)


def test_nothing_said_is_no_fact(client: Client, use: Callable[..., Use]) -> None:
    assert client.derive(use(agent=None, observed={"headers": []}), {}) is None


@pytest.mark.parametrize(
    "odd",
    [") Bot", "com/bot", "Synapse (bot; +x)", "Mozilla/5.0 (compatible; x) ) Bot", "=cmd|' /C calc'!A0"],
)
def test_a_family_is_a_name_or_nothing(client: Client, use: Callable[..., Use], odd: str) -> None:
    family = asked(client, use(agent=odd))["family"]
    assert family == "" or family[0].isalnum()
    assert not set("()/;|=") & set(family)


def test_the_tables_are_read_the_same_with_and_without_the_regex_set(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    agents = [
        "curl/8.5.0",
        "sqlmap/1.7",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
        "Mozilla/5.0 Chrome/1",
        "x" * 3000,
    ]
    fast = [client._find(agent) for agent in agents]
    monkeypatch.setitem(sys.modules, "ua_parser_rs", None)
    slow = _finder.__wrapped__()
    assert [slow(agent) for agent in agents] == fast
