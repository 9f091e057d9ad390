"""A host is one nginx on all ports; what differs is what differs between real ones."""

from __future__ import annotations

from canaries.crypto.seeded_random import SeededRandom
from listener.protocol.host_character import HostCharacter, reason

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
