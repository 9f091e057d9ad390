"""A bait of the doctor's own, fired through the public name: its hit must arrive."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from canaries.core import store
from canaries.core.clock import until
from canaries.core.errors import NotFoundError
from canaries.mint import catalogue, minting
from listener.health.state import PartState, failing, well
from listener.health.trials import Trial
from listener.notify import rules

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.installation.home import Home
    from listener.health.checks import View

_ROW = "doctor"
"""The `meta` row that holds the id of the doctor's own canary."""
_MEMO = "trapline doctor fires this one itself"
_WAIT_SECONDS = 20.0


class OwnBaitTrial(Trial):
    name = "own bait"
    order = 30

    def run(self, view: View) -> Iterator[PartState]:
        if view.listener is None:
            yield failing(self.name, "no listener answers, so nothing was fired", "start it: trapline listen")
            return
        home = view.home
        canary = _canary(home)
        rules.add(
            home,
            "test",
            expires_at=until("5m", home.clock.now()),
            reason="trapline doctor",
            canary=canary.id,
        )
        before = _hits(home, canary.id)
        url = canary.text.strip()
        problem = _fire(url)
        if problem:
            yield failing(
                self.name, f"it could not be fired: {problem}", "what bait leads to is bait.base_url"
            )
            return
        end = time.monotonic() + _WAIT_SECONDS
        while _hits(home, canary.id) == before:
            if time.monotonic() > end:
                yield failing(
                    self.name,
                    f"it was answered, and no hit has arrived within {_WAIT_SECONDS:.0f} seconds",
                    "is it this installation's trap that answers at that name? see: trapline status",
                )
                return
            time.sleep(0.2)
        yield well(
            self.name, f"canary {canary.id} was fired through the public name, and its hit is recorded"
        )


def _canary(home: Home) -> Canary:
    """The doctor's own, minted when it is first asked for and again when where bait leads has changed."""
    with home.store.read() as connection:
        known = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == _ROW))
    if known:
        try:
            canary = catalogue.find(home, known)
        except NotFoundError:
            canary = None
        if canary and not catalogue.summary(home, canary.id).retired_at and _leads(home, canary):
            return canary
    minted = next(minting.mint(home, "url", memo=_MEMO))
    row = {"name": _ROW, "value": minted.canary.id}
    with home.store.write() as connection:
        store.upsert(connection, store.meta, row, {"value": row["value"]})
    return minted.canary


def _leads(home: Home, canary: Canary) -> bool:
    before, _, behind = home.settings.bait.base_url.partition("{label}")
    return canary.text.startswith(before) and behind in canary.text


def _hits(home: Home, canary: str) -> int:
    table = store.hit
    with home.store.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.canary_id == canary)
        return int(connection.execute(query).scalar_one())


def _fire(url: str) -> str:
    """Open the URL; why that failed, or nothing. What the trap answers is no matter, nor whose certificate it shows."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=10, context=context):  # noqa: S310  the installation's own URL
            return ""
    except urllib.error.HTTPError as error:
        error.close()
        return ""
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", "") or type(error).__name__)
