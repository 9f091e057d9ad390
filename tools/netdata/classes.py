"""The database of network classes: each stretch of addresses with every label that a list gives it, narrowest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.netdata.mmdb import Header, write
from tools.netdata.ranges import RESERVED, Claim, layered, without
from tools.netdata.sources import Label

_KEYS = ("labels", "class", "provider", "list", "service", "region")
_TYPE = "X-Network-Labels"


def build(claims: Iterable[Claim[Label]], epoch: int) -> bytes:
    """The database. Reserved and documentation space is in no list, whatever the lists say."""
    found = list(claims)
    v4, v6 = (without(layered(found, version), RESERVED[version]) for version in (4, 6))
    header = Header(_TYPE, "network to labels, narrowest first; overlaps kept", epoch)
    return write(v4, v6, _record, header, _KEYS)


def _record(labels: tuple[Label, ...]) -> dict[str, Any]:
    return {"labels": [_label(label) for label in labels]}


def _label(label: Label) -> dict[str, str]:
    found = {"class": label.kind, "provider": label.provider, "list": label.source}
    optional = {"service": label.service, "region": label.region}
    return found | {name: value for name, value in optional.items() if value}
