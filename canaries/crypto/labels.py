"""What alerts may say of a canary, sealed under the ``alerts`` key: column ``canary.label``.

The process that alerts cannot open the vault. Release 0.1 sealed the memo alone; such labels still read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from canaries.crypto.sealed_box import BoxError, Locker

_CACHED = 1_000
_MARK = b"\0"
"""How a label of this form begins; no memo can, for no argument of a command can hold it."""


class CanaryLabel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Words of operators about one canary, and what its secret is held against."""

    memo: str = ""
    recipient: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    verifiers: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Of its secret (`canaries.crypto.verifiers`)."""


def seal_label(locker: Locker, canary_id: str, label: CanaryLabel) -> bytes:
    """For the canary's row; what is empty is left out."""
    return seal_labels(locker, [(canary_id, label)])[0]


def seal_labels(locker: Locker, labels: Iterable[tuple[str, CanaryLabel]]) -> list[bytes]:
    """As `seal_label`, for many (canary id, label)."""
    encode = msgspec.json.Encoder().encode
    return locker.seal_each([(_MARK + encode(label), canary_id.encode()) for canary_id, label in labels])


def open_label(locker: Locker, canary_id: str, sealed: bytes | None) -> CanaryLabel:
    """The inverse. What does not open is an empty label: an alert without words is better than none."""
    if not sealed:
        return CanaryLabel()
    try:
        content = locker.open(sealed, canary_id.encode())
        if content.startswith(_MARK):
            return msgspec.json.decode(content[1:], type=CanaryLabel)
    except (BoxError, msgspec.DecodeError):
        return CanaryLabel()
    return CanaryLabel(memo=content.decode("utf-8", "replace"))


class OpenedLabels:
    """Opens labels under one key, each once: a bait that is used is used often. One per intake."""

    def __init__(self, key: bytes) -> None:
        self._locker = Locker(key)
        self.open = lru_cache(_CACHED)(self._open)

    def _open(self, canary_id: str, sealed: bytes | None) -> CanaryLabel:
        return open_label(self._locker, canary_id, sealed)


def seal_place(locker: Locker, placement_id: str, words: str) -> bytes:
    """Where a bait is, for alerts: column ``placement.label``."""
    return locker.seal(words.encode("utf-8", "replace"), placement_id.encode())


def open_place(locker: Locker, placement_id: str, sealed: bytes | None) -> str:
    """The inverse; empty where it does not open."""
    try:
        return locker.open(sealed, placement_id.encode()).decode("utf-8", "replace") if sealed else ""
    except BoxError:
        return ""
