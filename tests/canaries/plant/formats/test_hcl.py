"""Terraform: a local value or a variable that nothing refers to; comments where Terraform would warn."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_locals_take_it_in_their_own_block() -> None:
    after = text_after("main.tf", 'locals {\n  name = "x"\n}\n', "stripe-key")
    assert after.startswith('locals {\n  name = "x"\n  ')
    assert after.endswith("}\n")


def test_variables_stand_beside_variables() -> None:
    after = text_after("variables.tf", 'variable "a" {}\n', "vault-token")
    assert after.count('variable "') == 3


def test_a_value_in_tfvars_would_be_warned_of_at_each_plan() -> None:
    after = text_after("terraform.tfvars", 'a = "b"\n', "stripe-key")
    assert [line for line in after.splitlines() if not line.startswith("#")] == ['a = "b"']


def test_an_interpolation_is_written_out() -> None:
    from canaries.plant.formats.hcl import HclFormat

    assert HclFormat().assign("A", 'x${y}"') == 'a = "x$${y}\\""'
