"""Distributions: all speak of the same products, and no two hosts of different ones can be taken for one."""

from __future__ import annotations

import pytest

from listener.protocol.distributions import DISTRIBUTIONS, Distribution
from listener.protocol.identity import Identity


def test_each_has_every_product_and_a_name_of_its_own() -> None:
    products = {tuple(sorted(one.products)) for one in DISTRIBUTIONS}
    assert len(products) == 1
    assert len({one.name for one in DISTRIBUTIONS}) == len(DISTRIBUTIONS)


@pytest.mark.parametrize("one", DISTRIBUTIONS, ids=lambda one: one.name)
def test_what_names_a_distribution_names_this_one(one: Distribution) -> None:
    """An OpenSSH of Ubuntu beside a mail server of Debian gives a decoy away."""
    vendor, other = one.name.split()[0], {"Debian": "Ubuntu", "Ubuntu": "Debian"}[one.name.split()[0]]
    said = [one.compiler, *(text for texts in one.products.values() for text in texts)]
    assert not [text for text in said if other.lower() in text.lower()]
    assert [text for text in one.products["ssh"] if vendor in text] == list(one.products["ssh"])


def test_a_host_keeps_to_one_on_all_ports() -> None:
    hosts = [Identity(bytes([number]) * 32).host for number in range(60)]
    assert {host.distribution.name for host in hosts} == {one.name for one in DISTRIBUTIONS}
    for host in hosts:
        for product, said in host.distribution.products.items():
            assert host.release(product) in said
            assert host.release(product) == host.release(product)
