"""The JSON that Google, Bing, OpenAI, Apple and others publish for their crawlers and clouds: ``{"prefixes": [...]}``.

``{"creationTime", "prefixes": [{"ipv4Prefix" | "ipv6Prefix", "service", "scope"}]}``; whose file it is stands
nowhere in it but in its name (goog.json, cloud.json, googlebot.json, bingbot.json, gptbot.json, applebot.json ...).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import DataError
from listener.network_data.readers._ranges import Label, LabelReader, read_json

_OWNERS = {
    # what the file's name holds, provider, class
    "cloud": ("google", "cloud"),
    "goog": ("google", "hosting"),
    "googlebot": ("googlebot", "crawler"),
    "special-crawlers": ("googlebot", "crawler"),
    "user-triggered-fetchers": ("google", "link_preview"),
    "bingbot": ("bingbot", "crawler"),
    "applebot": ("applebot", "crawler"),
    "duckduckbot": ("duckduckbot", "crawler"),
    "gptbot": ("openai", "ai_crawler"),
    "searchbot": ("openai", "ai_crawler"),
    "chatgpt-user": ("openai", "ai_user_agent"),
    "perplexitybot": ("perplexity", "ai_crawler"),
    "perplexity-user": ("perplexity", "ai_user_agent"),
    "ccbot": ("common-crawl", "crawler"),
}


class PrefixList(LabelReader):
    """Ranges of one crawler, assistant or cloud; the longest owner's name in the file's name says which."""

    name = "prefix-list"
    what = "Google, Bing, OpenAI, Apple, Perplexity prefixes (goog.json, googlebot.json, gptbot.json ...)"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"prefixes"' in head and (b'"ipv4Prefix"' in head or b'"ipv6Prefix"' in head)

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        title = path.name.lower()
        owner = max((name for name in _OWNERS if name in title), key=len, default="")
        if not owner:
            names = ", ".join(sorted(_OWNERS))
            raise DataError(
                f"the name {path.name} does not say whose prefixes these are; call it one of: {names}"
            )
        provider, kind = _OWNERS[owner]
        data = read_json(path)
        self._date = str(data.get("creationTime", ""))[:10]
        for item in data["prefixes"]:
            label = {"class": kind, "provider": provider, "region": str(item.get("scope") or "")}
            network = item.get("ipv4Prefix") or item["ipv6Prefix"]
            yield network, {name: value for name, value in label.items() if value and value != "global"}

    def date(self) -> str:
        return self._date
