"""A recipe is read or refused in one sentence; no secret comes into a list of processes, none goes out in clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.plant.sign_up.recipe import filled, read
from tests.every import every

GOOD = '[[step]]\nurl = "https://app.example/join"\nform = { mail = "{email}" }\n'
WRONG = {
    "nothing": "",
    "no TOML": "[[",
    "no steps": "step = 3",
    "another part": GOOD + "[[steps]]\n",
    "another name": GOOD + "colour = 1\n",
    "neither": "[[step]]\nmethod = 'GET'\n",
    "both": GOOD + "command = ['x']\n",
    "form and json": GOOD + "json = { a = 1 }\n",
    "in clear": GOOD.replace("https", "http"),
    "no host": GOOD.replace("app.example", ""),
    "a host that is filled in": GOOD.replace("app.example", "{email}"),
    "no pattern": GOOD + "take = { x = '(' }\n",
    "no group": GOOD + "take = { x = 'y' }\n",
    "two groups": GOOD + "take = { x = '(a)(b)' }\n",
    "a password as an argument": "[[step]]\ncommand = ['x', 'p={password}']\n",
    "the bait's password as an argument": "[[step]]\ncommand = ['x', '{bait_password}']\n",
    "a type": GOOD + "expect = 'x'\n",
}


@every("what", WRONG)
def test_what_is_no_recipe_is_one_sentence(what: str, tmp_path: Path) -> None:
    path = tmp_path / "x.signup.toml"
    path.write_text(WRONG[what])
    with pytest.raises(PlantError) as refused:
        read(path)
    assert "x.signup.toml" in refused.value.sentence


def test_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "x.signup.toml"
    path.write_text(GOOD)
    found = read(path)
    assert (found.application, found.used, found.check, found.remove) == (
        "https://app.example",
        {"email"},
        (),
        (),
    )
    with pytest.raises(PlantError, match="cannot be read"):
        read(tmp_path / "no.signup.toml")


@given(st.text())
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "x.signup.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(PlantError):
        read(path)


def test_values_are_not_filled_in_twice() -> None:
    assert filled("{a}-{b}", {"a": "{b}", "b": "{a}"}) == "{b}-{a}"
    with pytest.raises(PlantError, match="nothing is called so"):
        filled("{c}", {})
