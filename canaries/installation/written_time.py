"""A date or time as an option takes it: in one form, which help and errors show by an example."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click


class WrittenTime(click.DateTime):
    """One form of `strptime`, and an example of it."""

    def __init__(self, form: str, example: str) -> None:
        super().__init__([form])
        self._example = example

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The example stands in the help, instead of the form."""
        return self._example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raises click.BadParameter."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.strptime(str(value), self.formats[0])  # noqa: DTZ007  the option says in which zone
        except ValueError:
            self.fail(
                f"{value!r} is not there in the calendar, or not written as {self._example}.", param, ctx
            )


DAY = WrittenTime("%Y-%m-%d", "2027-01-31")
MOMENT = WrittenTime("%Y-%m-%dT%H:%M:%SZ", "2026-11-27T14:05:00Z")
"""UTC."""
