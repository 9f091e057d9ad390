"""Azure Blob and Queue storage: an account whose containers may be listed and nothing else.

learn.microsoft.com, "List Containers", "Common REST API error codes". Signatures are never checked: all that are well
formed fare alike.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from canaries.core.clock import from_micros
from canaries.core.render import render
from canaries.crypto.seeded_random import HEX, SeededRandom
from listener.personas import Answer, Persona, Request

_CONTAINERS = (
    "$logs",
    "archive",
    "backups",
    "database-exports",
    "documents",
    "public",
    "terraform-state",
    "uploads",
)
_VERSION = "2024-11-04"


class AzureStorage(Persona):
    name: ClassVar[str] = "azure-storage"
    order: ClassVar[int] = 25
    kinds = frozenset({"azure-connection-string"})
    prefixless = "every path of a signed request is claimed"

    def claims(self, request: Request) -> bool:
        return request.authorization.startswith("SharedKey") or (
            "sig=" in request.query and "sv=" in request.query and "se=" in request.query
        )

    def answer(self, request: Request) -> Answer:
        fields = request.query.split("&")
        account = request.service_path.strip("/").partition("/")[0]
        lists = "comp=list" in fields and "restype=container" not in fields
        if request.method != "GET" or not lists or "/" in request.service_path.strip("/"):
            return self._xml(request, 403, "azure-error.xml", "AuthorizationPermissionMismatch")
        stream = self.identity.stream(f"azure:{account}")
        containers = _containers(stream, request.at)
        endpoint = f"{request.root}/{account}/"
        return self._xml(request, 200, "azure-containers.xml", endpoint=endpoint, containers=containers)

    def _xml(self, request: Request, status: int, template: str, error: str = "", **values: object) -> Answer:
        request_id = _uuid(self.identity.once("azure", request.seen), "id")
        time = from_micros(request.at).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        body = render(f"personas/{template}", request_id=request_id, time=time, code=error, **values).encode()
        headers = [
            ("Content-Type", "application/xml"),
            ("x-ms-request-id", request_id),
            ("x-ms-version", _VERSION),
        ]
        if error:
            headers.append(("x-ms-error-code", error))
        return Answer(status, tuple(headers), body, template.removesuffix(".xml").removeprefix("azure-"))


def _containers(stream: SeededRandom, at: int) -> list[tuple[str, str, str]]:
    """(name, when it was changed, its ETag) of three to six containers, by name."""
    names = sorted(name for name in _CONTAINERS if stream.below(f"has:{name}", 3)) or ["backups"]
    moments = [at - stream.between(f"age:{name}", 1, 400) * 86_400_000_000 for name in names]
    return [
        (
            name,
            from_micros(max(moment, 0)).strftime("%a, %d %b %Y %H:%M:%S GMT"),
            f"0x8DD{stream.text(f'etag:{name}', HEX, 12).upper()}",
        )
        for name, moment in zip(names, moments, strict=True)
    ]


def _uuid(stream: SeededRandom, label: str) -> str:
    return str(UUID(bytes=stream.draw_bytes(label, 16), version=4))
