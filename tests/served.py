"""A real server of console and API, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from canaries.installation.home import Home
from listener.api.application import create_api
from listener.console import server
from listener.console.app import create_app
from listener.serve.application import together
from tests import steady


@contextmanager
def serving(home: Home) -> Iterator[str]:
    """As ``trapline serve`` puts them together; gives the root URL."""
    stop = threading.Event()
    with server.bind("127.0.0.1:0") as listening:
        application = together(create_app(home, host=server.name(listening)), create_api(home))
        thread = threading.Thread(target=server.serve, args=(application, listening, stop))
        thread.start()
        try:
            yield f"http://{server.name(listening)}"
        finally:
            stop.set()
            thread.join(steady.PATIENCE)
