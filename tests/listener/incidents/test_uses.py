"""What is counted of many hits: networks, weekdays, whose they are."""

from __future__ import annotations

from listener.incidents.uses import mark, network_name


def test_what_is_not_known_of_a_network_is_said() -> None:
    assert network_name({}) == "not in the network data"
    assert network_name({"network": {"asn": 64500, "country": "FR"}}) == "AS64500, FR"
    assert network_name({"network": {"country": "FR"}}) == "FR"
    assert mark({"operator_rule": {"mark": "own"}}) == "own"  # type: ignore[typeddict-unknown-key]
