"""What the ledger needs of an installation. The ledger stands below the home folder, so it names its needs itself."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from canaries.core.settings import Settings
from canaries.core.store import Store
from canaries.crypto.keys import Keys
from canaries.ledger.entries import EntryReader


class LogHome(Protocol):
    """An installation as the ledger sees it; `canaries.installation.home.Home` is one."""

    path: Path
    """The home folder; outside copies of checkpoints are in ``checkpoints`` below it."""

    @property
    def id(self) -> str:
        """32 hexadecimal digits."""

    @property
    def origin(self) -> str:
        """Name of the log."""

    @property
    def settings(self) -> Settings:
        """Read when first asked for."""

    @property
    def keys(self) -> Keys:
        """The key folder."""

    @property
    def store(self) -> Store:
        """The database."""

    @property
    def reader(self) -> EntryReader:
        """Opens entries; needs the vault key."""

    def now(self) -> str:
        """The present moment, RFC 3339."""
