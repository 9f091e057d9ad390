"""A signed redirect link leads where it was minted to lead, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.protocols.redirect_links import parameter_names, redirect_query, redirect_target

KEY, OTHER = bytes(range(32)), bytes(32)
TARGET = "https://intranet.example.net/wiki?page=a b&x=ü#top"


def test_a_link_leads_to_its_target() -> None:
    assert redirect_target(KEY, redirect_query(KEY, TARGET)) == TARGET


def test_other_parameters_beside_it_do_no_harm() -> None:
    assert redirect_target(KEY, f"utm_source=mail&{redirect_query(KEY, TARGET)}&gclid=1") == TARGET


def test_nobody_else_can_sign_or_alter_one() -> None:
    name, check = parameter_names(KEY)
    query = redirect_query(KEY, TARGET)
    assert redirect_target(KEY, query.replace("intranet", "evil")) is None
    assert redirect_target(KEY, f"{name}=https%3A%2F%2Fevil.net&{check}=0123456789abcdef") is None
    assert redirect_target(KEY, f"{name}=https%3A%2F%2Fevil.net&{check}=") is None
    assert redirect_target(KEY, f"{name}=https%3A%2F%2Fevil.net&{check}=%C3%BC") is None
    signed_elsewhere = redirect_query(OTHER, TARGET).split("=")
    assert redirect_target(KEY, f"{name}={signed_elsewhere[1]}={signed_elsewhere[-1]}") is None


def test_a_target_cannot_carry_a_second_header_line() -> None:
    assert redirect_target(KEY, redirect_query(KEY, "https://a.example/\r\nSet-Cookie: x=1")) is None


def test_names_differ_between_installations() -> None:
    assert len({parameter_names(bytes([number]) * 32) for number in range(40)}) > 20


@given(st.text(max_size=300))
def test_no_query_raises(query: str) -> None:
    assert redirect_target(KEY, query) is None


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=200)
)
def test_every_printable_target_survives(target: str) -> None:
    assert redirect_target(KEY, redirect_query(KEY, target)) == (target if target.isprintable() else None)
