"""LDAP's messages: those a real library builds, and their texts."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import ber, ldap
from listener.protocol.ber import BerError, Element
from tests import steady

ENCODE = """
import sys
from ldap3.operation.search import search_operation
from ldap3.protocol.rfc4511 import LDAPMessage, MessageID, ProtocolOp
from ldap3.utils.asn1 import encode

wanted = ("dc=corp,dc=net", sys.argv[1], "SUBTREE", "NEVER", ["cn", "mail"], 0, 0, False, None, None)
message = LDAPMessage()
message["messageID"] = MessageID(9)
message["protocolOp"] = ProtocolOp().setComponentByName("searchRequest", search_operation(*wanted))
print(encode(message).hex())
"""
"""Runs apart: ldap3 uses names that its own ASN.1 library warns of, and warnings are errors here."""


def searched(text: str) -> dict[str, object]:
    """A search for ``text``, encoded by ldap3, as we read it."""
    command = [sys.executable, "-W", "ignore", "-c", ENCODE, text]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=steady.PATIENCE)
    found = ber.first(bytes.fromhex(done.stdout), 10_000)
    assert found is not None
    request = ldap.message(found[0])
    assert (request.id, request.operation) == (9, ldap.SEARCH)
    return dict(ldap.search(request.body))


@pytest.mark.parametrize(
    "text",
    [
        "(objectClass=*)",
        "(&(uid=ann)(!(mail=x@y.net)))",
        "(|(cn>=a)(cn<=z)(cn~=ann))",
        "(cn=a*b*c)",
        "(cn=*b*)",
        "(cn=a*)",
        "(cn=*z)",
        r"(cn=a\2ab\28\29)",
        "(cn:dn:2.4.6.8:=x)",
        "(cn:caseExactMatch:=x)",
    ],
)
def test_a_real_librarys_filter_is_read_as_it_was_written(text: str) -> None:
    assert searched(text) == {
        "base": "dc=corp,dc=net",
        "scope": "sub",
        "filter": text,
        "attributes": ["cn", "mail"],
    }


def bind(name: bytes, choice: bytes) -> Element:
    return Element(ldap.BIND, ber.integer(3) + ber.octets(name) + choice)


def test_binds() -> None:
    assert ldap.bind(bind(b"cn=x", ber.octets(b"s3cret", 0x80))) == {"user": "cn=x", "password": "s3cret"}
    sasl = ber.encode(0xA3, ber.octets(b"PLAIN"), ber.octets(b"\0ann\0s3cret"))
    assert ldap.bind(bind(b"", sasl)) == {"user": "ann", "mechanism": "PLAIN", "password": "s3cret"}
    assert ldap.bind(bind(b"", ber.encode(0xA3, ber.octets(b"DIGEST-MD5")))) == {
        "user": "",
        "mechanism": "DIGEST-MD5",
    }
    for tag, mechanism in ((0x8A, "NTLM (negotiate)"), (0x81, "unknown")):
        shown = ldap.bind(bind(b"", ber.octets(b"x", tag)))
        assert (shown["mechanism"], shown["credentials"]) == (mechanism, "x"), "answered, not closed"


def test_filters_within_filters_have_an_end() -> None:
    nested = ber.octets(b"cn", 0x87)
    for _ in range(40):
        nested = ber.encode(0xA2, nested)
    found = ber.first(nested, 1000)
    assert found is not None
    with pytest.raises(BerError, match="too often"):
        ldap.filter_text(found[0])


def test_a_message_needs_a_number() -> None:
    for content in (
        b"",
        ber.octets(b"x") + ber.octets(b"y"),
        ber.integer(-1) + ber.octets(b"y"),
        ber.integer(1),
    ):
        with pytest.raises(BerError, match="message"):
            ldap.message(Element(ber.SEQUENCE, content))


@given(
    st.binary(max_size=120), st.sampled_from([ldap.BIND, ldap.SEARCH, ldap.EXTENDED, ldap.DELETE, ldap.ADD])
)
def test_any_content_gives_text_or_one_error(content: bytes, operation: int) -> None:
    body = Element(operation, content)
    for read in (ldap.bind, ldap.search, ldap.extended, ldap.filter_text):
        with contextlib.suppress(BerError):
            read(body)
    with contextlib.suppress(BerError):
        ldap.target(ldap.LdapMessage(1, operation, body))
