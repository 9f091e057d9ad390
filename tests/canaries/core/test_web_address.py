"""Hosts, ports and URLs that an operator gives: what a client cannot call is refused before anything is built on it."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.web_address import is_host, is_host_name, port_number, root_url


@pytest.mark.parametrize(
    "host", ["box", "a_b.example", "Files.Example.NET", "192.0.2.7", "::1", "xn--bcher-kva.example"]
)
def test_hosts(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "a..b", "-a", "a-", "*.a", "a b", "a\n", "bücher.example", "[::1]", "{x}.net", "a:80"),
        *("256.1.1.1", "127.1", "0", "1.2.3.0x7f", "a" * 64, ".".join(["abc"] * 70)),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_no_host(host: str) -> None:
    assert not is_host(host)


def test_an_address_is_no_name() -> None:
    assert not is_host_name("192.0.2.7")
    assert not is_host_name("::1")


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("65535", 65535), ("0080", 80)])
def test_ports(text: str, port: int) -> None:
    assert port_number(text) == port


@pytest.mark.parametrize(
    "text",
    ["", "0", "65536", "-1", "+1", " 1", "1_0", "\uff18\uff10", "\u00b2", "9" * 5000],
    ids=lambda text: ascii(text[:8]),
)
def test_what_is_no_port(text: str) -> None:
    assert port_number(text) is None


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1:8080",
            "https://{label}.example.net",
            "http://[::1]:80/",
            "http://box/a/b-c%20d",
            "http://0.0.0.0",
        ),
    ],
)
def test_roots(url: str) -> None:
    assert root_url(url, "base_url", labelled=True) == urlsplit(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "h",
            "ftp://h",
            "HTTP://H",
            "//h",
            "http://",
            "http://:80",
            "http://[::1",
            "http://[x]",
            "http://a b",
        ),
        *(
            "http://h:\uff18\uff10",
            "http://h:99999",
            "http://h:0",
            "http://h:",
            f"http://h:{'9' * 5000}",
            "http://h:80x",
        ),
        *(
            "http://h\nx",
            "http://h\t",
            "http://é.example",
            "http://me:word@h",
            "http://me@h",
            "http://256.1.1.1",
        ),
        *(
            "http://h/?q",
            "http://h/#f",
            "http://h/../x",
            "http://h/./x",
            "http://h/{label}",
            "http://%41",
            "http://h?",
        ),
        *(
            "http://{label}",
            "http://{label}.{label}.x",
            "http://x.{label}.net",
            "http://{lab}.x",
            "http://{label}.127.0.0.1",
        ),
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_what_is_no_root_is_refused_by_the_settings_name(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        root_url(url, "base_url", labelled=True)


def test_a_label_has_a_place_in_bait_alone() -> None:
    with pytest.raises(ValueError, match="console_url"):
        root_url("https://{label}.example.net", "console_url")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_it_is_there_is_a_root_or_one_error(text: str) -> None:
    for url in (text, f"http://{text}", f"http://h:{text}", f"http://[{text}]", f"http://h/{text}"):
        with contextlib.suppress(ValueError):
            parts = root_url(url, "x", labelled=True)
            assert parts.hostname
            assert parts.port != 0
