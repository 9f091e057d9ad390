"""Ruby: constants at the outermost level."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_it_is_written_as_its_neighbour() -> None:
    after = text_after("keys.rb", 'A_KEY = "x".freeze\n', "stripe-key")
    assert '_STRIPE_SECRET_KEY = "sk_live_' in after
    assert after.count(".freeze") == 4


def test_what_looks_like_code_in_a_heredoc_is_none() -> None:
    old = "X = <<~T\n  API_KEY = 'x'\nT\n"
    assert text_after("a.rb", old, "stripe-key").startswith(old)


def test_data_behind_the_end_is_not_written_to() -> None:
    with pytest.raises(PlantError, match="no code"):
        text_after("a.rb", "A = 1\n__END__\nA_KEY = 'x'\n", "stripe-key")


def test_constants_stand_before_the_machines_of_vagrant() -> None:
    old = '# -*- mode: ruby -*-\nVagrant.configure("2") do |config|\nend\n'
    after = text_after("Vagrantfile", old, "aws-key")
    assert after.startswith("# -*- mode: ruby -*-\n")
    assert after.endswith('"\n\nVagrant.configure("2") do |config|\nend\n')
    assert ".freeze" not in after
