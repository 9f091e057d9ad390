"""Trapline's own database of network classes (`tools.build_data`), and that of version 0.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._mmdb import MmdbReader, text

_KEYS = ("class", "provider", "service", "region", "list")


class NetworkLabels(MmdbReader):
    """Labels, narrowest network first."""

    name = "network-labels"
    what = "network classes as Trapline builds them (.mmdb)"

    @classmethod
    def understands(cls, record: Mapping[str, Any]) -> bool:
        return isinstance(record.get("labels"), list) or {"class", "provider"} <= record.keys()

    def answer(self, record: Mapping[str, Any], network: str) -> NetworkAnswer:
        labels = record.get("labels", [record])
        found = [_label(label) for label in labels if isinstance(label, dict) and text(label.get("class"))]
        return NetworkAnswer(network=network, labels=tuple(found))


def _label(label: Mapping[str, Any]) -> dict[str, str]:
    return {key: text(label[key]) for key in _KEYS if text(label.get(key))}
