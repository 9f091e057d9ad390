"""The contract of a persona: one file in this folder imitates one HTTP API, so that a real client goes on.

A persona answers every well-formed credential alike; whether it is bait is not known here. It is pure: the same request
and the same installation give the same answer, with nothing in it that another installation would also say, except what
the imitated service says to everybody.
"""

from __future__ import annotations

import base64
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from listener.protocol.identity import Identity

FOLDER = __name__

_LABEL = re.compile(r"/[a-z][a-z0-9]{15,39}(?=/|\Z)")
"""What stands before the path of bait of 0.1 that has no host name of its own."""
_NAMED = re.compile(r"[a-z][a-z0-9]{15,39}\Z")
"""The label in a host name (`canaries.kinds.Site`)."""


class Request:
    """An HTTP request as a persona sees it; header names are compared without case."""

    def __init__(
        self,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        *,
        tls: bool,
        at: int = 0,
        proxied: bool = False,
        certificate: bytes = b"",
        places: re.Pattern[str] | None = None,
        fields: Mapping[bytes, bytes] | None = None,
    ) -> None:
        self.method, self.target, self.headers, self.body, self.tls = method, target, headers, body, tls
        self.at = at
        """Arrival, microseconds since the epoch: a persona has no clock of its own."""
        self._places = places
        self._fields = fields if fields is not None and len(fields) == len(headers) else None
        """``headers`` by lower-case name, where no name stands twice."""
        self.certificate = certificate
        """The client's, DER, signed by the installation's own CA; empty where it showed none."""
        self.proxied = proxied
        """We are asked as a proxy: by CONNECT, or for an absolute URL (RFC 9112, section 3.2)."""

    @cached_property
    def path(self) -> str:
        """Of the target, percent-decoding left to the persona, without the query."""
        return self.target.split(b"?", 1)[0].decode("latin-1")

    @cached_property
    def place(self) -> str:
        """What a bait's base URL may put before the path of its service, an id at its end; empty where it does not."""
        found = (self._places and self._places.match(self.path)) or _LABEL.match(self.path)
        return found[0] if found else ""

    @cached_property
    def hostname(self) -> str:
        """Of the header ``Host``, without the port, in lower case."""
        host = self.header(b"host").strip().lower()
        return host.partition("]")[0][1:] if host.startswith("[") else host.partition(":")[0]

    def baited(self, identity: Identity) -> bool:
        """Whether this is an address that bait of the installation may have, by its form and the sieve."""
        if self.place.count("/") > 1 or (self.place and not identity.strict):
            return identity.mints(self.place.rpartition("/")[2])
        return any(_NAMED.match(part) and identity.mints(part) for part in self.hostname.split("."))

    @cached_property
    def service_path(self) -> str:
        """The path as the imitated service would see it: without `place`."""
        return self.path[len(self.place) :] or "/"

    @cached_property
    def root(self) -> str:
        """URL under which the client believes the service to be, without a slash at the end: documents that name
        themselves need it. Hostile parts of ``Host`` are left out."""
        host = re.sub(r"[^A-Za-z0-9_.:\[\]-]", "", self.header(b"host"))
        return f"{'https' if self.tls else 'http'}://{host}{self.place}"

    @cached_property
    def query(self) -> str:
        """Behind the question mark, undecoded."""
        return self.target.partition(b"?")[2].decode("latin-1")

    @cached_property
    def _first(self) -> dict[bytes, str]:
        """The first value of each header by lower-case name: many personas look at the same few."""
        return {key.lower(): value.decode("latin-1") for key, value in reversed(self.headers)}

    def header(self, name: bytes) -> str:
        """The first header of this lower-case name, latin-1, or empty."""
        if self._fields is not None:
            return self._fields[name].decode("latin-1") if name in self._fields else ""
        return self._first.get(name, "")

    @cached_property
    def seen(self) -> bytes:
        """All of the request that ids of its answer are drawn from: the same request gives the same ids."""
        return b"\0".join((self.method.encode(), self.target, str(self.at).encode(), self.body))

    @cached_property
    def authorization(self) -> str:
        return self.header(b"authorization")

    @cached_property
    def credential(self) -> str:
        """Bearer token, older APIs' ``token``, or the Basic pair as ``user:password``; empty where there is none."""
        scheme, _, value = self.authorization.partition(" ")
        if scheme.lower() in ("bearer", "token"):
            return value.strip()
        if scheme.lower() != "basic":
            return ""
        try:
            return base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. The trap adds ``Date``, ``Content-Length`` and ``Connection`` in the installation's own order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    name: str = ""
    """For the sighting's ``answer``; the persona's name is put before it."""

    @classmethod
    def of_json(cls, status: int, document: Any, *headers: tuple[str, str], name: str = "") -> Answer:
        """``document`` as JSON, ``Content-Type`` first unless ``headers`` bring one."""
        if not any(header.lower() == "content-type" for header, _ in headers):
            headers = (("Content-Type", "application/json"), *headers)
        return cls(status, headers, json.dumps(document, separators=(",", ":")).encode(), name)


class Persona(ABC):
    """One imitated API."""

    name: ClassVar[str]
    order: ClassVar[int] = 50
    """Asked in ascending order; the dull page has 1000 and claims everything."""
    kinds: ClassVar[frozenset[str]] = frozenset()
    """The kinds of bait that lead to this API: where none of them is live, it answers nobody, unless the operator opens
    it (`listener.http.open_services`)."""
    bare: ClassVar[frozenset[str]] = frozenset()
    """Of these kinds the bait may name the host alone: its clients take no path."""
    any_bait: ClassVar[bool] = False
    """Whether it answers at the address of any bait, whatever kinds are live."""
    host_itself: ClassVar[bool] = False
    """Whether it is no service but the host itself, which answers everybody."""
    segments: ClassVar[frozenset[str]] = frozenset()
    """The first segments of all `Request.service_path` that it claims, ``api`` for ``/api/v2/users``: for another path
    it is not asked. Empty: it may claim any."""
    prefix: ClassVar[re.Pattern[str] | None] = None
    """What the paths of the API begin with: where there is nothing below it, the service says so in its own form."""
    token: ClassVar[re.Pattern[str] | None] = None
    """The form of its credentials, by which that service is found where several have the prefix."""
    prefixless: ClassVar[str] = ""
    """Why a service with kinds has no `prefix`."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    @abstractmethod
    def claims(self, request: Request) -> bool:
        """Whether this request is for the imitated API, by its path, host shape and credential shape. Cheap."""

    def shows_token(self, request: Request) -> bool:
        """Whether a credential of this service's form is shown."""
        return self.token is not None and self.token.match(request.credential) is not None

    def serves(self, request: Request) -> bool:
        """Whether the path is below the API's prefix, whatever stands behind."""
        return self.prefix is not None and self.prefix.match(request.service_path) is not None

    def unknown(self, request: Request) -> Answer:
        """What the service says of a path of its API (`serves`) at which it has nothing."""
        return self.answer(request)

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """The answer the real service would give to a valid credential."""
