"""PostgreSQL's password file, as libpq reads it."""

from __future__ import annotations

import configparser
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_service_names_what_the_password_file_has(mint: Mint) -> None:
    bait = mint("pgpass", {"port": 6543})
    passwords, services = bait.files
    host, port, database, user, password = passwords.content.decode().strip().split(":")
    assert (passwords.path, passwords.mode) == (".pgpass", 0o600), "libpq ignores one that others may read"
    parser = configparser.ConfigParser()
    parser.read_string(services.content.decode())
    assert dict(parser[bait.row["service"]]) == {"host": host, "port": port, "dbname": database, "user": user}
    assert (port, password) == ("6543", bait.tokens[0].value)
    assert bait.text.encode() == passwords.content


def test_the_colons_of_an_ipv6_address_are_escaped(mint: Mint) -> None:
    passwords, services = mint("pgpass", base_url="http://[2001:db8::1]:8080").files
    assert passwords.content.startswith(rb"2001\:db8\:\:1:5432:")
    assert b"host=2001:db8::1\n" in services.content
