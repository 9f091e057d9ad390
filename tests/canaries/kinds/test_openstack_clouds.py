"""The clouds.yaml: its values, by the host's own names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_cloud_signs_in_at_ours(mint: Mint, base_url: str) -> None:
    yaml = pytest.importorskip("yaml")
    bait = mint("openstack-clouds", base_url=base_url)
    cloud = yaml.safe_load(bait.files[0].content)["clouds"][bait.row["cloud"]]
    assert cloud["auth"]["auth_url"] == bait.row["url"]
    assert cloud["auth"]["password"] == bait.tokens[0].value
    assert cloud.get("verify", True) is not base_url.startswith("https")
