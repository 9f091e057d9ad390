"""A first sorting of the hit, with its reasons, for people who have many: never a finding, and it drops nothing.

What happened comes first (`listener.facts._events`): a credential was presented, a document opened, a name looked
up, a link followed. Then who seems to have done it:

* What a client says of itself never makes a visitor harmless: a robot is "likely" one only where its address is in
  a range that its service publishes (`listener.facts._identities`), or where a list names the network itself.
* A contradiction makes the hit more severe: a false Googlebot is somebody who hides.
* Every reason is a sentence that is true of what was seen, and says no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from listener.evidence import observed
from listener.evidence.derived import Facts, VerdictFact
from listener.evidence.shared_record import NONE, SharedRecords, shared
from listener.facts import Source, Use
from listener.facts._events import ATTACKS, BaitEvent, happened, robot_of

SEVERITIES = ("info", "low", "medium", "high", "critical")

_HIDING = {"tor_exit": "a Tor exit", "vpn": "a VPN", "relay": "a relay", "proxy": "a proxy service"}
_TOOLS = {"http_library", "sdk", "cli", "git", "automation", "database", "ssh", "network"}

_BY_NETWORK = {
    "link_preview": "likely_preview",
    "mail_gateway": "likely_mail_gateway",
    "crawler": "likely_crawler",
    "ai_crawler": "likely_crawler",
    "scanner": "likely_scanner",
    "monitor": "likely_monitor",
}
_GATEWAYS = (
    "safelinks.protection.outlook.com",
    "urldefense.com",
    "protect.mimecast.com",
    "linkprotect.cudasvc.com",
)
_WEIGHED = ("client", "consistency", "netclass")
"""The facts that are weighed, beside when the use came."""
_CACHED = 4096
_SOON_US = 120_000_000
"""A browser in a data centre within two minutes of planting is what a mail gateway's sandbox looks like."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    kind: str
    confidence: str
    """``low`` (a claim), ``medium`` (one observation), ``high`` (two that agree)."""
    severity: int
    reasons: list[str]


class _Link(NamedTuple):
    """What of one use alone says that a mail gateway may have tried its link."""

    gateway: str
    """That the request names as its referrer; empty: none."""
    soon: bool
    """Within `_SOON_US` of planting or minting."""


class Verdict(Source):
    """Weighs the other facts."""

    name = "verdict"
    order = 90

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._facts = SharedRecords(_CACHED)

    def derive(self, use: Use, facts: Facts) -> VerdictFact | None:
        link = _Link(_gateway_of(use), _is_soon(facts))
        if (
            use.trap == "sensors" or use.send is not None
        ):  # of those the report's or the message's own words count
            return _verdict(use, facts, link)
        weighed = [shared(cast(dict[str, object], facts.get(name, NONE))) for name in _WEIGHED]
        key = (*weighed, link, use.trap, use.kind, use.facet, use.part)
        return cast(VerdictFact, self._facts.get(key, lambda: _verdict(use, facts, link)))


def _verdict(use: Use, facts: Facts, link: _Link) -> VerdictFact:
    event = happened(use, facts)
    found = _judge(event, link, facts)
    return {
        "source": "trapline",
        "event": event.name,
        "kind": found.kind,
        "confidence": found.confidence,
        "severity": SEVERITIES[min(found.severity, len(SEVERITIES) - 1)],
        "reasons": [one for one in (event.sentence, *found.reasons, event.limit) if one],
    }


def _judge(event: BaitEvent, link: _Link, facts: Facts) -> _Judgement:
    sort = str(facts.get("client", {}).get("sort", "none"))
    hiding, hidden = _hiding(facts)
    if facts.get("consistency", {}).get("result") == "mismatch":
        return _Judgement("disguised", "medium", event.weight + 1 + hidden, [*_reasons(facts), *hiding])
    if sort in ATTACKS:
        said = [f"The client says it is {facts['client']['family']}.", *hiding]
        return _Judgement(sort, "low", event.weight + (1 if sort == "attack_tool" else 0) + hidden, said)
    if event.name in (
        "credential_presented",
        "conversation",
        "used_inside",
        "record_given_out",
        "row_read",
        "table_read",
        "used_in_log",
        "hash_cracked",
        "unauthorised_send",
    ):
        kind, confidence, reasons = _who(sort, facts)
        return _Judgement(kind, confidence, event.weight + hidden, [*reasons, *hiding])
    robot = _robot(sort, facts)
    if robot is not None:
        return robot
    if event.decides:
        confidence = "medium" if facts.get("consistency", {}).get("result") == "ok" else "low"
        return _Judgement(event.name, confidence, event.weight + hidden, [*_claimed(facts), *hiding])
    gateway = _gateway(sort, link, facts)
    if gateway is not None:
        return gateway
    kind, confidence, reasons = _who(sort, facts)
    return _Judgement(kind, confidence, event.weight + hidden, [*reasons, *hiding])


