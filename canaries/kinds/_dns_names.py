"""A name in the catch domain, for baits whose look-up alone is a hit."""

from __future__ import annotations

from canaries.core.errors import MintError
from canaries.core.model import Token
from canaries.kinds import Order


def own_name(order: Order, purpose: str = "name") -> Token:
    """A name that occurs nowhere else: under the base URL's host where that has a label, else in the catch domain.

    Raises MintError where the installation has neither.
    """
    site = order.site(purpose)
    for token in site.tokens:
        if token.facet == "host":
            return token
    if not order.domain:
        raise MintError(
            "a DNS name needs a domain of your own",
            hint="set bait.domain, delegate it to this machine and open [traps.dns] for it",
        )
    label = order.label(f"{purpose}:first", f"{purpose}:name")
    return Token("host", f"{label}.{order.domain.lower()}", folds=True)
