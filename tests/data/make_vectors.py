"""Makes vectors.json anew: ``python tests/data/make_vectors.py``. What is in it never changes for a format in use.

Written from the formats' descriptions with the primitives of ``cryptography`` and ``msgspec`` alone, and nothing of
Trapline's, so that both ends of a format cannot change together unseen. All keys are test keys.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PRIVATE = bytes(range(32))
EPHEMERAL = bytes(range(32, 64))
AT = "2026-11-22T12:00:00.000000Z"


def box(purpose: str, plain: bytes, context: bytes, counter: int) -> bytes:
    """A sealed box: 0x01 | ephemeral public key | counter | AES-256-GCM under HKDF-SHA256 of the shared secret."""
    recipient = X25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
    ephemeral = X25519PrivateKey.from_private_bytes(EPHEMERAL)
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    key = HKDF(SHA256(), 32, salt=public + recipient, info=b"trapline box " + purpose.encode()).derive(shared)
    number = struct.pack(">Q", counter)
    return b"\x01" + public + number + AESGCM(key).encrypt(bytes(4) + number, plain, context)


SIGHTING: list[Any] = [
    "00" * 15 + "01",
    "http",
    1_790_000_000_000_001,
    ["192.0.2.1", 40000],
    ["198.51.100.2", 80],
    "tcp",
    b"GET /\xff HTTP/1.1\r\n\r\n",
    7000,
    "0123456789abcdef",
    3,
    2,
    {"source": "ntp", "offset_us": -250, "checked_at": AT},
    {"hello": b"\x16\x03\x01", "sni": "a.example"},
    {"how": "proxy-protocol", "client": ["203.0.113.9", 5], "chain": []},
    "page 404",
    {"error": "x"},
]
"""Its fields in the order in which they lie in the journal."""


def journal() -> dict[str, Any]:
    plain = msgspec.msgpack.encode([[SIGHTING]])
    sealed = box("journal", plain, b"", 1)
    frame = struct.pack(">II", len(sealed), zlib.crc32(sealed)) + sealed
    return {"private": PRIVATE.hex(), "plain": plain.hex(), "segment": frame.hex()}


def entry() -> dict[str, Any]:
    nonce = bytes(range(16))
    value = {
        "v": 1,
        "entry": "noted",
        "id": "01" * 16,
        "at": AT,
        "by": "älice",
        "nonce": nonce.hex(),
        "body": {"z": 1, "a": ["ü\n", True, None]},
    }
    line = _json(value)
    return {"value": value, "line": line.decode(), "leaf_hash": hashlib.sha256(b"\0" + line).hexdigest()}


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def divided_entry() -> dict[str, Any]:
    """Version 2, by the words of docs/dossier-format.md alone."""
    lookup, nonce, sha = PRIVATE, bytes(range(16)), hashlib.sha256
    body = {"incident": "ab12", "canary": "cd34", "text": "ü\n"}
    shown = {"at": AT, "body": {"canary": "cd34", "incident": "ab12"}, "entry": "noted", "id": "01" * 16}
    parts = [_json(shown | {"parts": ["text", "by"], "v": 2}), _json({"text": "ü\n"}), _json({"by": "älice"})]
    salts = hashlib.shake_256(nonce).digest(16 * len(parts))
    hashes = [sha(b"\3" + salts[16 * n : 16 * n + 16] + part).digest() for n, part in enumerate(parts)]
    content = sha(b"\2" + b"".join(hashes)).digest()
    root = hmac.digest(lookup, b"trapline-case-v2", "sha256")
    keys = [hmac.digest(root, about, "sha256") for about in (b"canary\ncd34", b"incident\nab12")]
    tags = [sha(b"\4" + key + content).hexdigest()[:32] for key in keys]
    header = "\n".join(["trapline-leaf-v2", "noted", *tags, content.hex(), ""])
    first = f'["noted","{tags[0]}","{tags[1]}","{nonce.hex()}"]'.encode()
    held = f'["noted","{tags[0]}","{tags[1]}",""]'.encode()
    open_ = [b'["' + salts[16 * n : 16 * n + 16].hex().encode() + b'",' + parts[n] + b"]" for n in range(3)]
    return {
        "lookup": lookup.hex(),
        "value": {
            "entry": "noted",
            "id": "01" * 16,
            "at": AT,
            "by": "älice",
            "body": body,
            "nonce": nonce.hex(),
        },
        "line": b"\t".join([first, *parts]).decode(),
        "without_text": b"\t".join([held, open_[0], f'"{hashes[1].hex()}"'.encode(), open_[2]]).decode(),
        "leaf_hash": sha(b"\0" + header.encode()).hexdigest(),
    }


def checkpoint() -> dict[str, Any]:
    key, origin, root = (
        Ed25519PrivateKey.from_private_bytes(PRIVATE),
        "log.example/one",
        hashlib.sha256().digest(),
    )
    public = key.public_key().public_bytes_raw()
    text = f"{origin}\n7\n{base64.b64encode(root).decode()}\n"
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    signature = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return {
        "seed": PRIVATE.hex(),
        "origin": origin,
        "size": 7,
        "root": root.hex(),
        "vkey": f"{origin}+{key_id.hex()}+" + base64.b64encode(b"\x01" + public).decode(),
        "note": f"{text}\n— {origin} {signature}\n",
    }


def vectors() -> dict[str, Any]:
    """One for each format whose bytes are kept."""
    plain, context = "content \u00e9\n".encode(), b"row 7"
    return {
        "sealed_box": {
            "private": PRIVATE.hex(),
            "ephemeral": EPHEMERAL.hex(),
            "purpose": "vault",
            "context": context.hex(),
            "plain": plain.hex(),
            "boxes": [box("vault", plain, context, counter).hex() for counter in (1, 2**40)],
        },
        "journal_frame": journal(),
        "entry": entry(),
        "divided_entry": divided_entry(),
        "checkpoint": checkpoint(),
    }


if __name__ == "__main__":
    text = json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"
    Path(__file__).with_name("vectors.json").write_text(text, "utf-8")
