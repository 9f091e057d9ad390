"""Settings are bound by name and type; what is unknown or bad is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError


def test_an_empty_file_gives_the_defaults() -> None:
    assert settings.parse({}, {}) == settings.Settings()


def test_the_environment_wins_over_the_file() -> None:
    loaded = settings.parse({"seal": {"seconds": 5}}, {"TRAPLINE_SEAL_SECONDS": "2.5"})
    assert loaded.seal.seconds == 2.5


def test_a_trap_and_a_channel_can_be_set_from_the_environment() -> None:
    loaded = settings.parse(
        {"channels": {"ops": {"type": "slack"}}},
        {"TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0", "TRAPLINE_CHANNELS_OPS_ALLOW_PRIVATE": "true"},
    )
    assert loaded.traps == {"http": {"bind": "127.0.0.1:0"}}
    assert loaded.channels == {"ops": {"type": "slack", "allow_private": "true"}}


@pytest.mark.parametrize(
    ("raw", "environ", "message"),
    [
        ({"sael": {}}, {}, "no section called 'sael'"),
        ({"seal": {"secnods": 1}}, {}, "no setting called 'secnods' in seal"),
        ({"seal": {"seconds": "soon"}}, {}, "seal.seconds: expected a number, not 'soon'"),
        ({"seal": {"seconds": True}}, {}, "seal.seconds: expected a number"),
        ({"seal": 3}, {}, "'seal' must be a section"),
        ({"traps": {"http": 3}}, {}, "traps.http must be a section"),
        ({"alerts": {"memo": "perhaps"}}, {}, "alerts.memo: expected true or false"),
        ({"bait": {"base_url": "ftp://x"}}, {}, "base_url must start with http"),
        ({"bait": {"domain": 5}}, {}, "bait.domain: expected a text in quotes, not a int"),
        ({"journal": {"segment_mb": float("inf")}}, {}, "journal.segment_mb: expected a number"),
        ({"journal": {"segment_mb": 0}}, {}, "segment_mb must be at least 1"),
        ({"journal": {"limit_mb": 63}}, {}, "limit_mb no less than that"),
        ({"seal": {"seconds": float("nan")}}, {}, "seconds must be more than 0"),
        ({"seal": {"checkpoint_seconds": 1e300}}, {}, "a day at most"),
        ({"alerts": {"digest_minutes": [15, -1]}}, {}, "digest_minutes must each be at least 1"),
        ({"alerts": {"heartbeat_hours": float("nan")}}, {}, "heartbeat_hours must be 0 or more"),
        ({}, {"TRAPLINE_SAEL_SECONDS": "1"}, "no section called 'sael' .from TRAPLINE_SAEL_SECONDS"),
        ({}, {"TRAPLINE_TRAPS_HTTP": "1"}, "TRAPLINE_TRAPS_HTTP needs a name and a setting"),
    ],
)
def test_what_is_unknown_or_bad_is_refused_by_name(
    raw: dict[str, object], environ: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        settings.parse(raw, environ)


def test_a_near_miss_is_hinted_at() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.parse({"seal": {"secnods": 1}}, {})
    assert caught.value.hint == "did you mean 'seconds'?"


def test_broken_toml_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text("[seal\n")
    with pytest.raises(SettingsError, match=r"trapline\.toml is not valid TOML"):
        settings.load(tmp_path, {})


@dataclass(frozen=True)
class Shape:
    name: str
    ports: tuple[int, ...] = ()
    limit: int | None = None


def test_bind_coerces_lists_and_optionals() -> None:
    assert settings.bind(Shape, {"name": "a", "ports": "1, 2", "limit": ""}, "here") == Shape(
        "a", (1, 2), None
    )
    assert settings.bind(Shape, {"name": "a", "limit": "7"}, "here").limit == 7


def test_bind_names_what_is_missing() -> None:
    with pytest.raises(SettingsError, match="here needs setting 'name'"):
        settings.bind(Shape, {}, "here")
