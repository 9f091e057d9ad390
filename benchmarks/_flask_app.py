"""The least that Flask can do: one view, a dull page, nothing recorded."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__, static_folder=None)


@app.get("/<path:anything>")
def view(anything: str) -> str:
    """Whatever is asked for."""
    return "<!doctype html><title>Index</title><p>Nothing here."
