"""What the client says it is: family, version and sort, from the User-Agent; and the order of its header names.

A User-Agent is a claim. The sort says what such a client is *for*; that it is no browser makes a hit no less
interesting: curl and boto3 are an intruder's tools, which widely used "bot" lists would have dropped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from canaries.core.text import clip
from listener.evidence import observed
from listener.facts import Source, Use

_LIMIT = 2048
"""Characters of a User-Agent that are looked at and kept: matching time on hostile input is bounded."""

_CACHED = 4096

_OWN: tuple[tuple[str, str, str], ...] = (
    # sort, family, how it begins or what it contains. ua-parser knows few of these, and calls many of them a spider.
    ("sdk", "Boto3", r"\bBoto3/(?P<v>[\d.]+)"),
    ("sdk", "Botocore", r"\bBotocore/(?P<v>[\d.]+)"),
    ("cli", "AWS CLI", r"^aws-cli/(?P<v>[\d.]+)"),
    ("sdk", "AWS SDK", r"^aws-sdk-[\w-]+/(?P<v>[\d.]+)"),
    ("sdk", "OpenAI SDK", r"^(?:Async)?OpenAI/\w+ (?P<v>[\d.]+)"),
    ("sdk", "Anthropic SDK", r"^(?:Async)?Anthropic/\w+ (?P<v>[\d.]+)"),
    ("sdk", "Stripe SDK", r"^Stripe/v\d \w+Bindings/(?P<v>[\d.]+)"),
    ("sdk", "PyGithub", r"^PyGithub/Python"),
    ("sdk", "Octokit", r"\boctokit[\w.-]*/(?P<v>[\d.]+)"),
    ("cli", "GitHub CLI", r"^GitHub CLI (?P<v>[\d.]+)"),
    ("sdk", "Twilio SDK", r"^twilio-\w+/(?P<v>[\d.]+)"),
    ("sdk", "Google Cloud SDK", r"^(?:google-cloud-sdk|gcloud|google-api-\w+-client)[/ -]*(?P<v>[\d.]*)"),
    ("sdk", "Azure SDK", r"^azsdk-[\w-]+/(?P<v>[\d.]+)"),
    ("cli", "kubectl", r"^kubectl[\w.-]*/v?(?P<v>[\d.]+)"),
    ("cli", "Terraform", r"\bTerraform/(?P<v>[\d.]+)"),
    ("cli", "Docker", r"^docker/(?P<v>[\d.]+)"),
    ("git", "git", r"^git/(?P<v>[\d.]+)"),
    ("scanner", "TruffleHog", r"trufflehog"),
    ("scanner", "zgrab", r"\bzgrab/"),
    ("scanner", "Nmap", r"Nmap Scripting Engine"),
    ("scanner", "masscan", r"^masscan/"),
    ("scanner", "Nuclei", r"\bnuclei\b"),
    ("scanner", "Censys", r"CensysInspect/(?P<v>[\d.]+)"),
    ("scanner", "Expanse", r"Expanse, a Palo Alto Networks"),
    ("http_library", "curl", r"^curl/(?P<v>[\d.]+)"),
    ("http_library", "Wget", r"^Wget/(?P<v>[\d.]+)"),
    ("http_library", "Python Requests", r"^python-requests/(?P<v>[\d.]+)"),
    ("http_library", "Python urllib", r"^Python-urllib/(?P<v>[\d.]+)"),
    ("http_library", "HTTPX", r"^python-httpx/(?P<v>[\d.]+)"),
    ("http_library", "aiohttp", r"\baiohttp/(?P<v>[\d.]+)"),
    ("http_library", "Go net/http", r"^Go-http-client/(?P<v>[\d.]+)"),
    ("http_library", "OkHttp", r"^okhttp/(?P<v>[\d.]+)"),
    ("http_library", "Java", r"^(?:Java|Java-http-client|Apache-HttpClient)/(?P<v>[\d.]+)"),
    ("http_library", "PowerShell", r"PowerShell/(?P<v>[\d.]+)"),
    ("http_library", "axios", r"^axios/(?P<v>[\d.]+)"),
    ("http_library", "Node", r"^(?:node|node-fetch|undici)\b/?(?P<v>[\d.]*)"),
    ("http_library", "HTTPie", r"^HTTPie/(?P<v>[\d.]+)"),
    ("http_library", "Postman", r"^PostmanRuntime/(?P<v>[\d.]+)"),
    ("automation", "Headless Chrome", r"\bHeadlessChrome/(?P<v>[\d.]+)"),
    ("office", "Microsoft WebDAV", r"^Microsoft-WebDAV-MiniRedir/(?P<v>[\d.]+)"),
    ("office", "Microsoft Office", r"^Microsoft Office/(?P<v>[\d.]+)|\bms-office\b"),
    ("office", "LibreOffice", r"\bLibreOffice\b"),
    ("office", "Adobe Acrobat", r"\bAcro(?:bat|Forms)\b"),
    ("mail", "Outlook", r"^Outlook-|\bMicrosoft Outlook (?P<v>[\d.]+)"),
    ("mail", "Thunderbird", r"\bThunderbird/(?P<v>[\d.]+)"),
    ("preview", "Slack", r"^Slackbot"),
    ("preview", "Slack image proxy", r"^Slack-ImgProxy"),
    ("preview", "Discord", r"\bDiscordbot/(?P<v>[\d.]+)"),
    ("preview", "Telegram", r"\bTelegramBot\b"),
    ("preview", "WhatsApp", r"^WhatsApp/(?P<v>[\d.]+)"),
    (
        "preview",
        "Facebook",
        r"^(?:facebookexternalhit|meta-externalagent|meta-externalfetcher)/(?P<v>[\d.]+)",
    ),
    ("preview", "Twitter", r"^Twitterbot/(?P<v>[\d.]+)"),
    ("preview", "LinkedIn", r"^LinkedInBot/(?P<v>[\d.]+)"),
    ("preview", "Skype or Teams", r"\bSkypeUriPreview\b"),
    ("mail_gateway", "Gmail image proxy", r"\bGoogleImageProxy\b"),
    ("mail_gateway", "Yahoo Mail proxy", r"\bYahooMailProxy\b"),
    ("crawler", "Googlebot", r"\bGooglebot(?:-\w+)?/(?P<v>[\d.]+)"),
    ("crawler", "Bingbot", r"\b(?:bingbot|BingPreview)/(?P<v>[\d.]+)"),
    ("crawler", "Applebot", r"\bApplebot/(?P<v>[\d.]+)"),
    ("crawler", "Yandex", r"\bYandex\w*/(?P<v>[\d.]+)"),
    ("crawler", "OpenAI crawler", r"\b(?:GPTBot|OAI-SearchBot|ChatGPT-User)/(?P<v>[\d.]+)"),
    ("crawler", "DuckDuckBot", r"\bDuckDuckBot\b"),
    ("monitor", "Kubernetes probe", r"^kube-probe/(?P<v>[\d.]+)"),
    ("monitor", "Pingdom", r"\bPingdom"),
    ("monitor", "UptimeRobot", r"\bUptimeRobot/(?P<v>[\d.]+)"),
)
_TABLE = tuple((sort, family, re.compile(pattern, re.IGNORECASE)) for sort, family, pattern in _OWN)


class Client(Source):
    """Asks our own table, then ua-parser."""

    name = "client"
    order = 10

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._release = version("ua-parser-builtins")
        self._cached = lru_cache(_CACHED)(self._parse)
        self._hashed = lru_cache(512)(_order)  # its keys are as long as a visitor likes to make them

    def derive(self, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        claim = observed.client(use.observed)[:_LIMIT]
        names = observed.header_names(use.observed)
        if not claim and not names:
            return None
        fact = self._cached(claim)
        return fact | {"header_order": self._hashed(names)} if names else fact

    def _parse(self, claim: str) -> dict[str, Any]:
        from ua_parser import parse

        fact: dict[str, Any] = {
            "source": "own table and ua-parser",
            "date": self._release,
            "user_agent": claim,
        }
        if not claim:
            return fact | {"sort": "none", "family": ""}
        result = parse(claim)
        if result.os is not None:
            fact["os"] = " ".join(part for part in (result.os.family, result.os.major) if part)
        for sort, family, pattern in _TABLE:
            match = pattern.search(claim)
            if match:
                return fact | {"sort": sort, "family": family, "version": match.groupdict().get("v") or ""}
        agent = result.user_agent
        if agent is None:
            return fact | {"sort": "unknown", "family": clip(claim.partition("/")[0], 48)}
        parts = [part for part in (agent.major, agent.minor) if part]
        spider = result.device is not None and result.device.family == "Spider"
        sort = "crawler" if spider else "browser" if claim.startswith("Mozilla/") else "unknown"
        return fact | {"sort": sort, "family": agent.family, "version": ".".join(parts)}


def _order(names: tuple[str, ...]) -> str:
    """16 digits of the SHA-256 of the header names as sent, in order. Our own; JA4H is under another licence."""
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:16]
