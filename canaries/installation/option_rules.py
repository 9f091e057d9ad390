"""Options that others leave without effect: refused by name, before anything is done or left undone in silence."""

from __future__ import annotations

from collections.abc import Mapping

import click


def only_with(flag: str, given: object, **options: object) -> None:
    """Refuse each of ``options`` (parameter names) that does nothing where ``flag`` is not given. Raises UsageError."""
    if not given:
        for name in _given(options):
            raise click.UsageError(f"{name} needs {flag}.")


def not_with(flag: str, given: object, **options: object) -> None:
    """Refuse each of ``options`` (parameter names) that ``flag`` would leave without effect. Raises UsageError."""
    if given:
        for name in _given(options):
            raise click.UsageError(f"{flag} leaves {name} without effect: give one of them.")


def _given(options: Mapping[str, object]) -> list[str]:
    flags = {one.name: one.opts[-1] for one in click.get_current_context().command.params}
    return [flags[name] for name, value in options.items() if value]
