"""``trapline init``: a home in one command, bad input in one sentence."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.errors import SettingsError, TraplineError
from canaries.installation.home import Home
from canaries.installation.reachability import obstacles
from canaries.mint.minting import mint
from listener.cli import trapline
from tests import steady
from tests.network import needs_an_address


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
    "name", ["ho me ü \"q\" 's' \\b $x #", "new\nline", "semi;colon?q=1%20#f"], ids=ascii
)
def test_a_home_may_be_anywhere(tmp_path: Path, name: str) -> None:
    init(tmp_path / name)
    home = Home.open(tmp_path / name)
    assert home.settings.channels["log"]["path"] == str(tmp_path / name / "alerts.ndjson")
    assert mint(home, "url")


@pytest.mark.parametrize(
    "database", ["sqlite://", "sqlite:///:memory:", "sqlite:///here.db", "postgresql://h:x/y"]
)
def test_a_database_that_no_second_command_would_find_makes_no_home(tmp_path: Path, database: str) -> None:
    with pytest.raises(TraplineError):
        init(tmp_path / "above" / "h", "--database", database)
    assert list(tmp_path.iterdir()) == []


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


@needs_an_address
def test_f1_the_first_command_of_the_deployment_page_makes_bait_that_can_be_called(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "deploy.md"
    line = next(line for line in page.read_text().splitlines() if line.startswith("trapline init "))
    init(tmp_path / "h", *line.split()[2:])
    with Home.open(tmp_path / "h") as home:
        minted = next(mint(home, "url", draw=steady.draw("init")))
        assert "0.0.0.0" not in minted.bait.text
        assert not any(one.lasting for one in obstacles(home.settings))


def test_unattended_with_options(tmp_path: Path) -> None:
    init(
        tmp_path / "h", "--reached-at", "traps.example.net", "--alerts", "https://hooks.slack.com/services/x",
        "--database", f"sqlite:///{tmp_path}/own.db", "--organisation", "Trust",
    )  # fmt: skip
    settings = Home.open(tmp_path / "h").settings
    assert settings.bait.base_url == "http://traps.example.net:8080"
    assert settings.channels["ops"] == {"type": "slack", "url": "https://hooks.slack.com/services/x"}
    assert (tmp_path / "own.db").is_file()


class Terminal:
    """``trapline init`` on a pseudo-terminal, answered as it asks."""

    def __init__(self, home: Path) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "listener", "--home", str(home), "init"]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        while text not in self.shown:
            self._read()

    def answer(self, question: str, text: str) -> None:
        self.wait_for(question)
        self.shown = ""
        os.write(self._master, f"{text}\n".encode())

    def interrupt(self) -> None:
        """Ctrl-C until it is heeded: between the prompt and the read, Python keeps a signal until the read returns."""
        while self.process.poll() is None:
            os.write(self._master, b"\x03")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)

    def finish(self) -> int:
        with contextlib.suppress(OSError):
            while True:
                self._read()
        os.close(self._master)
        return self.process.wait(steady.PATIENCE)

    def _read(self) -> None:
        ready, _, _ = select.select([self._master], [], [], steady.PATIENCE)
        assert ready, self.shown
        self.shown += os.read(self._master, 4096).decode()


def test_on_a_terminal_it_asks_the_three_things_that_matter(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "h")
    terminal.answer("Choose", "7")
    terminal.answer("'7' is none of them", "2")
    terminal.answer("name or address", "0.0.0.0")
    terminal.answer("no address to call", "traps.example.net")
    terminal.answer("a file in the home only", "duty@example.net")
    terminal.answer("Your mail server", "mail.example.net:x")
    terminal.answer("is no mail server", "mail.example.net")
    terminal.answer("Who signs in there", "alerts")
    terminal.answer("Enter for SQLite", "")
    terminal.answer("Who runs this installation", 'The "Trust"')
    assert terminal.finish() == 0, terminal.shown
    settings = Home.open(tmp_path / "h").settings
    assert settings.bait.base_url == "http://traps.example.net:8080"
    assert settings.traps["http"]["bind"] == ["0.0.0.0:8080"]
    assert settings.operator.organisation == 'The "Trust"'
    assert settings.channels["ops"]["to"] == ["duty@example.net"]


@pytest.mark.parametrize("questions", [0, 1, 2])
def test_ctrl_c_at_a_question_leaves_nothing_behind(tmp_path: Path, questions: int) -> None:
    terminal = Terminal(tmp_path / "h")
    for question in ("Choose", "a file in the home only", "Enter for SQLite")[:questions]:
        terminal.answer(question, "")
    terminal.wait_for(("Choose", "a file in the home only", "Enter for SQLite")[questions])
    terminal.interrupt()
    assert terminal.finish() == 130, terminal.shown
    assert not (tmp_path / "h").exists()


def test_a_folder_that_is_taken_is_said_before_the_first_question(tmp_path: Path) -> None:
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "x").touch()
    terminal = Terminal(tmp_path / "h")
    terminal.wait_for("is not empty")
    assert terminal.finish() == 2
