"""The database of labels: all of them, in order; the one of version 0.1 too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


def test_labels_in_order(opened: Callable[..., DataReader], mmdb: Callable[..., Path], ask: Ask) -> None:
    labels = [{"class": "hosting", "provider": "github"}, {"class": "cloud", "provider": "microsoft"}]
    path = mmdb({"20.0.0.0/8": {"labels": labels}, "8.8.8.0/24": {"labels": labels[:1]}})
    found = ask(opened("network-labels", path), "20.1.1.1")
    assert found is not None
    assert [label["provider"] for label in found.labels] == ["github", "microsoft"]


def test_version_0_1(opened: Callable[..., DataReader], mmdb: Callable[..., Path], ask: Ask) -> None:
    path = mmdb({"8.8.8.0/24": {"class": "cloud", "provider": "google"}})
    found = ask(opened("network-labels", path), "8.8.8.8")
    assert found is not None
    assert found.labels == ({"class": "cloud", "provider": "google"},)
