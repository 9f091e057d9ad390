"""What most services' keys have in common: a secret under its usual variable, and a base URL that leads to a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Kind, Order


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A key of a beginning that is always the same, and one run of random characters."""

    prefix: str
    name: str
    """Under which the characters are drawn: another name is another key of the same seed."""
    alphabet: str
    length: int
    """Characters behind the prefix; at least 96 bits."""

    def draw(self, stream: SeededRandom) -> str:
        """A key."""
        return self.prefix + stream.text(self.name, self.alphabet, self.length)


class ServiceKey(Kind):
    """A service's API key as two lines of a ``.env``. The sub-class knows the key's form and the variables' names."""

    form: ClassVar[KeyForm]
    """The key, where it is one run of random characters; a sub-class with another key has a `secret` of its own."""

    variable: ClassVar[str]
    """Where the service's own documentation puts the key."""
    base: ClassVar[str]
    """The variable of the base URL: the client's own where it has one, else what self-made code calls it."""
    path: ClassVar[str] = ""
    """Behind the site's root URL."""
    plant_hint: ClassVar[str] = (
        "In a .env, a CI variable dump or a settings file, beside real settings of the same service."
    )

    def secret(self, stream: SeededRandom) -> str:
        """A key of the service's form, at least 96 bits of it random."""
        return self.form.draw(stream)

    def mint(self, order: Order, options: Any) -> Bait:
        site = order.site()
        secret, url = self.secret(order.stream), f"{site.url}{self.path}"
        row = {"secret": secret, "url": url, "host": site.host}
        return Bait(
            (Token("secret", secret), *site.tokens), f"{self.variable}={secret}\n{self.base}={url}\n", row=row
        )
