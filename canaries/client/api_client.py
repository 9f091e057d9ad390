"""The client of the HTTP API: one method a request, pages followed by themselves, refusals as errors."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from canaries.client import bounded
from canaries.client.transport import NOT_OURS, TRIES, ApiTransport, RefusedByServerError
from canaries.client.values import RemoteBait, RemoteCanary, RemoteHit, RemoteIncident
from canaries.core.text import visible

__all__ = ["ApiClient", "RefusedByServerError"]

Made = TypeVar("Made")
_FILE, _SECONDS = 1 << 30, 600.0
"""Bytes of a dossier, and how long it may take to come."""


class ApiClient:
    """One server and one token. Not for several threads at a time."""

    def __init__(
        self,
        server: str,
        token: str,
        *,
        ca_file: str | None = None,
        timeout: float = 30.0,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """``server``: its root. ``ca_file``: certificates to trust in place of the system's. Raises TraplineError."""
        self._transport = ApiTransport(server, token, ca_file=ca_file, timeout=timeout, pause=pause)
        self._pause = pause

    def close(self) -> None:
        """Give back the connections."""
        self._transport.close()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def me(self) -> dict[str, Any]:
        """Whose token it is, and what it may do."""
        return self._transport.json("GET", "/me")

    def mint(
        self,
        kind: str,
        *,
        memo: str = "",
        recipient: str = "",
        options: Mapping[str, str] | None = None,
        expires: str = "",
        key: str = "",
    ) -> RemoteBait:
        """One canary. ``key``: names the order; the same key gives the same canary again. Without, one is drawn."""
        body = {"kind": kind, "memo": memo, "recipient": recipient, "options": dict(options or {})}
        body |= {"expires": expires}
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return _shaped(
            RemoteBait.of, self._transport.json("POST", "/canaries", json=body, headers=headers, again=True)
        )

    def mint_many(self, orders: Iterable[Mapping[str, Any]], *, key: str = "") -> Iterator[RemoteBait]:
        """Canaries as they come, of orders such as ``{"kind": "user", "count": 500}``. A stream that breaks is asked
        for again, by the same key: what was minted comes again and is handed out once. Raises RefusedByServerError.
        """
        body = "".join(json.dumps(dict(order)) + "\n" for order in orders).encode()
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/x-ndjson"}
        seen: set[str] = set()
        for attempt in range(1, TRIES + 1):
            answer = self._transport.begun("POST", "/canaries/bulk", data=body, headers=headers)
            try:
                for line in bounded.lines(answer):
                    said: dict[str, Any] = _shaped(dict, json.loads(line))
                    if "problem" in said:
                        raise RefusedByServerError(
                            visible(str(said["problem"])), status_code=answer.status_code
                        )
                    if "id" not in said:
                        return
                    if str(said["id"]) not in seen:
                        seen.add(str(said["id"]))
                        yield _shaped(RemoteBait.of, said)
            except (requests.RequestException, ValueError, RecursionError):
                if attempt == TRIES:
                    break
            finally:
                answer.close()
        raise RefusedByServerError(
            "the stream ended too early", hint="send the same orders again with the same key"
        )

    def canaries(self, **filters: str) -> Iterator[RemoteCanary]:
        """Newest first. Filters: ``q``, ``kind``, ``state``, ``recipient``, ``tag``, ``place``."""
        return (_shaped(RemoteCanary.of, said) for said in self._pages("/canaries", filters))

    def canary(self, canary_id: str) -> RemoteCanary:
        """One, with the ETag for changing it."""
        said, etag = self._transport.tagged("GET", f"/canaries/{_part(canary_id)}")
        return _shaped(RemoteCanary.of, said, etag)

    def amend(self, canary: RemoteCanary, **changes: Any) -> RemoteCanary:
        """Change what is given, unless somebody else was quicker (RefusedByServerError with status_code 412)."""
        headers = {"If-Match": canary.etag}
        said, etag = self._transport.tagged(
            "PATCH", f"/canaries/{_part(canary.id)}", json=changes, headers=headers
        )
        return _shaped(RemoteCanary.of, said, etag)

    def retire(self, canary_id: str, reason: str) -> RemoteCanary:
        """Take it out of service."""
        said, etag = self._transport.tagged(
            "POST", f"/canaries/{_part(canary_id)}/retire", json={"reason": reason}
        )
        return _shaped(RemoteCanary.of, said, etag)

    def note_place(self, canary_id: str, target: str) -> str:
        """Put on record where its bait was put, in words; the placement's id, the same where it is known already."""
        path = f"/canaries/{_part(canary_id)}/placements"
        said = self._transport.json("POST", path, json={"target": target}, again=True)
        return _shaped(lambda: str(said["id"]))

    def reveal(self, canary_id: str, reason: str) -> RemoteBait:
        """Its bait again; an entry says who looked, and why."""
        return _shaped(
            RemoteBait.of,
            self._transport.json("POST", f"/canaries/{_part(canary_id)}/reveal", json={"reason": reason}),
        )

    def hits(self, **filters: str) -> Iterator[RemoteHit]:
        """Newest first. Filters: ``canary``, ``place``, ``incident``, ``kind``, ``since``."""
        return (_shaped(RemoteHit.of, said) for said in self._pages("/hits", filters))

    def incidents(self, **filters: str) -> Iterator[RemoteIncident]:
        """The one with the latest hit first. Filters: ``state``, ``canary``, ``place``."""
        return (_shaped(RemoteIncident.of, said) for said in self._pages("/incidents", filters))

    def incident(self, incident_id: str) -> RemoteIncident:
        """One, with the ETag for closing it."""
        said, etag = self._transport.tagged("GET", f"/incidents/{_part(incident_id)}")
        return _shaped(RemoteIncident.of, said, etag)

    def note(self, incident_id: str, text: str) -> str:
        """Write a note; the id of its entry."""
        said = self._transport.json("POST", f"/incidents/{_part(incident_id)}/notes", json={"text": text})
        return _shaped(lambda: str(said["entry"]))

    def dossier(self, reason: str, *, incident: str = "", canary: str = "") -> bytes:
        """Have a dossier built, wait for it, and get the zip."""
        of = {"incident": incident} if incident else {"canary": canary}
        job = self._transport.json("POST", "/dossiers", json={**of, "reason": reason})
        while job["state"] in ("waiting", "running"):
            self._pause(0.5)
            job = self._transport.json("GET", f"/jobs/{_part(job['id'])}")
        if job["state"] != "done":
            raise RefusedByServerError(f"the dossier was not built: {visible(str(job['problem']))}")
        return self._transport.send(
            "GET", f"/jobs/{_part(job['id'])}/file", seconds=_SECONDS, most=_FILE
        ).content

    def _pages(self, path: str, filters: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        query = {name: value for name, value in filters.items() if value}
        while True:
            page = self._transport.json("GET", path, params={"limit": "200", **query})
            items, cursor = _shaped(lambda said: (list(said["items"]), str(said["next"] or "")), page)
            yield from items
            if not cursor:
                return
            query["cursor"] = cursor


def _shaped(make: Callable[..., Made], *given: Any) -> Made:
    """What ``make`` reads from an answer. Raises RefusedByServerError where that is of another shape."""
    try:
        return make(*given)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise RefusedByServerError(NOT_OURS) from None


def _part(text: str) -> str:
    """One part of a path, whatever is in it."""
    return quote(text, safe="") or "-"
