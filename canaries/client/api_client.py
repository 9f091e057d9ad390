"""The client of the HTTP API: one method a request, pages followed by themselves, refusals as errors.

The token goes to the server's own address and nowhere else: redirects are not followed, a plain ``http://`` only to
loopback, and what stands in ~/.netrc does not take its place.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import SplitResult, quote, urlsplit

import requests
from requests.auth import AuthBase

from canaries.client.values import RemoteBait, RemoteCanary, RemoteHit, RemoteIncident
from canaries.core.errors import TraplineError
from canaries.core.text import visible

MOUNT = "/api/v1"
_TRIES = 3
_NOT_OURS = "the server's answer is not one of the API"
Made = TypeVar("Made")
_LARGEST = 64 << 20
"""Bytes of an answer that is read at once."""


class RefusedByServerError(TraplineError):
    """The server refused, or cannot be reached (``status_code`` 0)."""

    def __init__(self, sentence: str, *, hint: str | None = None, status_code: int = 0) -> None:
        super().__init__(sentence, hint=hint)
        self.status_code = status_code


class _Bearer(AuthBase):
    """As requests wants it: an authentication that is given is not overwritten from ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


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
        parts = _address(server)
        if parts.scheme == "http" and not _loopback(parts.hostname or ""):
            raise TraplineError(
                "a token is not sent over plain http",
                hint="use https://, or a tunnel to the server's loopback address",
            )
        if not token.strip() or not token.strip().isascii() or not token.strip().isprintable():
            raise TraplineError("there is no usable token", hint="an admin makes one: trapline tokens create")
        self._root = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix(MOUNT)}{MOUNT}"
        self._session, self._timeout, self._pause = requests.Session(), timeout, pause
        self._session.auth = _Bearer(token.strip())
        if ca_file:
            self._session.verify = ca_file

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def me(self) -> dict[str, Any]:
        """Whose token it is, and what it may do."""
        return self._json("GET", "/me")

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
        return _shaped(RemoteBait.of, self._json("POST", "/canaries", json=body, headers=headers, again=True))

    def mint_many(self, orders: Iterable[Mapping[str, Any]], *, key: str = "") -> Iterator[RemoteBait]:
        """Canaries as they come, of orders such as ``{"kind": "user", "count": 500}``. A stream that breaks is asked
        for again, by the same key: what was minted comes again and is handed out once. Raises RefusedByServerError.
        """
        body = "".join(json.dumps(dict(order)) + "\n" for order in orders).encode()
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/x-ndjson"}
        seen: set[str] = set()
        for attempt in range(1, _TRIES + 1):
            answer = self._send("POST", "/canaries/bulk", data=body, headers=headers, stream=True, again=True)
            try:
                for line in answer.iter_lines():
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
                if attempt == _TRIES:
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
        said, etag = self._tagged("GET", f"/canaries/{_part(canary_id)}")
        return _shaped(RemoteCanary.of, said, etag)

    def amend(self, canary: RemoteCanary, **changes: Any) -> RemoteCanary:
        """Change what is given, unless somebody else was quicker (RefusedByServerError with status_code 412)."""
        headers = {"If-Match": canary.etag}
        said, etag = self._tagged("PATCH", f"/canaries/{_part(canary.id)}", json=changes, headers=headers)
        return _shaped(RemoteCanary.of, said, etag)

    def retire(self, canary_id: str, reason: str) -> RemoteCanary:
        """Take it out of service."""
        said, etag = self._tagged("POST", f"/canaries/{_part(canary_id)}/retire", json={"reason": reason})
        return _shaped(RemoteCanary.of, said, etag)

    def note_place(self, canary_id: str, target: str) -> str:
        """Put on record where its bait was put, in words; the placement's id, the same where it is known already."""
        path = f"/canaries/{_part(canary_id)}/placements"
        said = self._json("POST", path, json={"target": target}, again=True)
        return _shaped(lambda: str(said["id"]))

    def reveal(self, canary_id: str, reason: str) -> RemoteBait:
        """Its bait again; an entry says who looked, and why."""
        return _shaped(
            RemoteBait.of, self._json("POST", f"/canaries/{_part(canary_id)}/reveal", json={"reason": reason})
        )

    def hits(self, **filters: str) -> Iterator[RemoteHit]:
        """Newest first. Filters: ``canary``, ``place``, ``incident``, ``kind``, ``since``."""
        return (_shaped(RemoteHit.of, said) for said in self._pages("/hits", filters))

    def incidents(self, **filters: str) -> Iterator[RemoteIncident]:
        """The one with the latest hit first. Filters: ``state``, ``canary``, ``place``."""
        return (_shaped(RemoteIncident.of, said) for said in self._pages("/incidents", filters))

    def incident(self, incident_id: str) -> RemoteIncident:
        """One, with the ETag for closing it."""
        said, etag = self._tagged("GET", f"/incidents/{_part(incident_id)}")
        return _shaped(RemoteIncident.of, said, etag)

    def note(self, incident_id: str, text: str) -> str:
        """Write a note; the id of its entry."""
        said = self._json("POST", f"/incidents/{_part(incident_id)}/notes", json={"text": text})
        return _shaped(lambda: str(said["entry"]))

    def dossier(self, reason: str, *, incident: str = "", canary: str = "") -> bytes:
        """Have a dossier built, wait for it, and get the zip."""
        of = {"incident": incident} if incident else {"canary": canary}
        job = self._json("POST", "/dossiers", json={**of, "reason": reason})
        while job["state"] in ("waiting", "running"):
            self._pause(0.5)
            job = self._json("GET", f"/jobs/{_part(job['id'])}")
        if job["state"] != "done":
            raise RefusedByServerError(f"the dossier was not built: {visible(str(job['problem']))}")
        return self._send("GET", f"/jobs/{_part(job['id'])}/file").content

    def _pages(self, path: str, filters: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        query = {name: value for name, value in filters.items() if value}
        while True:
            page = self._json("GET", path, params={"limit": "200", **query})
            items, cursor = _shaped(lambda said: (list(said["items"]), str(said["next"] or "")), page)
            yield from items
            if not cursor:
                return
            query["cursor"] = cursor

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return self._tagged(method, path, **more)[0]

    def _tagged(self, method: str, path: str, **more: Any) -> tuple[dict[str, Any], str]:
        answer = self._send(method, path, **more)
        try:
            said = answer.json()
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise RefusedByServerError(_NOT_OURS, status_code=answer.status_code)
        return said, answer.headers.get("ETag", "")

    def _send(self, method: str, path: str, *, again: bool = False, **more: Any) -> requests.Response:
        """Once, or where it does no harm (``again``, and every GET) up to three times. Raises RefusedByServerError."""
        tries = _TRIES if again or method == "GET" else 1
        for attempt in range(1, tries + 1):
            try:
                answer = self._session.request(
                    method, self._root + path, timeout=self._timeout, allow_redirects=False, **more
                )
            except requests.RequestException as error:
                if attempt < tries:
                    self._pause(attempt)
                    continue
                raise RefusedByServerError(
                    f"the server cannot be reached: {type(error).__name__}",
                    hint="is the address right, and does trapline serve run there?",
                ) from None
            if answer.status_code in (429, 503) and attempt < tries:
                self._pause(min(10.0, float(_digits(answer.headers.get("Retry-After", "1")))))
                continue
            if not 200 <= answer.status_code < 300:
                raise _refusal(answer)
            return answer
        raise AssertionError("never reached")


def _address(server: str) -> SplitResult:
    """Raises TraplineError; what may be a password is not repeated."""
    with contextlib.suppress(ValueError):  # half of an IPv6 address, a port that is none
        parts = urlsplit(server)
        known = parts.scheme in ("http", "https") and parts.hostname and not parts.query
        if known and parts.port != 0 and "@" not in parts.netloc:
            return parts
    what = "that, with '@' in it," if "@" in server else repr(visible(server[:200]))
    raise TraplineError(f"{what} is not the address of a server", hint="write https://trapline.example.net")


def _shaped(make: Callable[..., Made], *given: Any) -> Made:
    """What ``make`` reads from an answer. Raises RefusedByServerError where that is of another shape."""
    try:
        return make(*given)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise RefusedByServerError(_NOT_OURS) from None


def _refusal(answer: requests.Response) -> RefusedByServerError:
    """Of problem details, or of whatever another server says."""
    try:
        said = answer.json() if int(answer.headers.get("Content-Length", "0")) < _LARGEST else {}
    except (ValueError, RecursionError):
        said = {}
    said = said if isinstance(said, dict) else {}
    detail = visible(str(said.get("detail") or said.get("title") or "no reason given"), limit=400)
    if errors := said.get("errors"):
        detail += f": {visible(json.dumps(errors), limit=400)}"
    hint = visible(str(said["hint"]), limit=400) if "hint" in said else None
    return RefusedByServerError(
        f"the server refused ({answer.status_code}): {detail}", hint=hint, status_code=answer.status_code
    )


def _digits(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 1


def _part(text: str) -> str:
    """One part of a path, whatever is in it."""
    return quote(text, safe="") or "-"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
