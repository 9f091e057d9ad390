"""A first sorting of the hit, with its reasons, for people who have many: never a finding, and it drops nothing.

Rules, in their order of weight:

* A credential that is presented was taken from somewhere: nothing benign fetches an AWS key out of a password vault.
  Only tokens that machines follow on their own (a URL, a host name, a mail address) can have been a preview.
* What the client says of itself never gives more than ``low`` confidence. Its network alone gives ``medium``, both
  together ``high``.
* A contradiction makes the hit more severe, not less: a false Googlebot is somebody who hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.evidence import observed
from listener.facts import Source, Use

_FOLLOWED = {"host", "path", "url", "email"}
"""Facets that software follows without anybody's intent. Every other one is a credential or an identity."""

_BY_CLIENT = {
    "preview": "likely_preview",
    "mail_gateway": "likely_mail_gateway",
    "crawler": "likely_crawler",
    "scanner": "likely_scanner",
    "monitor": "likely_scanner",
}
_BY_NETWORK = {
    "link_preview": "likely_preview",
    "mail_cloud": "likely_mail_gateway",
    "crawler": "likely_crawler",
    "scanner": "likely_scanner",
    "monitor": "likely_scanner",
}
_TOOLS = {"http_library", "sdk", "cli", "git", "automation"}
_GATEWAYS = (
    "safelinks.protection.outlook.com",
    "urldefense.com",
    "protect.mimecast.com",
    "linkprotect.cudasvc.com",
)
_SEVERITIES = ("low", "medium", "high", "critical")
_SOON_US = 120_000_000
"""A browser in a data centre within two minutes of planting is what a mail gateway's sandbox looks like."""

Finding = tuple[str, str, list[str]]
"""Kind, confidence, reasons."""


class Verdict(Source):
    """Weighs the other facts."""

    name = "verdict"
    order = 90

    def derive(self, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        sort = facts.get("client", {}).get("sort", "none")
        mismatch = facts.get("consistency", {}).get("result") == "mismatch"
        credential = use.facet not in _FOLLOWED
        kind, confidence, reasons = (
            _masked(facts) if mismatch else _plain(sort, facts) if credential else _followed(sort, use, facts)
        )
        if credential:
            reasons.insert(0, f"the {use.facet} was presented: nothing does that by accident")
        benign = kind.startswith("likely_") and confidence != "low"
        severity = (2 if credential else 0 if benign else 1) + mismatch
        return {
            "source": "trapline",
            "kind": kind,
            "confidence": confidence,
            "severity": _SEVERITIES[severity],
            "reasons": reasons,
        }


def _masked(facts: Mapping[str, Mapping[str, Any]]) -> Finding:
    return "automated_tool", "medium", list(facts["consistency"].get("reasons", ()))


def _plain(sort: str, facts: Mapping[str, Mapping[str, Any]]) -> Finding:
    """Tool, browser or unknown: by the client's own word, and better where its handshake agrees."""
    family = facts.get("client", {}).get("family", "")
    if sort not in _TOOLS and sort != "browser":
        return (
            "unknown",
            "low",
            ["the client does not say what it is"] if sort == "none" else [f"says {family}"],
        )
    kind = "browser" if sort == "browser" else "automated_tool"
    if facts.get("consistency", {}).get("checks", {}).get("tls") == "ok":
        return kind, "medium", [f"says {family}, and shakes hands like it"]
    return kind, "low", [f"says {family}, which anybody can say"]


def _followed(sort: str, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> Finding:
    """A token that machines follow: preview, gateway, crawler, scanner, or what `_plain` says."""
    netclass, client = facts.get("netclass", {}), facts.get("client", {})
    claimed, listed = _BY_CLIENT.get(sort), _BY_NETWORK.get(netclass.get("class", ""))
    reasons = []
    if claimed:
        reasons.append(f"says {client.get('family', '')}")
    if listed:
        reasons.append(f"its network is listed as {netclass['class']} of {netclass.get('provider', '')}")
    referer = observed.header(use.observed, "referer").lower()
    gateway = next((name for name in _GATEWAYS if name in referer), None)
    if gateway:
        reasons.append(f"was referred by {gateway}")
    if observed.method(use.observed) == "HEAD":
        reasons.append("asked for the head only")
    at_home = facts.get("consistency", {}).get("checks", {}).get("network") == "ok"
    if claimed and (at_home or claimed == listed):
        return claimed, "high", reasons
    if listed:
        return listed, "medium", reasons
    if claimed or gateway:
        return claimed or "likely_mail_gateway", "low", reasons
    planted = facts.get("timing", {}).get("since_planted_us")
    if sort == "browser" and netclass.get("class") == "cloud" and planted is not None and planted < _SOON_US:
        return (
            "likely_mail_gateway",
            "low",
            [*reasons, "a browser in a data centre, within two minutes of planting"],
        )
    kind, confidence, more = _plain(sort, facts)
    return kind, confidence, reasons + more
