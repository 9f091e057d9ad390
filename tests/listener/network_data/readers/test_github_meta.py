"""GitHub: the rented build machines are a service of it."""

from __future__ import annotations

import json
from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps(
    {
        "verifiable_password_authentication": False,
        "ssh_key_fingerprints": {},
        "hooks": ["140.82.112.0/20"],
        "actions": ["20.1.0.0/16"],
    }
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("github", FILE, "list.json")
    assert said(ask(reader, "140.82.112.1")) == ["hosting/github/hooks"]
    assert said(ask(reader, "20.1.1.1")) == ["hosting/github/actions"]
