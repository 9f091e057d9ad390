"""The hook for WSGI: Flask, Django, Pyramid, any ``application(environ, start_response)``.

The request goes on unchanged and is answered as ever. Of a body it sees what the application itself reads. The
application may put facts of its own into ``environ["sensor.facts"]`` (account, session).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .noticing import Hook
from .values import KEY_HEADERS, LARGEST_BODY, Value, authorization, body, cookies, fields

FACTS = "sensor.facts"
_KEY_VARIABLES = tuple((f"HTTP_{name.upper().replace('-', '_')}", f"header {name}") for name in KEY_HEADERS)
_READ = ("application/x-www-form-urlencoded", "application/json")


class WsgiSensor:
    """Wraps an application."""

    def __init__(self, application: Callable[..., Iterable[bytes]], hook: Hook) -> None:
        self._application, self._hook = application, hook

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        media = environ.get("CONTENT_TYPE", "")
        tee = _Tee(environ["wsgi.input"]) if media and media.startswith(_READ) else None
        found = self._hook.bait(_head(environ))
        if tee is None and not found:
            self._hook.turn()
            return self._application(environ, start_response)
        status: list[str] = []

        def starting(line: str, *more: Any, **named: Any) -> Any:
            status[:] = [line[:3]]
            return start_response(line, *more, **named)

        if tee is not None:
            environ["wsgi.input"] = tee
        try:
            answer = self._application(environ, starting)
        except BaseException:
            self._report(environ, tee, found, ["500"])
            raise
        return _Answer(answer, lambda: self._report(environ, tee, found, status))

    def _report(
        self, environ: dict[str, Any], tee: _Tee | None, found: list[Value], status: list[str]
    ) -> None:
        """Behind the answer."""
        try:
            if tee is not None:
                found = found + self._hook.bait(body(bytes(tee.seen), environ.get("CONTENT_TYPE", "")))
            self._hook.turn()
            if found:
                self._hook.report(found, "", {**_facts(environ), **_status(status), **environ.get(FACTS, {})})
        except Exception:  # noqa: BLE001  a sensor must never stop its application
            return


class _Tee:
    """The request's body, and a copy of what the application has read of it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.seen = bytearray()

    def _noted(self, data: bytes) -> bytes:
        if len(self.seen) <= LARGEST_BODY:
            self.seen += data
        return data

    def read(self, *size: int) -> bytes:
        return self._noted(self._stream.read(*size))

    def readinto(self, buffer: Any) -> int:
        """As Werkzeug's and Django's own streams read."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readline(self, *size: int) -> bytes:
        return self._noted(self._stream.readline(*size))

    def readlines(self, *hint: int) -> list[bytes]:
        return [self._noted(line) for line in self._stream.readlines(*hint)]

    def __iter__(self) -> Iterator[bytes]:
        for line in self._stream:
            yield self._noted(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Answer:
    """The application's answer as it is; when it has been sent, ``done`` is called."""

    def __init__(self, answer: Iterable[bytes], done: Callable[[], None]) -> None:
        self._answer, self._done, self._told = answer, done, False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer
        self._tell()

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._tell()

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self._done()


def _head(environ: dict[str, Any]) -> list[Value]:
    found: list[Value] = []
    if header := environ.get("HTTP_AUTHORIZATION"):
        found += authorization(header)
    if header := environ.get("HTTP_COOKIE"):
        found += cookies(header)
    if query := environ.get("QUERY_STRING"):
        found += fields(query, "query")
    found += [(where, environ[name]) for name, where in _KEY_VARIABLES if name in environ]
    return found


def _facts(environ: dict[str, Any]) -> dict[str, object]:
    return {
        "client": environ.get("REMOTE_ADDR", ""),
        "method": environ.get("REQUEST_METHOD", ""),
        "route": environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        "host": environ.get("HTTP_HOST", ""),
        "user_agent": environ.get("HTTP_USER_AGENT", ""),
    }


def _status(status: list[str]) -> dict[str, object]:
    return {"status": int(status[0])} if status and status[0].isdigit() else {}
