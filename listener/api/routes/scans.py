"""Scans: is any canary in this file, and whose copy was it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import request

from canaries.accounts.permissions import Permission
from listener.api.guard import caller
from listener.api.jobs import Job
from listener.api.problems import ApiError
from listener.api.routing import Resource
from listener.api.started import JobShape, accepted

resource = Resource(
    "scans", "Canaries in a file that somebody sends: up to 8 MB; larger ones with the command line."
)
_MOST_FINDINGS = 1000


@resource.on(
    "POST", "/scans", needs=Permission.SCAN, takes="application/octet-stream", gives=JobShape, status=202
)
def scan() -> tuple[dict[str, Any], dict[str, str]]:
    """Look through the body, as a job: its result lists what was found and what could not be read."""
    who, data = caller(), request.get_data()
    if not data:
        raise ApiError(422, "Unprocessable Content", "the body is empty")

    def put(folder: Path) -> None:
        (folder / "upload").write_bytes(data)

    def work(job: Job) -> None:
        from canaries.copies.accusing import CopyFinding
        from canaries.scan.containers import Unreadable
        from canaries.scan.scanner import scan

        job.total = len(data)

        def read(size: int) -> None:
            job.done = min(job.total, job.done + size)

        found: list[dict[str, Any]] = []
        unread: list[dict[str, str]] = []
        copies: list[dict[str, Any]] = []
        count = 0
        for result in scan(who.home, [job.folder / "upload"], read):
            if isinstance(result, Unreadable):
                unread.append({"path": _inside(result.path, job.folder), "reason": result.reason})
                continue
            if isinstance(result, CopyFinding):
                copies.append(result.as_dict())
                continue
            count += 1
            if len(found) < _MOST_FINDINGS:
                found.append({**result.as_dict(), "path": _inside(result.path, job.folder)})
        job.result = {"found": count, "findings": found, "unread": unread[:_MOST_FINDINGS]}
        if copies:
            job.result["copies"] = copies

    return accepted(who.jobs.start("scan", who.actor.account, Permission.SCAN, work, put))


def _inside(path: str, folder: Path) -> str:
    """Without the server's own folders."""
    return path.removeprefix(f"{folder}/")
