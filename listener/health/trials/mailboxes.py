"""Mailboxes at providers: each is logged into and its folder opened; no message is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from canaries.core.errors import TraplineError
from canaries.core.text import counted
from listener.health.state import PartState, failing, well
from listener.health.trials import Trial

if TYPE_CHECKING:
    from listener.health.checks import View


class MailboxesTrial(Trial):
    name = "mailboxes"
    order = 40

    def run(self, view: View) -> Iterator[PartState]:
        from listener.mailboxes.imap_session import ImapSession
        from listener.mailboxes.mailbox_settings import mailboxes

        found = mailboxes(view.home.settings.mailboxes)
        if not found:
            yield well(self.name, "none is set up")
        for mailbox in found:
            part = f"mailbox {mailbox.name}"
            try:
                with ImapSession(mailbox) as session:
                    state = session.examine()
            except TraplineError as error:
                yield failing(part, error.sentence, error.hint or "")
            else:
                count = counted(state.messages, "message", "messages")
                yield well(
                    part,
                    f"{mailbox.told.host} lets {mailbox.told.user} in, with {count} in {mailbox.told.folder}",
                )
