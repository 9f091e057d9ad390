"""Rules that mark hits as the operator's own and keep them quiet. Everything is recorded all the same.

``own``: a scanner, a link preview, a monitor of the operator's (network, client, canary). ``mute``: a canary that must
not ring for a while. ``test``: the operator fires bait themselves for some minutes. The mark is a derived fact of the
hit, ``operator_rule``, with the rule's id, owner, reason and date; making and removing a rule is an entry.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import rule as table
from canaries.core.text import visible
from canaries.crypto.sealed_box import BoxError, Locker
from listener.evidence.derived import Facts, RuleFact

if TYPE_CHECKING:
    from canaries.installation.home import Home

Markable = tuple[str, str, str, str, Facts]
"""(address, client, canary id, time, facts) of a use."""
Mark = Literal["own", "mute", "test"]
_WIDEST = {4: 8, 6: 16}
"""Bits of a prefix: no organisation has more than its largest allocation, and two halves of all addresses are all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingRule:
    """What is marked: hits to which everything that is given applies."""

    id: str
    mark: Mark
    created_at: str
    expires_at: str
    """RFC 3339: no rule is for ever."""
    owner: str
    reason: str
    networks: tuple[str, ...] = ()
    """CIDR; empty: any."""
    client: str = ""
    """A part of what the client says it is, case ignored; empty: any."""
    canary: str = ""
    """Id; empty: any."""
    reviewed_at: str = ""
    """When somebody last said that it is to go on, RFC 3339; empty: nobody has."""
    reviewed_by: str = ""

    @property
    def looked_at(self) -> str:
        """When somebody last answered for it, RFC 3339."""
        return self.reviewed_at or self.created_at

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    def applies(self, ip: str, client: str, canary: str, at: str) -> bool:
        """Whether a hit at this time (RFC 3339) is marked."""
        if not self.created_at <= at < self.expires_at or (self.canary and self.canary != canary):
            return False
        if self.client and self.client.casefold() not in client.casefold():
            return False
        return not self.networks or _within(ip, self.networks)

    def fact(self) -> RuleFact:
        """As it stands in a hit's derived facts."""
        return {
            "source": "operator rule",
            "date": self.created_at,
            "rule": self.id,
            "mark": self.mark,
            "owner": self.owner,
            "reason": self.reason,
        }


def load(connection: Connection, home: Home, now: str) -> list[MarkingRule]:
    """Rules that have not expired, the narrowest first."""
    locker = Locker(home.keys.alerts)
    rows = connection.execute(select(table).where(table.c.expires_at > now)).all()
    found = [one for row in rows if (one := _opened(locker, row.id, row.sealed)) is not None]
    return sorted(found, key=lambda one: (not one.canary, not one.client, not one.networks, one.created_at))


def first(rules: Sequence[MarkingRule], ip: str, client: str, canary: str, at: str) -> MarkingRule | None:
    """The rule that marks this hit, if any."""
    return next((one for one in rules if one.applies(ip, client, canary, at)), None)


def mark(connection: Connection, home: Home, uses: Iterable[Markable], since: str) -> None:
    """Add to the facts of each use which rule marks it, if any. ``since``: no use is older, RFC 3339."""
    known = load(connection, home, since)
    for ip, client, canary, at, facts in uses if known else ():
        found = first(known, ip, client, canary, at)
        if found is not None:
            facts["operator_rule"] = found.fact()


def add(
    home: Home,
    mark: Mark,
    *,
    expires_at: str,
    reason: str,
    owner: str = "",
    networks: Sequence[str] = (),
    client: str = "",
    canary: str = "",
) -> MarkingRule:
    """Make a rule: an entry *setting*. Raises TraplineError where it would mark too much or says no reason."""
    if not reason.strip():
        raise TraplineError("a rule needs a reason", hint="add: --reason 'our scanner, ticket 123'")
    if mark == "own" and not networks:
        raise TraplineError(
            "a client's name alone is no proof that it is yours: anybody can send it",
            hint="add: --network 192.0.2.0/24",
        )
    if not (networks or canary):
        raise TraplineError("a rule needs a network or a canary", hint="add: --canary ID or --network CIDR")
    made = MarkingRule(
        id=secrets.token_hex(4),
        mark=mark,
        created_at=home.now(),
        expires_at=expires_at,
        owner=owner or home.operator,
        reason=reason.strip(),
        networks=tuple(map(_network, networks)),
        client=client,
        canary=canary,
    )
    said = home.act("setting", {"section": "rules", "added": made.as_dict()}, made.created_at)
    with home.store.write() as connection:
        row = {"id": made.id, "kind": mark, "created_at": made.created_at, "expires_at": expires_at}
        connection.execute(insert(table).values(**row, sealed=_sealed(home, made)))
        home.writer.put(connection, said)
    return made


def find(home: Home, rule_id: str) -> MarkingRule:
    """The rule of this id that has not ended. Raises NotFoundError."""
    with home.store.read() as connection:
        found = [one for one in load(connection, home, home.now()) if one.id == rule_id]
    if not found:
        raise NotFoundError(f"there is no rule {visible(rule_id)}", hint="see: trapline rules list")
    return found[0]


def review(home: Home, rule_id: str, expires_at: str, reason: str) -> MarkingRule:
    """Let a rule go on until another time: an entry *setting*. Raises NotFoundError, TraplineError."""
    if not reason.strip():
        raise TraplineError("say why it is still needed", hint="add: --reason 'the scanner runs until May'")
    old = find(home, rule_id)
    made = replace(old, expires_at=expires_at, reviewed_at=home.now(), reviewed_by=home.operator)
    body = {"section": "rules", "reviewed": rule_id, "expires_at": expires_at, "reason": reason.strip()}
    said = home.act("setting", body, made.reviewed_at)
    with home.store.write() as connection:
        change = update(table).where(table.c.id == rule_id)
        if not connection.execute(change.values(expires_at=expires_at, sealed=_sealed(home, made))).rowcount:
            raise NotFoundError(f"there is no rule {visible(rule_id)}", hint="see: trapline rules list")
        home.writer.put(connection, said)
    return made


def remove(home: Home, rule_id: str, reason: str = "") -> None:
    """End a rule: an entry *setting*. Raises NotFoundError."""
    said = home.act("setting", {"section": "rules", "removed": rule_id, "reason": reason})
    with home.store.write() as connection:
        if connection.execute(delete(table).where(table.c.id == rule_id)).rowcount == 0:
            raise NotFoundError(f"there is no rule {visible(rule_id)}", hint="see: trapline rules list")
        home.writer.put(connection, said)


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise TraplineError(
            f"{text!r} is not a network", hint="write an address or CIDR: 192.0.2.0/24"
        ) from None
    if network.prefixlen < _WIDEST[network.version] and not network.is_private:
        raise TraplineError(
            f"{network} is no network of yours: it holds a large part of all addresses",
            hint="name the networks that you use: 192.0.2.0/24",
        )
    return str(network)


def _within(ip: str, networks: Sequence[str]) -> bool:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(one) for one in networks)


def _sealed(home: Home, made: MarkingRule) -> bytes:
    return Locker(home.keys.alerts).seal(msgspec.json.encode(made), made.id.encode())


def _opened(locker: Locker, rule_id: str, sealed: bytes | None) -> MarkingRule | None:
    try:
        return msgspec.json.decode(locker.open(sealed or b"", rule_id.encode()), type=MarkingRule)
    except (BoxError, msgspec.DecodeError):
        return None
