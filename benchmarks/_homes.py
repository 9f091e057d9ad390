"""Throw-away installations, and requests that a browser would send to their baits."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from canaries.installation.home import Home
from canaries.mint.minting import mint

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_AGENTS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/142.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "curl/8.5.0",
)


@contextmanager
def temporary_home(toml: str = "") -> Iterator[Home]:
    """A fresh installation on SQLite, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="trapline-bench-") as folder,
        Home.create(Path(folder) / "home", toml) as home,
    ):
        yield home


def paths(home: Home, count: int) -> list[str]:
    """Mint ``count`` tracking URLs; the path of each."""
    urls = [minted.bait.row["url"] for minted in mint(home, "url", count=count)]
    return [urlsplit(url).path for url in urls]


def unknown_path() -> str:
    """A path of the same shape that betrays nothing."""
    return f"/k{os.urandom(10).hex()}/"


def browsing(path: str, number: int) -> bytes:
    """The request for ``path``, as one of a few browsers sends it."""
    return (
        f"GET {path} HTTP/1.1\r\n"
        "Host: intranet.example.org\r\n"
        f"User-Agent: {_AGENTS[number % len(_AGENTS)]}\r\n"
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
        "Accept-Language: en-GB,en;q=0.9,de;q=0.7\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\n"
        "Referer: https://wiki.example.org/runbooks/restore\r\n"
        "Connection: keep-alive\r\n"
        "Upgrade-Insecure-Requests: 1\r\n"
        "Sec-Fetch-Dest: document\r\n"
        "Sec-Fetch-Mode: navigate\r\n"
        "Sec-Fetch-Site: cross-site\r\n"
        "\r\n"
    ).encode()
