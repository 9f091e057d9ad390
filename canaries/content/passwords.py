"""Password hashes as common web frameworks store them, made with the standard library."""

from __future__ import annotations

import base64
import hashlib

from canaries.core.errors import MintError
from canaries.crypto.seeded_random import SeededRandom

_MOST = 10_000_000
"""Of either cost: nobody's server spends more, and a typing error should not take an hour."""


def pbkdf2(password: str, salt: str, iterations: int = 0) -> str:
    """``pbkdf2_sha256$ITERATIONS$SALT$HASH``, Django's default; 1,000,000 is Django 5.2's cost."""
    iterations = _checked(iterations or 1_000_000)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"


def pbkdf2_werkzeug(password: str, salt: str, iterations: int = 0) -> str:
    """``pbkdf2:sha256:ITERATIONS$SALT$HASH``, Werkzeug's older form; 1,000,000 is the cost of Werkzeug 3.1."""
    iterations = _checked(iterations or 1_000_000)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2:sha256:{iterations}${salt}${digest.hex()}"


def scrypt(password: str, salt: str, n: int = 0) -> str:
    """``scrypt:N:8:1$SALT$HASH``, Werkzeug's default, which Flask uses; 32768 is its cost."""
    n = _checked(n or 1 << 15)
    if n & (n - 1) or n < 2:
        raise MintError("the cost of scrypt must be a power of two", hint="e.g. --set cost=32768")
    digest = hashlib.scrypt(
        password.encode(), salt=salt.encode(), n=n, r=8, p=1, maxmem=132 * n * 8 + (1 << 20)
    )
    return f"scrypt:{n}:8:1${salt}${digest.hex()}"


def crackable(stream: SeededRandom) -> str:
    """A password such as people choose, a word and digits, one of some 16,000: whoever has its hash finds it."""
    word = stream.pick("password:word", _WORDS)
    digits = stream.between("password:digits", 0, 119)
    return f"{word}{digits:02d}" if digits < 100 else f"{word}{2000 + digits - 94}"


_WORDS = tuple(
    (
        "Sunshine Princess Football Monkey Shadow Master Dragon Baseball Superman Michael Jordan Harley "
        "Hunter Buster Soccer Batman Andrew Tigger Charlie Robert Thomas Hockey Ranger Daniel Starwars George "
        "Computer Michelle Jessica Pepper Freedom Ginger Maggie Summer Ashley Nicole Chelsea Matthew Access "
        "Yankees Dallas Austin Thunder Taylor Matrix William Orange Merlin Corvette Martin Heather Secret "
        "Diamond Hammer Silver Anthony Justin Bailey Patrick Internet Scooter Golfer Cookie Richard Samantha "
        "Bigdog Guitar Jackson Mickey Chicken Sparky Snoopy Maverick Phoenix Camaro Peanut Morgan Welcome "
        "Falcon Cowboy Ferrari Samsung Andrea Smokey Steelers Joseph Mercedes Dakota Arsenal Eagles Melissa "
        "Boomer Booboo Spider Nascar Monster Tigers Yellow Gateway Marina Diablo Bulldog Compaq Purple "
        "Hardcore Banana Junior Hannah Porsche Lakers Iceman Money Cowboys London Tennis Coffee Scooby Miller "
        "Boston Brandon Yamaha Mother Forever Johnny Edward Oliver Redsox Player Nikita Knight Barney Brandy "
        "Flower Rabbit Wizard"
    ).split()
)
"""Of the beginning of every list of the passwords that people choose."""


def _checked(cost: int) -> int:
    if not 1 <= cost <= _MOST:
        raise MintError(f"the cost of a hash must be 1 to {_MOST}")
    return cost
