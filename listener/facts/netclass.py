"""What sort of network the address is in: cloud, VPN, university, scanner ..., each with the list that says so.

A list that names a network is evidence; that none does shows nothing. Everything the lists say is kept in
``labels``; one of it becomes the ``class`` by a fixed order (`_RANK`): what the address *does* (a Tor exit, a
scanner) before who rents it out. Labels drop no hit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import cast

from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.lazily import lazily
from listener.evidence.derived import Facts, Label, ListEvidence, NetClassFact
from listener.evidence.shared_record import NONE, SharedRecord, SharedRecords, shared
from listener.facts import Source, Use
from listener.facts._data import ASN_TABLE, asn_classes, opened
from listener.net.addresses import Address, embedded, normal
from listener.network_data.datasets import OpenSet
from listener.network_data.organisations import TABLE, sort_of

_CACHED = 8192

_RANK = (
    "tor_exit",
    "relay",
    "vpn",
    "proxy",
    "scanner",
    "ai_user_agent",
    "ai_crawler",
    "crawler",
    "link_preview",
    "monitor",
    "mail_gateway",
    "public_resolver",
    "cdn",
    "cloud",
    "hosting",
)
"""Of several labels the first of these is the class. A cloud comes before a hoster: GitHub's build runners are machines
of Azure, whoever rents them."""

_WIDE = frozenset({"cdn", "mail_gateway"})
"""Classes of which lists name everything that a company has."""

SHARED: Mapping[str, str] = {
    "tor_exit": "yes",
    "relay": "yes",
    "vpn": "yes",
    "proxy": "yes",
    "cgnat": "yes",
    "mobile": "yes",
    "public_resolver": "yes",
    "mail_gateway": "yes",
    "link_preview": "yes",
    "cdn": "yes",
    "ai_user_agent": "yes",
    "satellite": "likely",
    "business": "likely",
    "education": "likely",
    "government": "likely",
    "military": "likely",
    "broadband": "likely",
}
"""Behind one address of these are many people (``yes``) or often several (``likely``, address translation at home
and at work): two hits are not one visitor. Of every other class it is ``unknown``, which is not "no"."""

_TOR_FRESH = timedelta(hours=48)
"""Exits come and go within hours: a list says nothing of a hit further away in time than this."""


class NetClass(Source):
    """Asks the lists of networks, then the table of ASNs, then the organisation's name."""

    name = "netclass"
    order = 20

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        data = opened(home)
        self._sets = data.of("labels")
        self._asns, self._asn_date, asn_hash = asn_classes(home)
        self._asn_tag = f"{ASN_TABLE}@{asn_hash[:16]}"
        self._dates = {
            name: entry.get("date", "") for item in data.sets for name, entry in item.known.lists.items()
        }
        self._cached, self._facts = lru_cache(_CACHED)(self._classify), SharedRecords(_CACHED)

    @lazily
    def _tor(self) -> list[tuple[OpenSet, str, str]]:
        """The lists of Tor exits, each with the moments between which it is fresh."""
        lists = [item for item in self._sets if item.reader.complete == "tor_exit"]
        return [(item, *_fresh(_day_of(item))) for item in lists]

    def derive(self, use: Use, facts: Facts) -> NetClassFact | None:
        ip = use.source[0]
        if not ip:
            return None
        network = shared(facts.get("network", NONE))
        near = tuple([item for item, since, until in self._tor if since <= use.observed_at <= until])
        key = (ip, network, tuple([item.tag for item in near]))
        return cast(NetClassFact, self._facts.get(key, lambda: self._fact_of(ip, network, near)))

    def _fact_of(self, ip: str, network: SharedRecord, near: Sequence[OpenSet]) -> NetClassFact:
        fact = self._cached(
            ip, network.get("asn"), network.get("organisation", ""), network.get("scope", "global")
        )
        return fact | self._tor_exit(ip, near, fact)

    def _classify(self, ip: str, asn: int | None, organisation: str, scope: str) -> NetClassFact:
        address = _plain(ip)
        if scope != "global":
            says: ListEvidence = {"list": "IANA special-purpose registries", "says": scope}
            return self._fact(scope, {}, [says], [])
        labels, evidence = self._labels(address)
        best = min(_telling(labels), key=lambda label: _rank(label["class"]), default={})
        found = best.get("class", "")
        if asn in self._asns:
            kind, whose = self._asns[asn]
            word = f"AS{asn} {kind}" + (f" ({whose})" if whose else "")
            evidence.append({"list": self._asn_tag, "date": self._asn_date, "says": word})
            found = found or kind
        kind, words = sort_of(organisation)
        if kind and not found:
            found = kind
            evidence.append({"list": TABLE, "says": f"{kind}: its name has {words!r}"})
        return self._fact(found or "unknown", best, evidence, labels)

    def _labels(self, address: Address) -> tuple[list[Label], list[ListEvidence]]:
        """Everything that the lists say, the operator's first, each list's narrowest network first."""
        labels: list[Label] = []
        evidence: list[ListEvidence] = []
        for item in self._sets:
            if item.reader.complete:
                continue  # judged with the time of the hit, in `_tor_exit`
            answer = item.reader.look_up(address)
            for label in answer.labels if answer else ():
                labels.append(dict(label))
                day = self._dates.get(label.get("list", ""), item.known.date)
                evidence.append({"list": item.tag, "date": day, "says": _said(label)})
        return labels, evidence

    def _fact(
        self,
        kind: str,
        best: Mapping[str, str],
        evidence: list[ListEvidence],
        labels: list[Label],
    ) -> NetClassFact:
        shared = SHARED.get(kind, "unknown")
        first = evidence[0] if evidence else ListEvidence()
        fact: NetClassFact = {
            "source": first.get("list", "").partition("@")[0] or "Trapline's own rules",
            "class": kind,
            "provider": best.get("provider", ""),
            "shared": shared,
            "evidence": evidence,
        }
        if best.get("service"):
            fact["service"] = best["service"]
        if best.get("region"):
            fact["region"] = best["region"]
        if first.get("date"):
            fact["date"] = first["date"]
        if shared == "yes":
            fact["shared_likely"] = True
        if len(labels) > 1:
            fact["labels"] = labels
        return fact

    @staticmethod
    def _tor_exit(ip: str, near: Sequence[OpenSet], fact: NetClassFact) -> NetClassFact:
        """Whether the address was a Tor exit when the hit came, as far as a list of that time (``near``) says."""
        if fact["class"] in ("private", "loopback", "documentation"):
            return {}
        for item in near:
            answer = item.reader.look_up(_plain(ip))
            if answer:
                says = "a Tor exit" + (f", seen {answer.seen_at}" if answer.seen_at else "")
                named: ListEvidence = {"list": item.tag, "date": item.known.date, "says": says}
                return {
                    "class": "tor_exit",
                    "provider": "tor",
                    "shared": "yes",
                    "shared_likely": True,
                    "source": item.known.name,
                    "date": item.known.date,
                    "tor_exit": "yes",
                    "evidence": [named, *fact["evidence"]],
                }
        if near:
            return {"tor_exit": "no"} if fact["class"] != "tor_exit" else {"tor_exit": "no longer"}
        if fact["class"] == "tor_exit":
            return {"tor_exit": "listed, list too old"}
        return {"tor_exit": "list too old"}


