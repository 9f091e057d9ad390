"""Searches that anybody may make: the trap finds what OpenLDAP's own server finds, attribute for attribute."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import ber, ldap
from listener.protocol.conversation import Send
from listener.protocol.identity import Identity
from listener.protocol.ldap_directory import START_TLS, LdapDirectory, normal
from listener.traps.ldap import LdapConversation, LdapSettings
from tests import steady
from tests.every import every
from tests.real_servers import slapd

SUFFIX = "dc=corp,dc=local"
Found = tuple[int, str, list[tuple[str, dict[str, list[str]]]]]
Search = tuple[str, int, bytes, tuple[str, ...]]

ANY = ber.octets(b"objectClass", 0x87)


def equals(name: str, value: str) -> bytes:
    return ber.encode(0xA3, ber.octets(name.encode()), ber.octets(value.encode()))


def contains(name: str, *pieces: tuple[int, str]) -> bytes:
    parts = (ber.octets(text.encode(), tag) for tag, text in pieces)
    return ber.encode(0xA4, ber.octets(name.encode()), ber.encode(ber.SEQUENCE, *parts))


SEARCHES: tuple[Search, ...] = (
    ("", 0, ANY, ()),
    ("", 0, ANY, ("+",)),
    ("", 0, ANY, ("*", "+")),
    ("", 0, ANY, ("namingContexts", "SUPPORTEDLDAPVERSION", "nosuch")),
    ("", 0, ANY, ("1.1",)),
    ("", 0, equals("cn", "x"), ()),
    ("", 1, ANY, ()),
    ("", 2, ANY, ()),
    (SUFFIX, 0, ANY, ("dc", "mail")),
    (SUFFIX, 1, ANY, ()),
    (SUFFIX, 2, ANY, ()),
    (SUFFIX, 2, ANY, ("+",)),
    ("DC=Corp,  dc = LOCAL", 2, equals("objectclass", "ORGANIZATION"), ()),
    (SUFFIX, 2, equals("uid", "ann"), ("mail",)),
    (SUFFIX, 2, ber.encode(0xA0, ANY, equals("dc", "corp")), ("o",)),
    (SUFFIX, 2, ber.encode(0xA1, equals("dc", "x"), equals("dc", "corp")), ("o",)),
    (SUFFIX, 2, ber.encode(0xA2, equals("dc", "corp")), ("o",)),
    (SUFFIX, 2, contains("o", (0x80, "co"), (0x81, "p.l"), (0x82, "al")), ("o",)),
    (SUFFIX, 2, contains("o", (0x81, "nosuch")), ("o",)),
    (f"uid=ann,{SUFFIX}", 0, ANY, ()),
    (f"cn=a,ou=b,{SUFFIX}", 2, ANY, ()),
    ("dc=nosuch,dc=local", 2, ANY, ()),
    ("dc=local", 2, ANY, ()),
    ("cn=Subschema", 0, ANY, ()),
    ("cn=config", 0, ANY, ()),
    ("cn=monitor", 2, ANY, ()),
    ("not a dn", 0, ANY, ()),
)
_OWN = {"entryUUID", "createTimestamp", "entryCSN", "modifyTimestamp"}
"""Whose values are of one server."""
_OTHERS = {"supportedSASLMechanisms"}
"""The trap names none, so that clients bind by password."""


def request(search: Search, types_only: bytes = b"\x00") -> bytes:
    base, scope, condition, attributes = search
    fields = [ber.octets(base.encode()), ber.integer(scope, ber.ENUMERATED), ber.integer(0, ber.ENUMERATED)]
    fields += [ber.integer(0), ber.integer(0), b"\x01\x01" + types_only, condition]
    fields.append(ber.encode(ber.SEQUENCE, *(ber.octets(name.encode()) for name in attributes)))
    return ber.encode(ber.SEQUENCE, ber.integer(1), ber.encode(ldap.SEARCH, *fields))


def read(data: bytes) -> Found | None:
    """What is answered; None before the end of it."""
    entries: list[tuple[str, dict[str, list[str]]]] = []
    at = 0
    while (one := ber.first(data, 1 << 20, at)) is not None:
        element, at = one[0], one[1]
        body = element.elements()[1]
        if body.tag == 0x65:
            code, matched = body.elements()[:2]
            return code.number(), matched.content.decode(), entries
        name, attributes = body.elements()
        shown = {
            key.content.decode(): [value.content.decode() for value in values.elements()]
            for key, values in (pair.elements() for pair in attributes.elements())
        }
        entries.append((name.content.decode(), shown))
    return None


def of_the_trap(data: bytes) -> Found:
    talk = LdapConversation(Identity(steady.key("directory")), 1, LdapSettings(suffix=SUFFIX))
    found = read(b"".join(step.data for step in talk.feed(data) if isinstance(step, Send)))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with slapd(tmp_path_factory.mktemp("slapd"), SUFFIX) as port:
        yield port


def of_the_server(port: int, data: bytes) -> Found:
    with socket.create_connection(("127.0.0.1", port), steady.PATIENCE) as sock:
        sock.sendall(data)
        said = b""
        while (found := read(said)) is None:
            said += sock.recv(65_536)
        return found


def told(found: Found) -> Found:
    """Without what is of one server, or of its set-up."""
    code, matched, entries = found
    shown = [
        (
            name,
            {
                key: ["..."] if key in _OWN and values else [one for one in values if one != START_TLS]
                for key, values in attributes.items()
                if key not in _OTHERS
            },
        )
        for name, attributes in entries
    ]
    return code, matched, shown


@every("search", SEARCHES, lambda search: f"{search[0]} {search[1]} {search[3]}")
def test_it_is_found_as_a_real_server_finds_it(server: int, search: Search) -> None:
    for types_only in (b"\x00", b"\xff"):
        data = request(search, types_only)
        ours, theirs = told(of_the_trap(data)), told(of_the_server(server, data))
        assert ours == theirs
        assert [list(shown) for _, shown in ours[2]] == [list(shown) for _, shown in theirs[2]], (
            "in another order"
        )


def test_of_two_installations_each_has_its_own_moment() -> None:
    entries = [
        LdapDirectory(Identity(bytes([number]) * 32), SUFFIX).found(SUFFIX, 0, login="", secure=False)[2][0]
        for number in range(8)
    ]
    assert len({one.operational["entryUUID"] for one in entries}) == 8
    assert len({one.operational["createTimestamp"] for one in entries}) == 8
    assert (
        entries[0]
        == LdapDirectory(Identity(bytes(32)), SUFFIX).found(SUFFIX, 0, login="", secure=False)[2][0]
    )


@every("login", ["cn=svc,ou=apps,dc=harbour,dc=net", "cn=svc, dc=harbour, dc=net", "uid=a,o=Harbour View"])
def test_the_directory_of_the_bait_is_served_to_its_login(login: str) -> None:
    directory = LdapDirectory(Identity(bytes(32)), SUFFIX)
    own = "o=harbour view" if "o=" in login else "dc=harbour,dc=net"
    code, _, (entry,) = directory.found(own, 2, login=login, secure=False)
    assert code == ldap.SUCCESS
    assert normal(entry.name) == normal(own)
    assert directory.found(f"ou=people,{own}", 2, login=login, secure=False) == (ldap.SUCCESS, "", [])
    assert directory.found(own, 2, login="", secure=False)[0] == ldap.NO_SUCH_OBJECT
    assert directory.found(SUFFIX, 2, login=login, secure=False)[0] == ldap.SUCCESS


def test_a_login_too_long_to_be_one_has_no_directory() -> None:
    """It would be taken apart for each of thousands of searches."""
    directory = LdapDirectory(Identity(bytes(32)), SUFFIX)
    assert directory.found("dc=a", 0, login="dc=b," * 40_000 + "dc=a", secure=False)[0] == ldap.NO_SUCH_OBJECT
    assert directory.found(SUFFIX, 0, login="dc=b," * 40_000, secure=False)[0] == ldap.SUCCESS


def test_start_tls_is_offered_until_it_is_spoken() -> None:
    directory = LdapDirectory(Identity(bytes(32)), SUFFIX)
    plain, secure = (directory.found("", 0, login="", secure=one)[2][0] for one in (False, True))
    assert START_TLS in plain.operational["supportedExtension"]
    assert START_TLS not in secure.operational["supportedExtension"]


@given(st.text(max_size=60), st.text(max_size=60), st.integers(-1, 3))
def test_any_names_are_searched(base: str, login: str, scope: int) -> None:
    code, matched, entries = LdapDirectory(Identity(bytes(32)), SUFFIX).found(
        base, scope, login=login, secure=False
    )
    assert code in (ldap.SUCCESS, ldap.NO_SUCH_OBJECT, ldap.INVALID_NAME)
    assert not (matched and entries)
    for entry in entries:
        assert entry.shown(("*", "+")).keys() >= entry.shown(()).keys() > entry.shown(("1.1",)).keys()
