"""The courier: brings alerts out of the outbox to their channels, at least once, and says so in the ledger.

One thread a channel, so that a channel that is away delays no other, and one that keeps time: digests that fall due,
heartbeats, what nobody takes. An attempt that fails is repeated at growing, jittered distances. A message refused as
malformed is sent again at once in its plainest form. A refusal that an operator can mend (password, address, rights)
pauses the channel, is said on the others, and is tried again slowly. After `HOLD_DAYS` an alert is held, with its
content, until an operator says ``alerts retry`` or ``alerts give-up``.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from canaries.core import log_lines, safe_traceback
from canaries.core.clock import parse_rfc3339
from canaries.core.errors import StoreError
from canaries.core.text import visible
from listener.notify import (
    clock_steps,
    digest,
    escalation,
    heartbeat,
    integrity,
    outages,
    outbox,
    threads,
)
from listener.notify.channels import Alert, Attempt, DeliveryError, Receipt
from listener.notify.configured import channel, channels
from listener.notify.outbox import Parcel, later
from listener.notify.row_codec import Progress
from listener.notify.start_report import report_start

if TYPE_CHECKING:
    from canaries.installation.home import Home

BY = "courier"
POLL_SECONDS = 0.1
"""How often each thread looks into the outbox."""
FIRST_RETRY, LONGEST_RETRY = 5.0, 3600.0
"""Seconds: doubled with each attempt, and each drawn between half and all of it."""
LONGEST_WISH = 86_400.0
"""Seconds: a receiver's Retry-After beyond this is not obeyed."""
SLOWEST_FIRST = 300.0
"""Seconds: the first distance where an operator must mend something."""
HOLD_DAYS = 7
_AWAY_SECONDS = 2.0
_RANDOM = random.SystemRandom()


