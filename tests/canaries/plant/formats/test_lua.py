"""Lua: fields of tables that the file itself makes."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_field_of_another_programs_table_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("init.lua", 'vim.opt.password = "x"\n', "stripe-key")


def test_the_files_own_table_is_one() -> None:
    assert text_after("a.lua", 'local M = {}\nM.api_key = "x"\nreturn M\n', "stripe-key").count("\nM.") == 4


def test_a_function_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.lua", 'function f()\n  api_key = "x"\nend\n', "stripe-key")


def test_a_long_string_is_refused() -> None:
    with pytest.raises(PlantError, match="long string"):
        text_after("a.lua", 'x = [[\napi_key = "x"\n]]\n', "stripe-key")


def test_a_table_within_another_programs_is_no_place() -> None:
    nested = 'return {\n  "name/plugin",\n  opts = {\n    api_key = "x",\n  },\n}\n'
    with pytest.raises(PlantError, match="no place"):
        text_after("plugins/helper.lua", nested, "openai-key")
    assert text_after("settings.lua", nested, "openai-key").count("    ") == 3
