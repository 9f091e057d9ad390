"""The courier: brings alerts out of the outbox to their channels, at least once, and says so in the ledger.

One thread a channel, so that a channel that is away delays no other, and one that keeps time: digests that fall due,
heartbeats, what nobody takes. An attempt that fails is repeated at growing, jittered distances; where the receiver says
for good that it will not, or nothing helped for `GIVE_UP_DAYS`, the alert is given up loudly.
"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from canaries.core import plugins, safe_traceback, settings
from canaries.core.clock import parse_rfc3339
from canaries.core.errors import SettingsError, StoreError
from canaries.core.text import visible
from listener.notify import channel_audit, digest, heartbeat, outbox
from listener.notify.channels import FOLDER, Alert, Channel, DeliveryError
from listener.notify.outbox import Parcel, later

if TYPE_CHECKING:
    from canaries.installation.home import Home

BY = "courier"
POLL_SECONDS = 0.1
"""How often each thread looks into the outbox."""
FIRST_RETRY, LONGEST_RETRY = 5.0, 3600.0
"""Seconds: doubled with each attempt, and each drawn between half and all of it."""
LONGEST_WISH = 86_400.0
"""Seconds: a receiver's Retry-After beyond this is not obeyed."""
GIVE_UP_DAYS = 7
_AWAY_SECONDS = 2.0
_RANDOM = random.SystemRandom()


def channels(home: Home) -> dict[str, Channel]:
    """The configured channels by name, made ready. Raises SettingsError, NotFoundError."""
    return {name: _channel(name, dict(section)) for name, section in home.settings.channels.items()}


def _channel(name: str, section: dict[str, object]) -> Channel:
    kind = section.pop("type", None)
    if not isinstance(kind, str):
        found = ", ".join(sorted(plugins.classes(FOLDER, Channel)))  # type: ignore[type-abstract]
        raise SettingsError(f"channels.{name} needs a type", hint=f"choose from: {found}")
    found_class = plugins.pick(FOLDER, Channel, kind, "channel")  # type: ignore[type-abstract]
    return found_class(settings.bind(found_class.Settings, section, f"channels.{name}"))


def _say(sentence: str) -> None:
    sys.stderr.write(f"courier: {sentence}\n")
    sys.stderr.flush()


