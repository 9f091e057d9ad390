"""The loops of the back that only some installations have, by their settings; what they need is loaded only there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from listener.facts import Source
from listener.health.watch import HealthWatch
from listener.ingest.intake import Intake
from listener.ingest.quarantine import Quarantine

if TYPE_CHECKING:
    from canaries.installation.home import Home

Loop = tuple[str, Callable[[threading.Event], None]]
"""Its name as a part of the back, and its work until told to stop."""


def optional_loops(
    home: Home,
    sources: Sequence[Source],
    watch: HealthWatch,
    say: Callable[[str], None],
    part: Callable[[str, str, str], None],
    settled: Callable[[], None],
) -> Iterator[Loop]:
    """``part``: takes how a part is; ``settled``: returns when what came before is taken in."""
    if home.settings.logs:
        from listener.following.follower import LogFollower

        log_taker = Quarantine(home, Intake(home, sources), say)
        yield "logs", lambda ending: LogFollower(home, log_taker, say).run(ending)
    if home.settings.health.bind:
        from listener.health.endpoint import HealthEndpoint

        yield "endpoint", lambda ending: HealthEndpoint(home, watch).run(ending)
    if home.settings.mailboxes:
        from listener.mailboxes.mailbox_settings import mailboxes
        from listener.mailboxes.poller import MailboxPoller, SharedTaker

        mail_taker = SharedTaker(Quarantine(home, Intake(home, sources), say))

        def read(name: str, ending: threading.Event) -> None:
            (mailbox,) = [one for one in mailboxes(home.settings.mailboxes) if one.name == name]

            def told(problem: str) -> None:
                part(f"mailbox {name}", "waits" if problem else "runs", problem)

            MailboxPoller(mailbox, home.store, mail_taker, say=say, told=told, settled=settled).run(ending)

        for name in home.settings.mailboxes:
            yield f"mailbox {name}", partial(read, name)
