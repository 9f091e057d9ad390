"""One corpus to the HTTP trap and to real servers of nginx: every difference has a reason.

Hosts say that they are nginx 1.18, which answered the corpus once (`tests.beside.http_answers`). The nginx that is
installed here may be a later release: what that one answers otherwise is listed too.
"""

from __future__ import annotations

from typing import Any

import pytest

from listener.protocol.identity import Identity
from tests import real_servers
from tests.beside.http_answers import answers, of_any_release, recorded
from tests.beside.odd_http import CORPUS, LINGERING, WHILE_OPEN

DIFFERENCES = {
    "a long header for Chrome": "of a head that is too long no header is read, so not what the client says it is",
}
"""What the trap says otherwise than nginx 1.18.0, and why it has to."""
_STRICT = "from 1.21.1 on control characters and spaces are refused in a target, a name and Host"
_BOTH = "from 1.21.1 on a length beside chunks is refused, and chunks of HTTP/1.0"
LATER_RELEASES = {
    **dict.fromkeys(
        (
            "http/1.1",
            "FOO/1.1",
            "RTSP",
            "a space in the target",
            "a tab behind the target",
            "a control character in the target",
            "DEL in the target",
            "no colon",
            "only a colon",
            "a space before the colon",
            "a folded line",
            "a line that begins with a space",
            "Host: b' a b'",
            "Host: b' a\\x01'",
            "Host: b'\\ta'",
            "Host: b' a\\t'",
        ),
        _STRICT,
    ),
    **dict.fromkeys(("chunks, 1.0", "chunks and a length", "a length and chunks"), _BOTH),
    "CONNECT to a path of none": "from 1.21.1 on CONNECT is not allowed",
    "a hundred and two": "from 1.19.10 on a connection carries a thousand requests",
}
"""What later releases than 1.18 say otherwise: here the trap is held against the record alone."""


@pytest.fixture(scope="module")
def said(start_front: Any) -> dict[str, bytes]:
    """The answers of a front whose root is the package's page, and which says the release that was recorded."""
    keys = (bytes([one, two]) * 16 for one in range(256) for two in range(256))
    hosts = ((key, Identity(key).host) for key in keys)
    key = next(key for key, host in hosts if (host.root, host.server) == (200, "nginx/1.18.0"))
    front = start_front(prepare=lambda home: (home.keys.folder / "front").write_text(key.hex()), personas=[])
    return answers(front.address)


def test_it_answers_as_nginx_does_or_says_why_not(said: dict[str, bytes]) -> None:
    real = recorded()
    assert set(real) == set(CORPUS), "record it anew: python -m tests.beside.http_answers"
    assert {name for name in CORPUS if said[name] != real[name]} == set(DIFFERENCES)


def test_the_list_of_differences_does_not_grow() -> None:
    assert len(DIFFERENCES) <= 1
    assert set(LATER_RELEASES) | WHILE_OPEN | LINGERING <= set(CORPUS)
    assert len(CORPUS) >= 350


def test_the_nginx_that_is_installed_answers_as_the_record_and_the_trap_do(
    said: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = Identity(bytes(32)).host.welcome()[1]
    with real_servers.nginx(tmp_path_factory.mktemp("nginx") / "one", page) as address:
        real = {name: of_any_release(text) for name, text in answers(address).items()}
    record = {name: of_any_release(text) for name, text in recorded().items()}
    assert {name for name in CORPUS if real[name] != record[name]} <= set(LATER_RELEASES)
    ours = {name: of_any_release(text) for name, text in said.items()}
    assert {name for name in CORPUS if real[name] != ours[name]} <= set(LATER_RELEASES) | set(DIFFERENCES)
