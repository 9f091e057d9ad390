"""The client's part about bait: mint it, say where it was put, change, try and retire it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import requests

from canaries.client import bounded
from canaries.client.calls import ApiCalls, only_one, part, shaped
from canaries.client.transport import TRIES, RefusedByServerError
from canaries.client.values import RemoteBait, RemoteCanary, RemotePlacement
from canaries.core.text import visible

_WHOLE = 16
"""Digits of a canary's id."""


class CanaryCalls(ApiCalls):
    """Bait."""

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
        return shaped(
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
                    said: dict[str, Any] = shaped(dict, json.loads(line))
                    if "problem" in said:
                        raise RefusedByServerError(
                            visible(str(said["problem"])), status_code=answer.status_code
                        )
                    if "id" not in said:
                        return
                    if str(said["id"]) not in seen:
                        seen.add(str(said["id"]))
                        yield shaped(RemoteBait.of, said)
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
        return (shaped(RemoteCanary.of, said) for said in self._pages("/canaries", filters))

    def canary(self, canary_id: str) -> RemoteCanary:
        """One, with the ETag for changing it."""
        said, etag = self._transport.tagged("GET", f"/canaries/{part(canary_id)}")
        return shaped(RemoteCanary.of, said, etag)

    def canary_called(self, beginning: str) -> RemoteCanary:
        """The one whose id begins so. Raises NotFoundError."""
        if len(beginning.strip()) >= _WHOLE:
            return self.canary(beginning.strip())
        return self.canary(only_one(beginning, "canary", (one.id for one in self.canaries(q=beginning))))

    def amend(self, canary: RemoteCanary, **changes: Any) -> RemoteCanary:
        """Change what is given, unless somebody else was quicker (RefusedByServerError with status_code 412)."""
        headers = {"If-Match": canary.etag}
        said, etag = self._transport.tagged(
            "PATCH", f"/canaries/{part(canary.id)}", json=changes, headers=headers
        )
        return shaped(RemoteCanary.of, said, etag)

    def retire(self, canary_id: str, reason: str) -> RemoteCanary:
        """Take it out of service."""
        said, etag = self._transport.tagged(
            "POST", f"/canaries/{part(canary_id)}/retire", json={"reason": reason}
        )
        return shaped(RemoteCanary.of, said, etag)

    def placements(self, canary: str = "") -> Iterator[RemotePlacement]:
        """Newest first; ``canary``: of this one alone."""
        return (shaped(RemotePlacement.of, said) for said in self._pages("/placements", {"canary": canary}))

    def note_place(self, canary_id: str, target: str) -> str:
        """Put on record where its bait was put, in words; the placement's id, the same where it is known already."""
        path = f"/canaries/{part(canary_id)}/placements"
        said = self._transport.json("POST", path, json={"target": target}, again=True)
        return shaped(lambda: str(said["id"]))

    def test_fire(
        self, canary_id: str, *, minutes: int = 5, networks: Iterable[str] = (), reason: str = "test-fire"
    ) -> str:
        """Mark its uses as your own test; until when, RFC 3339."""
        body = {"minutes": minutes, "networks": list(networks), "reason": reason}
        said = self._transport.json("POST", f"/canaries/{part(canary_id)}/test-fire", json=body)
        return shaped(lambda: str(said["expires_at"]))

    def reveal(self, canary_id: str, reason: str) -> RemoteBait:
        """Its bait again; an entry says who looked, and why."""
        return shaped(
            RemoteBait.of,
            self._transport.json("POST", f"/canaries/{part(canary_id)}/reveal", json={"reason": reason}),
        )
