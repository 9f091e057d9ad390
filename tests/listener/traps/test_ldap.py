"""LDAP: the conversation in bytes, cut anywhere; then a stolen bind in real programs at a real listener."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import ber, ldap
from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps.ldap import LdapConversation, LdapSettings

FIRST = [b"\x30\x14\x02\x01\x01\x60\x0f\x02\x01\x03\x04\x04cn=a\x80\x04pass"]
"""What clients send first."""

DN = b"cn=svc,dc=corp,dc=net"
WHO = {"user": DN.decode(), "password": "hunter2"}


def message(number: int, operation: int, *content: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.integer(number), ber.encode(operation, *content))


BIND = message(1, ldap.BIND, ber.integer(3), ber.octets(DN), ber.octets(b"hunter2", 0x80))


def search(base: bytes, scope: int, number: int = 2) -> bytes:
    fields = [ber.octets(base), ber.integer(scope, ber.ENUMERATED), ber.integer(0, ber.ENUMERATED)]
    fields += [ber.integer(0), ber.integer(0), b"\x01\x01\x00", ber.octets(b"objectClass", 0x87)]
    return message(number, ldap.SEARCH, *fields, ber.encode(ber.SEQUENCE, ber.octets(b"mail")))


def listing(number: int, wanted: bytes, *attributes: bytes, scope: int = 2) -> bytes:
    """A search with a filter and attributes of its own."""
    fields = [ber.octets(b""), ber.integer(scope, ber.ENUMERATED), ber.integer(0, ber.ENUMERATED)]
    fields += [ber.integer(0), ber.integer(0), b"\x01\x01\x00", wanted]
    return message(number, ldap.SEARCH, *fields, ber.encode(ber.SEQUENCE, *map(ber.octets, attributes)))


ANY = ber.octets(b"objectClass", 0x87)
FLOODS = [
    [BIND, *(search(b"dc=x", 2, one) for one in range(2, 4000))],
    [BIND, *(listing(one, ANY, *[b"a" * 60] * 4000) for one in range(2, 40))],
    [
        BIND,
        *(listing(one, ber.encode(0xA1, *[ber.encode(0xA0, *[ANY] * 100)] * 100)) for one in range(2, 20)),
        *(
            listing(one, ber.encode(0xA1, *[ber.encode(0xA0, *[ANY] * 100)] * 100), scope=0)
            for one in range(20, 40)
        ),
    ],
    [
        BIND,
        *(
            message(one, ldap.BIND, ber.integer(3), ber.octets(DN), ber.octets(b"p" * 200_000, 0x80))
            for one in (2, 3, 4)
        ),
    ],
    [BIND, *(search(b"d" * 8_000, 2)[at : at + 1] for at in range(8_000))],
    [BIND, *(message(one, ldap.ABANDON, b"") for one in range(2, 4_000))],
]
"""Many searches, attributes and filters, long passwords, one search in crumbs, and what has no answer."""
CUT_OFF = [[BIND, b"\x30\x84\x00\x05\x00\x00" + bytes(1000)]]
"""More than a message may have (``sockbuf_max_incoming``: 262143)."""


def talk(*said: bytes, domain: str = "quiet-post.net", **settings: Any) -> list[Step]:
    conversation = LdapConversation(Identity(b"k" * 32), 1, LdapSettings(**settings), domain)
    return [step for data in said for step in conversation.feed(data)]


def codes(steps: list[Step]) -> list[tuple[int, int]]:
    """Each answer's response and result code; an entry has none."""
    found = []
    rest = b"".join(step.data for step in steps if isinstance(step, Send))
    while rest and (taken := ber.first(rest, 100_000)):
        rest = rest[taken[1] :]
        response = taken[0].elements()[1]
        result = response.elements()[0]
        found.append((response.tag, result.number() if result.tag == ber.ENUMERATED else -1))
    return found


def test_a_simple_bind_is_noted_before_it_succeeds() -> None:
    steps = talk(BIND)
    assert steps[0] == Record("login", WHO)
    assert codes(steps) == [(0x61, ldap.SUCCESS)]


def test_a_name_without_a_password_is_refused() -> None:
    steps = talk(message(1, ldap.BIND, ber.integer(3), ber.octets(DN), ber.octets(b"", 0x80)))
    assert codes(steps) == [(0x61, ldap.UNWILLING)]


def test_sasl_is_refused_and_noted() -> None:
    sasl = ber.encode(0xA3, ber.octets(b"GSSAPI"), ber.octets(b"\x60token"))
    steps = talk(message(1, ldap.BIND, ber.integer(3), ber.octets(b""), sasl))
    assert steps[0] == Record("login failed", {"user": "", "mechanism": "GSSAPI", "credentials": "`token"})
    assert codes(steps) == [(0x61, ldap.AUTH_METHOD)]


def test_a_search_is_noted_with_the_login_and_finds_nobody() -> None:
    steps = talk(BIND + search(b"ou=people,dc=corp,dc=net", 2))
    asked = {
        "base": "ou=people,dc=corp,dc=net",
        "scope": "sub",
        "filter": "(objectClass=*)",
        "attributes": ["mail"],
    }
    assert steps[2] == Record("search", {**asked, **WHO})
    assert codes(steps)[1:] == [(0x65, ldap.SUCCESS)]