def _fresh(day: datetime) -> tuple[str, str]:
    """The first and the last moment of which a list of that day speaks, RFC 3339: they compare as texts."""
    if not 1 < day.year < 9999:
        return "", ""
    return rfc3339(day - _TOR_FRESH), rfc3339(day + _TOR_FRESH)


def _plain(ip: str) -> Address:
    address = normal(ip)
    inner = embedded(address)
    return inner[1] if inner else address


def _telling(labels: Sequence[Label]) -> list[Label]:
    """The labels less those of a whole company that another's narrower cloud range contradicts.

    Akamai's list has the machines that Linode rents out, Microsoft 365's has all that Azure hosts for it.
    """
    found: list[Label] = []
    for label in labels:
        clouds = [before for before in found if before["class"] == "cloud"]
        if label["class"] in _WIDE and any(
            before.get("provider") != label.get("provider") for before in clouds
        ):
            continue
        found.append(label)
    return found


def _rank(kind: str) -> int:
    return _RANK.index(kind) if kind in _RANK else len(_RANK)


def _said(label: Mapping[str, str]) -> str:
    parts = [label["class"], label.get("provider", ""), label.get("service", ""), label.get("region", "")]
    said = "/".join(part for part in parts if part)
    return f"{said} ({label['list']})" if label.get("list") else said


def _day_of(item: OpenSet) -> datetime:
    if item.known.date == item.known.added_at[:10] and not item.reader.date():
        return parse_rfc3339(
            item.known.added_at
        )  # the file has no date of its own: the list is as old as its adding
    try:
        return datetime.fromisoformat(item.known.date).replace(tzinfo=UTC, hour=12)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
