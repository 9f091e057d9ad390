"""Packages that only some installations use: the extras of setup.cfg."""

from __future__ import annotations

import importlib

from canaries.core.errors import MissingExtraError


def require(package: str, extra: str, purpose: str) -> None:
    """Return if ``package`` can be imported. Raises MissingExtraError, which names the ``extra`` that brings it."""
    try:
        importlib.import_module(package)
    except ImportError:
        raise MissingExtraError(
            f"{purpose} needs the package {package}, which is not installed",
            hint=f"install Trapline with its extra: pip install 'trapline[{extra}]' (in a clone: '.[{extra}]')",
        ) from None
