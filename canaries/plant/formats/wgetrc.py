"""Wget's defaults: an old login, commented out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class WgetrcFormat(OwnWords):
    name = "wgetrc"
    title = "Wget's defaults"
    needs = "a login at a server of HTTP or FTP"
    names = r"\.?wgetrc|.+\.wgetrc"
    beside = r"^[ \t]*(?:(?:http|ftp)_)?(?:user|passw(?:or)?d)\b"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        scheme = urlsplit(roles.get("url", "")).scheme.rstrip("s")
        if scheme not in ("http", "ftp") or not {"user", "password", "host"} <= roles.keys():
            return []
        return [
            f"base = {scheme}{'s' if scheme == 'http' else ''}://{roles['host']}/",
            f"{scheme}_user = {roles['user']}",
            f"{scheme}_password = {roles['password']}",
        ]
