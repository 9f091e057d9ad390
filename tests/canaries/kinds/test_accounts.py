"""Logins at servers that are traps: users that every file can hold, hosts as each place wants them."""

from __future__ import annotations

import pytest

from canaries.core.errors import MintError
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Order
from canaries.kinds._accounts import AccountOptions, account


def order(base_url: str = "https://{label}.harbour-view.net", domain: str = "", **ports: int) -> Order:
    return Order(
        SeededRandom(b"s" * 32), base_url, domain, "en_US", "2026-11-22T12:00:00.000000Z", ports=ports
    )


def test_the_password_tells_and_so_does_a_host_of_its_own() -> None:
    made = account(order(), AccountOptions(), "imap", 143, users=("info",))
    assert [token.facet for token in made.tokens] == ["password", "host"]
    assert made.tokens[1].value == made.hostname
    assert made.server(143) == made.hostname
    plain = account(order("http://192.0.2.7:8080"), AccountOptions(), "imap", 143, users=("info",))
    assert [token.facet for token in plain.tokens] == ["password"]


def test_the_port_is_the_traps_unless_another_is_wanted() -> None:
    assert account(order(imap=1143), AccountOptions(), "imap", 143, users=("info",)).port == 1143
    assert account(order(imap=1143), AccountOptions(port=99), "imap", 143, users=("info",)).port == 99
    assert account(order(), AccountOptions(), "imap", 143, users=("info",)).port == 143


def test_an_ipv6_address_gets_brackets_where_a_url_has_it() -> None:
    made = account(order("http://[2001:db8::1]:8080"), AccountOptions(port=1), "ftp", 21, users=("u",))
    assert (made.hostname, made.server(21)) == ("2001:db8::1", "[2001:db8::1]:1")


def test_a_mailbox_lies_in_the_catch_domain() -> None:
    mailbox = account(
        order(domain="quiet-post.net"), AccountOptions(), "smtp", 587, users=("info",), mail=True
    )
    assert mailbox.user == "info@quiet-post.net"
    named = AccountOptions(user="ann@other.net")
    assert account(order(domain="q.net"), named, "smtp", 587, users=("x",), mail=True).user == "ann@other.net"


@pytest.mark.parametrize("user", ["a b", "a:b", 'a"b', "a\nb", "a/b", "a@b@c", "-x", "ä"])
def test_users_that_would_break_a_file_are_refused(user: str) -> None:
    with pytest.raises(MintError, match="user"):
        account(order(), AccountOptions(user=user), "smtp", 587, users=("x",))


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(ValueError, match="port"):
        AccountOptions(port=port)
