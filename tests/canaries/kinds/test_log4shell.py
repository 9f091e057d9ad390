"""The JNDI string: only the form that looks a name up."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


@pytest.mark.parametrize("ask", ["resolver", "us"])
def test_it_is_a_dns_url_and_nothing_else(mint: Mint, ask: str) -> None:
    bait = mint("log4shell", {"ask": ask})
    found = re.fullmatch(r"\$\{jndi:dns://([a-z0-9.-]*)/([a-z0-9.-]+)\}\n", bait.text)
    assert found
    assert found[1] == (bait.tokens[0].value if ask == "us" else "")
    assert found[2] == bait.tokens[0].value


def test_no_form_that_could_load_code_can_be_had(mint: Mint) -> None:
    for ask in ("resolver", "us"):
        for number in range(50):
            text = mint("log4shell", {"ask": ask}, number=number).text
            assert not re.search(r"ldap|rmi|iiop|corba|nis|http|file", text.split("//")[0])
            assert text.count("${") == 1
