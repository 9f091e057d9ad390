"""What the host's filters make of its pages; a real nginx says the same in `test_http_beside_nginx.py`."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from listener.http.nginx_filters import filtered
from listener.personas import Answer
from listener.protocol.identity import Identity

HOST = Identity(bytes(32)).host
PAGE = Answer(200, *HOST.welcome())
MISSING = Answer(404, (("Content-Type", "text/html"),), HOST.error_page(404))


def test_what_asks_for_nothing_changes_nothing() -> None:
    assert filtered(PAGE, "GET", "1.1", {b"host": b"x"}, HOST) is PAGE
    other = Answer(200, (("Content-Type", "application/json"),), b"{}" * 20)
    assert filtered(other, "GET", "1.1", {b"accept-encoding": b"gzip"}, HOST) is other


def test_pages_are_compressed_in_chunks_or_streams() -> None:
    asked = {b"accept-encoding": b"br, gzip"}
    answer = filtered(MISSING, "GET", "1.1", asked, HOST)
    assert gzip.decompress(answer.body) == MISSING.body
    assert ("Transfer-Encoding", "chunked") in answer.headers
    assert ("Transfer-Encoding", "chunked") not in filtered(MISSING, "GET", "2", asked, HOST).headers
    assert filtered(MISSING, "GET", "1.0", asked, HOST) is MISSING
    assert filtered(MISSING, "GET", "1.1", asked | {b"via": b"1.1 x"}, HOST) is MISSING


def test_chrome_gets_longer_error_pages_of_the_host_alone() -> None:
    asked = {b"user-agent": b"Mozilla/5.0 (KHTML, like Gecko) Chrome/120.0"}
    assert len(filtered(MISSING, "GET", "1.1", asked, HOST).body) == len(MISSING.body) + 402
    other = Answer(404, (("Content-Type", "text/html"),), b"<p>of a service</p>")
    assert filtered(other, "GET", "1.1", asked, HOST) is other


@given(
    st.dictionaries(
        st.sampled_from(
            (b"range", b"if-range", b"if-match", b"if-none-match", b"if-modified-since", b"accept-encoding")
        ),
        st.one_of(st.binary(max_size=30), st.from_regex(rb"bytes=[0-9, -]{0,20}", fullmatch=True)),
    )
)
def test_nothing_hostile_raises(fields: dict[bytes, bytes]) -> None:
    assert filtered(PAGE, "GET", "1.1", fields, HOST).status in (200, 206, 304, 412, 416)
