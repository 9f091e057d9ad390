"""The pool gives as many bytes as are asked for, and none of them twice."""

from __future__ import annotations

import os
from itertools import pairwise

from canaries.crypto.random_pool import RandomPool


def test_no_byte_is_given_twice() -> None:
    pool = RandomPool()
    given = [pool.take(size) for size in (9, 16, 4096, 1) for _ in range(500)]
    assert [len(one) for one in given] == [size for size in (9, 16, 4096, 1) for _ in range(500)]
    longer = given[:1500]
    assert len(set(longer)) == len(longer)
    assert all(
        one not in other + another
        for one, (other, another) in zip(longer, pairwise(longer[1:]), strict=False)
    )


def test_a_fork_gives_other_bytes() -> None:
    pool, (reading, writing) = RandomPool(), os.pipe()
    pool.take(16)
    child = os.fork()
    if not child:
        os.write(writing, pool.take(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 16) != pool.take(16)
    os.close(reading)
    os.close(writing)
