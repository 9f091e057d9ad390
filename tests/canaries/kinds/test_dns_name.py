"""The DNS name, in each form."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds.dns_name import DnsNameOptions
from tests.programs import needs

Mint = Callable[..., Bait]


def test_the_name_is_the_bait(mint: Mint) -> None:
    bait = mint("dns-name")
    assert bait.text == f"{bait.tokens[0].value}\n"
    assert bait.tokens[0].folds


def test_it_takes_the_catch_domain_where_the_base_url_has_no_label(mint: Mint) -> None:
    assert mint("dns-name", base_url="http://192.0.2.7").text.endswith(".quiet-post.net\n")


def test_without_a_domain_it_says_what_to_set(mint: Mint) -> None:
    with pytest.raises(MintError) as caught:
        mint("dns-name", base_url="http://192.0.2.7", domain="")
    assert "bait.domain" in str(caught.value.hint)


def test_as_a_link(mint: Mint) -> None:
    bait = mint("dns-name", {"form": "url"})
    assert bait.text == f"https://{bait.tokens[0].value}/\n"


@needs("ssh")
def test_ssh_reads_the_host_block(mint: Mint, tmp_path: Path) -> None:
    bait = mint("dns-name", {"form": "ssh-config", "alias": "vault-2"})
    path = tmp_path / "config"
    path.write_text(bait.text)
    done = subprocess.run(
        ["ssh", "-G", "-F", str(path), "vault-2"], capture_output=True, text=True, check=True
    )
    assert f"hostname {bait.tokens[0].value}" in done.stdout.splitlines()


@pytest.mark.parametrize("alias", ["a b", "a\nProxyCommand x", "*"])
def test_an_alias_cannot_bring_a_directive_along(alias: str) -> None:
    with pytest.raises(ValueError, match="alias"):
        DnsNameOptions(alias=alias)
