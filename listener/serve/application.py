"""Console and API behind the same door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from listener.api.application import MOUNT
from listener.serve.proxies import ProxyDoor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from wsgiref.types import WSGIApplication

    from flask import Flask


def together(console: Flask, api: Flask, proxies: Sequence[str] = ()) -> WSGIApplication:
    """The API under its mount, the console everywhere else."""
    return ProxyDoor(DispatcherMiddleware(console, {MOUNT: api}), proxies)
