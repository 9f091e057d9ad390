"""The alert channels: set up, and delivering."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.clock import rfc3339
from canaries.core.text import visible
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.notify import outages, outbox, trial_alert
from listener.notify.configured import channels

_LATE_MINUTES = 10


class ChannelsCheck(Check):
    name = "channels"
    order = 20

    def look(self, view: View) -> Iterator[PartState]:
        configured = channels(view.home)
        late = rfc3339(view.now - timedelta(minutes=_LATE_MINUTES))
        with view.store().read() as connection:
            tallies = outbox.tallies(connection, list(configured))
            down = outages.known(connection)
            tested = trial_alert.tested(connection)
        if not configured:
            yield failing(
                self.name,
                "no channel is configured: what is caught is recorded and nobody is told",
                "add a [channels.NAME] section to trapline.toml, then: trapline reload",
            )
        for tally in tallies:
            part = f"channel {visible(tally.channel)}" if tally.channel else self.name
            reason = f": {visible(tally.problem, limit=200)}" if tally.problem else ""
            if tally.channel in down or tally.held:
                since = f" since {down[tally.channel]}" if tally.channel in down else ""
                yield failing(
                    part,
                    f"does not deliver{since}: {tally.waiting + tally.held} alerts wait{reason}",
                    f"mend what it says, then: trapline alerts retry {tally.channel}".rstrip(),
                )
            elif tally.waiting and tally.oldest_waiting < late:
                yield failing(
                    part,
                    f"{tally.waiting} alerts wait, the oldest since {tally.oldest_waiting}{reason}",
                    f"trapline alerts test {tally.channel}".rstrip(),
                )
            elif tally.channel in configured and not tally.delivered and tally.channel in tested:
                yield well(part, f"took a test alert {tested[tally.channel]}")
            elif tally.channel in configured and not tally.delivered:
                yield note(
                    part, "has not delivered anything yet", f"try it: trapline alerts test {tally.channel}"
                )
            elif tally.channel in configured:
                yield well(part, f"{tally.delivered} delivered, the last {tally.last_delivered}")
