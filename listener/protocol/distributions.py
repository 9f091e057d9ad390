"""Which products run on hosts of one Linux distribution, in the versions that its archive or their makers have for it.

A host draws one of them, and says on every port what its packages say. What is not here (Vault, Kubernetes) comes in
containers and says nothing of the host. The lists have what is alike in many hosts; what differs between two hosts of
one distribution (an update installed or not) is drawn from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Distribution:
    """One release of a distribution."""

    name: str
    compiler: str
    """What PostgreSQL of its archive was built with, as ``version()`` says it."""
    products: Mapping[str, tuple[str, ...]]
    """Product to what it says of its version."""


_POSTGRES = "15.20"
"""One release, because every refusal names a line of its source; from PostgreSQL's own archive for each of these."""


def _pgdg(distribution: str, suffix: str) -> tuple[str, ...]:
    return (f"{_POSTGRES} ({distribution} {_POSTGRES}-1.pgdg{suffix}+1)",)


DISTRIBUTIONS = (
    Distribution(
        "Debian 11",
        "gcc (Debian 10.2.1-6) 10.2.1 20210110",
        {
            "ssh": tuple(f"OpenSSH_8.4p1 Debian-5+deb11u{update}" for update in (3, 4, 5)),
            "nginx": ("nginx/1.18.0", "nginx/1.18.0", "nginx"),
            "vsftpd": ("3.0.3",),
            "postfix": ("ESMTP Postfix (Debian/GNU)", "ESMTP Postfix", "ESMTP"),
            "dovecot": ("Dovecot (Debian) ready.",),
            "postgres": _pgdg("Debian", "110"),
            "mysql": ("8.0.41", "8.0.42", "8.0.43", "8.0.44", "8.4.5", "8.4.6"),
            "redis": ("7.0.15",),
            "rabbitmq": ("3.8.9", "3.12.1"),
            "nats": ("2.10.20",),
            "mongodb": ("7.0.9", "7.0.11", "7.0.14", "7.0.16", "7.0.30"),
        },
    ),
    Distribution(
        "Ubuntu 20.04",
        "gcc (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0",
        {
            "ssh": tuple(f"OpenSSH_8.2p1 Ubuntu-4ubuntu0.{update}" for update in (11, 12, 13)),
            "nginx": ("nginx/1.18.0 (Ubuntu)", "nginx/1.18.0 (Ubuntu)", "nginx"),
            "vsftpd": ("3.0.3",),
            "postfix": ("ESMTP Postfix (Ubuntu)", "ESMTP Postfix", "ESMTP"),
            "dovecot": ("Dovecot (Ubuntu) ready.",),
            "postgres": _pgdg("Ubuntu", "20.04"),
            "mysql": ("8.0.40-0ubuntu0.20.04.1", "8.0.41-0ubuntu0.20.04.1", "8.0.42-0ubuntu0.20.04.1"),
            "redis": ("7.0.15",),
            "rabbitmq": ("3.9.13", "3.12.1"),
            "nats": ("2.10.20",),
            "mongodb": ("7.0.9", "7.0.11", "7.0.14", "7.0.16", "7.0.30", "7.0.30"),
        },
    ),
)
"""Those whose OpenSSH has no algorithm by default that the SSH trap lacks: from 8.9 on that is sntrup761."""
