"""Elixir's configuration: a statement of the application's own."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

CONFIG = 'import Config\n\nconfig :shop, key: "x"\n\nconfig :logger, level: :info\n'


def test_a_library_is_not_given_a_key_it_does_not_know() -> None:
    after = text_after("config/dev.exs", CONFIG, "stripe-key")
    assert after.count("config :shop, :") == 1
    assert after.count("config :logger") == 1


def test_the_import_stays_the_last() -> None:
    old = CONFIG + '\nimport_config "prod.exs"\n'
    assert text_after("config/config.exs", old, "stripe-key").endswith('\n\nimport_config "prod.exs"\n')


def test_a_condition_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.exs", 'import Config\nif true do\n  config :shop, a: "x"\nend\n', "stripe-key")


def test_other_scripts_are_refused() -> None:
    with pytest.raises(PlantError, match="import Config"):
        text_after("mix_tasks.exs", "IO.puts 1\n", "stripe-key")


@pytest.mark.parametrize(
    "literal",
    [
        'x = """\n  config :fake, a: "x"\n  """',
        "x = '''\n  it's config :fake\n  '''",
        'x = ~S"""\n  config :fake, a: "#{x"\n  """',
        "x = ~w(true 1)",
        "x = ~r/[\"']/",
        "x = ~s|it's|",
    ],
)
def test_what_is_in_a_heredoc_or_a_sigil_is_no_code(literal: str) -> None:
    old = f"import Config\n\nif config_env() == :prod do\n  {literal}\n\n  config :shop, Shop.Repo,\n    url: x\nend\n"
    after = text_after("config/runtime.exs", old, "postgres-url")
    assert after.startswith(old.removesuffix("end\n"))
    assert after.endswith("\nend\n")
    assert "\n  config :shop, :" in after.removeprefix(old.removesuffix("end\n"))
    assert ":fake," not in after.removeprefix(old.removesuffix("end\n"))


def test_a_sigil_over_lines_is_refused() -> None:
    with pytest.raises(PlantError, match="sigil"):
        text_after("a.exs", "import Config\nx = ~w(a\n  b)\nconfig :shop, a: 1\n", "stripe-key")
