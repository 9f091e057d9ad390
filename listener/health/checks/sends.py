"""Authorised sends: each has reached a canary subscriber of its list by the end of its window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.clock import rfc3339
from canaries.core.text import visible
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well
from listener.sensors import sends

_LOOKED_BACK = timedelta(days=1)


class SendsCheck(Check):
    name = "authorised sends"
    order = 60

    def look(self, view: View) -> Iterator[PartState]:
        with view.store().read() as connection:
            known = sends.sends(connection, view.home, rfc3339(view.now - _LOOKED_BACK))
        now = rfc3339(view.now)
        ended = [one for one in known if one.state == sends.AUTHORISED and one.until_at < now]
        for one in ended:
            if not one.copies:
                yield failing(
                    f"send {one.id[-8:]}",
                    f"was authorised for {visible(one.list)} until {one.until_at}, and no copy of it reached a canary"
                    " subscriber",
                    "did it go out, and to that list? Is a canary with the tag list:NAME among its recipients?",
                )
        if known:
            waiting = sum(one.state == sends.PROPOSED for one in known)
            yield well(self.name, f"{len(known)} in the last day, {waiting} waiting for approval")
