"""The memo of each canary on a page, looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canaries.core.errors import NotFoundError
from canaries.mint import catalogue

if TYPE_CHECKING:
    from canaries.installation.home import Home


class Memos:
    """Canary id to memo. A canary whose record was erased has none."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[str, str] = {}

    def __call__(self, canary_id: str) -> str:
        if canary_id not in self._known:
            try:
                self._known[canary_id] = catalogue.find(self._home, canary_id).memo
            except NotFoundError:
                self._known[canary_id] = ""
        return self._known[canary_id]
