"""What the records of a case say for and against each competing explanation: counts and sources, no verdict.

Each line is true of the records and says how many of them. Where they say nothing, nothing is said: that a list does
not name an address is no reason for or against anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from canaries.core.clock import ClockReading
from listener.evidence.derived import Facts
from listener.evidence.shapes import HitBody, Observed
from listener.incidents.briefing import is_credential
from listener.incidents.wording import origin

_PAIR = (list, tuple)
_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip"})
_SOON_US = 300_000_000
"""Five minutes: within this time of planting, programs that scan what is new are a likely visitor."""


@dataclass(slots=True)
class Traits:
    """Counts over all hits of a case."""

    hits: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    """Addresses, at most `MOST`."""

    MOST = 1_000

    def see(self, body: HitBody, facts: Facts) -> None:
        """Count one hit: its *hit* entry's body and its derived facts."""
        self.hits += 1
        if len(self.sources) < self.MOST:
            self.sources.add(body["source"]["ip"])
        self.seen.update(set(_traits(body, facts)))


def _traits(body: HitBody, facts: Facts) -> Iterator[str]:
    """The names of everything that is true of one hit."""
    verdict, netclass = _fact(facts, "verdict"), _fact(facts, "netclass")
    timing, consistency = _fact(facts, "timing"), _fact(facts, "consistency")
    yield "credential" if is_credential(body["facet"]) else "followed"
    yield f"origin:{origin(body)}"
    yield f"transport:{body.get('transport', '')}"
    yield f"verdict:{str(verdict.get('kind', '')).removeprefix('likely_').removeprefix('claimed_')}"
    yield f"mark:{_fact(facts, 'operator_rule').get('mark', '')}"
    yield f"class:{netclass.get('class', '')}"
    yield f"shared:{netclass.get('shared', '')}"
    yield f"tor:{netclass.get('tor_exit', '')}"
    yield f"sort:{_fact(facts, 'client').get('sort', '')}"
    yield f"consistency:{consistency.get('result', '')}"
    yield f"clock:{(body.get('clock') or ClockReading()).get('source', '')}"
    if body.get("tls"):
        yield "tls"
    if not body["source"]["port"]:
        yield "no port"
    if _forwarded(body):
        yield "header"
    since = timing.get("since_planted_us", timing.get("since_minted_us"))
    if isinstance(since, int):
        yield "soon" if 0 <= since < _SOON_US else "later"


def _fact(facts: Facts, name: str) -> Mapping[str, object]:
    found = facts.get(name)
    return found if isinstance(found, dict) else {}


def _forwarded(body: HitBody) -> bool:
    headers = body.get("observed", Observed()).get("headers", ())
    names = {str(pair[0]).lower() for pair in headers if isinstance(pair, _PAIR) and pair}
    return not names.isdisjoint(_FORWARDED)


Line = tuple[str, str]
"""(trait, sentence after "in 3 of 11 hits")."""

_CREDENTIAL: Line = ("credential", "a credential was presented, which such a program does not do on its own")
_LATER: Line = ("later", "more than five minutes after the bait was made or planted")
_SOON: Line = ("soon", "within five minutes after the bait was made or planted")

