"""What the supervisor tells a front that it starts: from the settings, and no secret but the key of its frames."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from listener.runtime.front import Opening, Spec

if TYPE_CHECKING:
    from canaries.core.settings import BaitSettings
    from canaries.installation.home import Home


def front_spec(
    home: Home, folder: Path, sockets: Mapping[str, Sequence[socket.socket]], *, journal: Path, user: str
) -> Spec:
    """``folder``: the front's own; ``sockets``: of each trap that is to be open; ``user``: whom it becomes."""
    settings = home.settings
    return Spec(
        folder=str(folder),
        journal=str(journal),
        segment_bytes=settings.journal.segment_mb << 20,
        limit_bytes=settings.journal.limit_mb << 20,
        traps={
            name: Opening(dict(settings.traps.get(name, {})), [sock.fileno() for sock in bound])
            for name, bound in sockets.items()
        },
        user=user,
        domain=settings.bait.domain,
        names=bait_names(settings.bait),
        bare_host=""
        if "{label}" in settings.bait.base_url
        else urlsplit(settings.bait.base_url).hostname or "",
        json_log=settings.log.format == "json",
        strict=home.sieved,
    )


def bait_names(bait: BaitSettings) -> tuple[str, ...]:
    """The domains and addresses that bait leads to, in lower case: what the traps' certificate names."""
    host = (urlsplit(bait.base_url).hostname or "").removeprefix("{label}.")
    return tuple(dict.fromkeys(name for name in (bait.domain.lower(), host) if name))
