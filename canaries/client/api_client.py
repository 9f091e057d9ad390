"""The client of the HTTP API: one method a request, pages followed by themselves, refusals as errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from canaries.client.calls import part
from canaries.client.canary_calls import CanaryCalls
from canaries.client.duty_calls import DutyCalls
from canaries.client.incident_calls import IncidentCalls
from canaries.client.transport import ApiTransport, RefusedByServerError
from canaries.core.text import visible

__all__ = ["ApiClient", "RefusedByServerError"]

_FILE, _SECONDS = 1 << 30, 600.0
"""Bytes of a dossier, and how long it may take to come."""


class ApiClient(CanaryCalls, IncidentCalls, DutyCalls):
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

    def dossier(self, reason: str, *, incident: str = "", canary: str = "") -> bytes:
        """Have a dossier built, wait for it, and get the zip."""
        of = {"incident": incident} if incident else {"canary": canary}
        job = self._transport.json("POST", "/dossiers", json={**of, "reason": reason})
        while job["state"] in ("waiting", "running"):
            self._pause(0.5)
            job = self._transport.json("GET", f"/jobs/{part(job['id'])}")
        if job["state"] != "done":
            raise RefusedByServerError(f"the dossier was not built: {visible(str(job['problem']))}")
        return self._transport.send(
            "GET", f"/jobs/{part(job['id'])}/file", seconds=_SECONDS, most=_FILE
        ).content
