"""YAML: where things stand, and what goes beside them in block and in flow style."""

from __future__ import annotations

import base64

import pytest
import yaml

from canaries.core.errors import PlantError
from canaries.plant.formats._yaml import parse
from tests.canaries.plant.formats.forms import text_after


def test_an_alias_is_named_not_copied() -> None:
    old = "base: &base\n  pool: 5\nprod:\n  <<: *base\n  host: a\n  username: b\n  password: real\n"
    after = text_after("database.yml", old, "mysql")
    assert after.count("<<: *base") == 2
    assert after.count("real") == 1


def test_a_multi_line_string_keeps_its_last_lines() -> None:
    old = "env:\n  A: |+\n    text\n\n\n  B: c\nother: 1\n"
    assert yaml.safe_load(text_after("a.yml", old, "stripe-key"))["env"]["A"] == "text\n\n\n"
    last = "env:\n  B: c\n  A: |+\n    text\n\n\n"
    assert yaml.safe_load(text_after("a.yml", last, "stripe-key"))["env"]["A"] == "text\n\n\n"


def test_a_secret_of_kubernetes_holds_base64() -> None:
    old = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  DB_PASSWORD: eA==\n"
    held = yaml.safe_load(text_after("secret.yaml", old, "github-token"))["data"]
    assert any(base64.b64decode(value).startswith(b"ghp_") for value in held.values())


def test_strict_files_get_no_key_of_their_own() -> None:
    old = "services:\n  web:\n    image: x\n    labels:\n      secret: y\n"
    assert yaml.safe_load(text_after("compose.yaml", old, "stripe-key")) == yaml.safe_load(old)


def test_a_sequence_of_variables_gets_more() -> None:
    old = "services:\n  web:\n    environment:\n    - A=1\n"
    held = yaml.safe_load(text_after("compose.yaml", old, "stripe-key"))
    assert len(held["services"]["web"]["environment"]) == 4


def test_brackets_take_it_inside() -> None:
    held = yaml.safe_load(text_after("a.yml", "env: {A: '1', B: '2'}\n", "stripe-key"))
    assert len(held["env"]) == 5


@pytest.mark.parametrize("text", ["a: [", "a: {{ b }}: c\n- d", "\tx: y"])
def test_templates_and_broken_files_are_refused(text: str) -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("a.yml", text, "stripe-key")


def test_columns_are_those_of_the_text() -> None:
    (root,) = parse("a:\n    b: 1\n")
    assert root.entries[0][2].column == 4


def test_a_secret_before_what_everybody_reads() -> None:
    old = "kind: Secret\nstringData:\n  app.conf: x\n  api-key: a\n---\nkind: ConfigMap\ndata:\n  A: b\n"
    secret, _, rest = text_after("k8s/secret.yaml", old, "stripe-key").partition("---")
    assert "-stripe-secret-key: " in secret
    assert rest == old.partition("---")[2]


def test_what_is_nested_too_deeply_is_refused_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(yaml, "load_all", lambda *_: pytest.fail("it calls itself at each level"))
    for deep in ("{" * 150, "[" * 150 + "]" * 150, "\n".join(" " * n + "a:" for n in range(150))):
        with pytest.raises(ValueError, match="too deeply"):
            parse(deep)
