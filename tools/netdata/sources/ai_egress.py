"""listo-mcp-ip-guard: the addresses from which ChatGPT and Claude call on behalf of a person, as their makers
publish them.

The package keeps them as Python tuples; they are read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tools.netdata.ranges import Claim, parse
from tools.netdata.sources import Label, PackageSource

_FILES = {"openai": "mcp_ip_guard/ranges.py", "anthropic": "mcp_ip_guard/anthropic_ranges.py"}
_DATE = re.compile(r"\((\d{4}-\d\d-\d\d)\)")
_NETWORK = re.compile(r'^\s*(?:[A-Z_]+[^"#]*)?"([0-9a-f.:]+/\d+)"', re.MULTILINE)


class AiEgress(PackageSource):
    """Egress of assistants."""

    name = "ai-egress"
    package = "listo-mcp-ip-guard"
    version = "0.3.0"
    sha256 = "961b44bd929ad91c0ddb634ed9d8de549539cf54c902fe93d8831a5f9e399d06"
    licence = "MIT"
    credit = "OpenAI and Anthropic, as collected by listo-mcp-ip-guard"

    def date(self, folder: Path) -> str:
        found = _DATE.search((folder / _FILES["openai"]).read_text(encoding="utf-8"))
        if found is None:
            raise ValueError(f"{_FILES['openai']} does not say when it was made")
        return found[1]

    def claims(self, folder: Path) -> Iterable[Claim[Label]]:
        for provider, path in _FILES.items():
            for network in networks((folder / path).read_text(encoding="utf-8")):
                yield Claim(parse(network), Label("ai_user_agent", provider, self.name))


def networks(text: str) -> list[str]:
    """The networks in a module's tuples. Raises ValueError where there is none."""
    found = _NETWORK.findall(text)
    if not found:
        raise ValueError("no network is in the file")
    return found
