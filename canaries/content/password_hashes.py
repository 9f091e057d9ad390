"""Password hashes as frameworks store them, in the scheme and at the cost of a hash that is given.

What follows is the beginning of a hash up to its salt, its *settings*; it says scheme and cost and holds no secret.

    $2b$12$  $2a$10$  $2y$10$                   bcrypt: Devise, Laravel, PHP          (package bcrypt)
    $argon2id$v=19$m=65536,t=3,p=4$             argon2 (RFC 9106)                     (package argon2-cffi)
    pbkdf2_sha256$720000$  argon2$argon2id$...  bcrypt_sha256$$2b$12$  scrypt$        Django
    pbkdf2:sha256:600000$  scrypt:32768:8:1$    Werkzeug, which Flask uses
    $P$B  $H$9                                  phpass: WordPress until 6.7, phpBB, Drupal 7
    $wp$2y$10$                                  WordPress since 6.8
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

from canaries.core import extras
from canaries.core.errors import MintError
from canaries.crypto.seeded_random import BASE62

Draw = Callable[[str, int], str]
"""Draws a text: alphabet, length."""

_BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$")
_ARGON2 = re.compile(r"\$(argon2(?:id|i|d))\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")
_DJANGO = re.compile(r"pbkdf2_(sha256|sha1)\$(\d+)\$")
_DJANGO_SCRYPT = re.compile(r"scrypt\$")
_WERKZEUG = re.compile(r"pbkdf2:(sha256|sha512|sha1):(\d+)\$|scrypt:(\d+):(\d+):(\d+)\$")
_PHPASS = re.compile(r"\$[PH]\$([./0-9A-Za-z])")
_PREFIXES = ("bcrypt_sha256$", "bcrypt$", "argon2", "$wp")
"""What stands before another scheme's own form: Django's names, WordPress's mark."""
_ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MOST = {"bcrypt": 16, "iterations": 10_000_000, "memory": 1 << 20, "passes": 64, "n": 1 << 20, "phpass": 20}
"""Nobody's server spends more, and a strange table should not take an hour."""


def settings_of(value: str) -> str:
    """The beginning of a hash up to its salt; empty where the scheme is none of these."""
    before, rest = _split(value)
    for form in (_BCRYPT, _ARGON2, _DJANGO, _WERKZEUG, _PHPASS):
        if found := form.match(rest):
            return before + found[0]
    if _DJANGO_SCRYPT.match(rest):
        parts = rest.split("$")
        return "$".join(["scrypt", *parts[2:5], ""]) if len(parts) == 6 else ""
    return ""


def _split(value: str) -> tuple[str, str]:
    for prefix in _PREFIXES:
        if value.startswith(prefix) and value[len(prefix) :].startswith("$"):
            return prefix, value[len(prefix) :]
    return "", value


def like(neighbour: str, password: str, draw: Draw) -> str | None:
    """A hash of ``password`` in the scheme, at the cost and in the form of ``neighbour``; None where that is unknown.

    Raises MintError where the neighbour's cost is absurd, MissingExtraError where a package is missing.
    """
    before, rest = _split(neighbour)
    if found := _BCRYPT.match(rest):
        return before + _bcrypt(_prepared(before, password), rest[:7], int(found[1]), draw)
    if found := _ARGON2.match(rest):
        return before + _argon2(password, found[1], (int(found[2]), int(found[3]), int(found[4])), rest, draw)
    if found := _DJANGO.match(rest):
        salt = draw(BASE62, len(rest.split("$")[2]))
        digest = _pbkdf2(found[1], password, salt, int(found[2]))
        return f"{found[0]}{salt}${base64.b64encode(digest).decode()}"
    if _DJANGO_SCRYPT.match(rest) and len(parts := rest.split("$")) == 6:
        salt, (n, r, p) = draw(BASE62, len(parts[1])), (int(part) for part in parts[2:5])
        encoded = base64.b64encode(_scrypt(password, salt, n, r, p)).decode()
        return f"scrypt${salt}${n}${r}${p}${encoded}"
    if found := _WERKZEUG.match(rest):
        salt = draw(BASE62, len(rest.split("$")[1]))
        if found[1]:
            digest = _pbkdf2(found[1], password, salt, int(found[2]))
        else:
            digest = _scrypt(password, salt, int(found[3]), int(found[4]), int(found[5]))
        return f"{found[0]}{salt}${digest.hex()}"
    if found := _PHPASS.match(rest):
        return phpass(password, found[0] + draw(_ITOA64, 8))
    return None


def _bounded(name: str, value: int) -> int:
    if not 1 <= value <= _MOST[name]:
        raise MintError(f"the cost of the neighbours' hashes is out of all bounds ({name} {value})")
    return value


def _prepared(before: str, password: str) -> bytes:
    """What bcrypt is given: Django's and WordPress's longer forms hash first, so that 72 bytes are enough."""
    if before == "bcrypt_sha256$":
        return hashlib.sha256(password.encode()).hexdigest().encode()
    if before == "$wp":
        return base64.b64encode(hmac.digest(b"wp-sha384", password.encode(), "sha384"))
    return password.encode()[:72]


def _bcrypt(password: bytes, head: str, cost: int, draw: Draw) -> str:
    extras.require("bcrypt", "hashes", "a bcrypt hash")
    import bcrypt

    # 22 characters hold 132 bits, of which 128 are the salt: the last one has 4 forms
    salt = draw(_ITOA64, 21) + draw(".Oeu", 1)
    made = bcrypt.hashpw(password, f"$2b${_bounded('bcrypt', cost):02d}${salt}".encode()).decode()
    return head + made[7:]


def _argon2(password: str, variant: str, costs: tuple[int, int, int], neighbour: str, draw: Draw) -> str:
    extras.require("argon2", "hashes", "an Argon2 hash")
    from argon2.low_level import Type, hash_secret

    memory, passes, lanes = costs
    salt, digest = neighbour.split("$")[4:6]
    made = hash_secret(
        password.encode(),
        draw(BASE62, len(salt) * 3 // 4).encode(),
        time_cost=_bounded("passes", passes),
        memory_cost=_bounded("memory", memory),
        parallelism=_bounded("passes", lanes),
        hash_len=len(digest) * 3 // 4,
        type={"argon2id": Type.ID, "argon2i": Type.I, "argon2d": Type.D}[variant],
    )
    return made.decode()


def _pbkdf2(digest: str, password: str, salt: str, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac(digest, password.encode(), salt.encode(), _bounded("iterations", iterations))


def _scrypt(password: str, salt: str, n: int, r: int, p: int) -> bytes:
    _bounded("n", n * max(r, 1) * max(p, 1) // 8)
    return hashlib.scrypt(
        password.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=132 * n * r * p + (1 << 20)
    )


def phpass(password: str, settings: str) -> str:
    """Portable hash of phpass (Openwall, public domain): MD5 over and over. ``settings``: ``$P$B`` and 8 of salt."""
    turns = 1 << _bounded("phpass", _ITOA64.index(settings[3]))
    digest = hashlib.md5(settings[4:12].encode() + password.encode()).digest()  # noqa: S324  what the tables hold
    for _ in range(turns):
        digest = hashlib.md5(digest + password.encode()).digest()  # noqa: S324
    return settings[:12] + _encoded(digest)


def _encoded(digest: bytes) -> str:
    """phpass's own base64: little endian, in groups of three."""
    out = []
    for at in range(0, len(digest), 3):
        group = digest[at : at + 3]
        number = int.from_bytes(group, "little")
        out += [_ITOA64[number >> (6 * turn) & 63] for turn in range(len(group) + 1)]
    return "".join(out)
