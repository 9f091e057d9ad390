"""What every part of the client does: ask, follow pages, and refuse an answer of another shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from canaries.client.transport import NOT_OURS, ApiTransport, RefusedByServerError
from canaries.core.errors import NotFoundError

Made = TypeVar("Made")


class ApiCalls:
    """One server and one token."""

    _transport: ApiTransport
    _pause: Callable[[float], object]

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, etag: str = "") -> Any:
        """Any route of the API, for which there need be no method here: ``call("GET", "/ledger/checkpoint")``.

        ``etag``: the state that was seen, where two people may edit it. The answer's JSON; None where it has none.
        """
        headers = {"If-Match": etag} if etag else {}
        answer = self._transport.send(method, path, json=body, headers=headers)
        if not answer.content:
            return None
        return shaped(answer.json)

    def _items(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Mapping[str, Any]]:
        """Of a list that has no pages."""
        said = self._transport.json("GET", path, params=dict(query or {}))
        yield from shaped(lambda: list(said["items"]))

    def _pages(self, path: str, filters: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        query = {name: value for name, value in filters.items() if value}
        while True:
            page = self._transport.json("GET", path, params={"limit": "200", **query})
            items, cursor = shaped(lambda said: (list(said["items"]), str(said["next"] or "")), page)
            yield from items
            if not cursor:
                return
            query["cursor"] = cursor

    def _entry(self, path: str, body: Mapping[str, Any]) -> str:
        """Write something; the id of its entry."""
        said = self._transport.json("POST", path, json=body)
        return shaped(lambda: str(said["entry"]))


def shaped(make: Callable[..., Made], *given: Any) -> Made:
    """What ``make`` reads from an answer. Raises RefusedByServerError where that is of another shape."""
    try:
        return make(*given)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        raise RefusedByServerError(NOT_OURS) from None


def part(text: str) -> str:
    """One part of a path, whatever is in it."""
    return quote(text, safe="") or "-"


def only_one(beginning: str, noun: str, ids: Iterator[str]) -> str:
    """The one id that begins so. Raises NotFoundError."""
    clean = beginning.strip().lower()
    found = sorted({one for one in ids if clean and one.startswith(clean)})
    if len(found) == 1:
        return found[0]
    sentence = f"more than one {noun} begins with {clean!r}" if found else f"there is no {noun} {clean!r}"
    raise NotFoundError(sentence, hint="give more of its id" if found else "see the list of them")
