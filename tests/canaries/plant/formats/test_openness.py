"""Which mappings take another entry: the operator's own, never those of a program that knows all of its own."""

from __future__ import annotations

import pytest
import yaml

from canaries.plant.formats._openness import free_maps, may_be_environment, namespace, strict_keys
from canaries.plant.formats._yaml import parse
from tests.canaries.plant.formats.forms import text_after

STRICT = {  # by what stands in it, whatever its name
    "symfony": "framework:\n  secret: x\n",
    "alertmanager": "route:\n  receiver: a\nreceivers:\n- name: a\n",
    "mongod": "systemLog: {destination: file}\nsecurity: {keyFile: x}\n",
    "drone": "kind: pipeline\nsteps:\n- name: a\n",
    "vector": "sources:\n  a: {type: b}\nsinks:\n  c: {token: d}\n",
    "otel": "receivers: {a: b}\nexporters:\n  c: {api_key: d}\n",
    "kibana": "elasticsearch.password: x\n",
    "taskfile": "version: '3'\ntasks:\n  a: {env: {B: c}}\nincludes: {api_token: x}\n",
}


@pytest.mark.parametrize("sort", STRICT)
def test_the_outermost_keys_say_whose_file_it_is(sort: str) -> None:
    (root,) = parse(STRICT[sort])
    assert strict_keys(root)
    after = text_after("unheard-of.yml", STRICT[sort], "stripe-key")
    assert list(yaml.safe_load(after)) == list(yaml.safe_load(STRICT[sort]))


@pytest.mark.parametrize(
    "text", ["stripe: {key: x}\n", "security: {salt: x}\nmail: {from: y}\n", "version: 1\n"]
)
def test_an_applications_own_keys_say_nothing_of_a_program(text: str) -> None:
    (root,) = parse(text)
    assert not strict_keys(root)


def test_names_of_the_operators_own_go_where_they_are_expected() -> None:
    (root,) = parse("parameters:\n  a: b\nservices:\n  c: {d: e}\n")
    assert [path for path, _ in free_maps(root)] == [("parameters",)]
    (play,) = parse("- hosts: all\n  vars: {a: b}\n")
    assert [path for path, _ in free_maps(play)] == [("0", "vars")]


def test_headers_labels_and_matrices_are_no_environment() -> None:
    for last in ("httpHeaders", "labels", "matrix", "args", "http_headers", "buildArgs", "query-params"):
        assert not may_be_environment(("a", last))
    assert may_be_environment(("services", "web", "environment"))
    assert may_be_environment(("Resources", "F", "Properties", "Environment", "Variables"))
    assert not may_be_environment(("jobs", "a", "strategy", "matrix", "include", "0"))


def test_names_have_the_namespace_of_the_program_and_of_no_plug_in() -> None:
    assert namespace(["aws:region", "app:key"]) == "app:"
    assert namespace(["aws:region"]) is None
    assert namespace(["a", "b:c"]) == ""
    after = text_after("Pulumi.dev.yaml", "config:\n  aws:region: a\n  app:apiToken: b\n", "stripe-key")
    new = [key for key in yaml.safe_load(after)["config"] if "tripe" in key.lower()]
    assert len(new) == 3
    assert all(key.startswith("app:") for key in new)


def test_a_list_of_builds_gets_no_build() -> None:
    old = "language: c\nenv:\n- A=1\n- B=2\n"
    assert yaml.safe_load(text_after(".travis.yml", old, "stripe-key")) == yaml.safe_load(old)
