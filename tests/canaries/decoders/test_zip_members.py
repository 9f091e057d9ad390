"""Members of zip archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable


def zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of two members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), b"nothing", method)
        archive.writestr(zipfile.ZipInfo("b/.env"), data, method)
    return held.getvalue()


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "zip": zipped,
    "zip, stored": lambda data: zipped(data, zipfile.ZIP_STORED),
    "zip, cut short": lambda data: zipped(data).partition(b"PK\x01\x02")[0],
    "zip in zip": lambda data: zipped(zipped(data)),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
