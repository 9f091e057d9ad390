"""What happened, as the bait and the part of it that was used say, before anybody asks who it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from listener.evidence.derived import Facts, SendFact
from listener.facts import Use
from listener.sensors.reported import ReportObserved

FOLLOWED = frozenset({"host", "path", "url", "email"})
"""Facets that software follows without anybody's intent. Every other one is a credential or an identity."""

GUESSABLE = frozenset({"user_name", "phone", "name"})
"""Facets that accuse nobody on their own; only sensors are told of them."""

DOCUMENTS = frozenset({"docx", "xlsx", "odt", "pdf", "svg", "html"})
MAILED = frozenset({"mail-pixel"})
FOLDERS = frozenset({"windows-folder", "shortcut"})

ATTACKS = frozenset({"attack_tool", "secret_scanner"})
"""Sorts of clients that are taken at their word: nobody claims to be one in order to look harmless."""

_ROBOTS = {
    "preview": "likely_preview",
    "mail_gateway": "likely_mail_gateway",
    "crawler": "likely_crawler",
    "ai_crawler": "likely_crawler",
    "feed_reader": "likely_crawler",
    "scanner": "likely_scanner",
    "monitor": "likely_monitor",
}


@dataclass(frozen=True, slots=True)
class BaitEvent:
    """One thing that happened to a bait."""

    name: str
    sentence: str
    """What is true of it, as a sentence."""
    weight: int
    """Severity where nothing else is known: an index into the verdict's levels."""
    decides: bool = False
    """Whether it says more than the client's sort does, so that it is the verdict's kind."""

    @property
    def limit(self) -> str:
        """What it does not show, as a sentence; empty where nobody would take it for more than it is."""
        return _LIMITS.get(self.name, "")


_LIMITS = {
    "row_read": "It does not show that the client got the row (looked at is not returned), or who used the account.",
    "table_read": "It does not show which rows the client got, or who used the account.",
    "record_given_out": "It does not show where the export went, or who used the account.",
    "used_inside": "It does not show who used the client, whose address is the application's word.",
    "used_in_log": "The line is another program's word: it does not show who used the client.",
    "unauthorised_send": "It does not show who sent it, or who else got a copy.",
}
"""By the event's name."""


def robot_of(sort: str) -> str:
    """The verdict on a client of this sort where its address shows that it is one; empty where it is no robot."""
    return _ROBOTS.get(sort, "")


def happened(use: Use, facts: Facts) -> BaitEvent:
    """The event behind a hit."""
    sort = facts.get("client", {}).get("sort", "none")
    if use.part == "act":
        said = "This came on a connection on which the canary was used."
        return BaitEvent("conversation", said, 3 if use.facet not in FOLLOWED else 2)
    if use.send is not None:
        return _sent(use.send)
    if use.facet == "cracked_password":
        said = "The password of a phony account was used, of which the bait holds the hash alone: it was cracked."
        return BaitEvent("hash_cracked", said, 4)
    if use.trap == "sensors" and cast(ReportObserved, use.observed).get("event") == "read":
        return _read_through_proxy(use)
    if use.trap == "sensors" and use.facet == "row":
        said = "The database looked at this planted row for a statement, as its server's log says."
        return BaitEvent("row_read", said, 3)
    if use.trap == "sensors" and use.facet == "table":
        said = "A table that holds phony rows alone was read, as the database's audit log says."
        return BaitEvent("table_read", said, 3)
    if use.trap == "sensors" and use.sighting.notes.get("log"):
        said = f"The {use.facet} of this canary stands in a log of the operator's, as used there."
        return BaitEvent("used_in_log", said, 2 if use.facet in GUESSABLE else 3)
    if use.trap == "sensors" and use.sighting.notes.get("mailbox"):
        said = "A message with the canary's address came to a mailbox of the operator's, at a mail provider."
        return BaitEvent("mail_received", said, 2, decides=True)
    if use.trap == "sensors" and cast(ReportObserved, use.observed).get("event") == "export":
        said = "This planted record left the operator's own application in an export, which the application reported."
        return BaitEvent("record_given_out", said, 3)
    if use.trap == "sensors":
        said = f"The {use.facet} of this canary was used inside the operator's own application, which reported it."
        if use.facet in GUESSABLE:
            said += f" A {use.facet.replace('_', ' ')} may be guessed, or another's."
            return BaitEvent("used_inside", said, 2)
        return BaitEvent("used_inside", said, 3)
    if use.facet == "push_endpoint":
        said = "A message was pushed to the canary's subscription, or its endpoint was asked for."
        return BaitEvent("push_received", said, 2, decides=True)
    if use.facet not in FOLLOWED:
        return BaitEvent("credential_presented", f"The {use.facet} of this canary was presented.", 3)
    if use.trap == "dns":
        said = "The canary's name was looked up; the address is that of the resolver that asked."
        return BaitEvent("name_looked_up", said, 2, decides=True)
    if use.facet == "email" and use.trap != "smtp":
        return BaitEvent("address_used", "The canary's mail address was sent in a request.", 2)
    if use.trap == "smtp":
        said = (
            "The canary's mail address was written to; the address is that of the server that sent the mail."
        )
        return BaitEvent("mail_received", said, 2, decides=True)
    if sort == "ai_agent":
        said = "The link was fetched by a client that says it works for a person who asked an assistant."
        return BaitEvent("assistant_asked", said, 2, decides=True)
    if use.kind in MAILED or sort == "image_proxy":
        if sort in ("image_proxy", "mail", "browser", "office"):
            return BaitEvent(
                "mail_opened", "A picture that is shown when the mail is read was fetched.", 2, decides=True
            )
    elif sort == "office" or (use.kind in DOCUMENTS and sort in ("mail", "browser")):
        return BaitEvent(
            "document_opened", "Something that is loaded when the document is opened was fetched.", 3, True
        )
    elif use.kind in FOLDERS:
        return BaitEvent(
            "folder_opened", "Something that is loaded when the folder is shown was fetched.", 3, True
        )
    return BaitEvent("link_followed", "The canary's address was fetched.", 2)


def _read_through_proxy(use: Use) -> BaitEvent:
    """What a proxy in front of a database saw (`listener.wire_proxy`)."""
    observed = cast(ReportObserved, use.observed)
    if use.facet == "table":
        said = "A statement named a table that nobody has a reason to read, as the proxy before the database saw."
        return BaitEvent("table_read", said, 3)
    if use.facet == "row" or any(where.startswith("row ") for where, _ in observed.get("found", ())):
        said = "This planted row was touched by a statement, as the proxy before the database saw."
        return BaitEvent("row_read", said, 3)
    said = (
        f"The {use.facet} of this canary was written into a statement, as the proxy before the database saw."
    )
    return BaitEvent("used_inside", said, 2 if use.facet in GUESSABLE else 3)


def _sent(send: SendFact) -> BaitEvent:
    if send["result"] == "authorised":
        return BaitEvent(
            "authorised_send", "A message that was announced reached a canary subscriber.", 0, True
        )
    if send["result"] == "no message":
        return BaitEvent(
            "subscriber_named", "A canary subscriber was named as recipient, without a message.", 0, True
        )
    said = f"A message reached a canary subscriber of {send['list']}, and no authorised send matches it: {send['why']}."
    return BaitEvent("unauthorised_send", said, 4)
