"""The second half of `make_attribution`: which client does what from which address, and what that is.

Clients come from ua-parser's own test cases, from crawler-user-agents, from request heads recorded of real programs,
and a few from their makers' documentation. What a visit is follows from what is put together here: a crawler's agent
from the crawler's published ranges is that crawler, the same agent from a rented machine is a disguise.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.data.make_attribution import Sources, pattern_name, yaml_cases

Client = dict[str, Any]

_PLAIN = ["User-Agent", "Host", "Connection", "Accept-Encoding"]
_WINDOW = ["Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Connection"]

_BROWSERS = {
    "Chrome", "Chrome Mobile", "Chrome Mobile iOS", "Chrome Mobile WebView", "Firefox", "Firefox Mobile", "Firefox iOS",
    "Safari", "Mobile Safari", "Edge", "Edge Mobile", "Opera", "Opera Mobile", "Opera GX", "Samsung Internet", "Brave",
    "Vivaldi", "Yandex Browser", "DuckDuckGo Mobile", "UC Browser", "Huawei Browser", "MiuiBrowser", "Amazon Silk",
    "Whale", "QQ Browser", "Ecosia iOS", "IE", "Pale Moon", "Waterfox", "MullvadBrowser", "Coc Coc", "Puffin",
}  # fmt: skip
_PROGRAMS = {
    # family in ua-parser: (this product's word for it, its sort)
    "Python Requests": ("Python Requests", "http_library"), "Python aiohttp": ("aiohttp", "http_library"),
    "Python-urllib": ("Python urllib", "http_library"), "Go-http-client": ("Go net/http", "http_library"),
    "okhttp": ("OkHttp", "http_library"), "Apache-HttpClient": ("Apache HttpClient", "http_library"),
    "Java": ("Java", "http_library"), "axios": ("axios", "http_library"), "got": ("got", "http_library"),
    "GuzzleHttp": ("Guzzle", "http_library"), "HTTPie": ("HTTPie", "http_library"), "curl": ("curl", "http_library"),
    "Wget": ("Wget", "http_library"), "wget2": ("Wget", "http_library"), "libwww-perl": ("libwww-perl", "http_library"),
    "PostmanRuntime": ("Postman", "http_library"), "reqwest": ("reqwest", "http_library"),
    "ureq": ("ureq", "http_library"), "aria2": ("aria2", "http_library"), "WinHTTP": ("WinHTTP", "http_library"),
    "PycURL": ("curl", "http_library"), "libcurl-agent": ("libcurl-agent|curl", "http_library"),
    "go-resty": ("Go Resty", "http_library"), "lua-resty-http": ("Lua", "http_library"),
    "akka-http": ("akka-http", "http_library"), "ReactorNetty": ("ReactorNetty", "http_library"),
    "unirest-java": ("unirest-java", "http_library"), "Google-HTTP-Java-Client": ("Google-HTTP-Java-Client",
                                                                                "http_library"),
    "Vert.x-WebClient": ("Vert.x-WebClient", "http_library"), "http.rb": ("http.rb", "http_library"),
    "scalaj-http": ("scalaj-http", "http_library"), "AHC": ("AHC", "http_library"),
    "Jersey": ("Jersey", "http_library"), "Scrapy": ("Scrapy", "http_library"),
    "Boto3": ("Boto3", "sdk"), "Boto": ("Boto", "sdk"), "aws-cli": ("AWS CLI", "cli"),
    "aws-sdk-go": ("AWS SDK", "sdk"), "aws-sdk-go-v2": ("AWS SDK", "sdk"), "aws-sdk-java": ("AWS SDK", "sdk"),
    "aws-sdk-nodejs": ("AWS SDK", "sdk"), "aws-sdk-ruby2": ("AWS SDK", "sdk"), "aws-sdk-cpp": ("AWS SDK", "sdk"),
    "minio-go": ("MinIO", "sdk|cli"), "rusoto": ("rusoto", "sdk"), "s3fs": ("s3fs", "sdk|cli"),
    "rclone": ("rclone", "cli"), "S3 Browser": ("S3 Browser", "cli"), "Cyberduck": ("Cyberduck", "cli"),
    "JetS3t": ("JetS3t", "sdk"), "lftp": ("lftp", "network|cli"), "Debian APT-HTTP": ("APT", "cli"),
    "Transmit": ("Transmit", "cli"), "ibm-cos-sdk-java": ("ibm-cos-sdk-java", "sdk"),
}  # fmt: skip
_READERS = {
    "Outlook": ("Outlook", "mail|office"), "Thunderbird": ("Thunderbird", "mail"), "MacOutlook": ("Outlook", "mail"),
    "Apple Mail": ("Apple Mail", "mail"), "Evolution": ("Evolution", "mail"), "Lotus Notes": ("Lotus Notes", "mail"),
    "The Bat!": ("The Bat!", "mail"), "Postbox": ("Postbox", "mail"), "Windows Live Mail": ("Windows Live Mail",
                                                                                       "mail"),
    "Word": ("Microsoft Office", "office"), "Airmail": ("Airmail", "mail"), "Superhuman": ("Superhuman", "mail"),
    "kmail2": ("kmail2", "mail"), "Outlook-iOS": ("Outlook", "mail"),
}  # fmt: skip
_WORDS = {
    # what a pattern of crawler-user-agents names: this product's word
    "APIs-Google": "Google other", "Wayback": "Internet Archive", "Google Web Preview": "Google Web Preview",
    "facebookexternalhit": "Facebook", "Slackbot": "Slack", "Twitterbot": "Twitter", "LinkedInBot": "LinkedIn",
    "WhatsApp": "WhatsApp", "TelegramBot": "Telegram", "Discordbot": "Discord", "SkypeUriPreview": "Skype or Teams",
    "archive.org_bot": "Internet Archive", "CCBot": "Common Crawl", "ia_archiver": "Internet Archive",
    "PetalBot": "Petal", "Baiduspider": "Baidu", "DuckDuckBot": "DuckDuckBot", "CensysInspect": "Censys",
    "Go-http-client": "Go net/http", "python-requests": "Python Requests", "Python-urllib": "Python urllib",
    "okhttp": "OkHttp", "libwww-perl": "libwww-perl", "Apache-HttpClient": "Apache HttpClient",
    "GuzzleHttp": "Guzzle", "Google-Extended": "Google-Extended", "ChatGPT-User": "ChatGPT",
    "Perplexity-User": "Perplexity", "Claude-User": "Claude", "Claude-Web": "Claude", "HeadlessChrome":
    "Headless Chrome", "Synapse": "Matrix Synapse", "node-fetch": "node-fetch", "python-httpx": "HTTPX",
}  # fmt: skip
_TAGS = {
    "social-preview": ("preview", 14), "search-engine": ("crawler", 14), "ai-crawler": ("ai_crawler|ai_agent", 14),
    "monitoring": ("monitor", 14), "scanner": ("scanner|attack_tool", 12), "seo": ("crawler", 8),
    "feed-reader": ("feed_reader", 5), "archiver": ("crawler", 4), "academic": ("crawler", 4),
}  # fmt: skip

_SERVICE = {
    # who: agents that its makers document, family, sort, what it is from there
    "googlebot": [("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "crawler")],
    "bing": [("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Bingbot", "crawler")],
    "duckduckbot": [("DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", "DuckDuckBot", "crawler")],
    "openai": [(("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
                "+https://openai.com/gptbot)"), "GPTBot", "ai_crawler"),
               (("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; "
                "+https://openai.com/bot"), "ChatGPT", "ai_agent")],
    "perplexity": [(("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; "
                    "+https://perplexity.ai/perplexitybot)"), "PerplexityBot", "ai_crawler")],
    "telegram": [("TelegramBot (like TwitterBot)", "Telegram", "preview")],
    "twitter": [("Twitterbot/1.0", "Twitter", "preview")],
    "facebook": [("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Facebook", "preview")],
    "pingdom": [("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "Pingdom", "monitor")],
    "statuscake": [(("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                    "Chrome/98.0.4758.102 Safari/537.36 StatusCake"), "StatusCake", "monitor")],
    "censys-scanning": [("Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)", "Censys",
                         "scanner")],
}  # fmt: skip
_ATTACKS = [
    ("sqlmap/1.8.2#stable (https://sqlmap.org)", "sqlmap"), ("gobuster/3.6", "gobuster"),
    ("Fuzz Faster U Fool v2.1.0", "ffuf"), ("feroxbuster/2.10.1", "feroxbuster"),
    ("Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)", "Nmap"),
    ("Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", "Nuclei"),
    ("WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)", "WPScan"), ("TruffleHog", "TruffleHog"),
]  # fmt: skip
_DOCUMENT = [
    ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.17328; Pro)", "Microsoft Office", "office"),
    ("Mozilla/4.0 (compatible; ms-office; MSOffice 16)", "Microsoft Office", "office"),
    ("Microsoft Office Word 2014 (16.0.17328) Windows NT 10.0", "Microsoft Office", "office"),
    ("Microsoft-WebDAV-MiniRedir/10.0.19045", "Microsoft WebDAV", "office"),
    ("LibreOffice 7.4.7.2 denylistedbackend/7.88.1 OpenSSL/3.0.11", "LibreOffice", "office"),
]  # fmt: skip
_PROXIES = [
    (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "Gmail image proxy",
    ),
]


def clients(s: Sources) -> Iterator[Client]:
    """Every client of the set."""
    rows = yaml_cases(s.text("uap", "tests/test_ua.yaml"))
    by_family: dict[str, list[str]] = {}
    for row in rows:
        by_family.setdefault(row["family"], []).append(row["user_agent_string"])
    for family in sorted(_BROWSERS):
        for agent in s.some(by_family.get(family, []), 2):
            yield _client(agent, family, "browser", _WINDOW, "uap")
    for table, shape in ((_PROGRAMS, _PLAIN), (_READERS, _WINDOW)):
        for family, (name, sort) in sorted(table.items()):
            for agent in s.some(by_family.get(family, []), 1):
                yield _client(agent, name, sort, shape, "uap")
    known = json.loads((s.folder / "crawler-user-agents.json").read_text(encoding="utf-8"))
    for tag, (sort, count) in _TAGS.items():
        fitting = [row for row in known if row.get("tags", [""])[:1] == [tag] and row.get("instances")]
        for row in s.some(fitting, count):
            name = pattern_name(row["pattern"])
            yield _client(s.draw.choice(row["instances"]), _WORDS.get(name, name), sort, _PLAIN, "crawlers")
    for name, row in json.loads((s.folder / "recorded.json").read_text(encoding="utf-8")).items():
        names = [header for header in row["names"] if re.fullmatch(r"[\w-]+", header)]
        if row["agent"] and name not in ("Chrome",):
            sorts = {
                "AWS CLI": "cli",
                "git": "git",
                "npm": "cli",
                "pip": "cli",
                "Headless Chrome": "automation",
            }
            family = {"curl POST": "curl", "curl Basic": "curl", "Requests auth": "Python Requests",
                      "Requests JSON": "Python Requests", "PHP": "PHP"}.get(name, name)  # fmt: skip
            yield _client(row["agent"], family, sorts.get(name, "http_library"), names, "recorded")


def _client(agent: str, family: str, sort: str, names: list[str], source: str) -> Client:
    return {"agent": agent, "family": family, "sort": sort, "names": names, "agent_source": source}


def cases(s: Sources, at: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Visits, each with what it is."""
    found: list[dict[str, Any]] = []
    rest = list(clients(s))
    people: list[Client] = []
    tools: list[Client] = []
    homes = [row for row in at if row["class"] in ("broadband", "mobile", "business", "education", "government",
                                                   "military", "satellite")]  # fmt: skip
    rented = [row for row in at if row["who"] in ("aws", "gcp", "azure", "oracle", "digitalocean", "linode", "vultr")
              or row["class"] in ("hosting", "cloud|hosting")]  # fmt: skip
    hidden = [row for row in at if row["class"] in ("tor_exit", "vpn", "relay")]
    for client in rest:
        (people if client["sort"] == "browser" else tools).append(client)
    homely, renting, hiding = _cycle(s, homes), _cycle(s, rented), _cycle(s, hidden)

    def add(
        where: dict[str, Any], client: Client, what: tuple[str, str, str], verdict: str, severity: str
    ) -> None:
        kind, facet, trap = what
        row = {
            **where,
            **client,
            "kind": kind,
            "facet": facet,
            "trap": trap,
            "verdict": verdict,
            "severity": severity,
        }
        row["held"] = (
            hashlib.sha256(json.dumps([row["ip"], row["agent"], kind]).encode()).digest()[0] % 3 == 0
        )
        found.append(row)

    url, key = ("url", "path", "http"), ("aws-key", "access_key_id", "http")
    login = ("password", "password", "http")
    for client in people:
        add(next(homely), client, url, "browser", "medium")
    for client in tools:
        sort = client["sort"]
        if sort.startswith(("mail", "office")):
            if sort == "mail":
                add(next(homely), client, ("mail-pixel", "path", "http"), "mail_opened", "medium")
            else:
                add(next(homely), client, ("docx", "path", "http"), "document_opened", "high")
        elif sort.split("|")[0] in ("http_library", "sdk", "cli", "git", "automation", "network"):
            add(next(renting), client, s.draw.choice([url, key, login]), "automated_tool", "")
            found[-1]["severity"] = "medium" if found[-1]["kind"] == "url" else "high"
        elif sort in ("preview", "crawler", "monitor", "feed_reader") or sort.startswith(("ai_", "scanner")):
            verdict = "claimed_*|disguised|assistant_asked|attack_tool"
            add(next(renting), client, url, verdict, "medium|high")
    for row in at:
        if row["who"] == "google":
            continue
        if row["who"] in _SERVICE:
            agent, family, sort = s.draw.choice(_SERVICE[row["who"]])
            client = _client(agent, family, sort, _PLAIN, "documented")
            robot = "likely_scanner" if sort == "scanner" else "likely_preview" if sort == "preview" else (
                "likely_monitor" if sort == "monitor" else "likely_crawler")  # fmt: skip
            if sort == "ai_agent":
                add(row, client, url, "assistant_asked", "medium")
            else:
                add(row, client, url, robot, "info|low")
        elif row["class"] == "scanner":
            add(row, _client("", "", "none", _PLAIN, "documented"), url, "likely_scanner", "low|info")
        elif row["class"] == "public_resolver":
            add(
                row, _client("", "", "", [], "documented"), ("url", "host", "dns"), "name_looked_up", "medium"
            )
        elif row["class"] == "mail_gateway":
            browser = s.draw.choice(people)
            add(row, browser, url, "likely_mail_gateway", "low|info")
    for row in rented[:70]:
        agent, family, sort = s.draw.choice([item for items in _SERVICE.values() for item in items])
        add(row, _client(agent, family, sort, _PLAIN, "documented"), url, "disguised", "high|critical")
    for row in hidden:
        if s.draw.random() < 0.5:
            add(row, s.draw.choice(people), url, "browser", "high")
        else:
            add(row, s.draw.choice([c for c in tools if c["sort"] in ("sdk", "cli")]), key, "automated_tool",
                "critical")  # fmt: skip
    for agent, family in _ATTACKS:
        sort = {"TruffleHog": "secret_scanner", "Nmap": "scanner"}.get(family, "attack_tool")
        verdicts = {
            "secret_scanner": "secret_scanner",
            "scanner": "claimed_scanner|automated_tool|client_program",
        }
        add(next(renting), _client(agent, family, sort, _PLAIN, "documented"), key, verdicts.get(sort, "attack_tool"),
            "high|critical")  # fmt: skip
        add(next(hiding), _client(agent, family, sort, _PLAIN, "documented"), key, verdicts.get(sort, "attack_tool"),
            "critical")  # fmt: skip
    for agent, family, sort in _DOCUMENT:
        for kind in ("docx", "xlsx"):
            add(next(homely), _client(agent, family, sort, _PLAIN, "documented"), (kind, "path", "http"),
                "document_opened", "high")  # fmt: skip
    google = [row for row in at if row["who"] == "google"]
    for agent, family in _PROXIES:
        for row in google:
            add(row, _client(agent, family, "image_proxy", _PLAIN, "documented"), ("mail-pixel", "path", "http"),
                "mail_opened", "medium")  # fmt: skip
    used = {row["ip"] for row in found}
    for row in at:
        if row["ip"] not in used:
            add(row, s.draw.choice([c for c in tools if c["sort"] == "http_library"]), key, "automated_tool",
                "high|critical")  # fmt: skip
    return found


def _cycle(s: Sources, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    rows = s.draw.sample(rows, len(rows))
    while True:
        yield from rows
