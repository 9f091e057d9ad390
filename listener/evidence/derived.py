"""The shapes of what is derived from a hit, by the source's name: plain dicts whose fields the type checker knows.

Each fact carries ``source`` and, where data answered, ``date``. A source of somebody else's adds a fact under its own
name, and entries of older releases lack fields: whoever reads one asks with ``get``.
"""

from __future__ import annotations

from typing import TypedDict, cast

Label = dict[str, str]
"""What a list says of a network: ``class``, ``provider``, ``service``, ``region``, ``list``."""


class Provenance(TypedDict, total=False):
    """What every fact says of itself."""

    source: str
    date: str
    """Of the data."""


class EmbeddedAddress(TypedDict):
    """An IPv4 address inside an IPv6 one."""

    how: str
    address: str


class NetworkFact(Provenance, total=False):
    """Whose network the address is in."""

    address: str
    version: int
    """4 or 6."""
    scope: str
    embedded: EmbeddedAddress
    asn: int | None
    organisation: str
    network: str
    """CIDR."""
    country: str
    country_name: str
    country_says: str
    """Why it is that country, where a cloud's region or two bases of hosters' machines say so."""
    country_otherwise: str
    """What the next file says instead, and which it is."""
    data: dict[str, str]
    """Which file answered, by topic."""
    data_refused: list[str]
    """Files that could not be asked, a sentence each."""
    role: str


class ListEvidence(TypedDict, total=False):
    list: str
    date: str
    says: str


"""What one list says."""

NetClassFact = TypedDict(
    "NetClassFact",
    {
        "source": str,
        "date": str,
        "class": str,
        "provider": str,
        "service": str,
        "region": str,
        "shared": str,
        "shared_likely": bool,
        "tor_exit": str,
        "labels": list[Label],
        "evidence": list[ListEvidence],
    },
    total=False,
)
"""What sort of network it is. ``class`` is no name that a class statement takes."""


class ClientFact(Provenance, total=False):
    """What the client says it is."""

    user_agent: str
    """The claim, at most its first 2048 characters: hostile."""
    sort: str
    family: str
    version: str
    os: str
    header_order: str


class ConsistencyFact(Provenance):
    """Whether the client is what it says."""

    result: str
    """``ok``, ``mismatch`` or ``unknown``."""
    checks: dict[str, str]
    reasons: list[str]


class TimingFact(Provenance, total=False):
    """When the use came. Intervals are microseconds."""

    first_use: bool
    since_minted_us: int
    since_planted_us: int
    first_use_delay_us: int
    weekday: str
    hour_utc: int
    expired: bool


class VerdictFact(Provenance):
    """A first sorting."""

    event: str
    kind: str
    confidence: str
    severity: str
    reasons: list[str]


class RuleFact(Provenance):
    """Which of the operator's rules marks the hit."""

    rule: str
    mark: str
    owner: str
    reason: str


class SendFact(Provenance, total=False):
    """Whether a message to a canary subscriber was announced."""

    result: str
    """``authorised``, ``unauthorised``, or ``no message`` where only the recipient was named."""
    list: str
    """Whose subscriber the canary is."""
    send: str
    """The id of the send that it matches."""
    why: str
    """Why none matches."""


class PushFact(Provenance, total=False):
    """What a Web Push message says, read with the keys of the subscription that it was sent to. Hostile."""

    result: str
    """``read`` or ``not read``."""
    why: str
    """Why it was not read."""
    text: str
    """At most its first 1000 characters."""
    bytes: int
    """Of the message."""
    sha256: str
    headers: dict[str, str]
    """``ttl``, ``urgency``, ``topic``, where they were sent."""
    sender: str
    """``signed with its key``, what is wrong with what it says of itself (VAPID, RFC 8292), or ``names nobody``."""
    sender_says: dict[str, str]
    """``key`` (base64url), ``subject``, ``audience``."""
    sender_expires: int
    """Seconds since the epoch."""


class SecretFact(Provenance):
    """Whether the canary's own secret was shown, where something else betrayed the use."""

    shown: str
    """``right`` or ``wrong``."""
    how: str
    """``in clear``, ``MySQL scramble``, ``SSH signature``."""


class Facts(TypedDict, total=False):
    """All that is derived from one hit."""

    network: NetworkFact
    netclass: NetClassFact
    client: ClientFact
    consistency: ConsistencyFact
    timing: TimingFact
    verdict: VerdictFact
    operator_rule: RuleFact
    authorised_send: SendFact
    push: PushFact
    secret: SecretFact


class DerivedBody(TypedDict, total=False):
    """The body of an entry *derived*."""

    hit: str
    incident: str
    why: str
    """Why the hit is in this incident, one sentence."""
    facts: Facts
    failed: dict[str, str]
    """The names of the sources that failed, with the error's type."""
    egress: list[str]
    """Queries that were made outside."""


def by_name(facts: Facts) -> list[tuple[str, dict[str, object]]]:
    """(source, fact) of every fact, sorted, also of sources that no shape names."""
    return sorted(cast(dict[str, dict[str, object]], facts).items())
