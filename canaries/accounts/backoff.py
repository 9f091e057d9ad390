"""After failures: slower and slower, counted by name and network, and by network alone.

A stranger can therefore slow down their own network's guesses, but lock nobody out who signs in from elsewhere; and
no pause is longer than a minute: a neighbour on the same network can be a nuisance, no more.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from canaries.core import store
from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.errors import AccessError

if TYPE_CHECKING:
    from canaries.installation.home import Home

FREE, FREE_OF_A_NETWORK = 5, 30
"""Failures without a pause, by name and network, and by network."""
LONGEST_PAUSE = 60
"""Seconds."""
FORGOTTEN = 86_400
"""Seconds after which a failure does not count any more."""
TOLD = (5, 20, 100)
"""Failures in a row of which an entry tells."""


def network_of(ip: str) -> str:
    """Of whom an address is: IPv4 as it is, IPv6 its /64; what is no address is itself."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return ip[:48]
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address, 64), strict=False))


def check(home: Home, name: str, network: str) -> None:
    """Raises AccessError with the seconds to wait. A name that nobody has is no different."""
    now, table = home.clock.now(), store.sign_in_failure
    with home.store.read() as connection:
        untils = connection.execute(
            select(table.c.until).where(table.c.key.in_(_keys(name, network)))
        ).scalars()
        left = max(
            (int((parse_rfc3339(until) - now).total_seconds()) + 1 for until in untils if until), default=0
        )
    if left > 0:
        raise AccessError(f"too many failures from here: try again in {left} seconds", known=False, wait=left)


def failed(home: Home, name: str, network: str) -> int:
    """Count one more; how many there were of this name and network."""
    now, table, counts = home.clock.now(), store.sign_in_failure, []
    old = rfc3339(now - timedelta(seconds=FORGOTTEN))
    with home.store.write() as connection:
        connection.execute(delete(table).where(table.c.at < old))
        for key, free in zip(_keys(name, network), (FREE, FREE_OF_A_NETWORK), strict=True):
            row = connection.execute(select(table).where(table.c.key == key)).first()
            count = (row.failures if row else 0) + 1
            pause = min(LONGEST_PAUSE, 2 ** min(count - free, 20)) if count >= free else 0
            until = rfc3339(now + timedelta(seconds=pause)) if pause else ""
            values = {"failures": count, "at": rfc3339(now), "until": until}
            store.upsert(connection, table, {"key": key, **values}, values)
            counts.append(count)
    return int(counts[0])


def succeeded(home: Home, name: str, network: str) -> None:
    """Forget the failures of this name from this network; the network's own count stays."""
    table = store.sign_in_failure
    with home.store.write() as connection:
        connection.execute(delete(table).where(table.c.key == _keys(name, network)[0]))


def _keys(name: str, network: str) -> list[str]:
    return [f"{name} {network}", network]