_FOR: Mapping[str, tuple[Line, ...]] = {
    "preview": (
        ("verdict:preview", "the client says that it is a link preview, or its address is listed as one's"),
        _SOON,
    ),
    "gateway": (("verdict:mail_gateway", "client, address or referrer name a mail gateway"), _SOON),
    "sandbox": (
        ("class:cloud", "the address is listed as a cloud's"),
        ("class:hosting", "the address is listed as a hoster's"),
    ),
    "scanner": (
        ("verdict:scanner", "the client or its address is that of a scanner"),
        ("verdict:crawler", "the client or its address is that of a crawler"),
    ),
    "own": (
        ("mark:own", "an operator's rule marks the address as their own"),
        ("mark:test", "an operator announced a test of their own"),
        ("class:private", "the address is a private one, of the operator's own network"),
        ("class:loopback", "the address is this machine's own"),
    ),
    "tester": (("sort:attack_tool", "the client says that it is a tool which testers use, too"),),
    "finder": (("sort:browser", "the client says that it is a browser, as a person's would be"),),
    "partner": (("sort:secret_scanner", "the client says that it is a secret scanner"), _SOON),
    "relay": (
        ("class:tor_exit", "the address is listed as a Tor exit"),
        ("class:vpn", "the address is listed as a VPN's"),
        ("class:relay", "the address is listed as a relay's"),
        ("class:proxy", "the address is listed as a proxy's"),
    ),
    "shared": (
        ("shared:yes", "the address is listed as one that many people use"),
        ("shared:likely", "the sort of network is one in which many people use one address"),
        ("no port", "the source port is not known, so that the provider could not tell its customers apart"),
    ),
    "reassigned": (
        ("class:broadband", "the network is one that assigns addresses to households, often for a time only"),
        ("class:mobile", "the network is a mobile one, which assigns addresses for a short time"),
        ("clock:free", "this machine's clock was not synchronised"),
    ),
    "compromised": (
        ("class:broadband", "the address is a household's, where a machine may serve others"),
        ("class:proxy", "the address is listed as a proxy's"),
    ),
    "spoofed": (
        ("transport:udp", "the request came in a single UDP packet, whose address anybody can write"),
    ),
    "resolver": (("origin:resolver", "the address is that of a name server, not of who asked it"),),
    "headers": (
        ("origin:claimed", "the address is one that a proxy named, not the peer of the connection"),
        ("header", "the request held a forwarding header, which is a claim"),
    ),
    "unauthorised": (
        ("credential", "a credential was presented"),
        ("consistency:mismatch", "the client is not what it says it is"),
    ),
}

_AGAINST: Mapping[str, tuple[Line, ...]] = {
    "preview": (_CREDENTIAL, _LATER),
    "gateway": (_CREDENTIAL, _LATER),
    "sandbox": (
        ("class:broadband", "the address is a household's"),
        ("class:mobile", "the address is a mobile network's"),
    ),
    "scanner": (_CREDENTIAL,),
    "partner": (_LATER,),
    "spoofed": (
        ("transport:tcp", "a TCP connection was completed, which a blindly forged address cannot do"),
        ("tls", "a TLS handshake was completed"),
    ),
    "resolver": (("origin:observed", "the address is the peer of a connection that was completed here"),),
    "headers": (("origin:observed", "the address is the peer of the connection, and no header's"),),
    "reassigned": (("clock:ntp", "this machine's clock was synchronised"),),
    "relay": (("tor:no", "a list of that time does not name the address as a Tor exit"),),
}

_ONCE: Mapping[str, Callable[[Traits], str]] = {
    "sandbox": lambda traits: _several(traits),
    "planted": lambda traits: "the records cannot tell this from any other use: look at who knew of the bait",
    "fabricated": lambda traits: (
        "the records cannot rule this out by themselves: compare checkpoints that left the house"
    ),
    "tester": lambda traits: "the records cannot show an engagement: ask for the letter",
    "finder": lambda traits: "the records cannot show an intent: was the find reported?",
}


def weigh(key: str, traits: Traits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what speaks for it, what speaks against it) in these records, each a sentence without its full stop."""
    speaks_for = [*_lines(_FOR.get(key, ()), traits)]
    if key in _ONCE and traits.hits and (once := _ONCE[key](traits)):
        speaks_for.append(once)
    return tuple(speaks_for), tuple(_lines(_AGAINST.get(key, ()), traits))


def of_hits(hits: Iterable[tuple[HitBody, Facts]]) -> Traits:
    """The traits of (body, facts) pairs."""
    found = Traits()
    for body, facts in hits:
        found.see(body, facts)
    return found


def _lines(lines: tuple[Line, ...], traits: Traits) -> Iterator[str]:
    for trait, sentence in lines:
        count = traits.seen[trait]
        if count:
            yield f"{_share(count, traits.hits)}: {sentence}"


def _share(count: int, hits: int) -> str:
    if hits == 1:
        return "the one hit"
    return f"all {hits} hits" if count == hits else f"{count} of {hits} hits"


def _several(traits: Traits) -> str:
    count = len(traits.sources)
    return f"{count} addresses used the bait" if count > 5 else ""
