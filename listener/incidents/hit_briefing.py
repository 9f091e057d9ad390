"""The briefing of a hit, for whoever shows hits: command line and console; a report knows its case instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from canaries.crypto.sealed_box import Locker
from listener.evidence import acts as done
from listener.incidents.briefing import Briefing, UsedCanary, brief, severity, weight
from listener.incidents.canary_words import CanaryWords, canary_words
from listener.incidents.model import Hit
from listener.incidents.wording import not_observed

if TYPE_CHECKING:
    from canaries.installation.home import Home


def brief_hit(hit: Hit, words: CanaryWords | None = None, *, acts: str = "", zone: str = "") -> Briefing:
    """What a person must know of ``hit`` first.

    ``words``: what operators say of its canary (`words_of`). ``acts``: what was done behind it, in one line.
    """
    return brief(
        UsedCanary(
            kind=hit.kind,
            facet=hit.facet,
            at=hit.observed_at,
            memo=words["memo"] if words else "",
            recipient=words["recipient"] if words else "",
            places=words["places"] if words else (),
            status=words["status"] if words else "",
            facts=hit.facts,
            ip=hit.ip,
            port=hit.port,
            reported=not_observed(hit.body) if "source" in hit.body else "",
            request=done.line(hit.body["observed"], done.WHOLE) if "observed" in hit.body else "",
            client=hit.client,
            acts=acts,
            incident=hit.incident,
        ),
        zone,
    )


def words_of(home: Home, hit: Hit) -> CanaryWords:
    """What operators say of the canary that was used."""
    with home.store.read() as connection:
        return canary_words(connection, Locker(home.keys.alerts), hit.canary, hit.observed_at)


def weightiest(hits: Iterable[Hit]) -> Hit | None:
    """The one that a headline is about: the weightiest, of several the earliest."""
    return min(hits, key=lambda hit: (-weight(hit.facet, hit.facts), hit.observed_at, hit.id), default=None)


def severity_of(hit: Hit) -> str:
    """One of `listener.incidents.briefing.SEVERITIES`."""
    return severity(hit.facet, hit.facts)
