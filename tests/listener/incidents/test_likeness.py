"""Links: rare things weigh, common ones do not, no trait makes a link alone, and each reason has its weight."""

from __future__ import annotations

import math
from typing import Any

from listener.incidents.likeness import IncidentLink, IncidentProfile, Rarity, links, profile_hours

OFFICE = tuple(hour for hour in range(8, 18) for _ in range(3))
NIGHT = tuple(hour % 24 for hour in range(20, 30) for _ in range(3))


def crowd(count: int = 400) -> list[IncidentProfile]:
    """Visitors without anything in common but a tool that a third of them use."""
    return [
        made(
            f"c{number:04d}", day=number % 300, ja4=f"j{number % 3}", typed=f"t{number}", asn=f"{number % 40}"
        )
        for number in range(count)
    ]


def made(name: str, *, day: int = 100, hours: tuple[int, ...] = (), **traits: Any) -> IncidentProfile:
    held = {
        sort: frozenset(value if isinstance(value, tuple) else (value,)) for sort, value in traits.items()
    }
    return IncidentProfile(name, held, day, hours)


def found(*profiles: IncidentProfile) -> list[IncidentLink]:
    return links([*crowd(), *profiles])


def test_two_rare_things_link_and_the_reasons_say_which() -> None:
    (link,) = found(
        made("x", typed="Sommer!1987", ja4="own", asn="7"), made("y", typed="Sommer!1987", ja4="own", asn="8")
    )
    assert link.pair == ("x", "y")
    assert [reason.sort for reason in link.reasons][:2] == ["typed", "ja4"]
    assert "2 of 402 incidents have" in link.reasons[0].sentence
    assert "Sommer" not in str(link), "what was typed is not shown"
    asked = math.log2(402) + 7.5
    assert math.isclose(link.bits, sum(reason.bits for reason in link.reasons) - asked)


def test_one_rare_thing_alone_never_links() -> None:
    assert not found(made("x", typed=("a", "b", "c", "d")), made("y", typed=("a", "b", "c", "d")))


def test_common_things_never_link() -> None:
    many = [made(f"x{number}", ja4="j0", typed="root", asn="1") for number in range(60)]
    assert not found(*many)


def test_an_address_alone_never_links() -> None:
    assert not found(made("x", address="198.51.100.7"), made("y", address="198.51.100.7"))


def test_what_both_have_and_differ_in_weighs_against() -> None:
    same: dict[str, Any] = {"typed": "Sommer!1987", "ja4": "own"}
    (alike,) = found(made("x", **same, asn="7"), made("y", **same, asn="7"))
    (apart,) = found(made("x", **same, asn="7"), made("y", **same, asn="8"))
    assert alike.bits > apart.bits
    assert any(reason.bits < 0 and reason.sentence == "they differ in network" for reason in apart.reasons)


def test_traits_that_come_together_count_once() -> None:
    one = found(made("x", ja4="own", typed="own"), made("y", ja4="own", typed="own"))[0]
    three: dict[str, Any] = {"ja4": "own", "header_order": "own", "agent": "own", "typed": "own"}
    assert abs(one.bits - found(made("x", **three), made("y", **three))[0].bits) <= 1, (
        "the rarest sort of them decides"
    )


def test_what_reference_data_know_of_many_is_common_though_it_is_rare_here() -> None:
    profiles = [*crowd(), made("x", ja4="own", typed="a"), made("y", ja4="own", typed="a")]
    assert links(profiles)
    assert not links(profiles, frozenset({("ja4", "own"), ("typed", "a")}))


def test_hours_are_compared_only_with_enough_uses_and_say_little() -> None:
    assert profile_hours([("d", 9)] * 40) == (), "one day"
    assert profile_hours([(f"d{number}", 9) for number in range(19)]) == ()
    assert len(profile_hours([(f"d{number % 5}", 9) for number in range(20)])) == 20
    same: dict[str, Any] = {"typed": "Sommer!1987", "ja4": "own"}
    others = [made(f"o{number}", hours=OFFICE if number % 2 else NIGHT) for number in range(20)]
    (alike,) = found(*others, made("x", hours=NIGHT, **same), made("y", hours=NIGHT, **same))
    (unlike,) = found(*others, made("x", hours=NIGHT, **same), made("y", hours=OFFICE, **same))
    weights = [next(reason for reason in link.reasons if reason.sort == "hours") for link in (alike, unlike)]
    assert 0 < weights[0].bits <= 2.5
    assert -2.5 <= weights[1].bits < 0
    assert "zone" not in weights[0].sentence


def test_near_in_time_weighs_by_how_many_others_were_there() -> None:
    same: dict[str, Any] = {"typed": "Sommer!1987", "ja4": "own"}
    (near,) = found(made("x", day=100, **same), made("y", day=101, **same))
    later = found(made("x", day=1, **same), made("y", day=290, **same))
    assert not later or later[0].bits < near.bits


def test_a_rarity_is_drawn_towards_what_is_usual_where_little_is_known() -> None:
    few = Rarity([made("a", typed="x"), made("b", typed="x")])
    many = Rarity([*crowd(), made("a", typed="x"), made("b", typed="x")])
    assert few.share("typed", "x") > many.share("typed", "x")
    assert many.near(100, 1) > 0
