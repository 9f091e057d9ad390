"""What the client says it is: family, version and sort, from the User-Agent or what its protocol has in that place.

Such a name is a claim. The sort says what such a client is *for*; that it is no browser makes a hit no less
interesting: curl and boto3 are an intruder's tools, which widely used "bot" lists would have dropped. Asked are, in
this order, a table kept by hand (``data/clients.csv``), the list of robots that name themselves (``data/crawlers.csv``,
see the manifest), what a robot in a browser's clothes calls itself, and ua-parser for browsers.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import cast

from listener.evidence import observed
from listener.evidence.derived import ClientFact, Facts
from listener.evidence.shared_record import SharedRecords
from listener.facts import Source, Use
from listener.network_data.datasets import BUILT, SHIPPED

_LIMIT = 2048
"""Characters of a User-Agent that are looked at and kept: matching time on hostile input is bounded."""

_CACHED, _SHARED = 4096, 512
"""Claims, and facts: a fact's key is as long as a visitor likes to make it."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+.!-]{1,39}(?: [A-Za-z0-9_+.!-]{1,20}){0,3}")
"""What may be shown as a family: ua-parser makes ``) Bot`` and ``com/bot`` of odd agents, which name nothing."""

_BARE_BROWSERS = ("Opera", "UC Browser", "QQ Browser", "Nokia", "NetFront", "Openwave", "Obigo")
"""Families of browsers, as ua-parser has them, of which some do not begin their agent with ``Mozilla/``."""

_COMPATIBLE = re.compile(
    r"\bcompatible; (?!MSIE\b|Konqueror\b|Opera\b|OmniWeb\b|iCab\b|IBrowse\b|ABrowse\b|Windows|Win32|Linux\b|X11\b|Mac)"
    r"(?P<name>[A-Za-z][A-Za-z0-9_.+-]{2,39})(?:/(?P<version>[\d.]{1,20}))?\s*[;)]"
)
"""A robot in a browser's clothes names itself so; browsers that do are before 2010, and named here."""

_CONTACT = re.compile(r"\+?\bhttps?://\S+|\bwww\.\S+")
"""Where a program is explained, as robots do. The ``http`` in it says nothing of the program."""

_BY_NAME = (
    ("crawler", re.compile(r"(?i)bot\b|crawl|spider|scrap(?:er|y)")),
    ("sdk", re.compile(r"(?i)sdk|\bs3|s3\w*/|boto|jets3t|rusoto|botocore")),
    (
        "http_library",
        re.compile(r"(?i)https?(?:\b|[-_.]|client|rb)|curl|client|netty|\brest\b|unirest|\bwget"),
    ),
    ("http_library", re.compile(r"\bJava(?:_|\b)|\bAHC\b|\(Lua\)|\bPerl\b|\bPHP/")),
)
"""What a program whose name no table has is, where its name says so: the first that fits, weaker than any table."""


@dataclass(frozen=True, slots=True)
class _ClientRow:
    sort: str
    family: str
    pattern: re.Pattern[str]
    source: str


class Client(Source):
    """Asks both tables, then ua-parser."""

    name = "client"
    order = 10

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._release = version("ua-parser-builtins")
        self._find = _finder()
        self._cached = lru_cache(_CACHED)(self._parse)
        self._facts = SharedRecords(_SHARED)

    def derive(self, use: Use, facts: Facts) -> ClientFact | None:
        claim = observed.client(use.observed)[:_LIMIT]
        names = observed.header_names(use.observed)
        if not claim and not names:
            return None
        return cast(ClientFact, self._facts.get((claim, names), lambda: self._fact(claim, names)))

    def _fact(self, claim: str, names: tuple[str, ...]) -> ClientFact:
        fact = self._cached(claim)
        return fact | {"header_order": _order(names)} if names else fact

    def _parse(self, claim: str) -> ClientFact:
        from ua_parser import parse

        fact: ClientFact = {"source": "none", "date": self._release, "user_agent": claim}
        if not claim:
            return fact | {"sort": "none", "family": ""}
        result = parse(claim)
        if result.os is not None:
            fact["os"] = " ".join(part for part in (result.os.family, result.os.major) if part)
        row = self._find(claim)
        if row is not None:
            match = row.pattern.search(claim)
            said = next((value for value in (match.groupdict() if match else {}).values() if value), "")
            return fact | {"source": row.source, "sort": row.sort, "family": row.family, "version": said}
        worn = _COMPATIBLE.search(claim)
        if worn is not None:
            robot: ClientFact = {"source": "its own name", "sort": "crawler", "family": worn["name"]}
            return fact | robot | {"version": worn["version"] or ""}
        agent = result.user_agent
        bare = agent is not None and agent.family.startswith(_BARE_BROWSERS)
        if agent is not None and (bare or claim.startswith("Mozilla/")) and _NAME.fullmatch(agent.family):
            parts = [part for part in (agent.major, agent.minor) if part]
            spider = result.device is not None and result.device.family == "Spider"
            sort = "crawler" if spider else "browser"
            named: ClientFact = {"source": "ua-parser", "sort": sort, "family": agent.family}
            return fact | named | {"version": ".".join(parts)}
        product = _NAME.match(claim.partition("/")[0])
        if product is None or claim.startswith("Mozilla/"):
            return fact | {"sort": "unknown", "family": product[0] if product else ""}
        plain = _CONTACT.sub("", claim[:200])
        otherwise = "unknown" if plain == claim[:200] else "crawler"
        sort = next((sort for sort, named in _BY_NAME if named.search(plain)), otherwise)
        return fact | {"sort": sort, "family": product[0]}


@cache
def _finder() -> Callable[[str], _ClientRow | None]:
    """The first row of the tables that matches, in one pass of the regex set that comes with ua-parser.

    Made once in a process: two thousand patterns take a fifth of a second to compile.
    """
    rows, patterns = _tables()
    try:
        import ua_parser_rs
    except ImportError:
        return lambda claim: next((row for row in rows if row.pattern.search(claim)), None)
    extractor = ua_parser_rs.UserAgentExtractor(
        [(pattern, str(number), None, None, None, None) for number, pattern in enumerate(patterns)]
    )

    def find(claim: str) -> _ClientRow | None:
        found = extractor.extract(claim)
        return None if found is None else rows[int(found.family)]

    return find


@cache
def _tables() -> tuple[list[_ClientRow], list[str]]:
    rows, patterns = [], []
    for path, folding in ((SHIPPED / "clients.csv", "(?i)"), (_built("crawlers.csv"), "")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                pattern = folding + row["pattern"]
                rows.append(_ClientRow(row["sort"], row["family"], re.compile(pattern), path.name))
                patterns.append(pattern)
    return rows, patterns


def _built(name: str) -> Path:
    return BUILT / name if (BUILT / name).is_file() else SHIPPED / name


def _order(names: tuple[str, ...]) -> str:
    """16 digits of the SHA-256 of the header names as sent, in order. Our own; JA4H is under another licence."""
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:16]
