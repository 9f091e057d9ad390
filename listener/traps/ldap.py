"""The LDAP trap (RFC 4511): a simple bind gives DN and password in clear; then a directory with little in it.

SASL is refused, whatever the mechanism: what a client falls back to is the simple bind. Searches are noted and find
what anybody may see (`listener.protocol.ldap_directory`), as where access lists hide the rest; changes are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from canaries.crypto.seeded_random import BASE36
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import ber, ldap
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.ldap import LdapMessage
from listener.protocol.ldap_directory import START_TLS, WHO_AM_I, LdapDirectory
from listener.traps._stream import StreamSettings, StreamTrap, also

_LONGEST_MESSAGE = 262_144
_WRITES = (ldap.MODIFY, ldap.ADD, ldap.DELETE, ldap.RENAME)


@dataclass(frozen=True, slots=True)
class LdapSettings(StreamSettings):
    """``[traps.ldap]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1389",)
    tls: bool = True
    """TLS (ldaps) is told apart from BER by its first byte."""
    suffix: str = ""
    """The DN of the root that the server shows, ``dc=corp,dc=net``; empty: of the catch domain, or this
    installation's own."""


class LdapConversation(Conversation):
    """A directory whose access lists hide its people from everybody."""

    def __init__(
        self, identity: Identity, number: int, settings: LdapSettings | None = None, domain: str = ""
    ) -> None:
        """``domain`` is the catch domain."""
        super().__init__(identity, number)
        suffix = (settings or LdapSettings()).suffix or _suffix(identity, domain)
        self._directory = LdapDirectory(identity, suffix)
        self._login: dict[str, str] = {}

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while (found := ber.first(self._buffer, _LONGEST_MESSAGE)) is not None:
            del self._buffer[: found[1]]
            for step in self._answer(ldap.message(found[0])):
                yield step
                if isinstance(step, Close):
                    return

    def _answer(self, request: LdapMessage) -> Iterator[Step]:
        match request.operation:
            case ldap.BIND:
                yield from self._bind(request)
            case ldap.UNBIND:
                yield Close()
            case ldap.SEARCH:
                yield from self._search(request)
            case write if write in _WRITES:
                yield self._note("command", command=f"{_NAMES[write]} {ldap.target(request)}")
                yield Send(ldap.result(request, ldap.INSUFFICIENT, "no write access to parent"))
            case ldap.COMPARE:
                yield self._note("command", command=f"compare {ldap.target(request)}")
                yield Send(ldap.result(request, ldap.INSUFFICIENT))
            case ldap.EXTENDED:
                yield from self._extended(request)
            case ldap.ABANDON:
                pass  # has no answer: section 4.11
            case _:
                yield self._note("command", command=f"operation {request.operation}")
                yield Send(ldap.disconnection("unknown LDAP request"))
                yield Close()

    def _bind(self, request: LdapMessage) -> Iterator[Step]:
        shown = ldap.bind(request.body)
        if "mechanism" in shown:
            yield Record("login failed", shown)
            text = (
                "unknown authentication method" if "method" in shown else "SASL(-4): no mechanism available: "
            )
            yield Send(ldap.result(request, ldap.AUTH_METHOD, text))
            return
        yield Record("login", shown)
        if (version := ldap.version(request.body)) != 3:
            text = "historical protocol version requested, use LDAPv3 instead"
            text = text if version == 2 else "requested protocol version not supported"
            yield Send(ldap.result(request, ldap.PROTOCOL_ERROR, text))
            return
        if shown["password"] and not self.identity.admits(shown["password"]):
            is_name = not shown["user"] or "=" in shown["user"]
            wrong = (ldap.INVALID_CREDENTIALS, "") if is_name else (ldap.INVALID_NAME, "invalid DN")
            yield Send(ldap.result(request, *wrong))
            return
        self._login = shown if shown["user"] else {}
        if shown["user"] and not shown["password"]:  # RFC 4513, section 5.1.2
            text = "unauthenticated bind (DN with no password) disallowed"
            yield Send(ldap.result(request, ldap.UNWILLING, text))
        else:
            yield Send(ldap.result(request, ldap.SUCCESS))

    def _search(self, request: LdapMessage) -> Iterator[Step]:
        asked, (condition, types_only) = ldap.search(request.body), ldap.asked(request.body)
        yield self._note("search", **asked)
        scope = ldap.SCOPES.index(asked["scope"]) if asked["scope"] in ldap.SCOPES else -1
        code, matched, entries = self._directory.found(
            str(asked["base"]), scope, login=self._login.get("user", ""), secure=self.secure
        )
        said = b"".join(
            ldap.entry(request, one.name, one.shown(asked["attributes"], types_only=types_only))
            for one in entries
            if one.matches(condition)
        )
        text = "invalid DN" if code == ldap.INVALID_NAME else ""
        yield Send(said + ldap.result(request, code, text, matched=matched))

    def _extended(self, request: LdapMessage) -> Iterator[Step]:
        name, value = ldap.extended(request.body)
        if name == START_TLS and not self.secure:
            self._buffer.clear()
            self.secure = True
            yield Send(ldap.result(request, ldap.SUCCESS, more=ber.octets(name.encode(), 0x8A)))
            yield StartTls()
        elif name == WHO_AM_I:
            who = f"dn:{self._login['user']}" if self._login else ""
            yield Send(ldap.result(request, ldap.SUCCESS, more=ber.octets(who.encode(), 0x8B)))
        else:
            yield self._note("command", command=f"extended {name[:256]}", value=decoded(value[:4096]))
            yield Send(ldap.result(request, ldap.PROTOCOL_ERROR, "unsupported extended operation"))

    def _note(self, what: str, **shown: Any) -> Record:
        """With the login shown before: what is done with it is its use."""
        return Record(what, {**shown, **self._login})


_NAMES = {ldap.MODIFY: "modify", ldap.ADD: "add", ldap.DELETE: "delete", ldap.RENAME: "rename"}


def _suffix(identity: Identity, domain: str) -> str:
    if not domain:
        stream = identity.stream("ldap")
        company = stream.text("company", BASE36[10:], stream.between("length", 5, 9))
        domain = f"{company}.{stream.pick('top', ('local', 'lan', 'corp'))}"
    return ",".join(f"dc={label}" for label in domain.lower().strip(".").split("."))


class LdapTrap(StreamTrap):
    """LDAP, StartTLS, and ldaps on the same port."""

    name = "ldap"
    Settings = LdapSettings
    conversation = LdapConversation

    def converse(self, number: int) -> Conversation:
        return LdapConversation(self.front.identity, number, self.settings, self.front.domain)

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """As of every trap; and each value by itself, of controls and attributes too."""
        return also(StreamTrap.read(sighting), ber.texts(sighting.raw, _LONGEST_MESSAGE))
