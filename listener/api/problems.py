"""Refusals as problem details (RFC 9457): one shape for all of them, whatever raised it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g
from werkzeug.exceptions import HTTPException

from canaries.core.errors import AccessError, LockedError, NotFoundError, StoreError, TraplineError
from canaries.core.safe_traceback import log_error
from canaries.core.text import visible

CONTENT = "application/problem+json"


class ApiError(Exception):
    """A refusal with a status of its own."""

    def __init__(self, status: int, title: str, detail: str, *, hint: str = "", **headers: str) -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.hint = status, title, detail, hint
        self.headers = headers
        """Names with ``_`` for ``-``."""


def answer(
    status: int, title: str, detail: str, hint: str = "", errors: Any = None, **headers: str
) -> Response:
    """One problem. Texts are made visible: they may repeat what was sent."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    body["detail"] = visible(detail, limit=400)
    body |= {"hint": visible(hint, limit=400)} if hint else {}
    body |= {"errors": errors} if errors else {}
    body["request"] = g.get("request_id", "")
    response = Response(json.dumps(body), status, content_type=CONTENT)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def of_problem(error: ApiError) -> Response:
    """For the error handler."""
    return answer(error.status, error.title, error.detail, error.hint, **error.headers)


def of_http(error: HTTPException) -> Response:
    """404, 405, 413, 415, 422 ... as Werkzeug and webargs raise them."""
    if error.response is not None or error.code is None:
        return Response(status=error.code or 500) if error.response is None else _plain(error)
    messages = (getattr(error, "data", None) or {}).get("messages")
    said = {404: "there is nothing at this address", 500: "this request failed"}
    detail = said.get(error.code, error.description or error.name)
    detail = "the request does not fit the document" if messages else detail
    headers = {
        name.replace("-", "_"): value
        for name, value in error.get_headers()
        if name.lower() in ("allow", "retry-after")
    }
    return answer(error.code, error.name, detail, errors=_clean(messages), **headers)


def _plain(error: HTTPException) -> Response:
    response = error.get_response()
    return answer(response.status_code, error.name, error.description or error.name)


def of_trapline(error: TraplineError) -> Response:
    """What the house raises on purpose: a sentence and a hint."""
    if isinstance(error, AccessError):
        status = 429 if error.wait else 403 if error.known else 401
        headers = {"Retry_After": str(error.wait)} if error.wait else {}
        headers |= {"WWW_Authenticate": "Bearer"} if status == 401 else {}
        titles = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests"}
        return answer(status, titles[status], error.sentence, error.hint or "", **headers)
    if isinstance(error, LockedError):
        return answer(423, "Locked", error.sentence, error.hint or "")
    if isinstance(error, NotFoundError):
        return answer(404, "Not Found", error.sentence, error.hint or "")
    if isinstance(error, StoreError):
        return answer(503, "Service Unavailable", "the database cannot be used just now", Retry_After="5")
    return answer(422, "Unprocessable Content", error.sentence, error.hint or "")


def of_depth(_: Exception) -> Response:
    """A body nested so deeply that it cannot be parsed."""
    return answer(400, "Bad Request", "the body is nested too deeply")


def of_anything(error: Exception) -> Response:
    """What nobody foresaw: the trace goes to the log without values, the caller learns no more than that."""
    log_error(error)
    return answer(500, "Internal Server Error", "this request failed; the server's log says where")


def _clean(messages: Any) -> Any:
    """Validation messages as plain data, every text visible."""
    if isinstance(messages, dict):
        return {visible(str(name), limit=80): _clean(value) for name, value in messages.items()}
    if isinstance(messages, list | tuple):
        return [_clean(value) for value in messages[:50]]
    return visible(str(messages), limit=200) if messages is not None else None
