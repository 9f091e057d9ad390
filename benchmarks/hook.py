"""What the hook costs a request without bait, in processor time, with a filter of a million strings."""

from __future__ import annotations

import base64
import io
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks._report import Report
from listener.hook import Hook
from listener.hook.filter_file import filter_bytes
from listener.hook.reporter import Reporter
from listener.hook.wsgi import WsgiSensor

_STRINGS, _CALLS, _ROUNDS = 1_000_000, 50_000, 7
_COOKIE = "session=eyJ1c2VyIjoxN30.Zx.abcdefghijklmnop; theme=dark"
_BASIC = "Basic " + base64.b64encode(b"jane:a long password").decode()
_FORM = b"email=jane.doe%40example.net&password=correct+horse+battery"
_REQUESTS: dict[str, dict[str, str]] = {
    "nothing to look at": {},
    "a bearer token": {"HTTP_AUTHORIZATION": "Bearer abcdefghijklmnopqrstuvwxyz0123456789"},
    "cookies": {"HTTP_COOKIE": _COOKIE},
    "cookies and a query": {"HTTP_COOKIE": _COOKIE, "QUERY_STRING": "q=jane.doe%40example.net&page=2"},
    "Basic and cookies": {"HTTP_AUTHORIZATION": _BASIC, "HTTP_COOKIE": _COOKIE},
    "a login form": {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(_FORM))},
}


def run(report: Report, scale: float = 1.0) -> None:
    """Each request with and without the middleware, in turn; the best round of each counts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "filter"
        path.write_bytes(filter_bytes(b"bait %d" % number for number in range(round(_STRINGS * scale))))
        report.figure("filter file", path.stat().st_size / 1e6, "MB", most=30)
        watched = WsgiSensor(_application, Hook(path, Reporter("bench", "", [])))
        for name, headers in _REQUESTS.items():
            plain, more = _costs(watched, headers, scale)
            report.figure(f"a request with {name}", more, "µs CPU", most=None if "login" in name else 5.0)
            report.ratio(f"{name}: with the hook / an application that only reads", 1 + more / plain)


def _application(environ: dict[str, Any], _: object) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    return []


def _costs(
    watched: Callable[..., Iterable[bytes]], headers: dict[str, str], scale: float
) -> tuple[float, float]:
    """Microseconds of a request without the hook, and how many more with it."""
    calls = max(1000, round(_CALLS * scale))
    plain = min(_spent(_application, headers, calls) for _ in range(_ROUNDS))
    both = min(_spent(watched, headers, calls) for _ in range(_ROUNDS))
    return plain / calls * 1e6, (both - plain) / calls * 1e6


def _spent(application: Callable[..., Any], headers: dict[str, str], calls: int) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    for _ in range(calls):
        answer = application({**headers, "wsgi.input": io.BytesIO(_FORM)}, None)
        if hasattr(answer, "close"):
            answer.close()
    return time.process_time() - began
