"""A service account of a directory: the configuration of nslcd, and the defaults of the OpenLDAP tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE36, SeededRandom
from canaries.kinds import Kind, Order
from canaries.kinds._accounts import AccountOptions, account

_USERS = (
    "svc-ldap",
    "ldap-reader",
    "bind",
    "readonly",
    "svc-sssd",
    "svc-jira",
    "svc-vpn",
    "svc-wiki",
    "svc-gitlab",
)
_UNITS = ("services", "service-accounts", "system", "apps", "special")


@dataclass(frozen=True, slots=True)
class LdapCredentialsOptions(AccountOptions):
    """What ``--set`` may set."""

    base: str = ""
    """The directory's root, ``dc=corp,dc=net``; empty: of the catch domain, or of a company nobody knows."""


class LdapCredentials(Kind):
    name: ClassVar[str] = "ldap-credentials"
    traps: ClassVar[tuple[str, ...]] = ("ldap",)
    title: ClassVar[str] = "A directory's service account: bind DN and password"
    fired_by: ClassVar[str] = (
        "ldapsearch -x, ldap3, nslcd and whatever binds by password, where an LDAP trap listens on that port: DN and "
        "password come in clear, then the searches, which find nothing. A client that insists on TLS needs a "
        "certificate it trusts."
    )
    plant_hint: ClassVar[str] = (
        "In /etc/nslcd.conf of a server image, a wiki's LDAP settings, or a home folder."
    )
    try_hint: ClassVar[str] = "ldapsearch -x -H '{url}' -D '{bind_dn}' -w '{password}' -b '{base}'"
    Options: ClassVar[type[Any]] = LdapCredentialsOptions

    def mint(self, order: Order, options: LdapCredentialsOptions) -> Bait:
        made = account(order, options, "ldap", 389, users=_USERS)
        base = _checked(options.base) if options.base else _base(order.stream, order.domain)
        bind_dn = f"cn={made.user},ou={order.stream.pick('unit', _UNITS)},{base}"
        url = f"ldap://{made.server(389)}"
        row = {**made.row(), "url": url, "bind_dn": bind_dn, "base": base}
        text = render("kinds/ldap-credentials.nslcd.j2", **row)
        defaults = f"URI {url}\nBASE {base}\nBINDDN {bind_dn}\n"
        files = (
            BaitFile("etc/nslcd.conf", text.encode()),
            BaitFile(".ldaprc", defaults.encode()),
        )
        return Bait(made.tokens, text, files=files, row=row)


def _base(stream: SeededRandom, domain: str) -> str:
    if not domain:
        company = stream.text("company", BASE36[10:], stream.between("company length", 5, 9))
        domain = f"{company}.{stream.pick('top', ('local', 'lan', 'corp'))}"
    return ",".join(f"dc={label}" for label in domain.lower().strip(".").split("."))


def _checked(base: str) -> str:
    if not base.isascii() or not base.isprintable() or "=" not in base or "'" in base:
        raise MintError("the base is a DN in ASCII", hint="e.g. --set base=dc=corp,dc=net")
    return base
