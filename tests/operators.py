"""Operators with keys, for tests of more than one room: who acts is set by hand, not by the environment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from canaries.installation.home import Home
from canaries.installation.operator_key import PassphraseKey
from canaries.operators import enrolment
from canaries.operators import proposals as waiting
from tests import steady


def key_of(name: str) -> PassphraseKey:
    """The same key of this operator in every run."""
    return PassphraseKey(Ed25519PrivateKey.from_private_bytes(steady.key(f"operator {name}")))


@contextlib.contextmanager
def acting(home: Home, name: str, *, signs: bool = True) -> Iterator[Home]:
    """``home`` as ``name`` uses it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAPLINE_OPERATOR", name)
        patch.setitem(home.__dict__, "operator_key", key_of(name) if signs else None)
        yield home


def enrol(home: Home, *names: str) -> None:
    """Enrol these, the first alone, each next one by the first, and approved by the second from the third on."""
    for name in names:
        asked = enrolment.request(home, name, key_of(name))
        with acting(home, names[0]):
            proposal = enrolment.enrol(home, asked)
        if proposal:
            with acting(home, names[1]):
                approve(home, proposal)


def approve(home: Home, proposal: str) -> None:
    """As ``trapline operator approve`` does it."""
    from canaries.operators import erasure

    found = waiting.find(home, proposal)
    said = waiting.approval(home, found)
    with home.store.write() as connection:
        if found.body["what"] == "operator":
            enrolment.put(home, connection, said, found.body)
        else:
            erasure.carry_out(home, connection, said, found.body)
