"""Open the traps and record what uses bait, until stopped."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core import log_lines
from canaries.installation.session import Session, pass_session

SECTION = "Start"

say = partial(log_lines.write, "")
"""What the listener says of itself."""

if TYPE_CHECKING:
    from canaries.installation.home import Home


@click.command()
@click.option(
    "--all", "every", is_flag=True, help="Open the traps without a section too, at their usual addresses."
)
@click.option(
    "--needed",
    is_flag=True,
    help='Open only the traps that live bait leads to, as with listen.traps = "needed".',
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Gets {trap: [address, ...]} as JSON once every trap is open.",
)
@pass_session
def command(session: Session, every: bool, needed: bool, ready_file: Path | None) -> int:
    """Open the traps and record what uses bait, until SIGTERM or Ctrl-C."""
    from canaries.core.ready_file import clear_ready, write_ready
    from listener.notify.configured import channels
    from listener.notify.stamp_authorities import authorities
    from listener.runtime.supervisor import Supervisor

    if every and needed:
        raise click.UsageError("give either --all or --needed")
    home = session.home()
    log_lines.use_json(home.settings.log.format == "json")
    if not channels(home):  # and a channel that is set up wrongly is refused here, before a trap opens
        say(
            "No channel is set up: what is caught is recorded, nobody is told. See [channels.NAME] in trapline.toml."
        )
    authorities(home)  # refused here too where it is set up wrongly
    clear_ready(ready_file)

    threading.Thread(target=_said_of_bait, args=(home,), name="reachability", daemon=True).start()

    def opened(addresses: dict[str, list[str]]) -> None:
        for name, places in sorted(addresses.items()):
            say(f"{name} listens on {', '.join(places)}")
        say("Next: trapline hits --follow shows what is caught; Ctrl-C stops.")
        if ready_file is not None:
            write_ready(ready_file, addresses)

    return Supervisor(home, say, every=every, needed=needed).run(opened)


def _said_of_bait(home: Home) -> None:
    """Where bait leads nowhere: beside the start, because a name server that is away makes it wait."""
    from canaries.installation.reachability import obstacles

    for one in obstacles(home.settings):
        if one.near:  # said at `init` and wherever bait is minted; `status` has it
            continue
        say(f"warning: {one.says}. To change that, {one.hint}", "warning")
