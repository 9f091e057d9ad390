"""Minting leaves the hashes of a secret in the canary's label, for the back, which has no key of the vault."""

from __future__ import annotations

from sqlalchemy import select

from canaries.core import store
from canaries.crypto.labels import open_label
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from canaries.mint import amending
from canaries.mint.canary_labels import LabelWriter
from canaries.mint.minting import mint


def test_the_hashes_outlive_an_amendment(home: Home) -> None:
    (minted,) = mint(home, "mysql", memo="old")
    locker, id_ = Locker(home.keys.alerts), minted.canary.id
    (written,) = LabelWriter(home).labels([minted.canary])
    assert open_label(locker, id_, written).memo == "old"
    amending.amend(home, [minted.canary], memo="new")
    with home.store.read() as connection:
        sealed = connection.execute(select(store.canary.c.label)).scalar_one()
    label = open_label(locker, id_, sealed)
    assert label.memo == "new"
    assert set(label.verifiers) == {"clear", "mysql_native_password", "caching_sha2_password"}
    assert minted.bait.row["password"] not in str(label)


def test_keys_that_sign_have_the_same_hashes_alone_and_among_many(home: Home) -> None:
    many = [minted.canary for minted in mint(home, "aws-key", count=40)]
    locker, writer = Locker(home.keys.alerts), LabelWriter(home)
    for canary, written in zip(many, writer.labels(many), strict=True):
        (alone,) = writer.labels([canary])
        assert open_label(locker, canary.id, written) == open_label(locker, canary.id, alone)
        assert {"aws4", "aws2_sha1", "aws2_sha256"} <= set(open_label(locker, canary.id, written).verifiers)
