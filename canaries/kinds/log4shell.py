"""A JNDI string that looks a name up, where somebody's software still takes it for an instruction.

What it does to the machine that logs it: Log4j before 2.15 hands ``dns:`` to Java's DNS provider (JNDI,
``com.sun.jndi.dns``), which resolves names and returns their records as data. No class is loaded, nothing is run: that
is the way of ``ldap:`` and ``rmi:``, which this kind does not have, and no trap serves code to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._dns_names import own_name


@dataclass(frozen=True, slots=True)
class Log4shellOptions:
    """What ``--set`` may set."""

    ask: Literal["resolver", "us"] = "resolver"
    """Whom the software asks: its own resolver, so that a hit is seen from anywhere; or the trap itself, by the name's
    address, so that the machine's own address is seen, where it may send to the Internet's port 53."""


class Log4shell(Kind):
    name: ClassVar[str] = "log4shell"
    service: ClassVar[str] = "log"
    traps: ClassVar[tuple[str, ...]] = ("dns",)
    title: ClassVar[str] = "A JNDI string that only looks a name up"
    fired_by: ClassVar[str] = (
        "Software with Log4j 2.0 to 2.14.1 (CVE-2021-44228) that logs the string: one DNS look-up, seen from its "
        "resolver. Data scrapers, log viewers and intruders' own tools among them. Silent: everything that is "
        "mended, and whoever only reads it. It runs nothing and loads nothing; the ldap and rmi forms, which could, "
        "are not made."
    )
    plant_hint: ClassVar[str] = (
        "In a field that only a data thief's pipeline would read: a decoy customer's name or address, a decoy "
        "document's title. Not where your own Log4j would log it."
    )
    try_hint: ClassVar[str] = "dig {host}"
    Options: ClassVar[type[Any]] = Log4shellOptions

    def mint(self, order: Order, options: Log4shellOptions) -> Bait:
        token = own_name(order)
        # dns://SERVER/NAME (the provider's URL form): without a server, the machine's own resolver is asked.
        place = token.value if options.ask == "us" else ""
        text = f"${{jndi:dns://{place}/{token.value}}}"
        return Bait((token,), f"{text}\n", row={"host": token.value, "text": text}, stem="collector")
