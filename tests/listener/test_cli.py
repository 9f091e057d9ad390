"""``trapline``: finds its commands, starts quickly, ends with a sentence and a status."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import canaries.commands
import listener.commands
from canaries.core import plugins
from canaries.core.errors import HomeError
from canaries.installation.home import Home
from listener.cli import SECTIONS, main, trapline
from tests import steady
from tests.programs import needs

HEAVY = (
    "sqlalchemy",
    "flask",
    "requests",
    "jinja2",
    "cryptography",
    "geoip2",
    "rich.table",
    "asyncio",
)


def run(*arguments: str, home: Path | None = None, code: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    if home is not None:
        environment["TRAPLINE_HOME"] = str(home)
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "listener", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=steady.PATIENCE, check=False
    )


def test_help_lists_every_command_file_of_both_halves() -> None:
    out = CliRunner().invoke(trapline, ["--help"]).output
    for package in (canaries.commands, listener.commands):
        for name in plugins.module_names(package.__name__):
            assert f"\n  {name.replace('_', '-')}" in out


def test_the_overview_has_one_line_a_command_under_a_heading_that_is_known() -> None:
    out = CliRunner().invoke(trapline, ["--help"], terminal_width=78).output
    lines = out.split("Show this message and exit.\n")[1].splitlines()
    headings = [line.rstrip(":") for line in lines if line and not line.startswith(" ")]
    assert headings == list(SECTIONS), "each command file names one of these as its SECTION"
    commands = [line for line in lines if line.startswith(" ")]
    assert [line for line in commands if line.startswith("   ")] == [], "a summary that does not fit one line"
    assert sorted(line.split()[0] for line in commands) == trapline.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(trapline.list_commands(None)))  # type: ignore[arg-type]
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(trapline, [name, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert not re.search(r"[a-z]\.\.\.$", result.output, re.MULTILINE), "no summary is cut off"


@pytest.mark.parametrize("words", [["list"], ["ledger", "verify"]])
def test_the_home_is_named_before_or_behind_the_command(words: list[str], tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    for arguments in (["--home", missing, *words], [*words, "--home", missing]):
        with pytest.raises(HomeError, match=f"no installation in {missing}"):
            CliRunner().invoke(trapline, arguments, catch_exceptions=False)


def test_help_imports_nothing_heavy() -> None:
    code = f"""
import sys
from click.testing import CliRunner
from listener.cli import trapline
assert CliRunner().invoke(trapline, ["--help"]).exit_code == 0
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    assert run(code=code).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("supervisor", ("sqlalchemy", "numpy", "jinja2", "flask")),
        ("front", ("sqlalchemy", "numpy", "flask")),
        ("back", ("numpy", "flask", "asyncssh")),
    ],
)
def test_a_process_of_the_listener_loads_only_what_it_uses(module: str, without: tuple[str, ...]) -> None:
    """Each stays as long as the machine runs: what it loads is memory, and time at every start."""
    code = f"import sys, listener.runtime.{module}\nprint([one for one in {without!r} if one in sys.modules])"
    assert run(code=code).stdout.strip() == "[]"


def test_a_mistake_is_one_sentence_a_hint_and_status_2(tmp_path: Path) -> None:
    done = run("list", home=tmp_path / "none")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"trapline: there is no installation in {tmp_path / 'none'}\n  run: trapline init\n"


@pytest.mark.parametrize(
    "arguments", [("nosuch",), ("--nosuch",), ("mint",), ("mint", "url", "--count", "0")]
)
def test_wrong_use_is_status_2_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_choices_of_a_missing_option_are_told_in_plain_lines(home: Home) -> None:
    done = run("accounts", "add", "x", home=home.path)
    assert done.returncode == 2
    assert done.stderr.endswith("  planter,\n  analyst,\n  auditor,\n  admin\n")


def test_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    assert run("init", home=tmp_path / "h").returncode == 0
    with (tmp_path / "h" / "trapline.toml").open("a") as file:
        file.write("[sael]\n")
    done = run("list", home=tmp_path / "h")
    assert done.returncode == 2
    assert "no section called 'sael'" in done.stderr


@needs("bash")
def test_a_reader_that_has_gone_is_no_error(tmp_path: Path) -> None:
    run("init", home=tmp_path / "h")
    command = f"{sys.executable} -m listener --home {tmp_path / 'h'} mint url --count 3000 --json | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_what_an_operator_types_is_no_more_trusted_than_other_text(home: Home) -> None:
    result = run("show", "abc\x1b[31mdef", home=home.path)
    assert (result.returncode, "\x1b" in result.stderr) == (2, False)
    assert "there is no canary abc\\x1b[31mdef" in result.stderr


def test_an_argument_that_is_no_text_is_one_sentence(home: Home) -> None:
    result = run("mint", "url", "--memo", "\udcff", home=home.path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "trapline: an argument or a variable is not valid UTF-8\n"


def test_what_the_system_refuses_is_one_sentence(home: Home) -> None:
    result = run("dossier", "keys", "--out", "/proc/keys\x1b", home=home.path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "trapline: No such file or directory: /proc/keys\\x1b\n"


def test_a_full_disk_is_a_sentence_and_what_to_do(home: Home) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "listener", "--home", str(home.path), "kinds", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=steady.PATIENCE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "trapline: No space left on device\n  make room, and try again\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["mint", "url", "--recipient", "Anna", "--recipient", "Ben"],
            "--recipient takes one value and was given 2",
        ),
        (["--home", "a", "--home", "b", "list"], "--home takes one value and was given 2"),
        (["hits", "--limit", "1", "--limit", "2"], "--limit takes one value and was given 2"),
        (
            ["alerts", "give-up", "x", "--reason", "a", "--reason", "b"],
            "--reason takes one value and was given 2",
        ),
        (["mnit"], "There is no command called 'mnit'. Did you mean: mint"),
        (["alerts", "stats"], "There is no command called 'stats'. Did you mean: status"),
        (["zzzzz"], "There is no command called 'zzzzz'. See: trapline --help"),
    ],
)
def test_f9_f16_what_is_given_twice_or_mistyped_is_refused_by_name(words: list[str], sentence: str) -> None:
    result = CliRunner().invoke(trapline, words)
    assert result.exit_code == 2
    assert sentence in result.stderr


