"""``[listen]``: the process that faces the internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """The process that faces the internet; each trap's own settings are ``[traps.NAME]``."""

    user: str = ""
    """Where ``listen`` is started as root, the front becomes this user once it has what it needs; empty: it stays."""
    certificates: tuple[str, ...] = ()
    """PEM files, each a certificate chain with its key; ``chain.pem:key.pem`` where they are apart. Names that none of
    them holds get a certificate of the installation's own CA."""
    traps: Literal["configured", "needed"] = "configured"
    """``needed``: of the traps that are set up, those are open that unretired bait leads to, and the HTTP trap
    (with ``bait.domain`` the DNS trap too); ``configured``: all of them."""
