"""The installation's keys work for bait and are given to nobody."""

from __future__ import annotations

import dataclasses
import pickle

import msgspec
import pytest

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.crypto.sieve import Sieve
from canaries.installation.home import Home
from canaries.mint.minting import order
from canaries.protocols import push_endpoints, redirect_links, ssh_keys, wireguard
from canaries.protocols.signer import signer
from tests import steady

FRONT = steady.key("front")


def test_traps_recognise_what_was_signed() -> None:
    made = signer(FRONT)
    target = "https://www.example.org/a?b=c"
    assert redirect_links.redirect_target(FRONT, made.sign_link(target)) == target
    for key in (made.ssh_ed25519(SeededRandom(bytes(32))), made.ssh_rsa(SeededRandom(bytes(32)))):
        assert ssh_keys.marked(FRONT, key.blob)
    assert Sieve(FRONT).may_be_secret(made.sieved("x" * 20, BASE62))
    assert made.ssh_host_public() == ssh_keys.host_public(FRONT)
    assert made.wireguard_public() == wireguard.server_pair(FRONT).public


def test_a_link_that_no_trap_follows_is_not_signed() -> None:
    assert signer(FRONT).sign_link("https://x.example/" + "a" * 100_000) == ""


def test_without_the_authoritys_key_there_are_no_certificates() -> None:
    assert signer(FRONT).sign_client_certificate is None


def test_an_order_holds_no_private_key(home: Home) -> None:
    made = order(home, bytes(32), home.now(), "", "")
    shown = repr(made) + repr([getattr(made.signer, item.name) for item in dataclasses.fields(made.signer)])
    for secret in (home.keys.front.hex(), repr(home.keys.front), home.ca_key.strip(), "PRIVATE KEY"):
        assert secret not in shown
    values = list(msgspec.structs.astuple(made))
    assert home.keys.front not in values
    assert home.ca_key not in values
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(made.signer)


def test_a_push_subscription_is_the_fronts_and_its_keys_the_lookup_keys() -> None:
    one, other = signer(b"f" * 32, lookup=lambda: b"a" * 32), signer(b"f" * 32, lookup=lambda: b"b" * 32)
    token, keys = one.push_subscription(5, bytes(push_endpoints.DRAWN))
    assert push_endpoints.genuine(b"f" * 32, token)
    again, others = other.push_subscription(5, bytes(push_endpoints.DRAWN))
    assert token == again
    assert keys.public != others.public