def _leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(click.Context(command)):
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        yield from _leaves(inner, (*path, name))


def test_f9_no_option_of_any_command_loses_its_first_value_in_silence() -> None:
    """Every option that takes one value, of every command: given twice it is refused."""
    tried = 0
    for path, command in _leaves(trapline):
        for option in command.params:
            if not isinstance(option, click.Option) or option.multiple or option.is_flag or option.count:
                continue
            flag, value = option.opts[-1], "1"
            result = CliRunner().invoke(trapline, [*path, flag, value, flag, value])
            assert result.exit_code == 2, (path, flag)
            assert f"{flag} takes one value and was given 2 times" in result.stderr, (path, flag)
            tried += 1
    assert tried > 40


def test_no_number_of_any_command_is_without_an_end() -> None:
    """A database counts to 2**63, a calendar to the year 9999: what is more is refused as a number, by name."""
    for path, command in _leaves(trapline):
        for one in command.params:
            if isinstance(one.type, (click.types.IntParamType, click.types.FloatParamType)):
                assert getattr(one.type, "max", None) is not None, (path, one.name)


def test_a_loop_of_links_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    def looping(**_: object) -> None:
        raise RuntimeError(f"Symlink loop from {str(tmp_path / 'a')!r}")  # pathlib's words before Python 3.13

    monkeypatch.setattr(trapline, "main", looping)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == f"trapline: too many symbolic links: {str(tmp_path / 'a')!r}\n"


def test_an_error_of_the_system_that_has_no_number_is_told_in_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise OSError("there is no bundle of certificates")

    monkeypatch.setattr(trapline, "main", broken)
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == "trapline: there is no bundle of certificates\n"


def test_no_value_without_a_character_means_the_current_folder_or_everything(tmp_path: Path) -> None:
    """Every option and argument of every command, as a shell variable that is not set leaves it."""
    kept = set()
    for path, command in _leaves(trapline):
        if path == ("init",):
            continue  # its answers are a new home's settings, and none is the default
        for one in command.params:
            if isinstance(one, click.Option) and (one.is_flag or one.nargs != 1):
                continue
            words = [*path, one.opts[-1], ""] if isinstance(one, click.Option) else [*path, *[""] * 4]
            result = CliRunner().invoke(trapline, ["--home", str(tmp_path), *words], input="")
            assert result.exit_code in (1, 2), (path, one.name)
            if " is empty: " not in result.stderr:
                kept.add(one.name)
    assert {"memo", "recipient", "reason"} <= kept, "an amendment may take a memo away"
    assert not kept & {"paths", "canary", "incident", "person", "week", "server", "out", "home_behind"}


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs the devices of Linux")
def test_no_file_to_read_is_a_device_without_an_end() -> None:
    tried = 0
    for path, command in _leaves(trapline):
        for one in command.params:
            if isinstance(one.type, click.Path) and one.type.exists and not one.type.dir_okay:
                word = [one.opts[-1], "/dev/full"] if isinstance(one, click.Option) else ["/dev/full"] * 4
                result = CliRunner().invoke(trapline, [*path, *word])
                assert result.exit_code == 2, path
                assert "reading it would never end" in result.stderr, (path, one.name)
                tried += 1
    assert tried > 10


def test_an_empty_home_is_not_the_current_folder() -> None:
    result = CliRunner().invoke(trapline, ["--home", "", "list"])
    assert (result.exit_code, "'--home' is empty" in result.stderr) == (2, True)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_none_of_the_database(home: Home, closed: str) -> None:
    """What is opened first would otherwise get the number of one of them."""
    script = f'exec "$0" -m listener --home "$1" list {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable, str(home.path)],
        capture_output=True, text=True, timeout=steady.PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_what_somebody_wrote_is_cut_and_made_visible_in_an_error(home: Home) -> None:
    long = "x" * 5_000
    for words in ([long], ["list", "--kind", long], ["show", long], [f"--{long}"]):
        said = run(*words, home=home.path).stderr
        assert "xxx" in said
        assert all(len(word) < 300 for word in said.split()), words[0][:20]
    for words in (["list", "--\u202ex"], ["show", "\u202eabc"], ["scan", "/nowhere/\u202e"]):
        said = run(*words, home=home.path).stderr
        assert "\\u202e" in said
        assert "\u202e" not in said


def test_paths_with_hidden_characters_are_shown_as_such(home: Home, tmp_path: Path) -> None:
    for words in (
        ["backup", "--new-identity", str(tmp_path / "a\u202e")],
        ["dossier", "keys", "--out", str(tmp_path / "b\u202e")],
    ):
        done = run(*words, home=home.path)
        assert done.returncode == 0, done.stderr
        assert "\u202e" not in done.stdout + done.stderr


def test_a_name_that_is_no_text_is_a_name_all_the_same(home: Home, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    done = run("dossier", "keys", "--out", name, home=home.path)
    assert (done.returncode, sorted(path.name for path in Path(name).iterdir())) == (
        0,
        ["dossier.pem", "log.vkey"],
    )


def test_somebody_without_a_home_folder_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("TRAPLINE_HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", nowhere)
    with pytest.raises(HomeError, match="no home folder"):
        CliRunner().invoke(trapline, ["list"], catch_exceptions=False)
