"""Time stamps: each authority answers, and none of their certificates ends without a newer stamp."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.clock import parse_rfc3339
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.notify.stamp_authorities import authorities
from listener.notify.stamper import newest, state

_PATIENCE = timedelta(hours=3)
_SOON = timedelta(days=7)


class StampsCheck(Check):
    name = "stamps"
    order = 16

    def look(self, view: View) -> Iterator[PartState]:
        asked = authorities(view.home)
        if not asked:
            yield well(
                self.name, "no authority is set up: when a checkpoint was signed is this machine's word"
            )
            return
        with view.store().read() as connection:
            for name in sorted(asked):
                part, last, how = f"stamps {name}", newest(connection, name), state(connection, name)
                hint = f"trapline ledger stamp {name}"
                if how.problem and (not last or view.now - parse_rfc3339(how.since) > _PATIENCE):
                    yield failing(part, f"no time stamp since {how.since}: {how.problem}", hint)
                elif how.problem:
                    yield note(part, f"{how.problem}; it is asked again", hint)
                elif last is None:
                    yield note(part, "not asked yet", hint)
                elif parse_rfc3339(last.ends) - view.now < _SOON:
                    yield failing(part, f"the certificate of its last stamp ends {last.ends[:10]}", hint)
                else:
                    yield well(part, f"{last.size} entries stamped at {last.at}")
