"""Who may report: each sensor has a name and a key of its own, and signs with it what it sends.

    Authorization: Sensor NAME:<hexadecimal HMAC-SHA-256 under the key over PATH, a line feed, the body>

The key is text and is used as it stands, so that every language signs with what its standard library has. Nothing in
the signature is a time: a report has an id, and one that comes twice is taken in once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from canaries.core.errors import HomeError, TraplineError

FOLDER = "sensors"
"""In the home, and in the front's folder: a file a sensor, called like it, that holds its key."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_SCHEME = "Sensor "
T = TypeVar("T")


class RefusedReportError(TraplineError):
    """What came is of no sensor of this installation, or is no report. ``status`` is that of HTTP."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def decoded(decoder: msgspec.json.Decoder[T], body: bytes, refusal: str) -> T:
    """What ``body`` says. Raises RefusedReportError, also for text that is not UTF-8 and for what is nested too deeply:
    these the decoder tells by Python's own errors."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedReportError(400, f"{refusal}: {error}") from None


def new_key() -> str:
    """64 hexadecimal digits."""
    return secrets.token_hex(32)


def read_keys(folder: Path) -> dict[str, bytes]:
    """Name to key of every sensor; ``folder`` need not be there. Raises HomeError."""
    found = {}
    try:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if NAME.fullmatch(path.name):
                found[path.name] = path.read_bytes().strip()
    except OSError as error:
        raise HomeError(f"the sensors' keys in {folder} cannot be read: {error.strerror}") from error
    return found


def signature(name: str, key: bytes, path: str, body: bytes) -> str:
    """The value of ``Authorization``."""
    digest = hmac.digest(key, path.encode() + b"\n" + body, hashlib.sha256)
    return f"{_SCHEME}{name}:{digest.hex()}"


def signer_of(keys: Mapping[str, bytes], authorization: str, path: str, body: bytes) -> str:
    """The name of the sensor that signed. Raises RefusedReportError; a wrong name and a wrong key look the same."""
    name, colon, _ = authorization.removeprefix(_SCHEME).partition(":")
    if not authorization.startswith(_SCHEME) or not colon:
        raise RefusedReportError(401, "sign what you send: Authorization: Sensor NAME:SIGNATURE")
    expected = signature(name, keys.get(name) or secrets.token_bytes(32), path, body)
    if not hmac.compare_digest(expected.encode(), authorization.encode("utf-8", "replace")):
        raise RefusedReportError(
            401, "no sensor of that name has this key, or the body was changed on its way"
        )
    return name
