"""Robots: a name for people out of each pattern, a sort out of its tags."""

from __future__ import annotations

from tools.netdata.crawlers import rows


def test_rows() -> None:
    data = [
        {
            "pattern": "Googlebot\\/",
            "instances": ["Mozilla/5.0 (compatible; Googlebot/2.1)"],
            "tags": ["search-engine"],
        },
        {"pattern": "GPTBot", "instances": ["x GPTBot/1.0"], "tags": ["seo", "ai-crawler"]},
        {"pattern": "[wW]get", "instances": ["Wget/1.14"], "tags": ["http-library"]},
        {"pattern": "\\) Bot", "instances": ["x) Bot"], "tags": []},
        {"pattern": "never", "instances": ["x"], "tags": []},
    ]
    assert rows(data) == [
        ("crawler", "Googlebot", "Googlebot\\/"),
        ("ai_crawler", "GPTBot", "GPTBot"),
        ("http_library", "Wget", "[wW]get"),
        ("crawler", "x Bot", "\\) Bot"),
    ]
