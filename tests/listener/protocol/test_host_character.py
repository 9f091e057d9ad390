"""A host is one nginx on all ports; what differs is what differs between real ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.seeded_random import SeededRandom
from listener.protocol.host_character import HostCharacter, reason, refused

HOST = HostCharacter(SeededRandom(b"h" * 32))


def test_it_is_the_same_each_time_and_others_differ() -> None:
    def shape(number: int) -> tuple[str, int, object]:
        host = HostCharacter(SeededRandom(bytes([number]) * 32))
        return host.server, host.root, host.welcome()[0]

    assert shape(3) == shape(3)
    assert len({shape(number) for number in range(20)}) == 20


def test_pages_name_the_release_and_their_status() -> None:
    page = HOST.error_page(404).decode()
    assert "<center><h1>404 Not Found</h1></center>\r\n" in page
    assert f"<hr><center>{HOST.server}</center>" in page
    assert "401 Authorization Required" in HOST.error_page(401).decode()
    assert "Request Header Or Cookie Too Large" in HOST.error_page(431).decode()
    assert (reason(405), reason(200), reason(799)) == ("Not Allowed", "OK", "Unknown")


@pytest.mark.parametrize(
    ("method", "target", "version", "hosts", "status"),
    [
        ("GET", b"/", "1.1", 1, 0),
        ("GET", b"/", "1.0", 0, 0),
        ("GET", b"/", "1.1", 0, 400),
        ("GET", b"/", "1.1", 2, 400),
        ("TRACE", b"/", "1.1", 1, 405),
        ("GET", b"/" + b"a" * 9000, "1.1", 1, 414),
        ("GET", b"/../x", "1.1", 1, 400),
        ("GET", b"/a/../../x", "1.1", 1, 400),
        ("GET", b"/a/../x", "1.1", 1, 0),
        ("GET", b"/%2e%2E/x", "1.1", 1, 400),
        ("GET", b"/a%00", "1.1", 1, 400),
        ("GET", b"/?a=/../..", "1.1", 1, 0),
    ],
)
def test_what_is_refused_before_anybody_looks(
    method: str, target: bytes, version: str, hosts: int, status: int
) -> None:
    assert refused(method, target, version, hosts) == status


@given(st.text(max_size=10), st.binary(max_size=60), st.integers(0, 3))
def test_nothing_hostile_raises(method: str, target: bytes, hosts: int) -> None:
    assert refused(method, target, "1.1", hosts) in (0, 400, 405, 414)
