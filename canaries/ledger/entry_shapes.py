"""The fields of an entry's body that are read as if they were always there, and of which type each is.

Whoever writes to the database can write an entry without them. What reads it later (a build, a report, a verifier
elsewhere) would fail on it with an error that says nothing; so the check of the ledger names the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT, _LIST, _MAPPING = str, list, dict

_SHAPES: dict[str, dict[str, type]] = {
    "minted": {"canaries": _LIST},
    "planted": {"canary": _TEXT},
    "amended": {"canary": _TEXT, "changed": _MAPPING},
    "derived": {"hit": _TEXT, "incident": _TEXT},
    "received": {"batches": _LIST},
    "rated": {"incident": _TEXT, **dict.fromkeys(("hypothesis", "likelihood", "band", "because"), _TEXT)},
    "regrouped": {
        **dict.fromkeys(("incident", "into"), _TEXT),
        **dict.fromkeys(("hits", "leaves", "derived"), _LIST),
    },
    "issued": {"edition": _TEXT, "coin_rows": _LIST},
    "copied": {"edition": _TEXT, "copy": _TEXT},
    "delivered": {"copy": _TEXT},
    "withdrawn": {"copy": _TEXT},
    "scanned": {"findings": _LIST},
}


def check(kind: str, body: Mapping[str, Any]) -> None:
    """Raises KeyError or TypeError where a field that such an entry has is missing, or is something else."""
    for name, type_ in _SHAPES.get(kind, {}).items():
        if not isinstance(body[name], type_):
            raise TypeError(f"{name} of a {kind} entry is no {type_.__name__}")
