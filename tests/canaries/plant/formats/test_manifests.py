"""Kubernetes manifests: Base64 stays Base64, also in a List and in JSON; what is immutable stays as it is."""

from __future__ import annotations

import base64
import json

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats._json import parse
from canaries.plant.formats._manifests import out_of_bounds
from tests.canaries.plant.formats.forms import text_after

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"DB_PASSWORD": "eA=="}}


@pytest.mark.parametrize("held", [SECRET, {"apiVersion": "v1", "kind": "List", "items": [SECRET]}])
def test_a_secret_in_json_holds_base64(held: dict[str, object]) -> None:
    after = json.loads(text_after("secret.json", json.dumps(held), "github-token"))
    data = (after["items"][0] if "items" in after else after)["data"]
    assert len(data) == 3
    assert all(base64.b64decode(value, validate=True) for value in data.values())


@pytest.mark.parametrize("more", [{"immutable": True}, {"type": "kubernetes.io/tls"}])
def test_a_secret_that_takes_no_more_gets_no_more(more: dict[str, object]) -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("secret.json", json.dumps(SECRET | more), "github-token")


def test_plain_text_is_kept_out_of_what_is_encoded() -> None:
    root = parse(json.dumps({"kind": "ConfigMap", "data": {"A": "b"}, "binaryData": {"C": "eA=="}}))
    assert out_of_bounds(root) == {id(root.get("binaryData"))}
