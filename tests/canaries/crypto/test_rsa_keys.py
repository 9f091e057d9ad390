"""RSA keys out of a seed: the same again, valid, of full length, and never composite."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from canaries.crypto import rsa_keys
from canaries.crypto.seeded_random import SeededRandom


def test_a_seed_gives_one_key_and_another_seed_another() -> None:
    rsa_keys.private_key.cache_clear()
    first = rsa_keys.private_key(b"a" * 32, 1024).private_numbers()
    rsa_keys.private_key.cache_clear()
    assert rsa_keys.private_key(b"a" * 32, 1024).private_numbers() == first
    other = rsa_keys.private_key(b"b" * 32, 1024).private_numbers()
    assert {other.p, other.q}.isdisjoint({first.p, first.q})


def test_it_is_an_ordinary_key_of_2048_bits() -> None:
    key = rsa_keys.private_key(b"c" * 32)
    assert key.key_size == 2048
    assert key.public_key().public_numbers().e == 65537
    numbers = key.private_numbers()
    assert numbers.p > numbers.q
    assert numbers.p.bit_length() == numbers.q.bit_length() == 1024
    signature = key.sign(b"said", padding.PKCS1v15(), SHA256())
    key.public_key().verify(signature, b"said", padding.PKCS1v15(), SHA256())


@pytest.mark.parametrize("number", [5, 7, 65537, 2**127 - 1, 2**521 - 1])
def test_primes_are_found_prime(number: int) -> None:
    assert rsa_keys.is_prime(number, SeededRandom(bytes(32)))


@pytest.mark.parametrize(
    "number",
    [9, 65535, 561, 1729, 3215031751, 341550071728321, (2**127 - 1) * (2**89 - 1)],
    ids=[
        "square",
        "odd",
        "Carmichael",
        "Carmichael 2",
        "liar to 2 3 5 7",
        "liar to seven primes",
        "semiprime",
    ],
)
def test_composites_are_not(number: int) -> None:
    assert not rsa_keys.is_prime(number, SeededRandom(bytes(32)))


def test_the_sieve_marks_exactly_what_has_a_small_factor() -> None:
    start = 10**30 + 1
    sieved = rsa_keys._sieved(start)
    for index in range(300):
        number = start + 2 * index
        assert bool(sieved[index]) == any(number % prime == 0 for prime in range(3, 65536, 2))
