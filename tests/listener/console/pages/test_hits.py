"""The hits: exact on their page, newest first in the list, live in the stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from listener.console import stream
from listener.incidents import queries

Visit = Callable[..., str]


def test_the_hit_page_shows_the_exact_time_the_hash_and_the_request(console: Any, scene: list[str]) -> None:
    hit = queries.one(console.home, scene[1].removeprefix("/hits/"))
    page = console.get(scene[1]).get_data(as_text=True)
    assert hit.observed_at[:10] + " " + hit.observed_at[11:26] in page
    assert hit.entry.body["raw_sha256"] in page
    assert '<pre class="raw"' not in page, "the request itself is covered"


def test_the_request_is_shown_for_a_reason_and_that_is_written_down(console: Any, scene: list[str]) -> None:
    path = f"{scene[1]}/raw"
    assert console.post(path, {"reason": " "}).status_code == 422
    assert console.get(path).status_code == 405
    assert console.entries("revealed") == []
    page = console.post(path, {"reason": "to see the headers"}).get_data(as_text=True)
    assert "HTTP/1.1\nHost: 127.0.0.1:8080\nUser-Agent: &lt;script&gt;" in page
    [entry] = console.entries("revealed")
    hit = queries.one(console.home, scene[1].removeprefix("/hits/"))
    assert entry.body == {"canary": hit.canary, "hit": hit.id, "reason": "to see the headers"}
    assert console.post("/hits/ffffffff/raw", {"reason": "x"}).status_code == 404
    assert len(console.entries("revealed")) == 1


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


def test_a_stream_can_be_of_one_canary(console: Any, canary: Canary, visit: Visit, home: Home) -> None:
    other = catalogue.find(home, next(iter(mint(home, "url", memo="another"))).canary.id)
    mine, others = visit(canary), visit(other, ip="203.0.113.77")
    response = console.get(f"/hits/stream?canary={canary.id}", buffered=False)
    events = response.iter_encoded()
    first = [next(events), next(events)]  # the welcome, and its one hit
    console.app.extensions["trapline"].stop.set()
    said = b"".join([*first, *events])
    assert (mine.encode() in said, others.encode() in said) == (True, False)
    response.close()


def test_streams_are_bounded_and_given_back(console: Any) -> None:
    app_context = console.app.extensions["trapline"]
    taken = [console.get("/hits/stream", buffered=False) for _ in range(stream.MOST_STREAMS)]
    assert console.get("/hits/stream").status_code == 503
    for response in taken:  # given back even where not one event was read
        response.close()
    app_context.stop.set()
    assert console.get("/hits/stream").status_code == 200
