"""EDN: the outermost map of one's own file, and environments of Leiningen's."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_keyword_more_is_indented_as_its_neighbour() -> None:
    after = text_after("config.edn", '{:port 80\n :api-key "x"\n :host "h"}\n', "stripe-key")
    assert after.count("\n :") == 5
    assert after.endswith(' :host "h"}\n')


def test_a_tools_own_map_is_no_place() -> None:
    deps = '{:deps {}\n :token "x"\n :paths ["src"]}\n'
    with pytest.raises(PlantError, match="no place"):
        text_after("deps.edn", deps, "stripe-key")
    assert "sk_live_" in text_after("own.edn", deps, "stripe-key")


def test_an_environment_of_a_profile_is_one() -> None:
    profile = '{:dev {:env {:a "x"\n             :token "x"\n             :b "x"}}}\n'
    assert "sk_live_" in text_after("profiles.clj", profile, "stripe-key")
