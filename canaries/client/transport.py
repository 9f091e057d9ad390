"""Requests to the HTTP API: tried again where it does no harm, within bounds, each refusal an error.

The token goes to the server's own address and nowhere else: redirects are not followed, a plain ``http://`` only to
loopback, and what stands in ~/.netrc does not take its place.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import requests
from requests.auth import AuthBase

from canaries.client import bounded
from canaries.client.bounded import ServerAnswer, TooLargeError
from canaries.core.errors import TraplineError
from canaries.core.text import visible

MOUNT = "/api/v1"
TRIES = 3
NOT_OURS = "the server's answer is not one of the API"
Answered = TypeVar("Answered", ServerAnswer, requests.Response)
_LARGEST = 64 << 20
"""Bytes of an answer."""
_PATIENCE = 2
"""A whole answer may take so many times what one read may."""


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


class ApiTransport:
    """One server and one token. Not for several threads at a time."""

    def __init__(
        self,
        server: str,
        token: str,
        *,
        ca_file: str | None,
        timeout: float,
        pause: Callable[[float], object],
    ) -> None:
        """Raises TraplineError."""
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

    def json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return self.tagged(method, path, **more)[0]

    def tagged(self, method: str, path: str, **more: Any) -> tuple[dict[str, Any], str]:
        answer = self.send(method, path, **more)
        try:
            said = answer.json()
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise RefusedByServerError(NOT_OURS, status_code=answer.status_code)
        return said, answer.headers.get("ETag", "")

    def send(
        self,
        method: str,
        path: str,
        *,
        again: bool = False,
        seconds: float | None = None,
        most: int | None = None,
        **more: Any,
    ) -> ServerAnswer:
        """A whole answer, ``most`` bytes within ``seconds``. Raises RefusedByServerError."""
        limit, bound = seconds or _PATIENCE * self._timeout, most or _LARGEST
        tries = TRIES if again or method == "GET" else 1
        return self._tried(
            tries,
            lambda: bounded.within(limit, lambda: bounded.whole(self._asked(method, path, more), bound)),
        )

    def begun(self, method: str, path: str, **more: Any) -> requests.Response:
        """An answer that is a stream: its head is read. Raises RefusedByServerError."""
        ask = lambda: bounded.within(_PATIENCE * self._timeout, lambda: self._asked(method, path, more))  # noqa: E731
        return self._tried(TRIES, ask)

    def _asked(self, method: str, path: str, more: Mapping[str, Any]) -> requests.Response:
        return self._session.request(
            method, self._root + path, timeout=self._timeout, allow_redirects=False, stream=True, **more
        )

    def _tried(self, tries: int, ask: Callable[[], Answered]) -> Answered:
        """Once, or where it does no harm up to three times; a server that is silent is not asked again."""
        for attempt in range(1, tries + 1):
            try:
                answer = ask()
            except requests.RequestException as error:
                if attempt < tries and not isinstance(error, (requests.ReadTimeout, TooLargeError)):
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


def _refusal(answer: ServerAnswer | requests.Response) -> RefusedByServerError:
    """Of problem details, or of whatever another server says."""
    try:
        if isinstance(answer, requests.Response):
            answer = bounded.whole(answer, _LARGEST)
        said = answer.json()
    except (ValueError, RecursionError, requests.RequestException):
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


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
