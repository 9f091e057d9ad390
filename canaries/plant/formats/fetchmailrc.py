"""fetchmail's servers: an old one, commented out."""

from __future__ import annotations

from collections.abc import Mapping

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class FetchmailrcFormat(OwnWords):
    name = "fetchmailrc"
    title = "fetchmail's servers"
    needs = "an account of mail to fetch from"
    names = r"\.?fetchmailrc"
    beside = r"\Z"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        if not wish.values.kind.startswith("imap") or not {"user", "password", "host"} <= roles.keys():
            return []
        password = roles["password"].replace("\\", "\\\\").replace('"', '\\"')
        return [f"poll {roles['host']} protocol IMAP", f'  user "{roles["user"]}" password "{password}" ssl']
