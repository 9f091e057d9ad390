"""The hits: exact on their page, newest first in the list, live in the stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from canaries.core.model import Canary
from listener.console import stream
from listener.incidents import queries

Visit = Callable[..., str]


def test_the_hit_page_shows_the_exact_time_the_hash_and_the_request(console: Any, scene: list[str]) -> None:
    hit = queries.one(console.home, scene[1].removeprefix("/hits/"))
    page = console.get(scene[1]).get_data(as_text=True)
    assert hit.observed_at[:10] + " " + hit.observed_at[11:26] in page
    assert hit.entry.body["raw_sha256"] in page
    assert "User-Agent: &lt;script&gt;" in page


def test_the_stream_tells_of_hits_and_stops_with_the_session(
    console: Any, canary: Canary, visit: Visit
) -> None:
    first = visit(canary)
    second = visit(canary, agent="<b>\u202e")
    response = console.get("/hits/stream", headers={"Last-Event-ID": first}, buffered=False)
    assert response.mimetype == "text/event-stream"
    events = response.iter_encoded()
    assert next(events) == b": welcome\n\n"
    message = next(events)
    while first.encode() in message:  # within the overlap; the page skips it
        message = next(events)
    assert second.encode() in message
    assert b"\xe2\x80\xae" not in message
    console.app.extensions["trapline"].stop.set()
    assert list(events) == [b": waiting\n\n"]
    response.close()


def test_streams_are_bounded_and_given_back(console: Any) -> None:
    app_context = console.app.extensions["trapline"]
    taken = [console.get("/hits/stream", buffered=False) for _ in range(stream.MOST_STREAMS)]
    assert console.get("/hits/stream").status_code == 503
    for response in taken:  # given back even where not one event was read
        response.close()
    app_context.stop.set()
    assert console.get("/hits/stream").status_code == 200
