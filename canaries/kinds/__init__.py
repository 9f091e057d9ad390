"""The contract of a kind: one file in this folder makes one sort of decoy.

A kind is a pure function from an `Order` to a `Bait`: the same order (same seed) gives the same bait, byte for byte,
so that a bait can be shown again without being stored. It never reads the clock, the network or the disk.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from canaries.core.model import Bait, Canary, Shape, Token
from canaries.crypto.seeded_random import BASE36, BASE62, SeededRandom
from canaries.protocols.signer import BaitSigner, signer
from canaries.protocols.site_paths import SitePath

FOLDER = __name__


class Site(msgspec.Struct, frozen=True, gc=False):
    """A place of the operator's own that bait can point to."""

    label: str
    """The unguessable part, at least 96 bits."""
    url: str
    """Root URL of this label, no slash at the end: ``https://LABEL.example.net`` or ``http://host:8080/PATH/LABEL``."""
    host: str
    """Host name (and port, where it is not the scheme's own) of that URL."""
    tokens: tuple[Token, ...]
    """The one token that betrays the use of this site: facet ``host`` or ``path``."""
    place: str = ""
    """The path with the label at its end; empty where the label is a host name."""

    @property
    def hostname(self) -> str:
        """The host without its port."""
        return urlsplit(self.url).hostname or ""

    @property
    def address(self) -> str:
        """The URL without its scheme: host, port and, where the label is one, the path."""
        return self.url.partition("://")[2]

    @property
    def secure_url(self) -> str:
        """The same place by https, for clients that insist on it: the HTTP trap speaks TLS on its plain port too."""
        scheme, _, address = self.url.partition("://")
        if scheme == "https":
            return self.url
        host, slash, path = address.partition("/")
        port = "" if urlsplit(self.url).port else ":80"
        return f"https://{host}{port}{slash}{path}"

    @property
    def secure_root(self) -> str:
        """`secure_url` without this canary's own path: for clients that take none."""
        return self.secure_url.removesuffix(self.place)

    @property
    def own_host(self) -> tuple[Token, ...]:
        """The token, where it is the host name: for baits that have no room for a path."""
        return tuple(token for token in self.tokens if token.facet == "host")


class Order(msgspec.Struct, frozen=True):
    """Everything a kind may know when it makes a bait."""

    stream: SeededRandom
    """All randomness comes from here; name each draw after what it is for."""
    base_url: str
    """``settings.bait.base_url``: of `site`, not for direct use."""
    domain: str
    """The operator's catch domain, or empty."""
    locale: str
    """Of phony people, ``en_US``."""
    created_at: str
    """RFC 3339."""
    memo: str = ""
    recipient: str = ""
    shape: Shape = Shape()
    signer: BaitSigner = msgspec.field(default_factory=lambda: signer(bytes(32)))
    """What the installation's private keys do for bait; the keys themselves are given to no kind."""
    ports: Mapping[str, int] = msgspec.field(default_factory=dict)
    """Trap name to the port it listens on, where that is not the protocol's own; see `port`."""
    source: bytes = b""
    """The operator's own file to make into bait, for kinds that `Kind.takes_source`; otherwise empty."""
    mail_domains: tuple[str, ...] = ()
    """More domains whose every mailbox is the operator's."""
    ca_pem: str = ""
    """The installation's own CA certificate, for baits that bring their own."""
    service: str = "files"
    """What the imitated service is called in the path of an address: `Kind.place`."""

    def site(self, purpose: str = "site") -> Site:
        """A fresh address at a trap for ``purpose``: another purpose gives another label."""
        base, netloc, hostname = _split(self.base_url)
        if "{label}" in netloc:
            label = self.label(f"{purpose}:letter", f"{purpose}:label")
            host = Token("host", hostname.replace("{label}", label), folds=True)
            return Site(label, base.replace("{label}", label), netloc.replace("{label}", label), (host,))
        if self.shape.path_words:
            form = _form(self.shape)
            label = form.written(self.signer.sieved(*form.raw_id(self.stream, f"{purpose}:id")))
            place = form.place(self.service, label)
        else:
            label = self.label(f"{purpose}:letter", f"{purpose}:label")
            place = f"/{label}"
        return Site(label, base + place, netloc, (Token("path", label),), place)

    def label(self, first: str, rest: str) -> str:
        """The unguessable part of an address, its first letter and the rest drawn under these names."""
        drawn = self.stream.pick(first, BASE36[10:])
        drawn += self.stream.text(rest, BASE36, self.shape.label_length - 1)
        return self.signer.sieved(drawn, BASE36)

    def secret(self, name: str, length: int) -> str:
        """A password, or a user name of its own, that the traps of this installation do not refuse as a guess."""
        return self.signer.sieved(self.stream.text(name, BASE62, length), BASE62)

    def port(self, trap: str, usual: int) -> int:
        """The port a bait for ``trap`` must name: where the operator's trap listens, else the protocol's usual one."""
        return self.ports.get(trap, usual)

    def part(self, kind: str) -> Order:
        """The order for a part of this bait, with randomness of its own."""
        service = kind.partition(":")[0].partition("-")[0]
        return replace(self, stream=self.stream.child(kind), service=service)


@lru_cache(maxsize=16)
def _form(shape: Shape) -> SitePath:
    return SitePath(shape.path_words, shape.path_form)


@lru_cache
def _split(base_url: str) -> tuple[str, str, str]:
    """The base URL without a slash at its end, its host with port, its host without; a ``{label}`` stays in."""
    parts = urlsplit(base_url)
    return base_url.rstrip("/"), parts.netloc, parts.hostname or ""


@dataclass(frozen=True, slots=True)
class NoOptions:
    """For kinds that take no ``--set``."""


class Kind(ABC):
    """One sort of decoy."""

    name: ClassVar[str]
    """As in ``trapline mint NAME``: lower case, hyphens."""
    traps: ClassVar[tuple[str, ...]] = ("http",)
    """The traps that its bait leads to; where none of them is open, nobody can fire it."""
    title: ClassVar[str]
    """One line for ``trapline kinds``."""
    fired_by: ClassVar[str]
    """Which client fires it, and what arrives; honest about what does not fire."""
    plant_hint: ClassVar[str]
    """Where to plant it."""
    try_hint: ClassVar[str]
    """How to test-fire it; ``{url}``, ``{host}`` or a token's ``{facet}`` are filled in by `fill`."""
    service: ClassVar[str] = ""
    """What paths before this service are called: lower-case letters and digits; empty: the name's first word."""
    takes_source: ClassVar[bool] = False
    """Whether ``--from FILE`` may give a file of the operator's own, in `Order.source`."""
    earlier_defaults: ClassVar[Mapping[str, str]] = {}
    """Of options whose default has changed: the value that bait of earlier versions was made with."""
    Options: ClassVar[type[Any]] = NoOptions
    """A frozen dataclass; its fields are what ``--set NAME=VALUE`` may set."""

    @property
    def place(self) -> str:
        """`service`, or the first word of the name."""
        return self.service or self.name.partition("-")[0]

    @abstractmethod
    def mint(self, order: Order, options: Any) -> Bait:
        """Make the bait. Raises MintError where the options cannot be met."""


def fill(hint: str, bait: Bait | Canary) -> str:
    """A kind's hint with a bait's own values: ``{facet}`` of a token, or ``{column}`` of its row.

    Any other braces (JSON in a curl command) stay as they are.
    """
    values = {**bait.row, **{token.facet: token.value for token in bait.tokens}}
    return re.sub(r"\{([a-z_]+)\}", lambda match: values.get(match[1], match[0]), hint)
