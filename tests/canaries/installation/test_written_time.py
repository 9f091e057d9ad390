from __future__ import annotations

from datetime import datetime

import click
import pytest
from click.testing import CliRunner

from canaries.installation.written_time import DAY, MOMENT, WrittenTime
from listener.cli import trapline


@click.command()
@click.option("--at", type=DAY)
def command(at: datetime) -> None:
    click.echo(f"{at:%d.%m.%Y}")


def test_the_help_has_an_example() -> None:
    assert "--at 2027-01-31" in CliRunner().invoke(command, ["--help"]).output


def test_what_is_written_so_is_taken() -> None:
    assert CliRunner().invoke(command, ["--at", "2028-02-29"]).output == "29.02.2028\n"
    at = datetime(2026, 11, 27, 14, 5)  # noqa: DTZ001  as it is written
    assert MOMENT.convert("2026-11-27T14:05:00Z", None, None) == MOMENT.convert(at, None, None) == at


@pytest.mark.parametrize("text", ["2026-13-45", "yesterday", "", "2027-02-29", "2027-01-31T00:00:00Z"])
def test_all_else_is_refused_by_an_example(text: str) -> None:
    result = CliRunner().invoke(command, ["--at", text])
    assert result.exit_code == 2
    assert f"{text!r} is not there in the calendar, or not written as 2027-01-31." in result.output


def test_no_option_of_any_command_shows_a_form_of_strptime() -> None:
    found: list[str] = []

    def look(inner: click.Command, name: str) -> None:
        found.extend(
            f"{name} {param.name}"
            for param in inner.params
            if isinstance(param.type, click.DateTime) and not isinstance(param.type, WrittenTime)
        )
        if isinstance(inner, click.Group):
            context = click.Context(inner)
            for each in inner.list_commands(context):
                look(inner.get_command(context, each) or inner, f"{name} {each}")

    look(trapline, "trapline")
    assert not found
