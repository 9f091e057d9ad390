"""The channels that the settings name, made ready to send.

Kept apart from the courier, so that a process that only looks whether they are set up rightly loads no database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from canaries.core import plugins, settings
from canaries.core.errors import SettingsError
from listener.notify import duty, routing
from listener.notify.channels import FOLDER, Channel

if TYPE_CHECKING:
    from canaries.installation.home import Home


def channels(home: Home) -> dict[str, Channel]:
    """The configured channels by name, made ready. Raises SettingsError, NotFoundError."""
    table = duty.rota(home.settings)
    for name, section in home.settings.channels.items():
        table.require(name, routing.split(name, section)[0])
    return {name: channel(name, dict(section)) for name, section in home.settings.channels.items()}


def channel(name: str, section: dict[str, object]) -> Channel:
    """One channel from its section. Raises SettingsError, NotFoundError."""
    kind = section.pop("type", None)
    if not isinstance(kind, str):
        found = ", ".join(sorted(plugins.classes(FOLDER, Channel)))  # type: ignore[type-abstract]
        raise SettingsError(f"channels.{name} needs a type", hint=f"choose from: {found}")
    _, own = routing.split(name, section)
    found_class = plugins.pick(FOLDER, Channel, kind, "channel")  # type: ignore[type-abstract]
    return found_class(settings.bind(found_class.Settings, own, f"channels.{name}"))
