"""What a reader must know first of a case: the briefing of its weightiest use, as alerts and console give it."""

from __future__ import annotations

from listener.dossier.case import Case
from listener.dossier.case_records import Event
from listener.evidence import acts, observed
from listener.incidents.briefing import Briefing, UsedCanary, brief
from listener.incidents.canary_words import PLACES, status_at
from listener.incidents.wording import not_observed


def brief_event(case: Case, event: Event) -> Briefing:
    """The briefing of ``event``; what operators said of its canary comes from the case's own entries. UTC alone."""
    body = event.body
    bait = next((one for one in case.baits if one.id == body["canary"]), None)
    record = bait.record if bait else {}
    planted = [
        one for one in case.story if one.kind == "planted" and one.body.get("canary") == body["canary"]
    ]
    newest = sorted(planted, key=lambda one: one.at, reverse=True)[:PLACES]
    retired = bait.retired_at if bait else ""
    return brief(
        UsedCanary(
            kind=str(record.get("kind") or body["kind"]),
            facet=body["facet"],
            at=body["observed_at"],
            memo=str(record.get("memo", "")),
            recipient=str(record.get("recipient") or ""),
            places=tuple(str(one.body["target"]) for one in newest if one.body.get("target")),
            status=status_at(retired, str(record.get("expires_at") or ""), body["observed_at"]),
            facts=event.facts,
            ip=body["source"]["ip"],
            port=body["source"]["port"] or 0,
            reported=not_observed(body),
            request=acts.line(body["observed"], acts.WHOLE),
            client=observed.client(body["observed"]),
        )
    )
