"""Which host this is on all ports: one distribution, with an nginx of its archive, its pages, words and header order.

What is the same here as elsewhere is what all hosts of that release say, and what differs is what differs between real
ones: release, the day on which it was installed, what stands at the root. It is held against real servers by
`tests/listener/traps/test_http_beside_nginx.py` and its neighbours.
"""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from canaries.crypto.seeded_random import BASE36, SeededRandom
from listener.protocol.distributions import DISTRIBUTIONS

_REASONS = {status.value: status.phrase for status in HTTPStatus} | {
    405: "Not Allowed",
    408: "Request Time-out",
    413: "Request Entity Too Large",
    414: "Request-URI Too Large",
    416: "Requested Range Not Satisfiable",
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
    body {
        width: 35em;
        margin: 0 auto;
        font-family: Tahoma, Verdana, Arial, sans-serif;
    }
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
"""The page that the package of nginx 1.18 brings."""
WELCOME_PATHS = frozenset({b"/", b"/index.nginx-debian.html"})
"""Where it stands: ``index`` of the package's site names it."""
MOST_BODY = 1_048_576
"""Bytes that a body may announce (``client_max_body_size``)."""
MOST_REQUESTS = 100
"""Requests of one connection (``keepalive_requests`` before 1.19.10)."""
_MACHINES = ("vps", "srv", "host", "vm", "v", "server")
_ROLES = ("app", "web", "db", "prod", "node", "services", "backend", "core", "apps", "internal")
_SYSTEMS = ("vm", "prod", "app", "instance", "vps", "node", "srv")


def _name(stream: SeededRandom) -> str:
    """As cloud providers, hosting companies and people name machines."""
    match stream.below("name form", 4):
        case 0:
            return f"ip-10-{'-'.join(str(stream.between(f'octet {n}', 1, 254)) for n in range(3))}"
        case 1:
            return f"{stream.pick('machine', _MACHINES)}{stream.between('number', 10_000, 999_999)}"
        case 2:
            return (
                stream.pick("role", _ROLES)
                + stream.pick("digits", ("", "0"))
                + stream.text("digit", "123456789", 1)
            )
        case _:
            return f"{stream.pick('system', _SYSTEMS)}-{stream.text('tail', BASE36, stream.between('length', 4, 8))}"


def reason(status: int) -> str:
    """What stands behind a status in the status line."""
    return _REASONS.get(status, "Unknown")


class HostCharacter:
    """The host of one installation."""

    def __init__(self, stream: SeededRandom) -> None:
        self._stream = stream
        self.distribution = stream.pick("distribution", DISTRIBUTIONS)
        """Its packages are what all ports speak of."""
        self.name = _name(stream)
        """As the host calls itself, without a domain."""
        self.server = self.release("nginx")
        """``Server`` of every answer."""
        self.closing = f"<hr><center>{self.server}</center>\r\n</body>\r\n</html>\r\n".encode()
        """How its own error pages end."""
        self.root = stream.pick("root", (200, 403, 404))
        """The status of ``/``: the package's page, an empty folder, or no folder."""
        installed = stream.between("installed", 1_680_000_000, 1_760_000_000)
        self._validators = (
            ("Last-Modified", formatdate(installed, usegmt=True)),
            ("ETag", f'"{installed:x}-{len(_WELCOME):x}"'),
            ("Accept-Ranges", "bytes"),
        )

    def release(self, product: str) -> str:
        """What ``product`` says of its version on this host."""
        return self._stream.pick(f"{product} release", self.distribution.products[product])

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
            f"{more}"
        ).encode() + self.closing
