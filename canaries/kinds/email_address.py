"""An e-mail address that nobody has: a mailbox of its own in the catch domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.content import people
from canaries.core.errors import MintError
from canaries.core.model import Bait, Token
from canaries.kinds import Kind, Order


@dataclass(frozen=True, slots=True)
class EmailAddressOptions:
    """What ``--set`` may set."""

    locale: str = ""
    """Of the name in it, ``en_US``, ``de_DE`` ...; empty: the installation's."""


class EmailAddress(Kind):
    name: ClassVar[str] = "email-address"
    traps: ClassVar[tuple[str, ...]] = ("smtp",)
    title: ClassVar[str] = "A unique e-mail address that nobody else was ever given"
    fired_by: ClassVar[str] = (
        "Any mail to it, where the MX record of your catch domain names your SMTP trap: what arrives is the message, "
        "from the sender's mail server, not from the sender's own machine. Also a login or form at another trap that "
        "uses the address."
    )
    plant_hint: ClassVar[str] = (
        "In a mailing list, a table of customers, or as the address you give to one supplier only."
    )
    try_hint: ClassVar[str] = "swaks --server 127.0.0.1:{port} --to '{email}'"
    Options: ClassVar[type[Any]] = EmailAddressOptions

    def mint(self, order: Order, options: EmailAddressOptions) -> Bait:
        if not order.domain:
            raise MintError(
                "an e-mail address needs a domain of your own",
                hint="set bait.domain, let its MX record name this machine, and open [traps.smtp]",
            )
        person = people.draw(order.stream, options.locale or order.locale, int(order.created_at[:4]))
        mailbox = people.mailbox(order.stream, person, order.shape.label_length)
        email = f"{mailbox}@{order.domain}"
        row = {
            "email": email,
            "first_name": person.first,
            "last_name": person.last,
            "name": f"{person.first} {person.last}",
        }
        row["port"] = str(order.port("smtp", 25))
        return Bait((Token("email", email, folds=True),), f"{email}\n", row=row)