def _hiding(facts: Facts) -> tuple[list[str], int]:
    """Whether the address is one that people go through so as not to be seen."""
    kind = facts.get("netclass", {}).get("class", "")
    if kind not in _HIDING:
        return [], 0
    old = facts["netclass"].get("tor_exit", "").endswith("too old")
    listed = "was listed as" if old and kind == "tor_exit" else "is listed as"
    return [f"The address {listed} {_HIDING[kind]}."], 1


def _reasons(facts: Facts) -> list[str]:
    """What the comparison found, as sentences."""
    return [f"The client {reason}." for reason in facts.get("consistency", {}).get("reasons", ())]


def _claimed(facts: Facts) -> list[str]:
    family = facts.get("client", {}).get("family", "")
    return [f"The client says it is {family}."] if family else []


def _who(sort: str, facts: Facts) -> tuple[str, str, list[str]]:
    """Program, browser or unknown: by the client's own word, and better where its handshake agrees."""
    family = facts.get("client", {}).get("family", "")
    kind = "browser" if sort == "browser" else "automated_tool" if sort in _TOOLS else "unknown"
    if kind == "unknown" and sort not in ("unknown", "none"):
        kind = "client_program"
    if not family:
        return kind, "low", ["The client does not say what it is."]
    if kind != "unknown" and facts.get("consistency", {}).get("checks", {}).get("tls") == "ok":
        return kind, "medium", [f"The client says it is {family}, and its handshake is that program's."]
    return kind, "low", [f"The client says it is {family}, which anybody can say."]


def _robot(sort: str, facts: Facts) -> _Judgement | None:
    """A preview, gateway, crawler, scanner or monitor: shown by its address, or only claimed."""
    netclass = facts.get("netclass", {})
    claimed, listed = robot_of(sort), _BY_NETWORK.get(netclass.get("class", ""))
    shown = facts.get("consistency", {}).get("checks", {}).get("network") == "ok"
    quiet = 1 if (claimed or listed) in ("likely_scanner", None) else 0
    if claimed and shown:
        return _Judgement(claimed, "high", quiet, _reasons(facts))
    named = f"{netclass.get('class', '')} of {netclass.get('provider') or netclass.get('source', 'a list')}"
    if listed and claimed == listed:
        reasons = [*_claimed(facts), f"The address is listed as {named}."]
        return _Judgement(claimed, "medium", 1, reasons)
    built = (
        listed == "likely_scanner" and sort in _TOOLS
    )  # scanners are built of the libraries that everybody has
    if listed and (built or sort in ("none", "unknown", "browser")):
        return _Judgement(listed, "medium", 1, [f"The address is listed as {named}.", *_claimed(facts)])
    if claimed:
        kind = claimed.replace("likely_", "claimed_")
        return _Judgement(kind, "low", 2, [*_claimed(facts), "Nothing about its address shows that it is."])
    return None


def _gateway_of(use: Use) -> str:
    referer = observed.header(use.observed, "referer").lower()
    return next((name for name in _GATEWAYS if name in referer), "") if referer else ""


def _is_soon(facts: Facts) -> bool:
    timing = facts.get("timing", {})
    since = timing.get("since_planted_us", timing.get("since_minted_us"))
    return since is not None and 0 <= since < _SOON_US


def _gateway(sort: str, link: _Link, facts: Facts) -> _Judgement | None:
    """What looks like a mail gateway that tries a link; a guess, and said as one."""
    if link.gateway:
        said = f"The request names {link.gateway} as its referrer."
        return _Judgement("claimed_mail_gateway", "low", 2, [said])
    if sort == "browser" and link.soon and facts.get("netclass", {}).get("class") in ("cloud", "hosting"):
        said = "A browser in a data centre came within two minutes of the canary's making or planting."
        return _Judgement("claimed_mail_gateway", "low", 2, [said])
    return None
