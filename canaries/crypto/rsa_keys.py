"""RSA keys that follow from a seed: a bait that holds a private key must come out the same when it is made again.

Libraries draw their primes from the system. Here they are looked for upwards from numbers that the seed gives: sieved,
then tested by Miller and Rabin with seeded witnesses. About half a second a key. The result is an ordinary key, checked
by the library; but it is worth no more than its seed, and nobody should guard anything with it.
"""

from __future__ import annotations

import math
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import rsa

from canaries.crypto.seeded_random import SeededRandom

EXPONENT = 65537
_ROUNDS = 5
"""Miller-Rabin rounds for primes of 1024 bits: FIPS 186-4, table C.3, error below 2^-112."""
_WINDOW = 8192
"""Odd numbers sieved at a time; in 1024 bits one in 355 of them is prime."""
_SMALL = 1 << 16


@lru_cache(maxsize=32)
def private_key(seed: bytes, bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key of ``seed`` (32 bytes), public exponent 65537. The last few are kept: baits are made again."""
    stream = SeededRandom(seed)
    p, q = sorted((_prime(stream, "p", bits // 2), _prime(stream, "q", bits // 2)), reverse=True)
    d = pow(EXPONENT, -1, math.lcm(p - 1, q - 1))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(EXPONENT, p * q),
    ).private_key()


def _prime(stream: SeededRandom, label: str, bits: int) -> int:
    """The first prime above a seeded number with its two highest bits set: the product has all its bits, then."""
    return next_prime(int.from_bytes(stream.draw_bytes(label, bits // 8), "big") | 0b11 << (bits - 2), stream)


def next_prime(start: int, stream: SeededRandom) -> int:
    """The first odd prime from ``start`` (above 2^16) that can be a factor of a modulus for `EXPONENT`."""
    start |= 1
    while True:
        composite = _sieved(start)
        for index in range(_WINDOW):
            number = start + 2 * index
            if not composite[index] and (number - 1) % EXPONENT and is_prime(number, stream):
                return number
        start += 2 * _WINDOW


def _sieved(start: int) -> bytearray:
    """For each of the odd numbers from ``start``: 1 where a small prime divides it."""
    composite = bytearray(_WINDOW)
    for prime in _small_primes():
        # start + 2i is 0 modulo an odd prime where i is -start/2
        first = -start * ((prime + 1) // 2) % prime
        composite[first::prime] = b"\1" * len(range(first, _WINDOW, prime))
    return composite


@lru_cache(maxsize=1)
def _small_primes() -> list[int]:
    """Odd primes below 2^16."""
    sieve = bytearray(b"\1") * _SMALL
    for number in range(3, 256, 2):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, _SMALL, number)))
    return [number for number in range(3, _SMALL, 2) if sieve[number]]


def is_prime(number: int, stream: SeededRandom) -> bool:
    """Whether the odd ``number`` above 3 is prime (Miller-Rabin, FIPS 186-4, C.3.1), with witnesses from ``stream``."""
    twos = (number - 1 & 1 - number).bit_length() - 1
    odd = number - 1 >> twos
    for attempt in range(_ROUNDS):
        witness = 2 + stream.below(f"witness:{attempt}", number - 3)
        power = pow(witness, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True
