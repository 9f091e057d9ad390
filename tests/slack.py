"""A receiver on this machine in Slack's place."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOOK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
"""What the documents have in place of a real one."""


class Slack:
    """An incoming webhook: takes JSON with a text, answers ok."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        told = self.messages

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/services/x"

    def instead_of_real(self, settings: str) -> str:
        """The text with this address where the documents have Slack's; inside one's own network it has to be named."""
        assert f'url = "{HOOK}"' in settings
        return settings.replace(f'url = "{HOOK}"', f'url = "{self.url}"\nallow = ["127.0.0.1"]')

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
