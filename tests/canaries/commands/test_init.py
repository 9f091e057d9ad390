"""``trapline init``: a home in one command, bad input in one sentence."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.errors import SettingsError, TraplineError
from canaries.installation.home import Home
from listener.cli import trapline


def init(path: Path, *arguments: str) -> None:
    CliRunner().invoke(trapline, ["--home", str(path), "init", *arguments], catch_exceptions=False)


def test_without_a_domain_bait_points_to_this_machine(tmp_path: Path) -> None:
    init(tmp_path / "h")
    bait = Home.open(tmp_path / "h").settings.bait
    assert (bait.base_url, bait.domain) == ("http://127.0.0.1:8080", "")


def test_with_a_domain_each_bait_gets_a_host_of_its_own(tmp_path: Path) -> None:
    init(tmp_path / "h", "--domain", "Files.Yourdomain.NET.")
    settings = Home.open(tmp_path / "h").settings
    assert settings.bait.base_url == "https://{label}.files.yourdomain.net"
    assert settings.traps["http"]["bind"] == ["0.0.0.0:80", "0.0.0.0:443"]


def test_listen_sets_the_trap_and_the_bait_alike(tmp_path: Path) -> None:
    init(tmp_path / "h", "--listen", "127.0.0.1:9000", "--domain", "traps.yourdomain.net")
    settings = Home.open(tmp_path / "h").settings
    assert settings.traps["http"]["bind"] == ["127.0.0.1:9000"]
    assert settings.bait.base_url == "http://{label}.traps.yourdomain.net:9000"


def test_any_name_survives_the_settings_file(tmp_path: Path) -> None:
    init(tmp_path / "h", "--organisation", 'The "Quoted" \\ Trust')
    text = (tmp_path / "h" / "trapline.toml").read_text()
    assert tomllib.loads(text)["operator"]["organisation"] == 'The "Quoted" \\ Trust'


@pytest.mark.parametrize(
    "arguments",
    [
        ("--domain", "no_domain"),
        ("--domain", "-bad.net"),
        ("--domain", "a..b"),
        ("--domain", "localhost"),
        ("--listen", "8080"),
        ("--listen", "host:99999"),
        ("--listen", 'evil"]\n:80'),
    ],
)
def test_a_bad_name_or_address_is_refused_and_nothing_is_left(
    tmp_path: Path, arguments: tuple[str, str]
) -> None:
    with pytest.raises(SettingsError):
        init(tmp_path / "h", *arguments)
    assert not (tmp_path / "h").exists()


def test_a_second_init_is_refused(tmp_path: Path) -> None:
    init(tmp_path / "h")
    with pytest.raises(TraplineError, match="already holds"):
        init(tmp_path / "h")
