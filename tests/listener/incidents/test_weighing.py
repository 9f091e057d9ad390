"""What the records say for and against each explanation is counted, and never said where they say nothing."""

from __future__ import annotations

from typing import Any

from listener.incidents.hypotheses import HYPOTHESES, KEYS
from listener.incidents.weighing import Traits, of_hits, weigh

PEER = {"ip": "203.0.113.7", "port": 40001}


def hit(facet: str = "password", **more: Any) -> Any:
    body = {"facet": facet, "trap": "http", "source": PEER, "peer": PEER, "transport": "tcp", "via": None}
    return {**body, "clock": {"source": "ntp"}, "tls": None, "observed": {"headers": []}, **more}


def test_nothing_is_said_of_no_hits() -> None:
    assert all(weigh(key, Traits()) == ((), ()) for key in KEYS)


def test_a_credential_speaks_against_a_preview_and_for_a_person() -> None:
    traits = of_hits([(hit(), {}), (hit("path"), {"verdict": {"kind": "likely_preview"}})])
    speaks_for, against = weigh("preview", traits)
    assert speaks_for == (
        "1 of 2 hits: the client says that it is a link preview, or its address is listed as one's",
    )
    assert against[0].startswith("1 of 2 hits: a credential was presented")
    assert weigh("unauthorised", traits)[0] == ("1 of 2 hits: a credential was presented",)


def test_what_no_list_names_is_no_reason() -> None:
    """Unknown is neither for nor against: no line of a relay or of many users comes from a missing answer."""
    traits = of_hits(
        [(hit(), {"netclass": {"class": "unknown", "shared": "unknown", "tor_exit": "list too old"}})]
    )
    assert weigh("relay", traits) == ((), ())
    assert weigh("shared", traits) == ((), ())


def test_a_resolver_is_not_a_connection() -> None:
    traits = of_hits([(hit("host", trap="dns", transport="udp"), {})])
    assert weigh("resolver", traits)[0] == (
        "the one hit: the address is that of a name server, not of who asked it",
    )
    assert not weigh("resolver", traits)[1]
    assert "single UDP packet" in weigh("spoofed", traits)[0][0]


def test_a_header_is_a_claim() -> None:
    proxied = hit(source={"ip": "198.51.100.1", "port": 0}, via={"header": "x"})
    header = hit(observed={"headers": [["X-Forwarded-For", "192.0.2.1"]]})
    lines = weigh("headers", of_hits([(proxied, {}), (header, {})]))[0]
    assert [line.split(":")[0] for line in lines] == ["1 of 2 hits", "1 of 2 hits"]
    assert "source port is not known" in weigh("shared", of_hits([(proxied, {})]))[0][0]


def test_hostile_facts_are_only_counted() -> None:
    strange: Any = {"verdict": "x", "netclass": {"class": "<b>"}, "timing": {"since_minted_us": "soon"}}
    traits = of_hits([(hit(observed={"headers": ["x", [], [1]]}), strange)])
    said = [line for item in HYPOTHESES for lines in weigh(item.key, traits) for line in lines]
    assert said
    assert "<b>" not in " ".join(said)
