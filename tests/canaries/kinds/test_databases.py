"""Logins of databases."""

from __future__ import annotations

import pytest

from canaries.core.errors import MintError
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Order
from canaries.kinds._databases import (
    DATABASES,
    USERS,
    DatabaseLogin,
    HttpLoginOptions,
    LoginOptions,
    http_login,
    login,
    plain,
)


def order(base_url: str = "https://{label}.harbour-view.net", **ports: int) -> Order:
    return Order(SeededRandom(bytes(32)), base_url, "", "en_US", "2026-11-22T12:00:00Z", ports=ports)


def made(options: LoginOptions | None = None, made_for: Order | None = None) -> DatabaseLogin:
    return login(made_for or order(), options or LoginOptions(), "postgres", 5432)


def test_the_port_is_asked_for_then_the_traps_then_the_protocols() -> None:
    assert made().port == 5432
    assert made(made_for=order(postgres=15432)).port == 15432
    assert made(LoginOptions(port=6543), order(postgres=15432)).port == 6543
    assert ":6543" in made(LoginOptions(port=6543)).authority(5432)
    assert made().authority(5432).endswith("harbour-view.net")


def test_which_parts_tell() -> None:
    assert [token.facet for token in made().tokens] == ["password", "host"]
    assert [token.facet for token in made(LoginOptions(unique_user=True)).tokens] == [
        "password",
        "user",
        "host",
    ]
    assert [token.facet for token in made(made_for=order("http://192.0.2.7:8080")).tokens] == ["password"]


def test_a_unique_user_is_as_vault_makes_them_and_fits_every_server() -> None:
    user = made(LoginOptions(unique_user=True)).user
    assert user.startswith("v-token-app-")
    assert len(user) == 32, "MySQL's limit, as Vault cuts it"
    with pytest.raises(MintError, match="unique"):
        made(LoginOptions(user="app", unique_user=True))


def test_an_ipv6_host_has_brackets_in_a_url_only() -> None:
    found = made(made_for=order("http://[2001:db8::1]:8080"))
    assert (found.host, found.hostname) == ("[2001:db8::1]", "2001:db8::1")


@pytest.mark.parametrize("name", ["a:b", "a@b", "a/b", "ä", "", "a b", "a'b"])
def test_names_that_would_need_escaping_are_refused(name: str) -> None:
    with pytest.raises(MintError):
        plain(name, "user")


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(ValueError, match="port"):
        LoginOptions(port=port)


def test_the_usual_names_need_no_escaping() -> None:
    assert all(plain(name, "user") for name in (*USERS, *DATABASES))


def test_a_login_over_http_stands_in_the_url_of_the_site() -> None:
    found = http_login(order(), HttpLoginOptions(), USERS)
    password, host = found.tokens
    assert found.url == f"https://{found.user}:{password.value}@{host.value}"
    found = http_login(order("http://192.0.2.7:8080"), HttpLoginOptions(user="svc"), USERS)
    assert found.url == f"http://svc:{found.password}@192.0.2.7:8080/{found.tokens[1].value}"
    assert (found.tokens[1].facet, found.host) == ("path", "192.0.2.7:8080")
