"""The competing explanations that every dossier lists, all of them, whatever the case looks like.

Analysis of competing hypotheses: the reader sees what else could have caused the same records and what would have to be
checked. `listener.incidents.weighing` says what of the records speaks for and against each; rating them is for a named
person.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way the records can have come about."""

    key: str
    """What an operator calls it by."""
    explanation: str
    check: str
    """What would speak for it."""


HYPOTHESES = (
    Hypothesis(
        "preview",
        "Link preview or chat unfurler",
        "declared client, provider's ranges, within seconds of posting",
    ),
    Hypothesis(
        "gateway",
        "Mail gateway or URL detonation service",
        "seconds after delivery, several links at once, a browser-like false client name, data-centre network",
    ),
    Hypothesis(
        "sandbox",
        "Anti-virus, EDR, sandbox, upload to a malware analysis site",
        "time of the upload, cloud networks, many countries at once",
    ),
    Hypothesis(
        "scanner", "Internet-wide scanner, crawler or archive", "no path of the bait's own, research ranges"
    ),
    Hypothesis(
        "own",
        "Own staff, own backup, data-loss prevention, indexer or test",
        "list of own ranges, ticket, maintenance window",
    ),
    Hypothesis("tester", "Authorised tester", "engagement letter"),
    Hypothesis(
        "finder", "Finder who tests in good faith (journalist, researcher, CERT)", "a report that came later"
    ),
    Hypothesis(
        "partner", "Automatic check by a secret-scanning partner (code host, cloud)", "known ranges, at once"
    ),
    Hypothesis(
        "relay",
        "VPN, proxy or Tor exit: the connection is another's",
        "lists as of the time of the event; relay archives answer for a date",
    ),
    Hypothesis(
        "shared",
        "Many users behind one address (CGNAT, campus, hotel, mobile)",
        "type of network; needs the source port",
    ),
    Hypothesis(
        "reassigned",
        "Dynamic address assigned anew, or a wrong clock",
        "the provider's log; our clock's quality, given here",
    ),
    Hypothesis(
        "compromised",
        "Compromised host, residential proxy or open relay",
        "open ports and abuse lists at that time, the owner's statement",
    ),
    Hypothesis(
        "spoofed",
        "Forged source address",
        "possible for single UDP packets and DNS; a finished TCP or TLS handshake rules out forging it blindly",
    ),
    Hypothesis("resolver", "The address of a DNS resolver, not of the client", "always so for DNS tokens"),
    Hypothesis(
        "headers",
        "Forged X-Forwarded-For or other headers",
        "only the peer's address is observed; headers are claims of the visitor",
    ),
    Hypothesis(
        "planted", "Use planted to incriminate somebody (false flag)", "a motive, and knowledge of the bait"
    ),
    Hypothesis(
        "fabricated",
        "Fabrication or error by the operator of this installation",
        "checkpoints that were given to others earlier; independent records (proxy, flow, resolver logs)",
    ),
    Hypothesis(
        "unauthorised",
        "Unauthorised person with stolen material",
        "what remains after the others, not what is assumed",
    ),
)

KEYS = tuple(item.key for item in HYPOTHESES)
