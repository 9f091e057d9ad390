"""The nouns of the generator, as frozen structs: made by the million, which is why they are no dataclasses.

ARCHITECTURE.md holds the same words for people.
"""

from __future__ import annotations

import hashlib

import msgspec


class Token(msgspec.Struct, frozen=True, gc=False):
    """A string that betrays the canary when somebody uses it."""

    facet: str
    """Which part of the bait it is: ``access_key_id``, ``secret``, ``email``, ``host``, ``path``, ``password`` ..."""
    value: str
    """The string itself, as it stands in the bait. At least 96 bits nobody can guess, unless ``weak``, or an address of
    a person whose mailbox was asked for as people have it."""
    folds: bool = False
    """True where case does not matter (host names, e-mail addresses)."""
    weak: bool = False
    """True where the value is too guessable to accuse on its own (a phone number, a person's name): kept in the
    record and in the bait, never indexed for the listener."""


class Value(msgspec.Struct, frozen=True, gc=False):
    """One setting of a bait, as its service's own documentation names it."""

    name: str
    """The usual environment variable: ``STRIPE_SECRET_KEY``."""
    role: str
    """What it is: ``url``, ``secret``, ``user``, ``password``, ``host``, ``port``, ``database``, ``key_id``,
    ``region``, ``email``; empty for anything else."""
    text: str


class BaitFile(msgspec.Struct, frozen=True, gc=False):
    """One file of a bait."""

    path: str
    """Relative to where it is planted, e.g. ``.aws/credentials``."""
    content: bytes
    mode: int = 0o600
    """Permission bits the imitated program would have used."""

    @property
    def sha256(self) -> str:
        """Of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


class Bait(msgspec.Struct, frozen=True, gc=False):
    """The artefact that carries the tokens; what a kind makes."""

    tokens: tuple[Token, ...]
    """Strongest first: the first one seen names the hit's facet."""
    text: str
    """The snippet to paste, ending in a newline."""
    files: tuple[BaitFile, ...] = ()
    """Whole files, where the bait is more than a snippet."""
    row: dict[str, str] = msgspec.field(default_factory=dict)
    """Column name to value, where the bait fits into a database table."""
    parts: tuple[tuple[str, Bait], ...] = ()
    """(kind, bait) of the canaries this bait carries beside its own tokens; each becomes a canary of its own."""
    values: tuple[Value, ...] = ()
    """The bait as settings, for formats that write them their own way; empty: taken from ``text`` and ``row``."""
    stem: str = ""
    """What the names of settings made from ``row`` begin with (``repo``); empty: the kind's name."""


class Canary(msgspec.Struct, frozen=True, gc=False):
    """One minted decoy: what the vault holds about it."""

    id: str
    """16 hexadecimal characters; never part of the bait."""
    kind: str
    memo: str
    """The owner's words: where it goes, why."""
    owner: str
    """The operator who minted it."""
    recipient: str
    """Whose copy it is, where each recipient gets their own; otherwise empty."""
    created_at: str
    """RFC 3339."""
    expires_at: str
    """RFC 3339, or empty."""
    options: dict[str, str]
    """What ``--set`` gave."""
    seed: str
    """32 bytes, hexadecimal: the kind made this bait from it and makes the same one again."""
    parent: str
    """The canary whose bait carries this one, or empty."""
    tokens: tuple[Token, ...]
    text: str
    files: tuple[tuple[str, str], ...]
    """(path, SHA-256) of each file of the bait."""
    row: dict[str, str]
    nonce: str
    """16 random bytes, hexadecimal: without them the record's hash tells a guesser nothing."""
    source: str = ""
    """SHA-256 of the operator's own file that was made into bait (``--from``), or empty."""


class Shape(msgspec.Struct, frozen=True, gc=False):
    """What differs between installations, so that no two share a constant: derived from the installation's key."""

    label_length: int = 21
    """Characters of a label; never 25 (a well-known product's length)."""
    path_words: tuple[str, ...] = ()
    """What stands before the id in addresses without a catch domain (`canaries.protocols.site_paths`); empty: the
    label is the first segment, as it was before 0.2."""
    path_form: str = ""
    """The form of that id."""


def indexed(tokens: tuple[Token, ...]) -> list[Token]:
    """The tokens strong enough to accuse on their own, strongest first."""
    return [token for token in tokens if not token.weak]
