"""Signed notes and checkpoints: the signed head of the log, as text a person can copy and compare.

A note (C2SP signed-note) is text, a blank line, and signature lines ``— NAME base64(key id || signature)``;
a checkpoint (C2SP tlog-checkpoint) is a note whose text is three lines: origin, size, root. Only Ed25519 (type 0x01)
is spoken: one algorithm that stock openssl checks too. A checkpoint holds no time: that is for third parties to say.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_MAX_SIGNATURES = 16
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note is malformed, or no known key signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name: whose notes are believed."""

    name: str
    """Key name, for a log also its origin; no spaces, no ``+``."""
    public: bytes
    """32 bytes, RFC 8032."""

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || LF || 0x01 || public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """The vkey: ``name+hex key id+base64(0x01 || public key)``."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """The inverse of ``str``. Raises NoteError."""
        parts = vkey.split("+", 2)
        if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
            raise NoteError("not a verifier key: expected NAME+ID+BASE64")
        public = _decode(parts[2])
        if len(public) != 33 or public[:1] != _ED25519:
            raise NoteError("the verifier key is not an Ed25519 key")
        verifier = cls(parts[0], public[1:])
        if str(verifier) != vkey:
            raise NoteError("the verifier key does not match its key id")
        return verifier


def verifier(name: str, key: Ed25519PrivateKey) -> Verifier:
    """The public side of a signing key."""
    return Verifier(name, key.public_key().public_bytes_raw())


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """A note over ``text``, which must end in a newline. Raises NoteError."""
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise NoteError("a note's text ends in a newline and holds no other control character")
    if not _NAME.fullmatch(name):
        raise NoteError("a key name is not empty and holds no space and no plus sign")
    signature = verifier(name, key).key_id + key.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"


def verify(note: str, trusted: Sequence[Verifier]) -> str:
    """The text of a note that at least one trusted key signed.

    Unknown keys are ignored; a known key whose signature fails rejects the whole note (signed-note, "Signatures").
    Raises NoteError.
    """
    text, lines = _split(note)
    known = {(key.name, key.key_id): key for key in trusted}
    verified = False
    for name, blob in lines:
        key = known.get((name, blob[:4]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
        except (InvalidSignature, ValueError) as error:
            raise NoteError(f"the signature of {name} does not fit the note") from error
        verified = True
    if not verified:
        raise NoteError("no trusted key signed this note")
    return text


_QUOTED = re.compile(r"^(> ?)+")
_DASH = re.compile("^(\u2013|-{1,2}|\u00e2\u20ac\u201d) (?=[^ ]+ [A-Za-z0-9+/=]+$)")


_COMPACT = re.compile(
    r"(?<![^\s(\"'])([^\s+\"']+)\s+(0|[1-9][0-9]{0,18})\s+((?:[A-Za-z0-9+/]\s*){43}=)\s+((?:[A-Za-z0-9+/]\s*){91}=)"
)
"""Root and signature have one length each, so a line break inside of them does no harm."""


def compact(note: str) -> str:
    """A checkpoint in one line, for alerts: origin, size, root, key id and signature. Raises NoteError."""
    text, signatures = _split(note)
    checkpoint = Checkpoint.parse(text)
    for name, blob in signatures:
        if name == checkpoint.origin:
            origin, size, root = checkpoint.text.split("\n")[:3]
            return f"{origin} {size} {root} {base64.b64encode(blob).decode()}"
    raise NoteError("the log itself did not sign this checkpoint")


def mend(content: bytes) -> str:
    """A note as mail programs hand it back, as it was sent: unquoted, its line ends, blank lines and dash put right.

    The one line of an alert (`compact`) becomes the note that it stands for, wherever in the text it is.

    What is signed is compared afterwards: mending cannot make a wrong note right. Raises NoteError where there is none.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    lines = [_QUOTED.sub("", line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    body = "\n".join(_DASH.sub("\u2014 ", line) for line in lines).strip("\n")
    head, dash, tail = body.partition("\n\u2014 ")
    if not dash and (found := _COMPACT.search(body)):
        origin, size, root, signature = ("".join(part.split()) for part in found.groups())
        return f"{origin}\n{size}\n{root}\n\n\u2014 {origin} {signature}\n"
    if not dash:
        raise NoteError("there is no signature line")
    return head.rstrip("\n") + "\n\n\u2014 " + re.sub("\n+", "\n", tail) + "\n"


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if any(char < " " and char != "\n" for char in note):
        raise NoteError("a note holds no control characters")
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteError("not a signed note: no blank line, or no newline at its end")
    lines = signatures[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
        raise NoteError("a signature line is malformed")
    blob = _decode(parts[2])
    if len(blob) < 5:
        raise NoteError("a signature line is malformed")
    return parts[1], blob


def _decode(value: str) -> bytes:
    """Base64 in its one canonical spelling: another spelling of the same bytes is a changed file."""
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error
    if base64.b64encode(data).decode() != value:
        raise NoteError("not canonical base64")
    return data


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log at one size (tlog-checkpoint)."""

    origin: str
    """Names the log, unique and never reused."""
    size: int
    """How many entries the root commits to."""
    root: bytes
    """32 bytes, RFC 9162 2.1.1."""

    @property
    def text(self) -> str:
        """The note's text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """From a *verified* note's text. Extension lines are refused. Raises NoteError."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NoteError("not a checkpoint: expected origin, size and root")
        root = _decode(lines[2])
        if len(root) != 32:
            raise NoteError("the checkpoint's root is not 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note. Ed25519 is deterministic: one checkpoint has one note."""
    return sign(checkpoint.text, checkpoint.origin, key)


def open_checkpoint(note: str, log: Verifier) -> Checkpoint:
    """The checkpoint in a note signed by ``log``, whose name must be the origin. Raises NoteError."""
    checkpoint = Checkpoint.parse(verify(note, [log]))
    if checkpoint.origin != log.name:
        raise NoteError(f"the checkpoint is of another log: {checkpoint.origin!r}")
    return checkpoint
