"""Nix: plain data, lets and environments, and no options of modules."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_data_takes_an_attribute_more() -> None:
    after = text_after("secrets.nix", '{\n  apiKey = "x";\n}\n', "stripe-key")
    assert after.count('";\n') == 4
    assert after.endswith(";\n}\n")


def test_a_module_takes_none_but_variables() -> None:
    option = '{ pkgs, ... }:\n\n{\n  services.mail.password = "x";\n  password = "x";\n}\n'
    with pytest.raises(PlantError, match="no place"):
        text_after("configuration.nix", option, "stripe-key")
    variable = '{ pkgs, ... }:\n\n{\n  environment.variables = {\n    TOKEN = "x";\n  };\n}\n'
    assert text_after("configuration.nix", variable, "stripe-key").count("\n    ") == 4


def test_a_set_of_attributes_that_may_be_a_module_takes_none() -> None:
    module = '{\n  services.redis.servers.cache = {\n    unixSocket = "x";\n    password = "x";\n  };\n}\n'
    options = '{\n  services.mail.enable = true;\n  token = "x";\n}\n'
    for name, text in (
        ("redis.nix", module),
        ("settings.nix", options),
        ("redis.nix", '{\n  token = "x";\n}\n'),
    ):
        with pytest.raises(PlantError, match="no place"):
            text_after(name, text, "stripe-key")
    environment = '{ ... }:\n{\n  environment = {\n    localBinInPath = "x";\n  };\n}\n'
    with pytest.raises(PlantError, match="no place"):
        text_after("shells.nix", environment, "stripe-key")


def test_a_let_takes_a_name_more_and_a_flake_no_attribute() -> None:
    let = 'let\n  token = "x";\nin\n{ inherit token; }\n'
    assert text_after("default.nix", let, "stripe-key").index("sk_live_") < let.index("in\n") + 400
    with pytest.raises(PlantError, match="no place"):
        text_after("flake.nix", '{\n  description = "x";\n  outputs = { self }: { };\n}\n', "stripe-key")


def test_a_dollar_is_no_reference() -> None:
    assert "\\$" not in text_after("secrets.nix", '{\n  apiKey = "x";\n}\n', "stripe-key")


def test_a_text_of_several_lines_is_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("secrets.nix", "{\n  a = ''\n    x\n  '';\n}\n", "stripe-key")
