"""The verdict's law: a claim alone is ``low``, a contradiction raises, a credential is never benign."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence.sighting import Sighting
from listener.facts import Use
from listener.facts.verdict import SEVERITIES, Verdict

SORTS = [
    "browser", "http_library", "sdk", "cli", "git", "automation", "office", "mail", "preview", "mail_gateway",
    "crawler", "scanner", "monitor", "unknown", "none", "ai_agent", "ai_crawler", "attack_tool", "secret_scanner",
    "image_proxy", "ssh", "database",
]  # fmt: skip
CLASSES = [
    "unknown", "cloud", "hosting", "vpn", "crawler", "link_preview", "scanner", "mail_gateway", "broadband", "tor_exit",
]  # fmt: skip
SAFELINKS = ("Referer", "https://x.safelinks.protection.outlook.com/")
LEVELS = list(SEVERITIES)


@pytest.fixture
def judge(tmp_path: Path, use: Callable[..., Use]) -> Callable[..., dict[str, Any]]:
    verdict = Verdict(tmp_path)

    def ask(
        sort: str = "http_library",
        *,
        found: str = "unknown",
        checks: dict[str, str] | None = None,
        planted_us: int | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        checked = checks or {}
        result = (
            "mismatch" if "mismatch" in checked.values() else "ok" if "ok" in checked.values() else "unknown"
        )
        facts: Any = {
            "client": {"sort": sort, "family": "X"},
            "netclass": {"class": found, "provider": "p"},
            "consistency": {
                "result": result,
                "checks": checked,
                "reasons": ["because"] * (result == "mismatch"),
            },
            "timing": {} if planted_us is None else {"since_planted_us": planted_us},
        }
        fact: Any = verdict.derive(use(**fields), facts)
        assert fact is not None
        return dict(fact)

    return ask


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("facet", ["path", "secret"])
def test_what_a_client_says_of_itself_is_worth_low_confidence_and_never_harmless(
    judge: Callable[..., dict[str, Any]], sort: str, facet: str
) -> None:
    fact = judge(sort, facet=facet)
    assert fact["confidence"] == "low"
    assert not fact["kind"].startswith("likely_")
    assert LEVELS.index(fact["severity"]) >= LEVELS.index("medium")


@pytest.mark.parametrize("facet", ["secret", "access_key_id", "password", "token", "made-tomorrow"])
def test_nothing_harmless_presents_a_credential(judge: Callable[..., dict[str, Any]], facet: str) -> None:
    for sort, found in product(SORTS, CLASSES):
        fact = judge(sort, found=found, facet=facet)
        assert not fact["kind"].startswith(("likely_", "claimed_"))
        assert LEVELS.index(fact["severity"]) >= LEVELS.index("high")
        assert fact["reasons"][0] == f"The {facet} of this canary was presented."


@pytest.mark.parametrize("facet", ["path", "secret"])
def test_a_contradiction_raises_the_severity(judge: Callable[..., dict[str, Any]], facet: str) -> None:
    for sort, found in product(SORTS, CLASSES):
        plain = judge(sort, found=found, facet=facet)
        contradicted = judge(sort, found=found, facet=facet, checks={"tls": "mismatch"})
        higher = LEVELS.index(contradicted["severity"]) > LEVELS.index(plain["severity"])
        assert higher or contradicted["severity"] == "critical" or plain["kind"] == "attack_tool"
        assert contradicted["kind"] == "disguised"
        assert "The client because." in contradicted["reasons"]


def test_who_hides_weighs_more(judge: Callable[..., dict[str, Any]]) -> None:
    for found in ("tor_exit", "vpn", "relay", "proxy"):
        assert judge("browser", found=found, facet="path")["severity"] == "high"
        assert judge("cli", found=found, facet="secret")["severity"] == "critical"
    assert judge("cli", facet="secret")["severity"] == "high"


@pytest.mark.parametrize(
    ("asked", "kind", "confidence", "severity"),
    [
        ({"sort": "preview"}, "claimed_preview", "low", "medium"),
        ({"sort": "preview", "found": "cloud"}, "claimed_preview", "low", "medium"),
        ({"sort": "preview", "found": "link_preview"}, "likely_preview", "medium", "low"),
        ({"sort": "crawler", "checks": {"network": "ok"}}, "likely_crawler", "high", "info"),
        ({"sort": "scanner", "checks": {"network": "ok"}}, "likely_scanner", "high", "low"),
        ({"sort": "browser", "found": "scanner"}, "likely_scanner", "medium", "low"),
        ({"sort": "browser", "found": "mail_gateway"}, "likely_mail_gateway", "medium", "low"),
        ({"sort": "http_library", "found": "scanner"}, "likely_scanner", "medium", "low"),
        ({"sort": "http_library", "found": "link_preview"}, "automated_tool", "low", "medium"),
        ({"sort": "attack_tool", "found": "scanner"}, "attack_tool", "low", "high"),
        ({"sort": "browser", "found": "cloud", "planted_us": 5_000_000}, "claimed_mail_gateway", "low", "medium"),
        ({"sort": "browser", "found": "cloud", "planted_us": 5_000_000_000}, "browser", "low", "medium"),
        ({"sort": "browser", "headers": (SAFELINKS,)}, "claimed_mail_gateway", "low", "medium"),
        ({"sort": "browser", "checks": {"tls": "ok"}}, "browser", "medium", "medium"),
        ({"sort": "http_library"}, "automated_tool", "low", "medium"),
        ({"sort": "attack_tool"}, "attack_tool", "low", "high"),
        ({"sort": "office"}, "document_opened", "low", "high"),
        ({"sort": "ai_agent"}, "assistant_asked", "low", "medium"),
        ({"sort": "none"}, "unknown", "low", "medium"),
    ],
)  # fmt: skip
def test_followed_links(
    judge: Callable[..., dict[str, Any]], asked: dict[str, Any], kind: str, confidence: str, severity: str
) -> None:
    fact = judge(facet="path", **asked)
    assert (fact["kind"], fact["confidence"], fact["severity"]) == (kind, confidence, severity)


def test_every_reason_is_a_sentence(judge: Callable[..., dict[str, Any]]) -> None:
    for sort, found, facet in product(SORTS, CLASSES, ("path", "secret")):
        for checks in ({}, {"network": "ok"}, {"tls": "mismatch"}):
            for reason in judge(sort, found=found, facet=facet, checks=checks)["reasons"]:
                assert reason[0].isupper()
                assert reason.endswith(".")
                assert "accident" not in reason


def test_all_levels_are_used(judge: Callable[..., dict[str, Any]]) -> None:
    seen = {
        judge(sort, found=found, facet=facet, checks=checks)["severity"]
        for sort, found, facet in product(SORTS, CLASSES, ("path", "secret"))
        for checks in ({}, {"network": "ok"})
    }
    assert seen == set(SEVERITIES)


@given(
    facts=st.dictionaries(st.sampled_from(["client", "netclass", "consistency", "timing"]), st.just({})),
    facet=st.text(),
)
def test_it_always_says_something(facts: Any, facet: str) -> None:
    sighting = Sighting("0", "t", 0, ("", 0), ("", 0), "tcp", b"", 0, "f", 1, 1, {})
    used = Use("c", "k", facet, "t", "", "", "", ("", 0), {}, sighting)
    fact = Verdict(Path()).derive(used, facts)
    assert fact is not None
    assert fact["kind"]
    assert len(fact["reasons"]) > 1
    assert fact["confidence"] == "low"