def _say(sentence: str) -> None:
    log_lines.write("courier", sentence)


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
        self._clock_row = clock_steps.row_name()

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``. A database that is away is waited for; a send under way is left to its lease."""
        if not self._channels:
            self._say("no channel is configured: alerts wait in the outbox; add a [channels.NAME] section")
        changed = report_start(self._home, BY, channel)
        if changed:
            self._say(f"channels added, changed or removed, recorded in the ledger: {', '.join(changed)}")
        threads = [self._start(self.tick, "clock", stop)]
        threads += [self._start(partial(self.deliver, name), name, stop) for name in self._channels]
        stop.wait()
        for thread in threads:
            thread.join(self._poll + _AWAY_SECONDS)

    def tick(self) -> int:
        """Once around the clock: due digests, a heartbeat, what waits for nobody. How much there was to do."""
        home, now = self._home, self._home.now()
        old = later(now, -HOLD_DAYS * 86_400)
        known = [outbox.UNADDRESSED, *self._channels]
        with home.store.read() as connection:
            digests = digest.waiting(connection, now)
            beat = bool(self._channels) and heartbeat.waiting(connection, home, now)
            unaddressed = bool(self._channels) and outbox.ready(connection, outbox.UNADDRESSED, now)
            orphans = outbox.orphans(connection, known, old)
            clock = clock_steps.due(connection, now, self._clock_row)
        if not (digests or beat or unaddressed or orphans or clock):
            return 0
        problems = self._problems() if beat else ()
        missed = 0
        with home.store.write() as connection:
            if clock:
                if clock_steps.heal(connection, now, self._clock_row):
                    self._say("the clock was set back: what waited for a later time is sent now")
                    integrity.tell(connection, home, now, ["the clock was set back, or was ahead before"])
                threads.forget(connection, later(now, -threads.KEEP_DAYS * 86_400))
                missed = digest.catch_up(connection, home, now)
            done = missed + (digest.due(connection, home, now) if digests else 0)
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
            if not outbox.ready(connection, name, now) or outages.paused(connection, name, now):
                return 0
        with home.store.write() as connection:
            parcels = outbox.lease(connection, home, name, now, limit=1)
        for parcel in parcels:
            self._attempt(parcel)
        return len(parcels)

    def _attempt(self, parcel: Parcel) -> None:
        alert = parcel.alert
        if alert is None:
            self._hold(parcel, "its content does not open with the alerts key")
            return
        now = self._home.now()
        with self._home.store.read() as connection:
            thread = threads.of(connection, self._home, parcel.channel, alert.incident)
            answered = escalation.superfluous(connection, self._home, parcel.channel, alert, now)
        if answered:
            with self._home.store.write() as connection:
                outbox.drop(connection, parcel)
            return
        attempt = Attempt(plain=parcel.progress.plain, done=parcel.progress.done, thread=thread)
        try:
            receipt = self._send(parcel.channel, alert, attempt)
        except DeliveryError as error:
            if not error.malformed or attempt.plain:
                self._failed(parcel, error)
                return
            parcel = self._remember(parcel, replace(parcel.progress, plain=True))
            try:
                receipt = self._send(parcel.channel, alert, replace(attempt, plain=True))
            except DeliveryError as again:
                self._failed(parcel, again)
                return
        self._delivered(parcel, alert, receipt)

    def _send(self, name: str, alert: Alert, attempt: Attempt) -> Receipt:
        """Raises DeliveryError, whatever the channel raises."""
        try:
            return self._channels[name].deliver(alert, attempt)
        except DeliveryError:
            raise
        except Exception as error:  # noqa: BLE001  a channel, perhaps a stranger's, must not stop the courier
            raise DeliveryError(f"the channel broke down ({type(error).__name__})") from None

    def _remember(self, parcel: Parcel, progress: Progress) -> Parcel:
        with self._home.store.write() as connection:
            outbox.remember(connection, self._home, parcel, progress)
        return replace(parcel, progress=progress)

    def _delivered(self, parcel: Parcel, alert: Alert, receipt: Receipt) -> None:
        now = self._home.now()
        with self._home.store.write() as connection:
            if outbox.settle(connection, parcel, now):
                body = _body(parcel, alert) | {"receipt": visible(receipt.text, limit=200)}
                self._home.writer.record(connection, "alerted", now, BY, body)
                threads.keep(connection, self._home, parcel.channel, alert.incident, receipt.thread, now)
            if outages.worked(connection, self._home, parcel.channel, now):
                self._say(f"{parcel.channel} delivers again")

    def _failed(self, parcel: Parcel, error: DeliveryError) -> None:
        now = self._home.now()
        reason = visible(error.reason, limit=200)
        if error.delivered:
            done = (*parcel.progress.done, *error.delivered)
            parcel = self._remember(parcel, replace(parcel.progress, done=done))
        since = max(parcel.created_at, parcel.progress.since)
        wait = max(self._pause(parcel.attempt), min(error.retry_after or 0.0, LONGEST_WISH))
        # what is wrong with one message is no reason to hold the others back
        mendable = error.permanent and not error.malformed and not error.delivered
        if error.permanent:
            wait = max(wait, SLOWEST_FIRST)
        due_at = later(now, wait)
        with self._home.store.write() as connection:
            told = outages.failed(
                connection,
                self._home,
                parcel.channel,
                parcel.created_at,
                now,
                reason,
                due_at if mendable else "",
            )
            if parse_rfc3339(now) - parse_rfc3339(since) <= timedelta(days=HOLD_DAYS):
                outbox.postpone(connection, parcel, now if mendable else due_at, reason)
                reason_to_hold = ""
            else:
                reason_to_hold = reason
        if reason_to_hold:
            self._hold(parcel, reason_to_hold)
        elif parcel.attempt == 1 or told:
            self._say(f"{parcel.channel}: {reason}; tried again until it goes")

    def _pause(self, attempt: int) -> float:
        """Seconds before the next attempt: exponential, jittered so that many do not come at once."""
        whole = min(LONGEST_RETRY, FIRST_RETRY * 2.0 ** min(attempt - 1, 20))
        return whole * (0.5 + 0.5 * self._draw())

    def _hold(self, parcel: Parcel, reason: str) -> None:
        """Stop trying, keep the content, say so in the ledger and aloud."""
        now = self._home.now()
        with self._home.store.write() as connection:
            if not outbox.hold(connection, parcel, reason):
                return
            body = _body(parcel, parcel.alert) | {"reason": reason}
            self._home.writer.record(connection, "alert-failed", now, BY, body)
        self._say(
            f"ALERT NOT DELIVERED to {parcel.channel} after {parcel.attempt} attempts: {reason}; "
            f"it is kept: trapline alerts retry {parcel.channel}"
        )

    def _abandon(self, name: str, now: str) -> None:
        """Hold what waits for a channel that the settings do not know any more."""
        with self._home.store.write() as connection:
            parcels = outbox.lease(connection, self._home, name, now, limit=100)
        for parcel in parcels:
            self._hold(parcel, "no channel of this name is configured any more")

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
        body |= {"leaves": list(alert.leaves)} if alert.leaves else {}
    return body
