"""The contract of a resource of the API: one file in this folder with a `Resource` called ``resource``."""

from __future__ import annotations

FOLDER = __name__