class Courier:
    """Delivers until told to stop. Any number of couriers may serve one PostgreSQL database."""

    def __init__(
        self,
        home: Home,
        *,
        draw: Callable[[], float] = _RANDOM.random,
        say: Callable[[str], None] = _say,
        poll_seconds: float = POLL_SECONDS,
        problems: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """``problems``: what is failing just now, a sentence each, for the heartbeat."""
        self._problems = problems
        self._home, self._draw, self._say, self._poll = home, draw, say, poll_seconds
        self._channels = channels(home)

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``. A database that is away is waited for; a send under way is left to its lease."""
        if not self._channels:
            self._say("no channel is configured: alerts wait in the outbox; add a [channels.NAME] section")
        changed = self._watch()
        if changed:
            self._say(
                f"channels new, changed or gone since the last start, now in the ledger: {', '.join(changed)}"
            )
        threads = [self._start(self.tick, "clock", stop)]
        threads += [self._start(partial(self.deliver, name), name, stop) for name in self._channels]
        stop.wait()
        for thread in threads:
            thread.join(self._poll + _AWAY_SECONDS)

    def _watch(self) -> list[str]:
        with self._home.store.write() as connection:
            return channel_audit.watch(connection, self._home, self._home.now(), BY)

    def tick(self) -> int:
        """Once around the clock: due digests, a heartbeat, what waits for nobody. How much there was to do."""
        home, now = self._home, self._home.now()
        old = later(now, -GIVE_UP_DAYS * 86_400)
        known = [outbox.UNADDRESSED, *self._channels]
        with home.store.read() as connection:
            digests = digest.waiting(connection, now)
            beat = bool(self._channels) and heartbeat.waiting(connection, home, now)
            unaddressed = bool(self._channels) and outbox.ready(connection, outbox.UNADDRESSED, now)
            orphans = outbox.orphans(connection, known, old)
        if not (digests or beat or unaddressed or orphans):
            return 0
        problems = self._problems() if beat else ()
        with home.store.write() as connection:
            done = digest.due(connection, home, now) if digests else 0
            if beat:
                heartbeat.beat(connection, home, now, BY, problems)
            if unaddressed:
                done += outbox.hand_out(connection, home, now)
        for name in orphans:
            self._abandon(name, now)
        return done + len(orphans)

    def deliver(self, name: str) -> int:
        """Send what is due for one channel; how many parcels were tried."""
        home, now = self._home, self._home.now()
        with home.store.read() as connection:
            if not outbox.ready(connection, name, now):
                return 0
        with home.store.write() as connection:
            parcels = outbox.lease(connection, home, name, now, limit=1)
        for parcel in parcels:
            self._attempt(parcel)
        return len(parcels)

    def _attempt(self, parcel: Parcel) -> None:
        if parcel.alert is None:
            self._give_up(parcel, "its content does not open with the alerts key")
            return
        try:
            receipt = self._channels[parcel.channel].send(parcel.alert)
        except DeliveryError as error:
            self._failed(parcel, error)
        except Exception as error:  # noqa: BLE001  a channel, perhaps a stranger's, must not stop the courier
            reason = f"the channel broke down ({type(error).__name__})"
            self._failed(parcel, DeliveryError(reason, permanent=False))
        else:
            self._delivered(parcel, parcel.alert, receipt)

    def _delivered(self, parcel: Parcel, alert: Alert, receipt: str) -> None:
        now = self._home.now()
        with self._home.store.write() as connection:
            if outbox.settle(connection, parcel, "delivered", now):
                body = _body(parcel, alert) | {"receipt": visible(receipt, limit=200)}
                self._home.writer.record(connection, "alerted", now, BY, body)

    def _failed(self, parcel: Parcel, error: DeliveryError) -> None:
        now = self._home.now()
        reason = visible(error.reason, limit=200)
        too_old = parse_rfc3339(now) - parse_rfc3339(parcel.created_at) > timedelta(days=GIVE_UP_DAYS)
        if error.permanent or too_old:
            self._give_up(parcel, reason)
            return
        wait = max(self._pause(parcel.attempt), min(error.retry_after or 0.0, LONGEST_WISH))
        with self._home.store.write() as connection:
            outbox.postpone(connection, parcel, later(now, wait), reason)
        if parcel.attempt == 1:
            self._say(f"{parcel.channel}: {reason}; tried again until it goes")

    def _pause(self, attempt: int) -> float:
        """Seconds before the next attempt: exponential, jittered so that many do not come at once."""
        whole = min(LONGEST_RETRY, FIRST_RETRY * 2.0 ** min(attempt - 1, 20))
        return whole * (0.5 + 0.5 * self._draw())

    def _give_up(self, parcel: Parcel, reason: str) -> None:
        now = self._home.now()
        with self._home.store.write() as connection:
            if not outbox.settle(connection, parcel, "failed", now, reason):
                return
            body = _body(parcel, parcel.alert) | {"reason": reason}
            self._home.writer.record(connection, "alert-failed", now, BY, body)
        self._say(f"ALERT NOT DELIVERED to {parcel.channel} after {parcel.attempt} attempts: {reason}")

    def _abandon(self, name: str, now: str) -> None:
        """Give up what waits for a channel that the settings do not know any more."""
        with self._home.store.write() as connection:
            parcels = outbox.lease(connection, self._home, name, now, limit=100)
        for parcel in parcels:
            self._give_up(parcel, "no channel of this name is configured any more")

    def _start(self, work: Callable[[], int], name: str, stop: threading.Event) -> threading.Thread:
        thread = threading.Thread(
            target=self._loop, args=(work, name, stop), name=f"courier-{name}", daemon=True
        )
        thread.start()
        return thread

    def _loop(self, work: Callable[[], int], name: str, stop: threading.Event) -> None:
        away = False
        while not stop.is_set():
            try:
                busy = work()
            except StoreError as error:
                if not away:
                    self._say(f"{name} waits for the database: {error.sentence}")
                away = True
                stop.wait(_AWAY_SECONDS)
                continue
            except Exception as error:  # noqa: BLE001  a thread that ended here would leave its channel silent for good
                self._say(f"{name} stumbled and goes on")
                safe_traceback.log_error(error)
                stop.wait(_AWAY_SECONDS)
                continue
            away = False
            if not busy:
                stop.wait(self._poll)


def _body(parcel: Parcel, alert: Alert | None) -> dict[str, object]:
    """What the ledger's entry says of an attempt."""
    body: dict[str, object] = {"channel": parcel.channel, "attempt": parcel.attempt}
    if alert is not None:
        body |= {"alert": alert.id, "event": alert.event, "hits": alert.hits}
        body |= {"canary": alert.canary, "incident": alert.incident}
    return body
