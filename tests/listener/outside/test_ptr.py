"""Reverse DNS: a name counts where it leads back, is text of the visitor's, and each question is told."""

from __future__ import annotations

from pathlib import Path

import dns.rcode
import pytest

from listener.outside import OutsideAnswer, OutsideError
from listener.outside.ptr import Ptr, PtrSettings
from tests.outside_servers import NameService

BACK = "7.100.51.198.in-addr.arpa"


def asked(names: NameService, subject: str = "198.51.100.7") -> OutsideAnswer:
    return Ptr(PtrSettings(server=names.server), Path()).ask(subject)


def test_a_name_that_leads_back_and_one_that_does_not(names: NameService) -> None:
    names.zone[BACK, "PTR"] = ["Good.example.", "crawl-7.googlebot.com.", "broken.example."]
    names.zone["good.example", "A"] = ["192.0.2.9", "198.51.100.7"]
    names.zone["crawl-7.googlebot.com", "A"] = ["66.249.66.1"]
    names.zone["broken.example", "A"] = dns.rcode.SERVFAIL
    found = asked(names)
    assert set(found.fact["names"]) == {"good.example", "crawl-7.googlebot.com", "broken.example"}
    assert found.fact["confirmed"] == ["good.example"]
    assert found.server == names.server
    assert [query.split() for query in found.queries] == [[kind, name] for name, kind in names.asked]


def test_ipv6(names: NameService) -> None:
    back = "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"
    names.zone[back, "PTR"] = ["six.example."]
    names.zone["six.example", "AAAA"] = ["2001:db8::1"]
    assert asked(names, "2001:db8::1").fact["confirmed"] == ["six.example"]


def test_no_name_is_no_failure_and_a_broken_server_is_one(names: NameService) -> None:
    assert asked(names).fact == {"names": [], "confirmed": [], "odd": 0}
    names.zone[BACK, "PTR"] = dns.rcode.SERVFAIL
    with pytest.raises(OutsideError, match="SERVFAIL"):
        asked(names)


def test_what_is_no_host_name_is_counted_and_never_shown_or_followed(names: NameService) -> None:
    names.zone[BACK, "PTR"] = [r"\027[31m.example.", r"<script>.example.", r"a\010b.example."]
    found = asked(names)
    assert found.fact == {"names": [], "confirmed": [], "odd": 3}
    assert len(names.asked) == 1


def test_a_visitor_with_a_thousand_names_makes_few_questions(names: NameService) -> None:
    names.zone[BACK, "PTR"] = [f"n{number}.example." for number in range(30)]
    found = asked(names)
    assert len(found.fact["names"]) == 3
    assert len(names.asked) == 4
