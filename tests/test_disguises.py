"""Sixty disguises: false robots from clouds, Tor, VPN and homes, a browser's name on a script; none is harmless."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.facts import Source, Use
from listener.facts.derive import derive_all, load

CLOUDS = {
    "aws": "54.172.10.10", "azure": "20.112.250.133", "google cloud": "34.72.10.10", "oracle": "129.146.10.10",
    "digitalocean": "164.90.200.10", "hetzner": "5.9.0.1", "ovh": "51.68.10.10", "linode": "172.104.10.10",
    "vultr": "45.76.10.10", "alibaba": "47.88.10.10",
}  # fmt: skip
HIDING = {"tor": "185.220.101.1", "mullvad": "193.138.218.74", "warp": "104.28.1.1", "home": "73.1.1.1"}
ROBOTS = {
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "bingbot": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "GPTBot": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
}
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
SCRIPT = (("Accept-Encoding", "gzip"), ("Accept", "*/*"), ("Connection", "keep-alive"))
DISGUISES = [
    *((agent, ip, ()) for agent, ip in product(ROBOTS.values(), CLOUDS.values())),
    *((ROBOTS[name], ip, ()) for name, ip in product(("Slack", "GPTBot"), HIDING.values())),
    *((CHROME, ip, SCRIPT) for ip in HIDING.values()),
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    return load(Home(tmp_path_factory.mktemp("home")))


def verdict(sources: list[Source], agent: str, ip: str, more: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    sent = [("Host", "x"), ("User-Agent", agent), *more]
    sighting = Sighting("0" * 32, "http", 0, (ip, 1), ("127.0.0.1", 80), "tcp", b"", 0, "front", 1, 1, {})
    use = Use(
        "c" * 16, "url", "url", "http", "2026-11-01T00:00:00.000000Z", "", "2026-11-22T12:30:00.000000Z", (ip, 4001),
        {"method": "GET", "target": "/x", "user_agent": agent, "headers": sent}, sighting,
    )  # fmt: skip
    facts, failed = derive_all(sources, use)
    assert not failed
    return dict(facts["verdict"])


def test_sixty_and_none_harmless(sources: list[Source]) -> None:
    assert len(DISGUISES) >= 60
    harmless = {}
    for agent, ip, more in DISGUISES:
        found = verdict(sources, agent, ip, more)
        if found["kind"].startswith("likely_") or found["severity"] in ("info", "low"):
            harmless[agent[:40], ip] = found
    assert not harmless


@pytest.mark.parametrize(
    ("name", "ip"), [("Googlebot", "66.249.66.1"), ("bingbot", "157.55.39.1"), ("GPTBot", "52.230.152.5")]
)
def test_the_true_ones_are_known(sources: list[Source], name: str, ip: str) -> None:
    """The control: at home, the same names are what they say."""
    found = verdict(sources, ROBOTS[name], ip, ())
    assert (found["kind"], found["confidence"], found["severity"]) == ("likely_crawler", "high", "info")
