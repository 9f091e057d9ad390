"""Configurations of LDAP's clients: an old directory and the account at it, commented out (ldap.conf(5))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._own_words import OwnWords
from canaries.plant.formats._text import Document, Splice


class LdapConfFormat(OwnWords):
    name = "ldap-conf"
    title = "the configuration of LDAP's clients"
    needs = "an account at a directory"
    names = r"\.?ldaprc|(?:ldap|nslcd|pam_ldap|libnss-ldap|nss_ldap)\.conf"
    beside = r"(?i)^[ \t]*(?:uri|host|binddn|bindpw|rootbinddn)\b"
    shouts: ClassVar[re.Pattern[str]] = re.compile(
        r"^[ \t]*(?:#[ \t]*)?(?:URI|BASE|HOST|TLS_\w+)[ \t]", re.MULTILINE
    )

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        if not {"dn", "password", "url"} <= roles.keys():
            return []
        return [f"uri {roles['url']}", f"binddn {roles['dn']}", f"bindpw {roles['password']}"]

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """In capitals where the file is written so."""
        for one in super().candidates(document, wish):
            if self.shouts.search(document.text):
                upper = re.sub(
                    r"(?m)^(#[ ]?)([a-z]+)", lambda match: match[1] + match[2].upper(), one.splices[0].text
                )
                yield Composition((Splice(one.splices[0].at, upper),), one.said)
            else:
                yield one
