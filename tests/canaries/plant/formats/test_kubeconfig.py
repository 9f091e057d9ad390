"""kubeconfig: a context more; the current one stays, and names that are taken get a word more."""

from __future__ import annotations

import pytest
import yaml

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import bait, text_after

OLD = """apiVersion: v1
kind: Config
clusters:
- cluster: {{server: https://a.example.org}}
  name: {name}
users:
- name: {name}
  user: {{token: placeholder}}
contexts:
- context: {{cluster: {name}, user: {name}}}
  name: {name}
current-context: {name}
"""


def test_the_current_context_stays() -> None:
    held = yaml.safe_load(text_after(".kube/config", OLD.format(name="a"), "kubeconfig"))
    assert held["current-context"] == "a"
    assert [len(held[key]) for key in ("clusters", "users", "contexts")] == [2, 2, 2]
    context = held["contexts"][1]["context"]
    assert context["cluster"] == held["clusters"][1]["name"]
    assert context["user"] == held["users"][1]["name"]


def test_a_name_that_is_taken_is_not_taken_over() -> None:
    own = yaml.safe_load(bait("kubeconfig").files[0].content)["clusters"][0]["name"]
    held = yaml.safe_load(text_after(".kube/config", OLD.format(name=own), "kubeconfig"))
    assert len({one["name"] for one in held["clusters"]}) == 2
    assert held["contexts"][1]["context"]["cluster"] == held["clusters"][1]["name"]


def test_two_documents_are_not_one_configuration() -> None:
    with pytest.raises(PlantError, match="one mapping"):
        text_after(".kube/config", "a: 1\n---\nb: 2\n", "kubeconfig")


def test_another_kind_has_no_place_there() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(".kube/config", OLD.format(name="a"), "stripe-key")
