"""Mutt's settings: an old account of mail, commented out."""

from __future__ import annotations

from collections.abc import Mapping

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class MuttrcFormat(OwnWords):
    name = "muttrc"
    title = "Mutt's settings"
    needs = "an account of mail"
    names = r"\.?(?:neo)?muttrc|.+\.(?:neo)?muttrc"
    beside = r"^[ \t]*set[ \t]+(?:imap_|smtp_|folder|spoolfile)"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        if not {"user", "password", "host"} <= roles.keys():
            return []
        user, password, host, port = roles["user"], roles["password"], roles["host"], roles.get("port", "")
        if wish.values.kind.startswith("imap"):
            server = f"imap://{host}/" if port == "143" else f"imaps://{host}/"
            names = {"imap_user": user, "imap_pass": password, "folder": server}
        elif wish.values.kind.startswith("smtp"):
            scheme = "smtps" if port == "465" else "smtp"
            names = {
                "smtp_url": f"{scheme}://{user.replace('@', '%40')}@{host}:{port or 587}/",
                "smtp_pass": password,
            }
        else:
            return []
        return [f'set {name} = "{_escaped(text)}"' for name, text in names.items()]


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in '\\"$`' else letter for letter in text)