def test_the_root_is_shown_to_anybody_and_names_no_sasl() -> None:
    steps = talk(listing(2, ANY, b"+", scope=0))
    assert codes(steps) == [(ldap.ENTRY, -1), (0x65, ldap.SUCCESS)]
    (said,) = (step.data for step in steps if isinstance(step, Send))
    assert b"dc=quiet-post,dc=net" in said
    assert b"supportedSASLMechanisms" not in said
    roots = {talk(listing(2, ANY, b"+", scope=0), domain="")[1] for _ in range(2)}
    assert len(roots) == 1


@pytest.mark.parametrize("operation", [ldap.MODIFY, ldap.ADD, ldap.RENAME, ldap.COMPARE, ldap.DELETE])
def test_changes_are_noted_and_refused(operation: int) -> None:
    content = DN if operation == ldap.DELETE else ber.octets(DN)
    steps = talk(message(5, operation, content))
    assert isinstance(steps[0], Record)
    assert str(steps[0].shown["command"]).endswith(DN.decode())
    assert codes(steps) == [(ldap.ANSWERS[operation], ldap.INSUFFICIENT)]


def test_start_tls_drops_what_was_smuggled() -> None:
    start = message(1, ldap.EXTENDED, ber.octets(b"1.3.6.1.4.1.1466.20037", 0x80))
    steps = talk(start + BIND)
    assert codes(steps) == [(0x78, ldap.SUCCESS)]
    assert steps[-1] == StartTls()


def test_who_am_i_and_what_is_unknown() -> None:
    who = message(2, ldap.EXTENDED, ber.octets(b"1.3.6.1.4.1.4203.1.11.3", 0x80))
    steps = talk(BIND + who)
    assert isinstance(steps[-1], Send)
    assert steps[-1].data.endswith(b"dn:" + DN)
    assert codes(talk(message(2, ldap.EXTENDED, ber.octets(b"1.2.3", 0x80)))) == [(0x78, ldap.PROTOCOL_ERROR)]


def test_unbind_ends_it_and_abandon_says_nothing() -> None:
    assert talk(message(3, ldap.ABANDON)) == []
    assert talk(message(3, ldap.UNBIND) + BIND) == [Close()]


@given(cuts=st.lists(st.integers(0, 200), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = search(b"", 0, 1) + BIND + search(b"dc=x", 1) + message(4, ldap.UNBIND)
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    """A stolen service account, and a listener where it is tried."""
    return steal("ldap", "ldap-credentials")


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> None:
    if "stolen" in request.fixturenames:
        request.getfixturevalue("stolen").forget()


def ldapsearch(stolen: Any, *more: str, scheme: str = "ldap") -> str:
    ca = stolen.home.path / "ca.pem"
    ca.write_text(stolen.home.ca_pem)
    row = stolen.row
    url = f"{scheme}://127.0.0.1:{stolen.port}"
    who = ("-x", "-H", url, "-D", row["bind_dn"], "-w", row["password"], "-b", row["base"])
    said: str = stolen.run("ldapsearch", *who, *more, "(uid=admin)", "mail", LDAPTLS_CACERT=str(ca))
    return said


def test_ldapsearch(stolen: Any) -> None:
    assert "result: 0 Success" in ldapsearch(stolen)
    login, asked = stolen.hit("login"), stolen.hit("search")
    assert (login.facet, asked.facet) == ("password", "password")
    assert login.entry.body["observed"]["user"] == stolen.row["bind_dn"]
    assert asked.entry.body["observed"]["filter"] == "(uid=admin)"


def test_ldapsearch_with_start_tls_and_over_tls(stolen: Any) -> None:
    assert "result: 0 Success" in ldapsearch(stolen, "-ZZ")
    assert stolen.hit("login").entry.body["observed"]["tls"]["version"].startswith("TLSv1")
    stolen.forget()
    assert "result: 0 Success" in ldapsearch(stolen, scheme="ldaps")
    assert stolen.hit("login").entry.body["observed"]["tls"]["version"].startswith("TLSv1")


LDAP3 = """
import sys
from ldap3 import Connection, Server, ALL

url, user, password, base = sys.argv[1:]
with Connection(Server(url, get_info=ALL, connect_timeout=60), user, password, receive_timeout=60) as connection:
    assert connection.bound
    connection.search(base, "(objectClass=person)", attributes=["mail"])
    print(len(connection.entries), connection.server.info.naming_contexts)
"""


def test_ldap3(stolen: Any) -> None:
    row = stolen.row
    url = f"ldap://127.0.0.1:{stolen.port}"
    said = stolen.run(
        sys.executable, "-W", "ignore", "-c", LDAP3, url, row["bind_dn"], row["password"], row["base"]
    )
    assert said.startswith("0 ['dc="), said
    assert stolen.hit("login").facet == "password"
