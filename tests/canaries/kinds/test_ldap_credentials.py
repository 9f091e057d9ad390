"""The directory's service account. Real programs use it in tests/listener/traps/test_ldap.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def settings(text: str) -> dict[str, str]:
    return dict(line.split(maxsplit=1) for line in text.splitlines())


def test_nslcd_and_ldaprc_say_the_same(mint: Mint) -> None:
    bait = mint("ldap-credentials", ports={"ldap": 1389})
    nslcd, ldaprc = bait.files
    assert nslcd.content.decode() == bait.text
    found, defaults, row = settings(bait.text), settings(ldaprc.content.decode()), bait.row
    assert found["uri"] == defaults["URI"] == row["url"] == f"ldap://{row['host']}:1389"
    assert found["base"] == defaults["BASE"] == row["base"] == "dc=quiet-post,dc=net"
    assert found["binddn"] == defaults["BINDDN"] == row["bind_dn"]
    assert row["bind_dn"].endswith(",dc=quiet-post,dc=net")
    assert found["bindpw"] == row["password"] == bait.tokens[0].value


def test_the_base_may_be_named_and_without_a_domain_is_drawn(mint: Mint) -> None:
    assert mint("ldap-credentials", {"base": "o=Acme Ltd"}).row["base"] == "o=Acme Ltd"
    bases = {mint("ldap-credentials", number=number, domain="").row["base"] for number in range(8)}
    assert len(bases) == 8


@pytest.mark.parametrize("base", ["acme", "dc=a\nbinddn x", "dc=ä", "dc='"])
def test_a_base_that_would_break_a_file_is_refused(mint: Mint, base: str) -> None:
    with pytest.raises(MintError, match="base"):
        mint("ldap-credentials", {"base": base})
