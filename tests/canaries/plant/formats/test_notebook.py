"""Notebooks: a cell more, with an id where the others have one."""

from __future__ import annotations

import json
from typing import Any

from tests.canaries.plant.formats.forms import text_after

CELL: dict[str, Any] = {
    "cell_type": "code",
    "execution_count": None,
    "metadata": {},
    "outputs": [],
    "source": ["x\n"],
}


def notebook(cell: dict[str, Any], minor: int) -> str:
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": minor}, indent=1)


def test_an_id_only_where_the_others_have_one() -> None:
    with_id = json.loads(text_after("a.ipynb", notebook(CELL | {"id": "a1"}, 5), "stripe-key"))
    assert with_id["cells"][1]["id"] not in ("", "a1")
    without = json.loads(text_after("a.ipynb", notebook(CELL, 4), "stripe-key"))
    assert "id" not in without["cells"][1]


def test_the_cell_is_code_that_does_nothing_but_assign() -> None:
    held = json.loads(text_after("a.ipynb", notebook(CELL, 4), "stripe-key"))
    names: dict[str, object] = {}
    exec("".join(held["cells"][1]["source"]), names)
    assert any(str(value).startswith("sk_live_") for value in names.values())
