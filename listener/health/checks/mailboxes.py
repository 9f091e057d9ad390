"""Mailboxes at providers: that each was looked into, and how many messages came. What is wrong now, the back says."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.core.clock import from_micros, rfc3339
from canaries.core.text import counted
from listener.following.positions import LogPositions
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.mailboxes.mailbox_reader import SORT
from listener.mailboxes.mailbox_settings import mailboxes

_SILENT_SECONDS = 1800
"""The time of a look is noted every five minutes at most."""


class MailboxesCheck(Check):
    name = "mailboxes"
    order = 60

    def look(self, view: View) -> Iterator[PartState]:
        troubled = (view.child("back").get("report") or {}).get("parts") or {}
        for mailbox in mailboxes(view.home.settings.mailboxes):
            part = f"mailbox {mailbox.name}"
            if troubled.get(part, {}).get("state", "runs") != "runs":
                continue  # the check of the back has the reason
            positions = LogPositions(view.store(), mailbox.name, SORT)
            if not positions.seen_at:
                hint = "a listener that was started or reloaded with this section looks into it"
                yield note(part, "was never looked into", hint)
                continue
            at = rfc3339(from_micros(positions.seen_at * 1_000_000))
            messages, unread = positions.counts
            says = f"{counted(messages, 'message', 'messages')} came, the last look that was noted at {at}"
            late = view.now.timestamp() - positions.seen_at > _SILENT_SECONDS + 2 * mailbox.told.seconds
            if unread:
                yield note(
                    part, f"{says}; {unread} of them could not be fetched", "look into the mailbox yourself"
                )
            elif late and view.listener is not None:
                yield failing(part, f"{says}: nobody looks into it", "restart the listener")
            else:
                yield well(part, says)
