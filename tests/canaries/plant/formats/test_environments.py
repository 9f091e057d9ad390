"""Environments take another variable; lists that only look like one take none."""

from __future__ import annotations

import json

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

PAIR = {"key": "token", "value": "x", "type": "string"}


@pytest.mark.parametrize(
    "where",
    ["bearer", "basic", "apikey", "oauth2", "awsv4", "header", "headers", "urlencoded", "formdata", "cookie"],
)
def test_a_request_sends_no_more_than_it_did(where: str) -> None:
    request = {"request": {"auth": {where: [PAIR]}, where: [PAIR]}}
    old = {"item": [request], "variable": [{"key": "org", "value": "acme"}]}
    held = json.loads(text_after("shop.postman_collection.json", json.dumps(old), "github-token"))
    assert held["item"] == old["item"]
    assert [one["key"].islower() for one in held["variable"]] == [True] * 3
    with pytest.raises(PlantError):
        text_after("shop.postman_collection.json", json.dumps({"item": [request]}), "github-token")


def test_a_list_of_variables_and_of_groups_of_them_takes_another_variable() -> None:
    old = "variables:\n- group: prod\n- template: vars.yml\n- name: A_KEY\n  value: 'x'\n\nsteps:\n- script: true\n"
    after = text_after("azure-pipelines.yml", old, "azure-connection-string")
    assert after.startswith(old.partition("\n\nsteps")[0] + "\n- name: ")
    assert after.endswith("\n\nsteps:\n- script: true\n")


def test_old_literals_of_kustomize_are_written_as_literals() -> None:
    old = "secretGenerator:\n- name: a\n  literals:\n  - GITHUB_TOKEN=x\n  - B=y\n"
    made = set(text_after("kustomization.yaml", old, "github-token").splitlines()) - set(old.splitlines())
    assert {line.partition("=")[0] for line in made} == {"  # - GITHUB_TOKEN", "  # - GITHUB_API_URL"}
