"""A start is recorded; what was changed since the one before is told over the channels of before, then the present."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from canaries.core.errors import TraplineError
from canaries.core.text import visible
from canaries.ledger.entries import Kind
from listener.notify import channel_audit, integrity, start_record
from listener.notify.channels import Alert, Attempt, Channel, DeliveryError

if TYPE_CHECKING:
    from canaries.installation.home import Home

ChannelMaker = Callable[[str, dict[str, object]], Channel]
"""Name and settings section to a channel. Raises TraplineError."""


def report_start(home: Home, by: str, make: ChannelMaker) -> list[str]:
    """Record this start; the names of the channels that are not as they were. Raises SettingsError, StoreError."""
    now, state = home.now(), start_record.present(home)
    with home.store.read() as connection:
        change = start_record.compare(connection, home, state)
    lines = [f"changed since the last start: {one}" for one in change.told]
    told = [
        _tell_old(integrity.warning(home, now, lines), name, section, make)
        for name, section in change.old_channels.items()
    ]
    with home.store.write() as connection:
        changed = channel_audit.watch(connection, home, now, by)
        start_record.record(connection, home, now, by, state, change)
        for kind, body in told:
            home.writer.record(connection, kind, now, by, body)
        if lines:
            integrity.tell(connection, home, now, lines)
    return changed


def _tell_old(
    alert: Alert, name: str, section: Mapping[str, object], make: ChannelMaker
) -> tuple[Kind, dict[str, object]]:
    """Tell a channel as it was before it was changed or removed; what to record of it."""
    body: dict[str, object] = {"channel": name, "attempt": 1, "alert": alert.id, "event": alert.event}
    body |= {"hits": 0, "canary": "", "incident": "", "settings": "before"}
    try:
        receipt = make(name, dict(section)).deliver(alert, Attempt())
    except (DeliveryError, TraplineError) as error:
        return "alert-failed", body | {"reason": visible(str(error), limit=200)}
    except Exception as error:  # noqa: BLE001  a channel, perhaps a stranger's, must not stop the start
        return "alert-failed", body | {"reason": f"the channel broke down ({type(error).__name__})"}
    return "alerted", body | {"receipt": visible(receipt.text, limit=200)}
