"""Asking authorities: only good answers at a time that is now come back; the settings are checked by name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from canaries.ledger.time_stamps import StampError
from listener.notify.stamp_authorities import StampAuthority, authorities
from tests.time_authority import TimeAuthority, serving, with_authorities

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl program")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeAuthority]:
    with serving(TimeAuthority(tmp_path_factory.mktemp("tsa") / "one")) as running:
        yield running


@pytest.fixture
def authority(home: Home, server: TimeAuthority) -> Iterator[StampAuthority]:
    yield authorities(with_authorities(home, server.toml()))["local"]
    server.down, server.lie, server.replay = False, timedelta(0), b""


def test_an_answer_comes_back_with_its_time(authority: StampAuthority, server: TimeAuthority) -> None:
    reply, stamp = authority.ask(b"content", datetime.now(UTC))
    assert reply == server.last
    assert abs((stamp.at - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(("hours", "words"), [(-5, "18000 seconds behind"), (7, "25200 seconds ahead of")])
def test_one_that_lies_about_the_time_is_refused(
    authority: StampAuthority, server: TimeAuthority, hours: int, words: str
) -> None:
    server.lie = timedelta(hours=hours)
    now = datetime.now(UTC)
    with pytest.raises(StampError, match="which clock is wrong") as caught:
        authority.ask(b"content", now.replace(microsecond=0))
    said = int(str(caught.value).split()[3])
    assert abs(said - int(words.split()[0])) < 60
    assert words.split(maxsplit=2)[2] in str(caught.value)


def test_the_lie_is_well_signed_and_only_the_time_gives_it_away(
    authority: StampAuthority, server: TimeAuthority
) -> None:
    server.lie = timedelta(hours=-5)
    _, stamp = authority.ask(b"content", datetime.now(UTC) - timedelta(hours=5))
    assert datetime.now(UTC) - stamp.at > timedelta(hours=4)


def test_one_that_is_down_or_answers_an_old_question_is_refused(
    authority: StampAuthority, server: TimeAuthority
) -> None:
    server.down = True
    with pytest.raises(StampError, match="HTTP 500"):
        authority.ask(b"content", datetime.now(UTC))
    server.down = False
    old, _ = authority.ask(b"content", datetime.now(UTC))
    server.replay = old
    with pytest.raises(StampError, match="Nonce"):
        authority.ask(b"content", datetime.now(UTC))
    server.replay = b"<h1>welcome</h1>"
    with pytest.raises(StampError):
        authority.ask(b"content", datetime.now(UTC))


def test_a_port_where_nobody_listens(home: Home, server: TimeAuthority) -> None:
    section = server.toml().replace(server.url, "http://127.0.0.1:1/")
    dead = authorities(with_authorities(home, section))["local"]
    with pytest.raises(StampError, match="refused"):
        dead.ask(b"content", datetime.now(UTC))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("stamps.local", "stamps.Lo_cal"), "lower-case letters"),
        (('ca_file = "', 'ca_file = "/nowhere'), "cannot be read"),
        (("allow = ", "allowed = "), "allow"),
        (("allow = ", "minutes = 0\nallow = "), "minutes"),
        (('allow = ["127.0.0.1"]', ""), "https"),
    ],
)
def test_wrong_settings_are_refused_by_name(
    home: Home, server: TimeAuthority, change: tuple[str, str], words: str
) -> None:
    section = server.toml().replace(*change)
    with pytest.raises(SettingsError, match=words) as caught:
        authorities(with_authorities(home, section))
    assert "stamps." in caught.value.sentence


def test_a_file_that_is_no_certificate(home: Home, server: TimeAuthority, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    section = server.toml().replace(str(server.roots), str(tmp_path / "empty.pem"))
    with pytest.raises(SettingsError, match="no PEM"):
        authorities(with_authorities(home, section))
