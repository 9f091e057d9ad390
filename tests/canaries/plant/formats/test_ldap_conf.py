"""Configurations of LDAP's clients."""

from __future__ import annotations

import pytest

from tests.canaries.plant.formats.forms import text_after


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("ldap.conf", "BASE dc=example,dc=org\nURI ldap://ldap.example.org\nTLS_CACERT /etc/ca.pem\n"),
        ("nslcd.conf", "uri ldap://ldap.example.org\nbase dc=example,dc=org\nbinddn cn=a\nbindpw b\n"),
        (".ldaprc", "#BINDDN cn=old\nURI ldap://ldap.example.org\n"),
    ],
)
def test_an_old_directory_with_its_account_in_the_files_own_words(name: str, old: str) -> None:
    made = [
        line
        for line in text_after(name, old, "ldap-credentials").splitlines()
        if line not in old.splitlines()
    ]
    words = [line.lstrip("# ").split()[0] for line in made]
    assert [word.lower() for word in words] == ["uri", "binddn", "bindpw"]
    assert all(word.isupper() for word in words) == ("URI" in old)
    assert all(line.startswith("#") for line in made)
