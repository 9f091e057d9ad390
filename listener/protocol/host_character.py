"""Which web server this host is on all ports: an nginx of one distribution, with its own pages, words and header order.

What is the same here as elsewhere is what all hosts of that release say, and what differs is what differs between real
ones: release, the day on which it was installed, what stands at the root. It is held against a real nginx by
`tests/listener/traps/test_http_beside_nginx.py`.
"""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from canaries.crypto.seeded_random import SeededRandom

_RELEASES = (
    "nginx/1.18.0",
    "nginx/1.18.0 (Ubuntu)",
    "nginx/1.22.1",
    "nginx/1.24.0 (Ubuntu)",
    "nginx/1.26.3",
    "nginx/1.26.3 (Ubuntu)",
    "nginx",
)
"""Debian 11, Ubuntu 22.04, Debian 12, Ubuntu 24.04, Debian 13, Ubuntu 25.04; and any with ``server_tokens off``."""
_REASONS = {status.value: status.phrase for status in HTTPStatus} | {
    405: "Not Allowed",
    408: "Request Time-out",
    413: "Request Entity Too Large",
    414: "Request-URI Too Large",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
"""RFC 9110's words, and what nginx calls otherwise (ngx_http_header_filter_module.c)."""
_TITLES = {401: "Authorization Required"}
"""What its page says otherwise than its status line (ngx_http_special_response.c)."""
_WELCOME = """<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
"""
"""The page that the package brings."""
_LONGEST_LINE = 8192
"""Bytes of a request line (``large_client_header_buffers``)."""


def reason(status: int) -> str:
    """What stands behind a status in the status line."""
    return _REASONS.get(status, "Unknown")


class HostCharacter:
    """The host of one installation."""

    def __init__(self, stream: SeededRandom) -> None:
        self.server = stream.pick("release", _RELEASES)
        """``Server`` of every answer."""
        self.root = stream.pick("root", (200, 403, 404))
        """The status of ``/``: the package's page, an empty folder, or no folder."""
        installed = stream.between("installed", 1_680_000_000, 1_760_000_000)
        self._validators = (
            ("Last-Modified", formatdate(installed, usegmt=True)),
            ("ETag", f'"{installed:x}-{len(_WELCOME):x}"'),
            ("Accept-Ranges", "bytes"),
        )

    def welcome(self) -> tuple[tuple[tuple[str, str], ...], bytes]:
        """(headers, body) of the page that the package brings."""
        return (("Content-Type", "text/html"), *self._validators), _WELCOME.encode()

    def error_page(self, status: int) -> bytes:
        """The page of a status; 431 is what this server calls 400."""
        more = ""
        title = said = f"{status} {_TITLES.get(status) or reason(status)}"
        if status == 431:
            said, about = "400 Bad Request", "Request Header Or Cookie Too Large"
            title, more = f"400 {about}", f"<center>{about}</center>\r\n"
        return (
            f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{said}</h1></center>\r\n"
            f"{more}<hr><center>{self.server}</center>\r\n</body>\r\n</html>\r\n"
        ).encode()


def refused(method: str, target: bytes, version: str, hosts: int) -> int:
    """The status that a request of good form gets before anybody looks at what it asks for; 0 where it gets none."""
    if len(method) + len(target) + len(" HTTP/1.1\r\n") > _LONGEST_LINE:
        return 414
    if hosts > 1 or (version == "1.1" and hosts == 0):
        return 400
    if method == "TRACE":
        return 405
    return 400 if _climbs(target) else 0


def _climbs(target: bytes) -> bool:
    """Whether a path leaves the root, or holds a NUL (ngx_http_parse_complex_uri)."""
    path = target.partition(b"?")[0].partition(b"#")[0]
    if b"%00" in path:
        return True
    path = path.replace(b"%2e", b".").replace(b"%2E", b".")
    if b".." not in path:
        return False
    depth = 0
    for part in path.split(b"/"):
        if part == b"..":
            depth -= 1
        elif part not in (b"", b"."):
            depth += 1
        if depth < 0:
            return True
    return False
