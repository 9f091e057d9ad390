"""The PostgreSQL URL, read by the real library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from psycopg.conninfo import conninfo_to_dict

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds._databases import LoginOptions

Mint = Callable[..., Bait]


def read(bait: Bait) -> Mapping[str, object]:
    name, _, url = bait.text.strip().partition("=")
    assert name == "DATABASE_URL"
    return conninfo_to_dict(url)


def test_libpq_reads_it(mint: Mint) -> None:
    bait = mint("postgres-url", base_url="https://{label}.harbour-view.net")
    password, host = bait.tokens
    assert (password.facet, host.facet) == ("password", "host")
    found = read(bait)
    assert found["password"] == password.value
    assert found["host"] == host.value
    assert found["dbname"] == bait.row["database"]
    assert found["port"] == "5432", "scanners that log in with what they find want the port named"


def test_without_a_host_label_the_password_alone_tells(mint: Mint) -> None:
    bait = mint("postgres-url", {"port": 6543}, base_url="http://192.0.2.7:8080")
    assert [token.facet for token in bait.tokens] == ["password"]
    found = read(bait)
    assert (found["host"], found["port"]) == ("192.0.2.7", "6543")


def test_an_ipv6_host_keeps_its_brackets(mint: Mint) -> None:
    assert read(mint("postgres-url", base_url="http://[2001:db8::1]:8080"))["host"] == "2001:db8::1"


def test_user_and_database_can_be_named(mint: Mint) -> None:
    found = read(mint("postgres-url", {"user": "svc_mail", "database": "letters"}))
    assert (found["user"], found["dbname"]) == ("svc_mail", "letters")


@pytest.mark.parametrize("change", [{"user": "a:b"}, {"user": "a@b"}, {"database": "a/b"}, {"database": "ä"}])
def test_names_that_would_break_the_url_are_refused(mint: Mint, change: dict[str, str]) -> None:
    with pytest.raises(MintError):
        mint("postgres-url", change)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(ValueError, match="port"):
        LoginOptions(port=port)


def test_passwords_differ_in_length(mint: Mint) -> None:
    assert len({len(mint("postgres-url", number=n).tokens[0].value) for n in range(60)}) > 4
