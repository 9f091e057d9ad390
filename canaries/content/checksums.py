"""Check sums and encodings inside the keys of known services.

A key with a wrong check sum is dropped by scanners and stands out to people. Each algorithm names where it is
published; the tests hold public keys whose sums are known.
"""

from __future__ import annotations

import base64
import hashlib
import zlib

from canaries.crypto.seeded_random import BASE36, BASE62, SeededRandom

_ACCOUNT_MASK = 0x7FFFFFFFFF80
"""Bits 46 to 7 of a key id's first 48: the account number (Aidan Steele, "AWS access key ID formats", 2020)."""
_ISSUED_SINCE_2019 = 1 << 47
"""Set in every id that carries an account number."""

_WORD = 0xFFFFFFFF

_WATCHED = """
    052310077262 171436882533 266735846894 534261010715 595918472158
    717712589309 730335385048 819147034852 893192397702 992382622183
    044858866125 251535659677 344043088457 351906852752 390477818340 426127672474 427150556519 439872796651
    445142720921 465867158099 637958123769 693412236332 732624840810 735421457923 959235150393 982842642351
"""
WATCHED_AWS_ACCOUNTS = frozenset(_WATCHED.split())
"""Accounts whose keys everybody takes for bait: TruffleHog reads the account off the key id, offline, and warns
(trufflesecurity/trufflehog, pkg/detectors/aws/access_keys/canary.go: ten of Thinkst, sixteen look-alikes)."""


def base62(number: int, width: int) -> str:
    """``number`` in base 62 (0-9 A-Z a-z), padded with 0 to ``width``."""
    return _digits(number, BASE62).rjust(width, "0")


def _digits(number: int, alphabet: str) -> str:
    digits, base = "", len(alphabet)
    while number:
        number, digit = divmod(number, base)
        digits = alphabet[digit] + digits
    return digits


def crc32_base36(head: str) -> str:
    """The seven characters that end a routable GitLab token: CRC-32 of everything before them, in base 36."""
    return _digits(zlib.crc32(head.encode()), BASE36).rjust(7, "0")


def crc32_base62(body: str) -> str:
    """The six characters that end a classic GitHub or npm token: CRC-32 of the 30 before them.

    github.blog, "Behind GitHub's new authentication token formats", 2021.
    """
    return base62(zlib.crc32(body.encode()), 6)


def sha256_base32(head: str) -> str:
    """Characters 78 to 85 of a fine-grained GitHub token, from the 77 before them (mongodb/kingfisher #342)."""
    return base64.b32encode(hashlib.sha256(head.encode()).digest()[:5]).decode()


def marvin32(data: bytes, seed: int) -> int:
    """Microsoft's Marvin32 of ``data`` under a 64-bit ``seed``: 32 bits (microsoft/SymCrypt, marvin32.c)."""
    low, high = seed & _WORD, seed >> 32
    whole = len(data) // 4 * 4
    # The rest of the bytes, ended by 0x80, is the last word but one; the last one is zero.
    words = data[:whole] + (data[whole:] + b"\x80").ljust(4, b"\0") + bytes(4)
    for start in range(0, len(words), 4):
        low = low + int.from_bytes(words[start : start + 4], "little") & _WORD
        high ^= low
        low = _rotated(low, 20) + high & _WORD
        high = _rotated(high, 9) ^ low
        low = _rotated(low, 27) + high & _WORD
        high = _rotated(high, 19)
    return low ^ high


def _rotated(word: int, bits: int) -> int:
    return (word << bits | word >> 32 - bits) & _WORD


def azure_storage_key(random: bytes) -> str:
    """The 88 characters of a storage account's key; ``random``: 57 bytes.

    Since 2022 each holds ``+ASt`` and, behind it, a check sum of all that is before (microsoft/security-utilities,
    IdentifiableSecrets).
    """
    head = random + base64.b64decode("+ASt")
    check = marvin32(head, int.from_bytes(b"Default0", "big"))
    return base64.b64encode(head + check.to_bytes(4, "little")).decode()


def aws_key_id(account: str, random: bytes, prefix: str = "AKIA") -> str:
    """The access key id of the 12-digit ``account``; ``random``: 5 bytes, of which 39 bits are used."""
    noise = int.from_bytes(random, "big") & 0x7FFFFFFFFF
    number = ((_ISSUED_SINCE_2019 | int(account) << 7) << 32) | noise
    return prefix + base64.b32encode(number.to_bytes(10, "big")).decode()


def aws_account(key_id: str) -> str:
    """The 12-digit account an access key id belongs to. Raises ValueError where it is none."""
    if len(key_id) != 20:
        raise ValueError("an access key id has 20 characters")
    head = base64.b32decode(key_id[4:])[:6]
    return f"{(int.from_bytes(head, 'big') & _ACCOUNT_MASK) >> 7:012d}"


def fresh_aws_account(stream: SeededRandom) -> str:
    """An account number without a leading zero that nobody is known to watch."""
    attempt = 0
    while True:
        account = str(stream.between(f"account:{attempt}", 10**11, 10**12 - 1))
        if account not in WATCHED_AWS_ACCOUNTS:
            return account
        attempt += 1
