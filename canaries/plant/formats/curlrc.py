"""curl's defaults: an old address with its login or its header, commented out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class CurlrcFormat(OwnWords):
    name = "curlrc"
    title = "curl's defaults"
    needs = "an address with a login or a token, which curl can send"
    names = r"[._]?curlrc|.+\.curlrc"
    beside = r"^[ \t]*-*(?:user|u|header|H|oauth2-bearer)\b"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        parts = urlsplit(roles.get("url", ""))
        if parts.scheme not in ("http", "https", "ftp", "ftps", "sftp"):
            return []
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        if "user" in roles and "password" in roles:
            return [f'url = "{address}"', f'user = "{_escaped(roles["user"])}:{_escaped(roles["password"])}"']
        if "secret" in roles:
            return [f'url = "{address}"', f'header = "Authorization: Bearer {_escaped(roles["secret"])}"']
        return []


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
