"""Robots on the way through bait: previews, crawlers, scanners, gateways and liars, from addresses that lists name.

Each visit goes through the real sources of facts and `listener.incidents.traits`: what of it is compared is decided by
the code under test, not here. Addresses are drawn from the networks of the shipped data; those of unlisted scanners
and of liars are of clouds and hosters. Every draw has its seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from canaries.core.clock import from_micros, rfc3339
from canaries.ledger.entries import Entry
from listener.evidence.derived import Facts
from listener.evidence.sighting import Sighting
from listener.facts import Source, Use
from listener.facts.derive import derive_all
from listener.incidents.model import Hit
from listener.network_data.datasets import DataSets

_CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{}.0.0.0 Safari/537.36"
)


@dataclass(frozen=True, slots=True)
class RobotSort:
    """One sort of robot."""

    name: str
    classes: tuple[str, ...]
    """Classes of networks that it comes from, as the shipped data has them."""
    providers: tuple[str, ...]
    """Whose; empty: anybody's."""
    agents: tuple[str, ...]
    headers: tuple[str, ...]
    share: int
    """Of a hundred robots."""
    listed: bool
    """Whether its address shows what it is."""
    fleet: int = 400
    """Addresses that it uses."""


_MINTED = "1970-01-01T00:00:00.000000Z"
_PREVIEW = ("Host", "User-Agent", "Accept", "Range", "Connection")
_CRAWLER = ("Host", "Connection", "Accept", "From", "User-Agent", "Accept-Encoding", "If-Modified-Since")
_SCANNER = ("Host", "User-Agent", "Accept", "Accept-Encoding")
_BARE = ("Host", "User-Agent")
_BROWSER = (
    "Host", "Connection", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "Upgrade-Insecure-Requests",
    "User-Agent", "Accept", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-User", "Sec-Fetch-Dest", "Accept-Encoding",
    "Accept-Language",
)  # fmt: skip
SORTS = (
    RobotSort("twitter", ("link_preview",), ("twitter",), ("Twitterbot/1.0",), _PREVIEW, 6, True),
    RobotSort("telegram", ("link_preview",), ("telegram",), ("TelegramBot (like TwitterBot)",), _PREVIEW, 6, True),
    RobotSort(
        "facebook", ("link_preview", "crawler"), ("facebook", "meta"),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",), _PREVIEW, 6, True,
    ),
    RobotSort(
        "slack", ("cloud",), ("aws",), ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",),
        _PREVIEW, 8, False,
    ),
    RobotSort(
        "discord", ("cloud",), ("google",), ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",),
        _PREVIEW, 4, False, 40,
    ),
    RobotSort(
        "googlebot", ("crawler",), ("googlebot", "google"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",), _CRAWLER, 10, True,
    ),
    RobotSort(
        "bingbot", ("crawler",), ("bingbot", "bing"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",), _CRAWLER, 6, True,
    ),
    RobotSort(
        "gptbot", ("ai_crawler",), ("openai",),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",),
        _CRAWLER, 5, True,
    ),
    RobotSort("research", ("scanner",), (), ("Mozilla/5.0 zgrab/0.x", "", "Go-http-client/1.1"), _SCANNER, 22, True),
    RobotSort("gateway", ("mail_gateway",), (), tuple(_CHROME.format(n) for n in (128, 131)), _BROWSER, 7, False),
    RobotSort(
        "monitor", ("monitor",), ("pingdom",),
        ("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",), _BARE, 4, True,
    ),
    RobotSort(
        "liar", ("cloud", "hosting"), (),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",), _SCANNER, 6, False, 2_000,
    ),
    RobotSort(
        "unlisted", ("cloud", "hosting"), (),
        ("Mozilla/5.0 zgrab/0.x", "masscan/1.3", "Go-http-client/1.1", "curl/7.88.1", "python-requests/2.31.0"),
        _SCANNER, 10, False, 120,
    ),
)  # fmt: skip


class Robots:
    """Draws visits of robots."""

    def __init__(self, sources: list[Source], data: DataSets, seed: int) -> None:
        self._draw = random.Random(seed)
        self._sources = sources
        self._facts: dict[tuple[str, str, str], Facts] = {}
        found: dict[str, list[str]] = {sort.name: [] for sort in SORTS}
        (item,) = data.of("labels")
        for answer in item.reader.entries():
            if ":" in answer.network:
                continue
            said = {(label["class"], label.get("provider", "")) for label in answer.labels}
            for sort in SORTS:
                if any(
                    kind in sort.classes and (not sort.providers or whose in sort.providers)
                    for kind, whose in said
                ):
                    found[sort.name].append(answer.network)
        self.fleets = {sort.name: self._fleet(found[sort.name], sort.fleet) for sort in SORTS}

    def _fleet(self, networks: list[str], count: int) -> list[str]:
        """Addresses of these networks."""
        made = []
        for text in self._draw.choices(networks, k=count):
            network = ip_network(text)
            made.append(str(network[self._draw.randrange(network.num_addresses)]))
        return made

    def visit(self, name: str, canary: str, day: int) -> tuple[RobotSort, str, list[Hit]]:
        """The sort of robot, its address, and its hits on ``canary`` on that day."""
        (sort,) = self._draw.choices(SORTS, [sort.share for sort in SORTS])
        address, agent = self._draw.choice(self.fleets[sort.name]), self._draw.choice(sort.agents)
        at = self._draw.randrange(86_400)
        hits = []
        for number in range(self._draw.choice((1, 1, 2, 3))):
            moment = (day * 86_400 + at + number * 3) * 1_000_000
            hits.append(self._hit(f"{name}{number}", canary, sort, address, agent, moment))
        return sort, address, hits

    def _hit(self, name: str, canary: str, sort: RobotSort, address: str, agent: str, moment: int) -> Hit:
        at = rfc3339(from_micros(moment))
        headers = [
            (key, agent if key == "User-Agent" else "x")
            for key in sort.headers
            if key != "User-Agent" or agent
        ]
        tls = {"ja4": f"t13d{sort.name}"}
        observed: Any = {"method": "GET", "target": "/x", "user_agent": agent, "headers": headers, "tls": tls}
        facts = self._facts.get((sort.name, address, agent))
        if facts is None:
            sighting = Sighting(
                "0" * 32, "http", 0, (address, 1), ("127.0.0.1", 80), "tcp", b"", 0, "front", 1, 1, {}, tls={}
            )
            use = Use(
                canary_id=canary, kind="url", facet="path", trap="http",
                created_at=at if sort.name == "gateway" else _MINTED, planted_at="",
                observed_at=at, source=(address, 40001), observed=observed, sighting=sighting,
            )  # fmt: skip
            facts, failed = derive_all(self._sources, use)
            assert not failed
            self._facts[sort.name, address, agent] = facts
        entry = Entry(
            name.rjust(32, "0"), "hit", at, "listener", {"observed": observed, "facets": ["path"]}, b"", None
        )
        return Hit(entry.id, canary, "url", "path", "http", at, address, 40001, facts, "", entry, None)
