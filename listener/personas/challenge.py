"""Asks for credentials where clients hold theirs back until asked: git, Mercurial, Subversion, WebDAV, Docker.

Without credentials: 401 with a Basic challenge (RFC 7617). With any: 404, as where a repository was removed.
"""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_PATHS = re.compile(
    r"""
      /info/refs \Z | /git-(?:upload|receive)-pack \Z | /\.git(?:/|\Z) | \.git(?:/|\Z)   # git, smart and dumb
    | ^/v2/                                                                               # a container registry
    | ^/(?:dav|webdav|remote\.php|svn|hg|repos?|private|backups?|artifactory|nexus)(?:/|\Z)
    """,
    re.VERBOSE,
)
_METHODS = frozenset({"PROPFIND", "REPORT", "MKCOL", "LOCK"})
_REALMS = (
    "Restricted",
    "Internal",
    "Login required",
    "Repository",
    "Private area",
    "Authentication required",
)


class Challenge(Persona):
    name: ClassVar[str] = "challenge"
    order: ClassVar[int] = 900
    kinds = frozenset({"git-credentials", "git-remote", "netrc", "rclone"})
    prefixless = "a web server asks for the login of whatever path there is"
    bare = frozenset({"netrc"})
    any_bait = True

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("challenge")
        realm = f"{stream.pick('realm', _REALMS)} {stream.text('number', HEX, 3)}"
        headers = identity.headers("text/html")
        challenge = ("WWW-Authenticate", f'Basic realm="{realm}"')
        self._asks = Answer(401, (*headers, challenge), identity.host.error_page(401), "asks")
        self._refuses = Answer(404, headers, identity.host.error_page(404), "refuses")

    def claims(self, request: Request) -> bool:
        return (
            request.method in _METHODS
            or _PATHS.search(request.service_path) is not None
            or self._is_first_of_webdav(request)
        )

    @staticmethod
    def _is_first_of_webdav(request: Request) -> bool:
        """WebDAV begins with OPTIONS and goes away unless that is allowed or asks. A browser's preflight names what it
        would send, and never has credentials."""
        preflight = request.header(b"access-control-request-method")
        return request.method == "OPTIONS" and request.target != b"*" and not preflight

    def answer(self, request: Request) -> Answer:
        return self._refuses if request.authorization else self._asks
